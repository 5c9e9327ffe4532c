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
#include <sys/uio.h>
#include <sys/wait.h>

#include "gov.h"

#define CHUNK (64UL << 20)
#define FAT (150UL << 20)

static char *room;

static void usage(void)
{
	fputs("Usage: debtor spin GROUP     in GROUP owe for a long read, then spin\n"
	      "       debtor handler GROUP  likewise, and print a line at SIGTERM\n"
	      "       debtor fat GROUP      likewise for 150 MB of memory, which it keeps\n"
	      "       debtor vfork GROUP    in a child of vfork(), which then ends\n"
	      "       debtor exec GROUP     in two threads, while a third, which is not in\n"
	      "                             GROUP, executes true at SIGUSR1\n"
	      "       debtor trace PID      stop PID by ptrace and let it go\n",
	      stderr);
	exit(2);
}

/* One system call, so that it ends with all of the debt there is. */
static void owe(void)
{
	int fd = open("/dev/zero", O_RDONLY | O_CLOEXEC);
	struct iovec part = { .iov_base = room, .iov_len = CHUNK };
	struct iovec parts[] = { part, part, part, part };

	if (readv(fd, parts, 4) < 0)
		err(1, "/dev/zero");
}

static void *map(size_t size, int flags)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | flags, -1, 0);

	if (p == MAP_FAILED)
		err(1, "mmap");
	return p;
}

static void handler(int sig __attribute__((unused)))
{
	if (write(1, "caught\n", 7) < 0)
		_exit(1);
}

static int with_vfork(void)
{
	pid_t pid = vfork();
	int status;

	if (!pid) {
		owe();
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
	owe();
	gov_burn(0);
	return NULL;
}

static int with_exec(char *group)
{
	pthread_t thread;
	sigset_t set;
	int i, sig;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	for (i = 0; i < 2; i++)
		if (pthread_create(&thread, NULL, sibling, group))
			errx(1, "pthread_create");
	sigwait(&set, &sig);
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
	int fd;

	if (argc != 3)
		usage();
	if (!strcmp(argv[1], "trace"))
		return trace(atoi(argv[2]));
	room = map(CHUNK, 0);
	if (!strcmp(argv[1], "exec"))
		return with_exec(argv[2]);
	if (!strcmp(argv[1], "handler"))
		signal(SIGTERM, handler);
	/* Now, that nothing but the long read makes it owe. */
	fd = gov_open();
	gov_attach(fd, argv[2], 0, 0);
	close(fd);
	if (!strcmp(argv[1], "vfork"))
		return with_vfork();
	if (!strcmp(argv[1], "fat"))
		map(FAT, MAP_POPULATE);
	else if (!strcmp(argv[1], "handler") || !strcmp(argv[1], "spin"))
		owe();
	else
		usage();
	gov_burn(0);
	return 0;
}
