// SPDX-License-Identifier: GPL-2.0
/*
 * DOC: Every power of two is cut into HIST_SUB buckets of equal width, so the
 * error is a fixed share of the value at any scale, and recording is a shift
 * and an increment: cheap enough for the loop that is being measured.
 */
#include "govload/hist.h"

#define PPM	1000000

static unsigned int bucket_of(__u64 value)
{
	unsigned int shift;

	if (value < HIST_SUB)
		return value;
	if (value >> HIST_TOP_BITS)
		return HIST_BUCKETS - 1;
	shift = 63 - __builtin_clzll(value) - HIST_SUB_BITS;
	return shift * HIST_SUB + (value >> shift);
}

static __u64 bucket_top(unsigned int bucket)
{
	unsigned int shift;

	if (bucket < HIST_SUB)
		return bucket;
	shift = bucket / HIST_SUB - 1;
	return ((__u64)(bucket - shift * HIST_SUB + 1) << shift) - 1;
}

/**
 * hist_record - count one value
 * @h: the histogram
 * @value: any unit, nanoseconds here
 */
void hist_record(struct hist *h, __u64 value)
{
	h->bucket[bucket_of(value)]++;
	h->count++;
	if (value > h->max)
		h->max = value;
}

/**
 * hist_merge - add one histogram to another
 * @into: the sum
 * @from: what is added; unchanged
 */
void hist_merge(struct hist *into, const struct hist *from)
{
	unsigned int i;

	for (i = 0; i < HIST_BUCKETS; i++)
		into->bucket[i] += from->bucket[i];
	into->count += from->count;
	if (from->max > into->max)
		into->max = from->max;
}

/**
 * hist_percentile - the value a share of all values does not exceed
 * @h: the histogram
 * @ppm: the share, in millionths: 990000 for p99
 *
 * Return: the upper edge of the bucket the percentile is in, never more than
 * the largest value seen; 0 when nothing was recorded.
 */
__u64 hist_percentile(const struct hist *h, unsigned int ppm)
{
	__u64 rank, seen = 0;
	unsigned int i;

	/* How many values, rounded up; in two parts so as not to overflow. */
	rank = h->count / PPM * ppm + (h->count % PPM * ppm + PPM - 1) / PPM;
	if (!rank)
		rank = 1;
	/* The last bucket has no upper edge but the largest value. */
	for (i = 0; i < HIST_BUCKETS - 1; i++) {
		seen += h->bucket[i];
		if (seen >= rank)
			break;
	}
	if (i == HIST_BUCKETS - 1 || bucket_top(i) > h->max)
		return h->max;
	return bucket_top(i);
}
