/* SPDX-License-Identifier: GPL-2.0 */
/* DOC: Tables of the policies, for the tests in userspace and in the kernel. */
#ifndef POLICY_CASES_H
#define POLICY_CASES_H

#include <linux/capgov.h>

#include "policy.h"

#define ONE	CAPGOV_WEIGHT_ONE

struct policy_weight {
	const char *policy;
	struct capgov_params params;
	unsigned int cpus;
	__u32 weight;
};

static const struct policy_weight policy_weights[] = {
	{ "none", { .quota_us = 1, .period_us = 2 }, 1, ONE },
	{ "total", { .quota_us = 1, .period_us = 2 }, 1, ONE },
	{ "exempt", { .quota_us = 1, .period_us = 2 }, 1, 0 },
	{ "container", { .quota_us = 50000, .period_us = 100000 }, 1, ONE / 2 },
	{ "container", { .quota_us = 50000, .period_us = 100000 }, 2, ONE / 4 },
	{ "container", { .quota_us = 100000, .period_us = 100000 }, 1, ONE },
	{ "container", { .quota_us = 800000, .period_us = 100000 }, 2, ONE },
	{ "container", { .quota_us = CAPGOV_QUOTA_MAX, .period_us = 100000 },
	  4, ONE },
	{ "weighted", { .sys_weight_permille = 0 }, 1, 0 },
	{ "weighted", { .sys_weight_permille = 250 }, 1, ONE / 4 },
	{ "weighted", { .sys_weight_permille = 1000 }, 1, ONE },
};

struct policy_charge {
	__u64 sys_ns;
	__u32 weight;
	__u64 charge_ns;
};

static const struct policy_charge policy_charges[] = {
	{ 0, ONE, 0 },
	{ ~0ULL, ONE, ~0ULL },
	{ ~0ULL, 0, 0 },
	{ 1000, ONE / 4, 250 },
	{ 1, ONE / 2, 0 },
	{ 3, ONE / 2, 1 },
};

/* The article: 7 slots of USR become 3.5 at 0.5 CPU and 2.1 at 0.3. */
struct policy_figure {
	__u64 cap_us;
	__u64 usr_us;
};

static const struct policy_figure policy_figures[] = {
	{ 50000, 35000 }, { 30000, 21000 },
};

#endif /* POLICY_CASES_H */
