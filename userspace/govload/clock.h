/* SPDX-License-Identifier: GPL-2.0 */
/* The clocks the workload runs by. */
#ifndef GOVLOAD_CLOCK_H
#define GOVLOAD_CLOCK_H

#include <stdbool.h>
#include <linux/types.h>
#include <time.h>

#define NSEC_PER_SEC	1000000000ull

/**
 * clock_read_ns - read a clock
 * @id: CLOCK_MONOTONIC for the time, which is no system call where the vDSO
 *	has a usable clock source; any of the CPU clocks, which always is one
 *
 * Return: nanoseconds; 0 for a clock that is gone.
 */
static inline __u64 clock_read_ns(clockid_t id)
{
	struct timespec ts = { 0 };

	clock_gettime(id, &ts);
	return ts.tv_sec * NSEC_PER_SEC + ts.tv_nsec;
}

bool clock_is_syscall(void);

#endif
