/* SPDX-License-Identifier: GPL-2.0 */
/*
 * DOC: Policies. A policy says what is taken from a group's bucket for USR and
 * SYS. Those of the linear family charge usr + w * sys; they differ in w alone,
 * so the charge itself needs no indirect call. The mathematics is pure.
 */
#ifndef CAPGOV_POLICY_H
#define CAPGOV_POLICY_H

#include <linux/types.h>
#ifndef __KERNEL__
#include <stdbool.h>
#endif

/* The weight of SYS: 1 is 1 << CAPGOV_WEIGHT_SHIFT. */
#define CAPGOV_WEIGHT_SHIFT	20
#define CAPGOV_WEIGHT_ONE	(1U << CAPGOV_WEIGHT_SHIFT)

/**
 * struct capgov_params - what a group is set to
 * @quota_us: runtime a period, us; CAPGOV_QUOTA_MAX for no cap
 * @burst_us: what may be saved beyond it, us
 * @period_us: us
 * @sys_weight_permille: the weight given, for policies that take one
 * @accounting: enum capgov_accounting
 */
struct capgov_params {
	__u64 quota_us;
	__u64 burst_us;
	__u32 period_us;
	__u32 sys_weight_permille;
	__u32 accounting;
};

/**
 * struct capgov_policy - one way to charge
 * @name: as users know it
 * @description: one line
 * @uncapped: it never stops anyone
 * @weight_settable: sys_weight_permille may be given
 * @weight: the weight of SYS for @p on @cpus online CPUs, in units of
 *	2^-CAPGOV_WEIGHT_SHIFT
 */
struct capgov_policy {
	const char *name;
	const char *description;
	bool uncapped;
	bool weight_settable;
	__u32 (*weight)(const struct capgov_params *p, unsigned int cpus);
};

extern const struct capgov_policy capgov_policies_linear[];
extern const unsigned int capgov_nr_policies_linear;

const struct capgov_policy *capgov_policy_find(const char *name);
const struct capgov_policy *capgov_policy_nth(unsigned int index);

/**
 * capgov_policy_charge_sys() - what SYS is charged
 * @sys_ns: SYS, ns
 * @weight: in units of 2^-CAPGOV_WEIGHT_SHIFT
 * Return: ns
 */
static inline __u64 capgov_policy_charge_sys(__u64 sys_ns, __u32 weight)
{
	unsigned __int128 scaled = sys_ns;

	return scaled * weight >> CAPGOV_WEIGHT_SHIFT;
}

#endif /* CAPGOV_POLICY_H */
