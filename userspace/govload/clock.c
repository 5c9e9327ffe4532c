// SPDX-License-Identifier: GPL-2.0
#include <sys/syscall.h>
#include <unistd.h>

#include "govload/clock.h"

#define READS	1000
#define ROUNDS	5

static __u64 reads_ns(bool raw)
{
	__u64 begin = clock_read_ns(CLOCK_MONOTONIC);
	struct timespec ts;
	int i;

	for (i = 0; i < READS; i++) {
		if (raw)
			syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &ts);
		else
			clock_gettime(CLOCK_MONOTONIC, &ts);
	}
	return clock_read_ns(CLOCK_MONOTONIC) - begin;
}

/**
 * clock_is_syscall - whether reading the time enters the kernel
 *
 * Where the vDSO cannot read the clock source its fall-back costs at least as
 * much as the system call it makes; where it can, a fraction of that. The best
 * of a few rounds is compared because anything may interrupt one.
 *
 * Return: true when the time costs more than half a bare system call.
 */
bool clock_is_syscall(void)
{
	__u64 best = ~0ULL, best_raw = ~0ULL, ns;
	int i;

	for (i = 0; i < ROUNDS; i++) {
		ns = reads_ns(false);
		if (ns < best)
			best = ns;
		ns = reads_ns(true);
		if (ns < best_raw)
			best_raw = ns;
	}
	return best * 2 > best_raw;
}
