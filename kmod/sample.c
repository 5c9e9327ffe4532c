// SPDX-License-Identifier: GPL-2.0
#ifdef __KERNEL__
#include <linux/kernel.h>
#else
#include <math.h>
#define int_sqrt(x)	((__u64)sqrt(x))
#endif

#include "sample.h"

#define FRACTION	16
#define LN2		45426	/* in units of 2^-FRACTION */

/* The logarithm to base 2 of @x, 1 to 2^32, in units of 2^-FRACTION. */
static __u32 sample_log2(__u64 x)
{
	unsigned int whole = 63 - __builtin_clzll(x);
	__u32 bit, log = whole << FRACTION;

	/* Between 1 and 2, in units of 2^-31, where a square still fits. */
	x = whole < 32 ? x << (31 - whole) : x >> 1;
	for (bit = 1U << (FRACTION - 1); bit; bit >>= 1) {
		x = x * x >> 31;
		if (x >> 32) {
			x >>= 1;
			log |= bit;
		}
	}
	return log;
}

/**
 * capgov_sample_interval() - how long until the next sample
 * @random: any number is as likely
 * @mean_ns: the mean of many, ns, below 2^40
 * Return: ns, exponentially distributed, below CAPGOV_SAMPLE_MAX means
 */
__u64 capgov_sample_interval(__u32 random, __u64 mean_ns)
{
	__u64 log = (32ULL << FRACTION) - sample_log2((__u64)random + 1);

	return (log * LN2 >> FRACTION) * mean_ns >> FRACTION;
}

/**
 * capgov_sample_hit() - a sample has been taken
 * @s: what is pending in it is so no longer
 * @ns: USR and SYS, to which it is added
 * @in_sys: what the sample found
 */
void capgov_sample_hit(struct capgov_sampler *s, __u64 ns[2], bool in_sys)
{
	__u64 interval = s->pending_ns >> CAPGOV_SAMPLE_SHIFT;

	ns[in_sys] += s->pending_ns;
	s->squares += interval * interval;
	s->pending_ns = 0;
}

/**
 * capgov_sample_error() - the standard error of SYS, and of USR
 * @squares: the sum of the squares of the intervals
 * @usr_ns: the estimate of USR, ns
 * @sys_ns: the estimate of SYS, ns
 *
 * Each interval T is T in error with the probability of one mode, or 0, about
 * what it should be: the variance is T^2 p (1 - p). It is less where a mode
 * lasts for many intervals.
 *
 * Return: ns
 */
__u64 capgov_sample_error(__u64 squares, __u64 usr_ns, __u64 sys_ns)
{
	unsigned __int128 variance = squares;
	__u64 all = usr_ns + sys_ns;
	__u32 p;

	while (all >> (64 - FRACTION)) {
		all >>= 1;
		sys_ns >>= 1;
	}
	if (!all)
		return 0;
	p = (sys_ns << FRACTION) / all;
	variance = variance * p * ((1U << FRACTION) - p) >> (2 * FRACTION);
	return (__u64)int_sqrt((__u64)variance) << CAPGOV_SAMPLE_SHIFT;
}
