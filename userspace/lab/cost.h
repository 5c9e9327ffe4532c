/* SPDX-License-Identifier: GPL-2.0 */
/* DOC: What elementary operations take. Failures end the program. */
#ifndef LAB_COST_H
#define LAB_COST_H

#include <sys/types.h>

#include "cage.h"

/**
 * struct cost_op - an elementary operation
 * @name: in results
 * @start: makes what it needs, helpers for one; NULL for nothing
 * @batch: does it @n times. Both return 0, or 1 if they fail.
 * @n: a few timer ticks' worth
 */
struct cost_op {
	const char *name;
	int (*start)(void);
	int (*batch)(int n);
	int n;
};

/* hackbench.c */
int hackbench_start(void);
int hackbench_batch(int n);
double hackbench_rate(struct cage *cage);

/* cost_ops.c */
#define COST_OPS_MAX	16
extern const struct cost_op cost_ops[];
extern const unsigned int cost_nr_ops;
pid_t cost_helper(void);
void cost_end_helpers(void);

/* cost_requests.c */
#define COST_REQUESTS_MAX	4
extern const struct cost_op cost_requests[];
extern const unsigned int cost_nr_requests;

/* cost.c */
double cost_measure(const struct cost_op *op, struct cage *cage);

#endif /* LAB_COST_H */
