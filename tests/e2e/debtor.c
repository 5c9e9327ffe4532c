// SPDX-License-Identifier: GPL-2.0
/*
 * DOC: Tasks in deep debt: long reads which the kernel does not interrupt, and
 * then whatever a parked task may be in the middle of.
 */
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "gov.h"

#define CHUNK (64UL << 20)

static char *room;

static void usage(void)
{
	fputs("Usage: debtor READS       owe so many long reads, then spin\n"
	      "       debtor handler     likewise, and print a line at SIGTERM\n"
	      "       debtor vfork       in a child of vfork(), which then ends\n"
	      "       debtor exec GROUP  in two threads, in GROUP, while the first one\n"
	      "                          executes true once they are parked\n"
	      "       debtor trace PID   stop PID by ptrace and let it go\n",
	      stderr);
	exit(2);
}

static void owe(int reads)
{
	int fd = open("/dev/zero", O_RDONLY | O_CLOEXEC);

	while (reads--)
		if (read(fd, room, CHUNK) < 0)
			err(1, "/dev/zero");
}

static void handler(int sig)
{
	if (write(1, "caught\n", 7) < 0)
		_exit(1);
}

static int with_vfork(void)
{
	pid_t pid = vfork();
	int status;

	if (!pid) {
		owe(1);
		_exit(0);
	}
	while (waitpid(pid, &status, 0) < 0)
		;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static void *sibling(void *group)
{
	int fd = gov_open();

	gov_attach(fd, group, syscall(SYS_gettid), CAPGOV_TASK_THREAD);
	owe(1);
	gov_burn(0);
	return NULL;
}

static int with_exec(char *group)
{
	struct capgov_group_info info = { .size = sizeof(info) };
	int i, fd = gov_open();
	pthread_t thread;

	for (i = 0; i < 2; i++)
		if (pthread_create(&thread, NULL, sibling, group))
			errx(1, "pthread_create");
	snprintf(info.name, sizeof(info.name), "%s", group);
	do {
		usleep(10000);
		gov_request(fd, CAPGOV_IOC_GROUP_GET, &info, "get");
	} while (info.nr_parked < 2);
	execlp("true", "true", NULL);
	err(1, "true");
}

static int trace(pid_t pid)
{
	int status;

	if (ptrace(PTRACE_ATTACH, pid, NULL, NULL) ||
	    waitpid(pid, &status, 0) != pid || !WIFSTOPPED(status))
		err(1, "attach");
	if (ptrace(PTRACE_DETACH, pid, NULL, NULL))
		err(1, "detach");
	return 0;
}

int main(int argc, char **argv)
{
	int reads = argc == 2 ? atoi(argv[1]) : 0;

	if (argc == 3 && !strcmp(argv[1], "trace"))
		return trace(atoi(argv[2]));
	room = mmap(NULL, CHUNK, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (room == MAP_FAILED)
		err(1, "mmap");
	if (argc == 3 && !strcmp(argv[1], "exec"))
		return with_exec(argv[2]);
	if (argc == 2 && !strcmp(argv[1], "vfork"))
		return with_vfork();
	if (argc == 2 && !strcmp(argv[1], "handler")) {
		signal(SIGTERM, handler);
		reads = 1;
	} else if (reads < 1) {
		usage();
	}
	owe(reads);
	gov_burn(0);
	return 0;
}
