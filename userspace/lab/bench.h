/* SPDX-License-Identifier: GPL-2.0 */
/* DOC: The parts of the benchmark, and the rows they add to. */
#ifndef LAB_BENCH_H
#define LAB_BENCH_H

#include <jansson.h>
#include <sys/utsname.h>

#include "cost.h"
#include "lab.h"

/**
 * struct bench - one run
 * @rows: so far
 * @unit_ns: what costs are counted in, ns
 * @unit: its name
 * @mode: how time passes
 * @kernel: its release
 */
struct bench {
	json_t *rows;
	double unit_ns;
	const char *unit;
	const char *mode;
	struct utsname kernel;
};

void bench_add(struct bench *b, const char *name, const char *unit,
	       double value, const char *peer, double peer_value);

/* bench_costs.c */
void bench_op(struct bench *b, const struct cost_op *op, const char *where,
	      double ns, const char *peer, double peer_ns);
double bench_outsider(const struct cost_op *op, struct cage *group);
void bench_costs(struct bench *b, const char *module);

/* bench_growth.c */
void bench_growth(struct bench *b, const struct lab_options *opt);

/* bench_caps.c */
void bench_caps(struct bench *b);

#endif /* LAB_BENCH_H */
