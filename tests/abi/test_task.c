// SPDX-License-Identifier: GPL-2.0
/* DOC: Attaching and detaching. */
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "abi.h"

static void expect_task(unsigned int cmd, const char *name, pid_t pid,
			__u32 flags, int want, int want_nr, const char *what)
{
	struct capgov_task_op op = {
		.size = sizeof(op),
		.flags = flags,
		.pid = pid,
	};
	const char *op_name = cmd == CAPGOV_IOC_ATTACH ? "ATTACH" : "DETACH";
	const char *kind = flags ? " (thread)" : "";

	abi_name(op.name, name);
	abi_expect(abi_rw, cmd, &op, want, "%s%s: %s", op_name, kind, what);
	if (!want)
		tap((int)op.nr_tasks == want_nr, "got another number",
		    "%s%s: %s: nr_tasks %d", op_name, kind, what, want_nr);
}

static void expect_tasks(const char *name, unsigned int want, const char *what)
{
	struct capgov_group_info info;

	abi_get(name, &info);
	tap(info.nr_tasks == want, "got another number",
	    "%s: nr_tasks of %s is %u", what, name, want);
}

/* A process that has ended, and not been waited for. */
static pid_t make_zombie(void)
{
	siginfo_t info;
	pid_t pid = fork();

	if (!pid)
		_exit(0);
	waitid(P_PID, pid, &info, WEXITED | WNOWAIT);
	return pid;
}

static void check_refused(__u32 flags)
{
	static const unsigned int cmds[] = {
		CAPGOV_IOC_ATTACH, CAPGOV_IOC_DETACH,
	};
	pid_t zombie = make_zombie(), sleeper = child_sleeper();
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cmds); i++) {
		const char *name = i ? "" : "ref";

		expect_task(cmds[i], name, -1, flags, EINVAL, 0, "pid -1");
		expect_task(cmds[i], name, -getpid(), flags, EINVAL, 0,
			    "a process group");
		expect_task(cmds[i], name, INT_MIN, flags, EINVAL, 0,
			    "pid INT_MIN");
		expect_task(cmds[i], name, INT_MAX, flags, ESRCH, 0,
			    "pid INT_MAX");
		expect_task(cmds[i], name, zombie, flags, ESRCH, 0, "a zombie");
	}
	expect_task(CAPGOV_IOC_ATTACH, "ref", 2, flags, EOPNOTSUPP, 0,
		    "a kernel thread");
	expect_task(CAPGOV_IOC_DETACH, "", 0, flags, ESRCH, 0,
		    "self, in no group");
	expect_task(CAPGOV_IOC_DETACH, "", sleeper, flags, ESRCH, 0,
		    "another, in no group");
	child_end(sleeper);
	waitpid(zombie, NULL, 0);
	expect_task(CAPGOV_IOC_ATTACH, "ref", zombie, flags, ESRCH, 0,
		    "gone");
	expect_task(CAPGOV_IOC_DETACH, "", zombie, flags, ESRCH, 0, "gone");
}

static void check_moves(__u32 flags)
{
	struct capgov_release_all all = { .size = sizeof(all) };
	pid_t pid = child_sleeper();

	expect_task(CAPGOV_IOC_ATTACH, "ref", pid, flags, 0, 1, "a sleeper");
	expect_tasks("ref", 1, "attached");
	expect_task(CAPGOV_IOC_ATTACH, "ref", pid, flags, 0, 0, "again");
	expect_tasks("ref", 1, "attached again");
	expect_task(CAPGOV_IOC_ATTACH, "nobody", pid, flags, ENOENT, 0,
		    "no such group");
	expect_task(CAPGOV_IOC_ATTACH, "", pid, flags, EINVAL, 0, "no name");
	expect_task(CAPGOV_IOC_DETACH, "ref", pid, flags, EINVAL, 0, "a name");
	expect_task(CAPGOV_IOC_ATTACH, "sub", pid, flags, 0, 1, "a move");
	expect_tasks("ref", 0, "moved");
	expect_tasks("sub", 1, "moved");
	tap_errno(abi_destroy("sub"), 0, false, "GROUP_DESTROY: with a task");
	expect_tasks("ref", 1, "its group destroyed");
	expect_task(CAPGOV_IOC_DETACH, "", pid, flags, 0, 1, "a sleeper");
	expect_tasks("ref", 0, "detached");
	expect_task(CAPGOV_IOC_DETACH, "", pid, flags, ESRCH, 0, "again");
	expect_task(CAPGOV_IOC_ATTACH, "spare", pid, flags, 0, 1, "once more");
	abi_expect(abi_rw, CAPGOV_IOC_RELEASE_ALL, &all, 0, "RELEASE_ALL");
	tap(all.nr_tasks == 1, "got another number", "RELEASE_ALL: nr_tasks 1");
	expect_tasks("spare", 0, "released");
	expect_task(CAPGOV_IOC_DETACH, "", pid, flags, ESRCH, 0, "released");
	expect_task(CAPGOV_IOC_ATTACH, "spare", pid, flags, 0, 1, "to the end");
	child_end(pid);
	expect_tasks("spare", 0, "ended");
	abi_reset();
}

/* DETACH takes no name at all, not even past a NUL. */
static void check_detach_name(void)
{
	struct capgov_task_op op = { .size = sizeof(op) };

	op.name[CAPGOV_NAME_LEN - 1] = 'x';
	abi_expect(abi_rw, CAPGOV_IOC_DETACH, &op, EINVAL,
		   "DETACH: the last byte of the name");
}

void test_task(void)
{
	check_refused(0);
	check_refused(CAPGOV_TASK_THREAD);
	check_moves(0);
	check_moves(CAPGOV_TASK_THREAD);
	expect_task(CAPGOV_IOC_ATTACH, "ref", 0, 0, 0, 1, "self by 0");
	expect_task(CAPGOV_IOC_DETACH, "", getpid(), 0, 0, 1, "self by pid");
	check_detach_name();
}
