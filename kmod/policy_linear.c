// SPDX-License-Identifier: GPL-2.0
/*
 * DOC: The linear family: charge = usr + w * sys. With SYS demand S, a cap C
 * on one CPU and USR taking what is left, USR = C - w * S.
 */
#include <linux/capgov.h>
#ifdef __KERNEL__
#include <linux/kernel.h>
#else
#include "libcapgov/util.h"
#endif

#include "policy.h"

static __u32 weight_none(const struct capgov_params *p, unsigned int cpus)
{
	return 0;
}

static __u32 weight_all(const struct capgov_params *p, unsigned int cpus)
{
	return CAPGOV_WEIGHT_ONE;
}

/*
 * The article's figure: at full speed the seven slots of USR become 7 * C, so
 * of SYS the share C is charged (C - C * S = C * (1 - S)).
 */
static __u32 weight_cap(const struct capgov_params *p, unsigned int cpus)
{
	__u64 all_us = (__u64)p->period_us * cpus;

	if (p->quota_us >= all_us)
		return CAPGOV_WEIGHT_ONE;
	return (p->quota_us << CAPGOV_WEIGHT_SHIFT) / all_us;
}

static __u32 weight_given(const struct capgov_params *p, unsigned int cpus)
{
	__u64 scaled = (__u64)p->sys_weight_permille << CAPGOV_WEIGHT_SHIFT;

	return scaled / CAPGOV_WEIGHT_MAX;
}

const struct capgov_policy capgov_policies_linear[] = {
	{
		.name = "none",
		.description = "accounts, charges USR + SYS and never stops a task",
		.uncapped = true,
		.weight = weight_all,
	}, {
		.name = "total",
		.description = "charges USR + SYS, as a hypervisor does",
		.weight = weight_all,
	}, {
		.name = "container",
		.description = "charges USR + w SYS, w = cap / online CPUs: article's containers",
		.weight = weight_cap,
	}, {
		.name = "exempt",
		.description = "charges USR alone; SYS runs free",
		.weight = weight_none,
	}, {
		.name = "weighted",
		.description = "charges USR + w SYS with the w given as sys_weight_permille",
		.weight_settable = true,
		.weight = weight_given,
	},
};

const unsigned int capgov_nr_policies_linear =
	ARRAY_SIZE(capgov_policies_linear);
