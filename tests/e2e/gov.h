/* SPDX-License-Identifier: GPL-2.0 */
/* DOC: What the helpers share: requests to the module, time, work. */
#ifndef E2E_GOV_H
#define E2E_GOV_H

#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include <linux/capgov.h>

static inline long long gov_now(clockid_t clock)
{
	struct timespec ts;

	if (clock_gettime(clock, &ts))
		err(1, "clock");
	return ts.tv_sec * 1000000000LL + ts.tv_nsec;
}

/* Burn USR until the thread has used so much more CPU; 0: for ever. */
static inline void gov_burn(long long ns)
{
	long long end = gov_now(CLOCK_THREAD_CPUTIME_ID) + ns;
	int i;

	do {
		for (i = 0; i < 2000; i++)
			__asm__ volatile("" : "+r" (i));
	} while (!ns || gov_now(CLOCK_THREAD_CPUTIME_ID) < end);
}

static inline int gov_open(void)
{
	int fd = open("/dev/capgov", O_RDWR | O_CLOEXEC);

	if (fd < 0)
		err(1, "/dev/capgov");
	return fd;
}

static inline void gov_request(int fd, unsigned long request, void *arg,
			       const char *what)
{
	if (ioctl(fd, request, arg))
		err(1, "%s", what);
}

/* pid 0: the caller. */
static inline void gov_attach(int fd, const char *group, pid_t pid,
			      __u32 flags)
{
	struct capgov_task_op op = {
		.size = sizeof(op),
		.flags = flags,
		.pid = pid,
	};

	snprintf(op.name, sizeof(op.name), "%s", group);
	gov_request(fd, CAPGOV_IOC_ATTACH, &op, "attach");
}

static inline void gov_detach(int fd, pid_t pid, __u32 flags)
{
	struct capgov_task_op op = {
		.size = sizeof(op),
		.flags = flags,
		.pid = pid,
	};

	gov_request(fd, CAPGOV_IOC_DETACH, &op, "detach");
}

#endif /* E2E_GOV_H */
