// SPDX-License-Identifier: GPL-2.0
/*
 * DOC: What a request may say of a group: its strings, its numbers and their
 * limits, the same from an ioctl and from sysfs. Pure.
 */
#include <linux/ctype.h>
#include <linux/string.h>

#include "rooms.h"

/**
 * capgov_config_name_ok() - is it a name?
 * @name: CAPGOV_NAME_LEN bytes
 * Return: whether a group may be called so
 */
bool capgov_config_name_ok(const char *name)
{
	size_t i, len = strnlen(name, CAPGOV_NAME_LEN);

	if (!len || len == CAPGOV_NAME_LEN)
		return false;
	for (i = 0; i < len; i++)
		if (!isascii(name[i]) || !isgraph(name[i]) || name[i] == '/')
			return false;
	return strcmp(name, ".") && strcmp(name, "..");
}

/* A string of a request: inside its array, and all zero unless it is given. */
static bool config_string_ok(const char *s, size_t size, bool given)
{
	return given ? strnlen(s, size) < size : !memchr_inv(s, 0, size);
}

/**
 * capgov_config_check() - what a request says, whatever the group is
 * @cfg: the request
 * Return: 0, -EINVAL or -EOPNOTSUPP
 */
int capgov_config_check(const struct capgov_group_config *cfg)
{
	u32 f = cfg->fields;

	if (f & ~(CAPGOV_FIELD_CAP | CAPGOV_FIELD_PERIOD | CAPGOV_FIELD_BURST |
		  CAPGOV_FIELD_POLICY | CAPGOV_FIELD_WEIGHT |
		  CAPGOV_FIELD_ACCT | CAPGOV_FIELD_PARENT))
		return -EOPNOTSUPP;
	if (cfg->reserved || !capgov_config_name_ok(cfg->name) ||
	    !config_string_ok(cfg->parent, sizeof(cfg->parent),
			      f & CAPGOV_FIELD_PARENT) ||
	    !config_string_ok(cfg->policy, sizeof(cfg->policy),
			      f & CAPGOV_FIELD_POLICY) ||
	    (!(f & CAPGOV_FIELD_CAP) && cfg->quota_us) ||
	    (!(f & CAPGOV_FIELD_PERIOD) && cfg->period_us) ||
	    (!(f & CAPGOV_FIELD_BURST) && cfg->burst_us) ||
	    (!(f & CAPGOV_FIELD_WEIGHT) && cfg->sys_weight_permille) ||
	    (!(f & CAPGOV_FIELD_ACCT) && cfg->accounting))
		return -EINVAL;
	if (cfg->parent[0] && !capgov_config_name_ok(cfg->parent))
		return -EINVAL;
	if (cfg->accounting > CAPGOV_ACCT_SAMPLED)
		return -EOPNOTSUPP;
	return 0;
}

/* Merge the numbers given into @p, within their limits. */
static int config_numbers(const struct capgov_group_config *cfg,
			  struct capgov_params *p)
{
	u32 f = cfg->fields;

	if (f & CAPGOV_FIELD_PERIOD) {
		if (cfg->period_us < CAPGOV_PERIOD_US_MIN ||
		    cfg->period_us > CAPGOV_PERIOD_US_MAX)
			return -ERANGE;
		if (p->quota_us != CAPGOV_QUOTA_MAX)
			p->quota_us = p->quota_us * cfg->period_us /
				      p->period_us;
		p->period_us = cfg->period_us;
	}
	if (f & CAPGOV_FIELD_CAP)
		p->quota_us = cfg->quota_us;
	if (f & CAPGOV_FIELD_BURST)
		p->burst_us = cfg->burst_us;
	if (f & CAPGOV_FIELD_WEIGHT)
		p->sys_weight_permille = cfg->sys_weight_permille;
	if (f & CAPGOV_FIELD_ACCT)
		p->accounting = cfg->accounting;
	if (p->quota_us != CAPGOV_QUOTA_MAX &&
	    (p->quota_us < CAPGOV_QUOTA_US_MIN ||
	     p->quota_us > (u64)CAPGOV_CPUS_MAX * p->period_us))
		return -ERANGE;
	if (p->burst_us > CAPGOV_BURST_US_MAX ||
	    p->sys_weight_permille > CAPGOV_WEIGHT_MAX)
		return -ERANGE;
	return 0;
}

/**
 * capgov_config_merge() - merge a request into settings and check the whole
 * @cfg: the request, checked
 * @params: the settings; what they are after an error is of no use
 * @policy: the policy, likewise
 * Return: 0, -EINVAL, -ERANGE, or -EOPNOTSUPP (no such policy)
 */
int capgov_config_merge(const struct capgov_group_config *cfg,
			struct capgov_params *params,
			const struct capgov_policy **policy)
{
	int err = config_numbers(cfg, params);

	if (err)
		return err;
	if (cfg->fields & CAPGOV_FIELD_POLICY) {
		if (!cfg->policy[0])
			return -EINVAL;
		*policy = capgov_policy_find(cfg->policy);
		if (!*policy)
			return -EOPNOTSUPP;
	}
	if (cfg->fields & CAPGOV_FIELD_WEIGHT && !(*policy)->weight_settable)
		return -EINVAL;
	return 0;
}
