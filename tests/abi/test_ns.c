// SPDX-License-Identifier: GPL-2.0
/* DOC: What a pid means, and that nobody learns where the kernel is. */
#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "abi.h"

/* The upper half of the address space, but for what stands for "none". */
#define KERNEL_ADDRESS	0xffff800000000000ULL

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

/* Whoever holds a pidfd and finds it alive afterwards has hit the right one. */
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

void test_ns(void)
{
	outsider = child_sleeper();
	child_run(in_pid_namespace);
	child_end(outsider);
	check_reuse();
	check_addresses();
}
