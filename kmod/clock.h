/* SPDX-License-Identifier: GPL-2.0 */
/*
 * DOC: Two clocks. Tasks answer for time on the scheduler's clock, in ns; to
 * read it is most of what an edge of a system call would cost. Edges read the
 * CPU's counter of cycles instead, and tell only how time is to be split: what
 * cycles cannot say (their rate is measured once, and a counter of old may
 * change it with the CPU's frequency) never changes the sum. Time which the
 * scheduler takes off a task's, for interrupts or a host, comes off the mode in
 * which the task settles or is switched out.
 */
#ifndef CAPGOV_CLOCK_H
#define CAPGOV_CLOCK_H

#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/overflow.h>
#include <linux/timex.h>
#include <linux/types.h>

/* The rate is in ns a cycle, in units of 2^-CAPGOV_CLOCK_SHIFT. */
#define CAPGOV_CLOCK_SHIFT	24

/**
 * struct capgov_clock - one moment on both clocks of one CPU
 * @ns: the scheduler's clock
 * @cycles: the counter
 */
struct capgov_clock {
	u64 ns;
	u64 cycles;
};

extern u32 capgov_clock_rate;

int capgov_clock_init(void);

/**
 * capgov_clock_measure() - the rate of the counter between two moments
 * @from: the first
 * @to: the second, at most 18 minutes later
 * Return: the rate, or 0 if a clock stood still, went back, or counts slower
 *	than once in 256 ns
 */
static inline u32 capgov_clock_measure(const struct capgov_clock *from,
				       const struct capgov_clock *to)
{
	s64 cycles = to->cycles - from->cycles, ns = to->ns - from->ns;
	u64 rate;

	if (cycles <= 0 || ns <= 0)
		return 0;
	rate = div64_u64(ns << CAPGOV_CLOCK_SHIFT, cycles);
	return rate <= U32_MAX ? rate : 0;
}

/**
 * capgov_clock_part() - how much of a time took a number of cycles
 * @cycles: the cycles; if the counter went back, or after 18 minutes, it is all
 * @all_ns: the time, ns
 * @rate: the counter's
 * Return: the part, ns, @all_ns at most
 */
static __always_inline u64 capgov_clock_part(u64 cycles, u64 all_ns, u32 rate)
{
	u64 scaled;

	if (unlikely(check_mul_overflow(cycles, (u64)rate, &scaled)))
		return all_ns;
	return min(scaled >> CAPGOV_CLOCK_SHIFT, all_ns);
}

#endif /* CAPGOV_CLOCK_H */
