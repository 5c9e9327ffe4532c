/* SPDX-License-Identifier: GPL-2.0 */
/* Log-linear histogram of times: exact below 128 ns, within 1/128 above. */
#ifndef GOVLOAD_HIST_H
#define GOVLOAD_HIST_H

#include <linux/types.h>

#define HIST_SUB_BITS	7
#define HIST_SUB	128
/* Values from 2^HIST_TOP_BITS ns (18 minutes) on share the last bucket. */
#define HIST_TOP_BITS	40
#define HIST_BUCKETS	((HIST_TOP_BITS - HIST_SUB_BITS + 1) * HIST_SUB)

/**
 * struct hist - how often values were seen
 * @count: values recorded
 * @max: the largest of them, exact; 0 when there is none
 * @bucket: how many fell into each bucket
 *
 * Zeroed memory is an empty histogram.
 */
struct hist {
	__u64 count;
	__u64 max;
	__u64 bucket[HIST_BUCKETS];
};

void hist_record(struct hist *h, __u64 value);
void hist_merge(struct hist *into, const struct hist *from);
__u64 hist_percentile(const struct hist *h, unsigned int ppm);

#endif
