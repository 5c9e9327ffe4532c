/* SPDX-License-Identifier: GPL-2.0 */
/* DOC: Tables of the bucket, for the tests in userspace and in the kernel. */
#ifndef BUCKET_CASES_H
#define BUCKET_CASES_H

#include <linux/types.h>

struct bucket_rate {
	__u64 quota_us;
	__u64 period_us;
};

/* Whatever the rate, nothing is lost or made: the last two do not divide. */
static const struct bucket_rate bucket_rates[] = {
	{ 50000, 100000 }, { 100, 1000000 }, { 1000, 1000000 },
	{ 33333, 100000 }, { 819200000, 100000 }, { 150000, 100000 },
	{ 1, 3 }, { 777, 1001 },
};

/* How far apart, in ns, one looks. */
static const __u64 bucket_steps[] = { 1, 7, 1000, 999983, 250000000 };

/* Rates of which the instant of readiness is exact. */
static const struct bucket_rate bucket_ready[] = {
	{ 50000, 100000 }, { 30000, 100000 }, { 5000, 100000 },
	{ 100, 1000000 }, { 150000, 100000 }, { 8192000, 1000 },
};

/* A wait too long for one answer comes in parts; below and above one CPU. */
static const struct bucket_rate bucket_long[] = {
	{ 100, 1000000 }, { 50000, 100000 }, { 100000, 100000 },
	{ 100100, 100000 }, { 200000, 100000 }, { 6400000, 100000 },
};

#endif /* BUCKET_CASES_H */
