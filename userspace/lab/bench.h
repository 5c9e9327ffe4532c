/* SPDX-License-Identifier: GPL-2.0 */
/* DOC: The parts of the benchmark, and the rows they add to. */
#ifndef LAB_BENCH_H
#define LAB_BENCH_H

#include <jansson.h>
#include <sys/utsname.h>

#include "cost.h"
#include "lab.h"

#define BENCH_ROWS_MAX	512
#define BENCH_NAME_LEN	96

/**
 * struct bench_row - a result
 * @name: what has been measured
 * @unit: in what
 * @value: the result
 * @peer: what it is compared with, NULL for nothing
 * @peer_value: the peer's result
 */
struct bench_row {
	char name[BENCH_NAME_LEN];
	const char *unit;
	double value;
	const char *peer;
	double peer_value;
};

/**
 * struct bench - one run
 * @rows: so far, in memory that does not grow with them: forks copy it
 * @nr_rows: how many
 * @unit_ns: what costs are counted in, ns
 * @unit: its name
 * @mode: how time passes
 * @kernel: its release
 */
struct bench {
	struct bench_row rows[BENCH_ROWS_MAX];
	unsigned int nr_rows;
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
