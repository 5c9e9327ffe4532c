/* SPDX-License-Identifier: GPL-2.0 */
/*
 * DOC: USR and SYS from samples. Pure: times and random numbers are arguments.
 *
 * The time between two samples, of which the first is taken at any time and
 * the other a random interval later, goes whole to the mode that the second
 * finds. The intervals are exponentially distributed about one mean: samples
 * come as a Poisson process does, without memory. Whatever the task does, an
 * instant t of its time is counted under the mode at t with the weight that
 * the interval is expected to have which the sample at t, if any, would end:
 * the integral over u of rate^2 * u * exp(-rate * u), which is 1. No rhythm of
 * the task, not even a multiple of the mean or of the tick, can be in step with
 * that, and a sample that finds somebody else is as good as none. It needs the
 * mean not to depend on what was found: it follows the cap alone.
 */
#ifndef CAPGOV_SAMPLE_H
#define CAPGOV_SAMPLE_H

#include <linux/types.h>
#ifndef __KERNEL__
#include <stdbool.h>
#endif

/* No interval is longer than so many times the mean. */
#define CAPGOV_SAMPLE_MAX	23

/* Squares of intervals are kept in units of 2^(2 * this) ns^2. */
#define CAPGOV_SAMPLE_SHIFT	10

/**
 * struct capgov_sampler - what has been sampled
 * @pending_ns: time run since the last sample, under no mode yet
 * @squares: the sum of the squares of all intervals
 */
struct capgov_sampler {
	__u64 pending_ns;
	__u64 squares;
};

__u64 capgov_sample_interval(__u32 random, __u64 mean_ns);
void capgov_sample_hit(struct capgov_sampler *s, __u64 ns[2], bool in_sys);
__u64 capgov_sample_error(__u64 squares, __u64 usr_ns, __u64 sys_ns);

#endif /* CAPGOV_SAMPLE_H */
