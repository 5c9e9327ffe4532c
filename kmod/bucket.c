// SPDX-License-Identifier: GPL-2.0
#include "bucket.h"

#define NS_PER_US	1000
#define FRAC_MASK	((1ULL << CAPGOV_RATE_SHIFT) - 1)
/* Deeper debt is not kept: 11 days of runtime. */
#define DEBT_MAX_NS	1000000000000000LL
/* A want beyond it is answered in parts, so that a shift cannot overflow. */
#define WANT_MAX_NS	((1ULL << (64 - CAPGOV_RATE_SHIFT)) - 1)

/**
 * capgov_bucket_init() - start with one quota
 * @b: the bucket
 * @now_ns: the time, ns
 * @quota_us: runtime a period, us
 * @period_us: the period, us, not 0
 * @burst_us: what may be saved beyond the quota, us
 */
void capgov_bucket_init(struct capgov_bucket *b, __u64 now_ns,
			__u64 quota_us, __u64 period_us, __u64 burst_us)
{
	*b = (struct capgov_bucket){
		.level_ns = quota_us * NS_PER_US,
		.capacity_ns = quota_us * NS_PER_US,
		.last_ns = now_ns,
	};
	capgov_bucket_set(b, now_ns, quota_us, period_us, burst_us);
}

/**
 * capgov_bucket_set() - change rate and capacity
 * @b: the bucket; what is there stays, as far as it fits
 * @now_ns: the time, ns
 * @quota_us: runtime a period, us, at most 2^13 CPUs' worth
 * @period_us: the period, us, not 0
 * @burst_us: what may be saved beyond the quota, us
 */
void capgov_bucket_set(struct capgov_bucket *b, __u64 now_ns,
		       __u64 quota_us, __u64 period_us, __u64 burst_us)
{
	__u64 cpus = quota_us / period_us;
	__u64 rest = quota_us % period_us;

	capgov_bucket_accrue(b, now_ns);
	b->rate = (cpus << CAPGOV_RATE_SHIFT) +
		  (rest << CAPGOV_RATE_SHIFT) / period_us;
	b->capacity_ns = (quota_us + burst_us) * NS_PER_US;
	if (b->level_ns >= b->capacity_ns) {
		b->level_ns = b->capacity_ns;
		b->frac = 0;
	}
}

/**
 * capgov_bucket_accrue() - bring the level up to date
 * @b: the bucket
 * @now_ns: the time, ns; one before the last is taken for the last
 */
void capgov_bucket_accrue(struct capgov_bucket *b, __u64 now_ns)
{
	unsigned __int128 sum;
	__u64 room = b->capacity_ns - b->level_ns;

	if (now_ns <= b->last_ns)
		return;
	sum = now_ns - b->last_ns;
	sum = sum * b->rate + b->frac;
	b->last_ns = now_ns;
	if (sum >> CAPGOV_RATE_SHIFT >= room) {
		b->level_ns = b->capacity_ns;
		b->frac = 0;
		return;
	}
	b->level_ns += (__u64)(sum >> CAPGOV_RATE_SHIFT);
	b->frac = (__u64)sum & FRAC_MASK;
}

/**
 * capgov_bucket_take() - take runtime, into debt if it must be
 * @b: the bucket
 * @ns: how much, ns
 */
void capgov_bucket_take(struct capgov_bucket *b, __u64 ns)
{
	if (ns > DEBT_MAX_NS || b->level_ns - (__s64)ns < -DEBT_MAX_NS)
		b->level_ns = -DEBT_MAX_NS;
	else
		b->level_ns -= (__s64)ns;
}

/**
 * capgov_bucket_debt() - how far below zero
 * @b: the bucket
 * Return: ns, 0 if it is not in debt
 */
__u64 capgov_bucket_debt(const struct capgov_bucket *b)
{
	return b->level_ns < 0 ? -b->level_ns : 0;
}

/**
 * capgov_bucket_when_ready() - when will so much be there?
 * @b: the bucket, accrued up to now
 * @want_ns: how much, ns, at most the capacity
 *
 * Return: ns from @b's last time, 0 if it is there. Of a long wait only the
 * beginning: ask again after it.
 */
__u64 capgov_bucket_when_ready(const struct capgov_bucket *b, __u64 want_ns)
{
	__u64 short_ns, part;

	if (b->level_ns >= (__s64)want_ns)
		return 0;
	short_ns = (__s64)want_ns - b->level_ns;
	if (short_ns > WANT_MAX_NS)
		short_ns = WANT_MAX_NS;
	/* Not 0, and so near the top that it is rounded up without a sum. */
	part = (short_ns << CAPGOV_RATE_SHIFT) - b->frac;
	return (part - 1) / b->rate + 1;
}
