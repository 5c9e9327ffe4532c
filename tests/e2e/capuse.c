// SPDX-License-Identifier: GPL-2.0
/*
 * DOC: How much CPU something uses over a while, by the kernel's accounting.
 * A command runs in a cgroup of its own, whose cpu.stat counts it and all that
 * comes of it to the nanosecond; a process or thread that runs already is read
 * where the kernel keeps its time.
 */
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "gov.h"

#define CGROUPS "/sys/fs/cgroup"

struct usage {
	long long cpu_us, usr_us, sys_us, wall_ns;
};

static char cgroup[64];

static void usage(void)
{
	fputs("Usage: capuse [-s SKIP] SECONDS -- COMMAND [ARG]...\n"
	      "       capuse [-s SKIP] SECONDS {-p PID | -t TID}\n"
	      "Let COMMAND, again and again, or a process or thread that runs, use CPU for\n"
	      "SKIP (1) + SECONDS; print what it used in the latter as JSON, CPU-seconds.\n",
	      stderr);
	exit(2);
}

static FILE *cgroup_file(const char *name, const char *mode)
{
	char path[128];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", cgroup, name);
	file = fopen(path, mode);
	if (!file)
		err(1, "%s", path);
	return file;
}

static void cgroup_write(const char *name, long long value)
{
	FILE *file = cgroup_file(name, "w");

	fprintf(file, "%lld\n", value);
	if (fclose(file))
		err(1, "%s/%s", cgroup, name);
}

static void read_cgroup(struct usage *u)
{
	FILE *file = cgroup_file("cpu.stat", "r");

	if (fscanf(file, "usage_usec %lld user_usec %lld system_usec %lld",
		   &u->cpu_us, &u->usr_us, &u->sys_us) != 3)
		errx(1, "cpu.stat: not understood");
	fclose(file);
}

static void read_thread(pid_t tid, struct usage *u)
{
	char path[64];
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/schedstat", tid);
	file = fopen(path, "r");
	if (!file || fscanf(file, "%lld", &u->cpu_us) != 1)
		err(1, "%s", path);
	u->cpu_us /= 1000;
	fclose(file);
}

static void read_usage(pid_t pid, pid_t tid, struct usage *u)
{
	clockid_t clock;

	*u = (struct usage){ .wall_ns = gov_now(CLOCK_MONOTONIC) };
	if (tid) {
		read_thread(tid, u);
	} else if (pid) {
		if (clock_getcpuclockid(pid, &clock))
			errx(1, "%d: no such process", pid);
		u->cpu_us = gov_now(clock) / 1000;
	} else {
		read_cgroup(u);
	}
}

static void run_once(char **command)
{
	pid_t pid = fork();

	if (pid < 0)
		err(1, "fork");
	if (!pid) {
		execvp(command[0], command);
		err(127, "%s", command[0]);
	}
	waitpid(pid, NULL, 0);
}

/* In a cgroup of its own, its output thrown away. */
static pid_t start(char **command)
{
	pid_t pid;

	snprintf(cgroup, sizeof(cgroup), CGROUPS "/capuse-%d", getpid());
	if (mkdir(cgroup, 0755))
		err(1, "%s", cgroup);
	pid = fork();
	if (pid < 0)
		err(1, "fork");
	if (pid)
		return pid;
	cgroup_write("cgroup.procs", getpid());
	if (!freopen("/dev/null", "w", stdout))
		err(1, "/dev/null");
	for (;;)
		run_once(command);
}

static void stop(pid_t pid)
{
	int tries = 5000;

	cgroup_write("cgroup.kill", 1);
	waitpid(pid, NULL, 0);
	while (rmdir(cgroup) && --tries)
		usleep(1000);
	if (!tries)
		err(1, "%s", cgroup);
}

static void sleep_s(double seconds)
{
	struct timespec ts = {
		.tv_sec = seconds,
		.tv_nsec = (seconds - (long)seconds) * 1e9,
	};

	while (nanosleep(&ts, &ts))
		;
}

int main(int argc, char **argv)
{
	struct usage from, to;
	double skip = 1, seconds;
	pid_t pid = 0, tid = 0, child = 0;
	int opt;

	while ((opt = getopt(argc, argv, "+s:")) != -1) {
		if (opt != 's')
			usage();
		skip = atof(optarg);
	}
	if (argc - optind < 3)
		usage();
	seconds = atof(argv[optind++]);
	if (!strcmp(argv[optind], "-p"))
		pid = atoi(argv[optind + 1]);
	else if (!strcmp(argv[optind], "-t"))
		tid = atoi(argv[optind + 1]);
	else if (!strcmp(argv[optind], "--"))
		child = start(argv + optind + 1);
	else
		usage();
	sleep_s(skip);
	read_usage(pid, tid, &from);
	sleep_s(seconds);
	read_usage(pid, tid, &to);
	if (child)
		stop(child);
	seconds = (to.wall_ns - from.wall_ns) / 1e9;
	printf("{\"cpu\":%.6f,\"usr\":%.6f,\"sys\":%.6f,\"wall\":%.6f,\"ratio\":%.4f}\n",
	       (to.cpu_us - from.cpu_us) / 1e6,
	       (to.usr_us - from.usr_us) / 1e6,
	       (to.sys_us - from.sys_us) / 1e6, seconds,
	       (to.cpu_us - from.cpu_us) / 1e6 / seconds);
	return 0;
}
