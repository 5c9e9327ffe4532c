// SPDX-License-Identifier: GPL-2.0
/* DOC: No room for one more group, and a signal while waiting. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "abi.h"

#define TRIES_S	20
#define RESTARTS_S	1

/* AUTO groups, which go away together. */
static void check_full(void)
{
	struct capgov_info info = { .size = sizeof(info) };
	int i, err = 0, fd = open("/dev/capgov", O_RDWR | O_CLOEXEC);
	char name[CAPGOV_NAME_LEN];

	for (i = 3; i < CAPGOV_GROUPS_MAX && !err; i++) {
		snprintf(name, sizeof(name), "full-%d", i);
		err = abi_create(fd, name, NULL, CAPGOV_GROUP_AUTO);
	}
	tap_errno(err, 0, false, "GROUP_CREATE: as many as there may be");
	tap_errno(abi_create(fd, "one-more", NULL, CAPGOV_GROUP_AUTO), ENOSPC,
		  false, "GROUP_CREATE: one more");
	abi_call(abi_ro, CAPGOV_IOC_INFO, &info);
	tap(info.nr_groups == CAPGOV_GROUPS_MAX, "got another number",
	    "INFO: nr_groups %u", CAPGOV_GROUPS_MAX);
	close(fd);
	for (i = 0; i < 60 && info.nr_groups > 3; i++) {
		sleep(1);
		abi_call(abi_ro, CAPGOV_IOC_INFO, &info);
	}
	tap(info.nr_groups == 3, "got another number", "INFO: nr_groups 3");
	tap_errno(abi_create(abi_rw, "one-more", NULL, 0), 0, false,
		  "GROUP_CREATE: again");
}

static atomic_int nr_alarms;

static void on_alarm(int sig)
{
	(void)sig;
	nr_alarms++;
}

static long long now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000LL + now.tv_nsec;
}

/* Reparent for ever: that waits with the lock held. */
static pid_t start_holder(void)
{
	pid_t pid = fork();

	while (!pid) {
		abi_parent("spare", "ref");
		abi_parent("spare", "");
	}
	return pid;
}

/* Ask for @s under a storm of signals. Return: the first error, or 0 */
static int ask(const struct abi_op *op, int s)
{
	long long end = now_ns() + s * 1000000000LL;
	int err = 0;

	while (!err && now_ns() < end) {
		union abi_request req;

		memset(&req, 0, sizeof(req));
		if (op->cmd == CAPGOV_IOC_GROUP_DESTROY)
			abi_name(req.destroy.name, "absent");
		else
			op->fill(&req);
		req.size = op->size;
		err = abi_call(abi_rw, op->cmd, &req);
		if (err == ENOENT || err == EEXIST || err == ESRCH)
			err = 0;
	}
	return err;
}

static void check_signal(void)
{
	static const struct itimerval on = {
		.it_interval = { .tv_usec = 1700 },
		.it_value = { .tv_usec = 1700 },
	};
	static const struct itimerval off;
	struct sigaction action = { .sa_handler = on_alarm };
	struct sigaction restart = { .sa_handler = on_alarm, .sa_flags = SA_RESTART };
	pid_t holder = start_holder();
	unsigned int i;

	for (i = 0; i < abi_nr_ops; i++) {
		int err, restarted;

		sigaction(SIGALRM, &action, NULL);
		setitimer(ITIMER_REAL, &on, NULL);
		err = ask(&abi_ops[i], TRIES_S);
		sigaction(SIGALRM, &restart, NULL);
		nr_alarms = 0;
		restarted = ask(&abi_ops[i], RESTARTS_S);
		setitimer(ITIMER_REAL, &off, NULL);
		tap_errno(err, EINTR, false, "%s: a signal", abi_ops[i].name);
		tap(!restarted && nr_alarms > 50,
		    restarted ? strerror(restarted) : "few signals",
		    "%s: signals, SA_RESTART", abi_ops[i].name);
	}
	child_end(holder);
}

void test_busy(void)
{
	check_signal();
	abi_reset();
	if (!abi_few)
		check_full();
}
