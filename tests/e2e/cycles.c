// SPDX-License-Identifier: GPL-2.0
/*
 * DOC: Groups and the module itself, made and removed over and over:
 *
 *   cycles groups N          create, run something in it, destroy
 *   cycles modules N FILE    insmod, cap a program that computes and one that
 *                            sleeps, rmmod while the first is parked
 *
 * Fails at the first thing that is not as it should be.
 */
#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "gov.h"

#define GROUP	"cycle"
#define MS	1000000LL
/* A released program gets at least so much of a CPU, one parked does not. */
#define FREE_SHARE	0.6

static int device(void)
{
	int fd, tries = 200;

	while ((fd = open("/dev/capgov", O_RDWR | O_CLOEXEC)) < 0 && tries--)
		usleep(5000);
	if (fd < 0)
		err(1, "/dev/capgov");
	return fd;
}

static void create(int fd, __u64 quota_us)
{
	struct capgov_group_config c = {
		.size = sizeof(c), .fields = CAPGOV_FIELD_CAP,
		.name = GROUP, .quota_us = quota_us,
	};

	gov_request(fd, CAPGOV_IOC_GROUP_CREATE, &c, "create");
}

static void destroy(int fd)
{
	struct capgov_group_destroy d = { .size = sizeof(d), .name = GROUP };

	gov_request(fd, CAPGOV_IOC_GROUP_DESTROY, &d, "destroy");
}

static struct capgov_group_info get(int fd)
{
	struct capgov_group_info g = { .size = sizeof(g), .name = GROUP };

	gov_request(fd, CAPGOV_IOC_GROUP_GET, &g, "get");
	return g;
}

/* A child in the group. */
static pid_t child(int fd, void (*fn)(void))
{
	pid_t pid = fork();

	if (pid < 0)
		err(1, "fork");
	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	gov_attach(fd, GROUP, 0, 0);
	close(fd);
	fn();
	_exit(0);
}

static void spin(void)
{
	gov_burn(0);
}

static void work(void)
{
	long long end = gov_now(CLOCK_MONOTONIC) + MS / 2;

	while (gov_now(CLOCK_MONOTONIC) < end)
		;
}

static void sleep_long(void)
{
	sleep(1000);
}

static void reap(pid_t pid)
{
	kill(pid, SIGKILL);
	if (waitpid(pid, NULL, 0) != pid)
		err(1, "wait");
}

static void cycle_group(void)
{
	int fd = device();
	pid_t pid;

	create(fd, 10000);
	pid = child(fd, work);
	if (waitpid(pid, NULL, 0) != pid)
		err(1, "wait");
	if (get(fd).nr_tasks)
		errx(1, "a task is left in the group");
	destroy(fd);
	close(fd);
}

static void wait_parked(int fd)
{
	int tries = 2000;

	while (!get(fd).nr_parked && tries--)
		usleep(1000);
	if (tries < 0)
		errx(1, "nobody was parked");
}

/* What share of a CPU a process gets, the best of some tries: it is noisy. */
static double share(pid_t pid)
{
	long long start, wall;
	clockid_t clock;
	double best = 0;
	int tries;

	if (clock_getcpuclockid(pid, &clock))
		errx(1, "no CPU clock");
	for (tries = 0; tries < 50 && best < FREE_SHARE; tries++) {
		double got;

		wall = gov_now(CLOCK_MONOTONIC);
		start = gov_now(clock);
		usleep(20000);
		got = gov_now(clock) - start;
		got /= gov_now(CLOCK_MONOTONIC) - wall;
		best = got > best ? got : best;
	}
	return best;
}

static void load(const char *file)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || syscall(SYS_finit_module, fd, "", 0))
		err(1, "%s", file);
	close(fd);
}

/* A child that is parked before it has closed the device keeps the module. */
static void unload(void)
{
	int tries = 4000;

	while (syscall(SYS_delete_module, "capgov", O_NONBLOCK)) {
		if (errno != EAGAIN || !tries--)
			err(1, "rmmod");
		usleep(5000);
	}
}

static void cycle_module(const char *file)
{
	pid_t spinner, sleeper;
	int fd;

	load(file);
	fd = device();
	create(fd, 10000);
	spinner = child(fd, spin);
	sleeper = child(fd, sleep_long);
	wait_parked(fd);
	close(fd);
	unload();
	if (share(spinner) < FREE_SHARE)
		errx(1, "still stopped after the module has gone");
	if (waitpid(sleeper, NULL, WNOHANG))
		errx(1, "the sleeper was disturbed");
	reap(spinner);
	reap(sleeper);
}

int main(int argc, char **argv)
{
	int i, n = argc > 2 ? atoi(argv[2]) : 0;

	if (n < 1)
		errx(2, "usage: cycles groups N | modules N FILE");
	for (i = 0; i < n; i++) {
		if (argc > 3)
			cycle_module(argv[3]);
		else
			cycle_group();
	}
	printf("%d cycles\n", n);
	return 0;
}
