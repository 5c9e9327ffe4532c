/* SPDX-License-Identifier: GPL-2.0 */
/*
 * DOC: Where a workload runs: nowhere in particular, in a group of the module,
 * or in a cgroup. Failures end the program.
 */
#ifndef LAB_CAGE_H
#define LAB_CAGE_H

#include <math.h>
#include <stdbool.h>

#include "libcapgov/capgov.h"

#define CAGE_LEVELS_MAX	3

enum cage_kind {
	CAGE_NONE,
	CAGE_GROUP,
	CAGE_CGROUP,
};

/**
 * struct cage - one place
 * @kind: what it is
 * @policy: CAGE_GROUP: its policy
 * @cap: in CPUs; INFINITY for no limit
 * @period_us: CAGE_CGROUP: of its cpu.max, us; 0 for MODEL_PERIOD_US
 * @sampled: CAGE_GROUP: with sampled accounting
 * @levels: how many, one in another, with the same cap each; 0 is one
 * @fd: CAGE_GROUP: the descriptor that keeps the group
 * @name: CAGE_GROUP: its name
 */
struct cage {
	enum cage_kind kind;
	const char *policy;
	double cap;
	unsigned int period_us;
	bool sampled;
	unsigned int levels;
	int fd;
	char name[CAPGOV_NAME_LEN];
};

int cage_open_module(void);
void cage_open(struct cage *cage);
int cage_join(const struct cage *cage);
void cage_close(struct cage *cage);
void cage_restore(void);

#endif /* LAB_CAGE_H */
