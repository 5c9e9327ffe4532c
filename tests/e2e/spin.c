// SPDX-License-Identifier: GPL-2.0
/* DOC: Loads: threads that spin, a chain of children, a mix that counts itself. */
#include <pthread.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "gov.h"

#define MS 1000000LL

static void usage(void)
{
	fputs("Usage: spin [THREADS]       spin for ever\n"
	      "       spin chain           children of children, 1 ms of CPU each, for ever\n"
	      "       spin govern GROUP MS mixed work in GROUP, with children, of MS ms of CPU;\n"
	      "                            print what rusage says it used, ns\n",
	      stderr);
	exit(2);
}

static void *thread_main(void *all)
{
	pthread_barrier_wait(all);
	gov_burn(0);
	return NULL;
}

/* They begin when all are there. */
static int spin(int threads)
{
	static pthread_barrier_t all;
	pthread_t thread;

	pthread_barrier_init(&all, NULL, threads);
	while (--threads > 0)
		if (pthread_create(&thread, NULL, thread_main, &all))
			errx(1, "pthread_create");
	pthread_barrier_wait(&all);
	gov_burn(0);
	return 0;
}

/* The first process of all only buries the dead. */
static int chain(void)
{
	pid_t pid;

	prctl(PR_SET_CHILD_SUBREAPER, 1);
	pid = fork();
	while (!pid) {
		gov_burn(MS);
		pid = fork();
		if (pid)
			_exit(0);
	}
	while (wait(NULL) > 0)
		;
	return 1;
}

static long long rusage_ns(void)
{
	static const int who[] = { RUSAGE_SELF, RUSAGE_CHILDREN };
	struct rusage ru;
	long long us = 0;
	int i;

	for (i = 0; i < 2; i++) {
		getrusage(who[i], &ru);
		us += (ru.ru_utime.tv_sec + ru.ru_stime.tv_sec) * 1000000LL +
		      ru.ru_utime.tv_usec + ru.ru_stime.tv_usec;
	}
	return us * 1000;
}

static int govern(const char *group, long long ms)
{
	long long before, end;
	char buf[65536];
	int fd = gov_open(), zero = open("/dev/zero", O_RDONLY | O_CLOEXEC);

	before = rusage_ns();
	end = before + ms * MS;
	gov_attach(fd, group, 0, 0);
	while (rusage_ns() < end) {
		pid_t pid = fork();

		if (!pid) {
			gov_burn(3 * MS);
			_exit(read(zero, buf, sizeof(buf)) < 0);
		}
		gov_burn(5 * MS);
		if (read(zero, buf, sizeof(buf)) < 0)
			err(1, "/dev/zero");
		waitpid(pid, NULL, 0);
	}
	gov_detach(fd, 0, 0);
	printf("%lld\n", rusage_ns() - before);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 4 && !strcmp(argv[1], "govern"))
		return govern(argv[2], atoll(argv[3]));
	if (argc == 2 && !strcmp(argv[1], "chain"))
		return chain();
	if (argc > 2 || (argc == 2 && atoi(argv[1]) < 1))
		usage();
	return spin(argc == 2 ? atoi(argv[1]) : 1);
}
