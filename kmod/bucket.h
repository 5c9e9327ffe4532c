/* SPDX-License-Identifier: GPL-2.0 */
/*
 * DOC: The token bucket. Pure: it reads no clock and takes no lock, so that
 * the same file serves the module, KUnit, userspace tests and the planner.
 * Whoever calls keeps others out and gives the time, on one monotonic clock.
 */
#ifndef CAPGOV_BUCKET_H
#define CAPGOV_BUCKET_H

#include <linux/types.h>

/* A rate of one CPU: one nanosecond of runtime a nanosecond. */
#define CAPGOV_RATE_SHIFT	32

/**
 * struct capgov_bucket - runtime that accrues at a rate, up to a capacity
 * @level_ns: what is there, ns; below zero it is debt
 * @capacity_ns: what it holds at most, ns
 * @last_ns: the time for which @level_ns is true, ns
 * @rate: ns of runtime a ns, in units of 2^-CAPGOV_RATE_SHIFT
 * @frac: what accrued beyond @level_ns, ns in the units of @rate
 */
struct capgov_bucket {
	__s64 level_ns;
	__s64 capacity_ns;
	__u64 last_ns;
	__u64 rate;
	__u64 frac;
};

void capgov_bucket_init(struct capgov_bucket *b, __u64 now_ns,
			__u64 quota_us, __u64 period_us, __u64 burst_us);
void capgov_bucket_set(struct capgov_bucket *b, __u64 now_ns,
		       __u64 quota_us, __u64 period_us, __u64 burst_us);
void capgov_bucket_accrue(struct capgov_bucket *b, __u64 now_ns);
void capgov_bucket_take(struct capgov_bucket *b, __u64 ns);
__u64 capgov_bucket_debt(const struct capgov_bucket *b);
__u64 capgov_bucket_when_ready(const struct capgov_bucket *b, __u64 want_ns);

#endif /* CAPGOV_BUCKET_H */
