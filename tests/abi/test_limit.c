// SPDX-License-Identifier: GPL-2.0
/* DOC: How many tasks requests may put into a group: max_tasks. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "abi.h"

#define MAX_TASKS	"/sys/module/capgov/parameters/max_tasks"

static char was[32];

static void set_max(const char *value)
{
	int fd = open(MAX_TASKS, O_WRONLY | O_CLOEXEC);

	tap(write(fd, value, strlen(value)) > 0, "cannot write",
	    "max_tasks: %s", value);
	close(fd);
}

static void get_max(void)
{
	int fd = open(MAX_TASKS, O_RDONLY | O_CLOEXEC);

	tap(read(fd, was, sizeof(was) - 1) > 0 && atoi(was) == 1 << 20,
	    "got something else", "max_tasks: %d", 1 << 20);
	close(fd);
}

static void *sleeper_thread(void *unused)
{
	for (;;)
		pause();
	return unused;
}

/* A process of three threads, which says when it is. */
static pid_t three_threads(void)
{
	int ready[2];
	pid_t pid;
	char c;

	if (pipe(ready))
		return -1;
	pid = fork();
	if (!pid) {
		pthread_t thread;

		prctl(PR_SET_PDEATHSIG, SIGKILL);
		pthread_create(&thread, NULL, sleeper_thread, NULL);
		pthread_create(&thread, NULL, sleeper_thread, NULL);
		close(ready[1]);
		sleeper_thread(NULL);
	}
	close(ready[1]);
	if (read(ready[0], &c, 1))
		pid = -1;
	close(ready[0]);
	return pid;
}

static void expect_attach(pid_t pid, __u32 flags, int want, const char *what)
{
	struct capgov_task_op op = {
		.size = sizeof(op),
		.flags = flags,
		.pid = pid,
		.name = "spare",
	};

	abi_expect(abi_rw, CAPGOV_IOC_ATTACH, &op, want, "ATTACH: %s", what);
}

static void expect_tasks(unsigned int want, const char *what)
{
	struct capgov_group_info info;

	abi_get("spare", &info);
	tap(info.nr_tasks == want, "got another number",
	    "%s: nr_tasks %u", what, want);
}

/* Children of members come on top: none escapes. */
static void in_full_group(void)
{
	struct capgov_group_info info;
	pid_t pid;

	abi_attach("spare", 0);
	pid = child_sleeper();
	abi_get("spare", &info);
	tap(info.nr_tasks == 4, "got another number",
	    "a child in a full group: nr_tasks 4");
	child_end(pid);
}

void test_limit(void)
{
	pid_t one, two, three;

	get_max();
	set_max("3");
	one = child_sleeper();
	two = child_sleeper();
	three = three_threads();
	expect_attach(one, 0, 0, "the first of three");
	expect_attach(three, 0, ENOSPC, "three threads, and room for two");
	expect_tasks(1, "three threads too many");
	expect_attach(two, CAPGOV_TASK_THREAD, 0, "the second");
	child_run(in_full_group);
	expect_attach(three, CAPGOV_TASK_THREAD, 0, "the third");
	expect_attach(three, 0, ENOSPC, "two threads, and no room");
	expect_attach(0, CAPGOV_TASK_THREAD, ENOSPC, "a fourth");
	expect_attach(one, 0, 0, "who is there, of a full group");
	expect_tasks(3, "a full group");
	set_max("0");
	expect_attach(0, 0, ENOSPC, "no room at all");
	expect_attach(one, 0, 0, "who is there, without room at all");
	child_end(one);
	child_end(two);
	child_end(three);
	set_max(was);
}
