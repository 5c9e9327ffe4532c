/* SPDX-License-Identifier: GPL-2.0 */
/* DOC: To have the calling thread's n-th allocation from now on fail. */
#ifndef NTH_H
#define NTH_H

#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int nth_fd;

static inline void nth_failslab(const char *name, const char *value)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/sys/kernel/debug/failslab/%s", name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, value, strlen(value)) < 0)
		err(1, "%s", path);
	close(fd);
}

/* To be called first, by the thread whose allocations fail. */
static inline void nth_open(void)
{
	/* Allocations that may sleep too, without a backtrace of each. */
	nth_failslab("ignore-gfp-wait", "N");
	nth_failslab("verbose", "0");
	nth_fd = open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);
	if (nth_fd < 0)
		err(1, "fail-nth");
}

/* 0: none fails. */
static inline void nth_set(int n)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%d", n);

	if (pwrite(nth_fd, text, len, 0) != len)
		err(1, "fail-nth");
}

/* Return: how many allocations are to come until one fails; 0: it has. */
static inline int nth_left(void)
{
	char text[16] = "";

	if (pread(nth_fd, text, sizeof(text) - 1, 0) < 0)
		err(1, "fail-nth");
	return atoi(text);
}

#endif /* NTH_H */
