// SPDX-License-Identifier: GPL-2.0
/* DOC: What a pid means, and that nobody learns where the kernel is. */
#include <errno.h>
#include <linux/sched.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/klog.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "abi.h"

/* The upper half of the address space, but for what stands for "none". */
#define KERNEL_ADDRESS	0xffff800000000000ULL

/* Of syslog(2). */
#define SYSLOG_ACTION_READ_ALL		3
#define SYSLOG_ACTION_SIZE_BUFFER	10

static pid_t outsider;

/* The first process of a namespace of its own. */
static void as_init(void)
{
	tap(getpid() == 1, "got another pid", "the first of its namespace");
	tap_errno(abi_attach("ref", outsider), ESRCH, false,
		  "ATTACH: a process of the namespace above");
	tap_errno(abi_detach(outsider), ESRCH, false,
		  "DETACH: a process of the namespace above");
	tap_errno(abi_attach("ref", 1), 0, false, "ATTACH: self, by pid 1");
	tap_errno(abi_detach(1), 0, false, "DETACH: self, by pid 1");
}

static void in_pid_namespace(void)
{
	if (unshare(CLONE_NEWPID)) {
		tap_errno(errno, 0, false, "unshare");
		return;
	}
	child_run(as_init);
}

/* A process that does nothing, with a pid that was another's. */
static pid_t sleeper_with(pid_t pid)
{
	struct clone_args args = {
		.exit_signal = SIGCHLD,
		.set_tid = (uintptr_t)&pid,
		.set_tid_size = 1,
	};
	pid_t child = syscall(SYS_clone3, &args, sizeof(args));

	if (child)
		return child;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;)
		pause();
}

static void expect_governed(unsigned int nr, const char *when)
{
	struct capgov_group_info info;

	abi_get("ref", &info);
	tap(info.nr_tasks == nr, "got another number",
	    "%s: %u governed", when, nr);
}

/*
 * Whoever holds a pidfd and finds it alive afterwards has hit the right one. Who
 * gets the pid of one that was governed is not.
 */
static void check_reuse(void)
{
	pid_t pid = child_sleeper();
	int fd = syscall(SYS_pidfd_open, pid, 0);
	struct pollfd poll_fd = { .fd = fd, .events = POLLIN };

	tap_errno(abi_attach("ref", pid), 0, false, "ATTACH: by a pidfd's pid");
	tap(!poll(&poll_fd, 1, 0), "it is not", "the pidfd: alive");
	child_end(pid);
	tap(poll(&poll_fd, 1, 0) == 1, "it is", "the pidfd: not alive");
	tap_errno(abi_attach("ref", pid), ESRCH, false,
		  "ATTACH: the pid of who has ended, while its pidfd is open");
	tap(sleeper_with(pid) == pid, "it is not", "the pid: another has it");
	expect_governed(0, "the pid's new owner");
	tap_errno(abi_attach("ref", pid), 0, false, "ATTACH: the new owner");
	tap(poll(&poll_fd, 1, 0) == 1, "it is", "the old pidfd: not alive");
	expect_governed(1, "the new owner, attached");
	child_end(pid);
	expect_governed(0, "the new owner has ended");
	close(fd);
}

static bool has_address(const void *bytes, size_t size)
{
	const __u64 *word = bytes;

	for (; size >= sizeof(*word); word++, size -= sizeof(*word))
		if (*word >= KERNEL_ADDRESS && *word + 1)
			return true;
	return false;
}

static void check_addresses(void)
{
	union abi_request req;
	unsigned int i;

	for (i = 0; i < abi_nr_ops; i++) {
		memset(&req, 0, sizeof(req));
		abi_ops[i].fill(&req);
		req.size = abi_ops[i].size;
		abi_call(abi_rw, abi_ops[i].cmd, &req);
		tap(!has_address(&req, sizeof(req)), "there is one",
		    "%s: no address of the kernel's", abi_ops[i].name);
		abi_reset();
	}
}

/* Return: whether @line has a number that looks like one. */
static bool shows_address(const char *line)
{
	const char *p;

	for (p = strstr(line, "ffff"); p; p = strstr(p + 1, "ffff"))
		if (strspn(p, "0123456789abcdef") == 16)
			return true;
	return false;
}

static void check_log(void)
{
	int size = klogctl(SYSLOG_ACTION_SIZE_BUFFER, NULL, 0), lines = 0;
	char *log = calloc(1, size + 1), *line, *rest = log;
	bool shown = false;

	klogctl(SYSLOG_ACTION_READ_ALL, log, size);
	while ((line = strsep(&rest, "\n"))) {
		if (!strstr(line, "capgov"))
			continue;
		lines++;
		shown |= shows_address(line);
	}
	tap(lines, "it has no line of ours", "the kernel's log: read");
	tap(!shown, "there is one", "the kernel's log: no address");
	free(log);
}

void test_ns(void)
{
	outsider = child_sleeper();
	child_run(in_pid_namespace);
	child_end(outsider);
	check_reuse();
	check_addresses();
	check_log();
}
