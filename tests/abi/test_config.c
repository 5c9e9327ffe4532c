// SPDX-License-Identifier: GPL-2.0
/* DOC: What a group may be told, on creation and later. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "abi.h"

enum {
	CAP = CAPGOV_FIELD_CAP,
	PERIOD = CAPGOV_FIELD_PERIOD,
	RATE = CAP | PERIOD,
	BURST = CAPGOV_FIELD_BURST,
	POLICY = CAPGOV_FIELD_POLICY,
	WEIGHT = CAPGOV_FIELD_WEIGHT,
	ACCT = CAPGOV_FIELD_ACCT,
	PARENT = CAPGOV_FIELD_PARENT,
};

/* All of them meet a group with the defaults. */
static const struct config_case {
	const char *what;
	int want;
	struct capgov_group_config cfg;
} cases[] = {
	{ "nothing", 0, { .fields = 0 } },
	{ "quota max", 0, { .fields = CAP, .quota_us = CAPGOV_QUOTA_MAX } },
	{ "least quota", 0, { .fields = CAP, .quota_us = CAPGOV_QUOTA_US_MIN } },
	{ "less", ERANGE, { .fields = CAP, .quota_us = CAPGOV_QUOTA_US_MIN - 1 } },
	{ "quota 0", ERANGE, { .fields = CAP } },
	{ "most quota", 0, { .fields = CAP, .quota_us = CAPGOV_CPUS_MAX * 100000ULL } },
	{ "more", ERANGE, { .fields = CAP,
		.quota_us = CAPGOV_CPUS_MAX * 100000ULL + 1 } },
	{ "quota near max", ERANGE, { .fields = CAP, .quota_us = CAPGOV_QUOTA_MAX - 1 } },
	{ "quota 2^63", ERANGE, { .fields = CAP, .quota_us = 1ULL << 63 } },
	{ "most quota, least period", 0, { .fields = RATE,
		.quota_us = CAPGOV_CPUS_MAX * 1000ULL, .period_us = 1000 } },
	{ "more quota, least period", ERANGE, { .fields = RATE,
		.quota_us = CAPGOV_CPUS_MAX * 1000ULL + 1, .period_us = 1000 } },
	{ "most quota, longest period", 0, { .fields = RATE,
		.quota_us = CAPGOV_CPUS_MAX * 1000000ULL,
		.period_us = CAPGOV_PERIOD_US_MAX } },
	{ "more quota, longest period", ERANGE, { .fields = RATE,
		.quota_us = CAPGOV_CPUS_MAX * 1000000ULL + 1,
		.period_us = CAPGOV_PERIOD_US_MAX } },
	{ "least period", 0, { .fields = PERIOD, .period_us = CAPGOV_PERIOD_US_MIN } },
	{ "shorter", ERANGE, { .fields = PERIOD, .period_us = CAPGOV_PERIOD_US_MIN - 1 } },
	{ "period 0", ERANGE, { .fields = PERIOD } },
	{ "longest period", 0, { .fields = PERIOD, .period_us = CAPGOV_PERIOD_US_MAX } },
	{ "longer", ERANGE, { .fields = PERIOD, .period_us = CAPGOV_PERIOD_US_MAX + 1 } },
	{ "period 2^32 - 1", ERANGE, { .fields = PERIOD, .period_us = ~0U } },
	{ "burst 0", 0, { .fields = BURST } },
	{ "most burst", 0, { .fields = BURST, .burst_us = CAPGOV_BURST_US_MAX } },
	{ "more burst", ERANGE, { .fields = BURST, .burst_us = CAPGOV_BURST_US_MAX + 1 } },
	{ "burst 2^64 - 1", ERANGE, { .fields = BURST, .burst_us = ~0ULL } },
	{ "weighted, 0", 0, { .fields = POLICY | WEIGHT, .policy = "weighted" } },
	{ "weighted, 1", 0, { .fields = POLICY | WEIGHT,
		.policy = "weighted", .sys_weight_permille = 1 } },
	{ "weighted, 333", 0, { .fields = POLICY | WEIGHT,
		.policy = "weighted", .sys_weight_permille = 333 } },
	{ "weighted, 999", 0, { .fields = POLICY | WEIGHT,
		.policy = "weighted", .sys_weight_permille = 999 } },
	{ "weighted, most", 0, { .fields = POLICY | WEIGHT,
		.policy = "weighted",
		.sys_weight_permille = CAPGOV_WEIGHT_MAX } },
	{ "weighted, more", ERANGE, { .fields = POLICY | WEIGHT,
		.policy = "weighted",
		.sys_weight_permille = CAPGOV_WEIGHT_MAX + 1 } },
	{ "weighted, 2^32 - 1", ERANGE, { .fields = POLICY | WEIGHT,
		.policy = "weighted", .sys_weight_permille = ~0U } },
	{ "weighted alone", 0, { .fields = POLICY, .policy = "weighted" } },
	{ "weight for the default", EINVAL, { .fields = WEIGHT,
		.sys_weight_permille = 500 } },
	{ "weight for total", EINVAL, { .fields = POLICY | WEIGHT,
		.policy = "total", .sys_weight_permille = 1000 } },
	{ "weight for exempt", EINVAL, { .fields = POLICY | WEIGHT,
		.policy = "exempt" } },
	{ "weight for container", EINVAL, { .fields = POLICY | WEIGHT,
		.policy = "container", .sys_weight_permille = 1 } },
	{ "weight for none", EINVAL, { .fields = POLICY | WEIGHT,
		.policy = "none", .sys_weight_permille = 1000 } },
	{ "policy none", 0, { .fields = POLICY, .policy = "none" } },
	{ "policy total", 0, { .fields = POLICY, .policy = "total" } },
	{ "policy container", 0, { .fields = POLICY, .policy = "container" } },
	{ "policy exempt", 0, { .fields = POLICY, .policy = "exempt" } },
	{ "policy unknown", EOPNOTSUPP, { .fields = POLICY, .policy = "fair" } },
	{ "policy in capitals", EOPNOTSUPP, { .fields = POLICY, .policy = "Total" } },
	{ "policy empty", EINVAL, { .fields = POLICY } },
	{ "policy without NUL", EINVAL, { .fields = POLICY,
		.policy = { [0 ... CAPGOV_POLICY_LEN - 1] = 'a' } } },
	{ "policy with a bad parent", ENOENT, {
		.fields = POLICY | PARENT, .policy = "none",
		.parent = "nobody" } },
	{ "exact", 0, { .fields = ACCT, .accounting = CAPGOV_ACCT_EXACT } },
	{ "sampled", 0, { .fields = ACCT, .accounting = CAPGOV_ACCT_SAMPLED } },
	{ "accounting 2", EOPNOTSUPP, { .fields = ACCT, .accounting = 2 } },
	{ "accounting 2^32 - 1", EOPNOTSUPP, { .fields = ACCT, .accounting = ~0U } },
	{ "parent", 0, { .fields = PARENT, .parent = "ref" } },
	{ "no parent", 0, { .fields = PARENT } },
	{ "unknown parent", ENOENT, { .fields = PARENT, .parent = "nobody" } },
	{ "reserved", EINVAL, { .reserved = 1 } },
	{ "reserved, last bit", EINVAL, { .reserved = 1U << 31 } },
	{ "quota not given", EINVAL, { .quota_us = 50000 } },
	{ "quota max not given", EINVAL, { .quota_us = CAPGOV_QUOTA_MAX } },
	{ "burst not given", EINVAL, { .fields = CAP, .quota_us = 50000,
		.burst_us = 1 } },
	{ "period not given", EINVAL, { .period_us = 100000 } },
	{ "weight not given", EINVAL, { .fields = POLICY, .policy = "weighted",
		.sys_weight_permille = 1000 } },
	{ "accounting not given", EINVAL, { .accounting = 1 } },
	{ "policy not given", EINVAL, { .policy = "total" } },
	{ "parent not given", EINVAL, { .parent = "ref" } },
	{ "policy not given, its last byte", EINVAL, {
		.policy = { [CAPGOV_POLICY_LEN - 1] = 'x' } } },
	{ "parent not given, its second byte", EINVAL, {
		.parent = { [1] = 'x' } } },
	{ "field 7", EOPNOTSUPP, { .fields = 1U << 7 } },
	{ "field 15", EOPNOTSUPP, { .fields = 1U << 15 } },
	{ "field 31", EOPNOTSUPP, { .fields = 1U << 31 } },
	{ "an unknown field and a known one", EOPNOTSUPP, {
		.fields = CAP | 1U << 8, .quota_us = 50000 } },
};

/* What is given must be in force, and the rest as it is by default. */
static const char *differs(const struct capgov_group_config *cfg,
			   const struct capgov_group_info *info)
{
	__u32 f = cfg->fields;
	bool own = !strcmp(cfg->policy, "weighted");

	if (info->quota_us != (f & CAPGOV_FIELD_CAP ? cfg->quota_us :
			       CAPGOV_QUOTA_MAX))
		return "got another quota";
	if (info->period_us != (f & CAPGOV_FIELD_PERIOD ? cfg->period_us :
				100000))
		return "got another period";
	if (info->burst_us != cfg->burst_us)
		return "got another burst";
	if (strcmp(info->policy, f & CAPGOV_FIELD_POLICY ? cfg->policy :
		   "total"))
		return "got another policy";
	if (own && info->sys_weight_permille !=
	    (f & CAPGOV_FIELD_WEIGHT ? cfg->sys_weight_permille : 1000))
		return "got another weight";
	if (info->accounting != cfg->accounting ||
	    strcmp(info->parent, cfg->parent))
		return "got another accounting or parent";
	return NULL;
}

static void check_config(const struct config_case *c, bool set)
{
	struct capgov_group_config cfg = c->cfg;
	const char *name = set ? "spare" : "made";
	const char *op = set ? "GROUP_SET" : "GROUP_CREATE";
	struct capgov_group_info info;
	const char *wrong;

	cfg.size = sizeof(cfg);
	abi_name(cfg.name, name);
	abi_expect(abi_rw, set ? CAPGOV_IOC_GROUP_SET : CAPGOV_IOC_GROUP_CREATE,
		   &cfg, c->want, "%s: %s", op, c->what);
	if (c->want)
		return;
	abi_get(name, &info);
	wrong = differs(&cfg, &info);
	if (!wrong && info.id != cfg.id)
		wrong = "got another id";
	tap(!wrong, wrong, "%s: %s: in force", op, c->what);
	abi_reset();
}

/* A change of the period alone keeps the rate, or is refused. */
static void check_rate(__u64 quota, __u32 period, __u64 want_quota, int want)
{
	struct capgov_group_config cfg = {
		.size = sizeof(cfg),
		.fields = CAPGOV_FIELD_CAP,
		.name = "spare",
		.quota_us = quota,
	};
	struct capgov_group_info info;
	char detail[64];

	abi_call(abi_rw, CAPGOV_IOC_GROUP_SET, &cfg);
	cfg.fields = CAPGOV_FIELD_PERIOD;
	cfg.quota_us = 0;
	cfg.period_us = period;
	abi_expect(abi_rw, CAPGOV_IOC_GROUP_SET, &cfg, want,
		   "GROUP_SET: quota %llu, then period %u", quota, period);
	abi_get("spare", &info);
	snprintf(detail, sizeof(detail), "got %llu wanted %llu", info.quota_us,
		 want_quota);
	tap(info.quota_us == want_quota, detail,
	    "GROUP_SET: quota %llu, then period %u: quota", quota, period);
	abi_reset();
}

void test_config(void)
{
	struct capgov_group_config automatic = {
		.size = sizeof(automatic),
		.flags = CAPGOV_GROUP_AUTO,
		.name = "spare",
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		check_config(&cases[i], false);
		check_config(&cases[i], true);
	}
	check_rate(50000, 1000, 500, 0);
	check_rate(50000, 1000000, 500000, 0);
	check_rate(CAPGOV_CPUS_MAX * 100000ULL, 1000000,
		   CAPGOV_CPUS_MAX * 1000000ULL, 0);
	check_rate(9999, 1000, 9999, ERANGE);
	check_rate(10000, 1000, 100, 0);
	check_rate(CAPGOV_QUOTA_MAX, 1000, CAPGOV_QUOTA_MAX, 0);
	abi_expect(abi_rw, CAPGOV_IOC_GROUP_SET, &automatic, EOPNOTSUPP,
		   "GROUP_SET: AUTO");
	automatic.flags = 0;
	abi_expect(abi_rw, CAPGOV_IOC_GROUP_CREATE, &automatic, EEXIST,
		   "GROUP_CREATE: taken");
}
