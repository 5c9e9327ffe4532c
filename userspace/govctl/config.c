// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <string.h>

#include "config.h"
#include "error.h"
#include "libcapgov/capgov.h"
#include "libcapgov/parse.h"

/* Say what is wrong with the value of an option. */
static int bad_value(const struct command *command, const char *value, int err,
		     const char *expected)
{
	return args_usage(command, value, "%s: %s",
			  err == -ERANGE ? "out of range" : "malformed",
			  expected);
}

static int parse_cap(struct config *config, const struct command *command,
		     const char *value)
{
	int err = capgov_parse_cpus(value, &config->cap_ppb);

	if (err)
		return bad_value(command, value, err,
				 "a cap is 0.5, 50%, 1.5 (CPUs, up to 8192) or max");
	config->group.fields |= CAPGOV_FIELD_CAP;
	return DONE;
}

static int parse_period(struct config *config, const struct command *command,
			const char *value)
{
	__u64 us = 0;
	int err = capgov_parse_duration(value, &us);

	if (!err && (us < CAPGOV_PERIOD_US_MIN || us > CAPGOV_PERIOD_US_MAX))
		err = -ERANGE;
	if (err)
		return bad_value(command, value, err,
				 "a period is from 1ms to 1s, as 100ms or 5000us");
	config->group.fields |= CAPGOV_FIELD_PERIOD;
	config->group.period_us = us;
	return DONE;
}

static int parse_burst(struct config *config, const struct command *command,
		       const char *value)
{
	__u64 us = 0;
	int err = capgov_parse_duration(value, &us);

	if (!err && us > CAPGOV_BURST_US_MAX)
		err = -ERANGE;
	if (err)
		return bad_value(command, value, err,
				 "a burst is from 0 to 1000s, as 50ms or 5000us");
	config->group.fields |= CAPGOV_FIELD_BURST;
	config->group.burst_us = us;
	return DONE;
}

static int parse_policy(struct config *config, const struct command *command,
			const char *value)
{
	int err = capgov_parse_policy(value);

	if (err)
		return bad_value(command, value, err, "not a policy's name");
	config->group.fields |= CAPGOV_FIELD_POLICY;
	strcpy(config->group.policy, value);
	return DONE;
}

static int parse_weight(struct config *config, const struct command *command,
			const char *value)
{
	int err = capgov_parse_permille(value,
					&config->group.sys_weight_permille);

	if (err)
		return bad_value(command, value, err,
				 "a weight is a whole number from 0 to 1000");
	config->group.fields |= CAPGOV_FIELD_WEIGHT;
	return DONE;
}

static int parse_parent(struct config *config, const struct command *command,
			const char *value)
{
	int err = *value ? capgov_parse_name(value) : 0;

	if (err)
		return bad_value(command, value, err, "not a group's name");
	config->group.fields |= CAPGOV_FIELD_PARENT;
	strcpy(config->group.parent, value);
	return DONE;
}

static int parse_accounting(struct config *config,
			    const struct command *command, const char *value)
{
	int err = capgov_parse_accounting(value, &config->group.accounting);

	if (err)
		return bad_value(command, value, err,
				 "accounting is exact or sampled");
	config->group.fields |= CAPGOV_FIELD_ACCT;
	return DONE;
}

static const struct {
	enum option_id id;
	int (*parse)(struct config *config, const struct command *command,
		     const char *value);
} options[] = {
	{ OPT_CAP, parse_cap },
	{ OPT_PERIOD, parse_period },
	{ OPT_BURST, parse_burst },
	{ OPT_POLICY, parse_policy },
	{ OPT_WEIGHT, parse_weight },
	{ OPT_PARENT, parse_parent },
	{ OPT_ACCOUNTING, parse_accounting },
};

/**
 * config_parse() - read the options TAKES_CONFIG stands for
 * @config: the result, without name and quota
 * @command: the command they belong to
 * @args: its command line
 * Return: DONE or USAGE
 */
int config_parse(struct config *config, const struct command *command,
		 const struct args *args)
{
	int status = DONE;
	size_t i;

	*config = (struct config){ 0 };
	for (i = 0; i < ARRAY_SIZE(options); i++) {
		const char *value = args->value[options[i].id];

		if (value)
			status |= options[i].parse(config, command, value);
	}
	if (!status && config->group.fields & CAPGOV_FIELD_PERIOD)
		status = config_quota(config, config->group.period_us);
	return status;
}

/**
 * config_quota() - make the quota of the cap, if one is given
 * @config: what is asked for
 * @period_us: the group's period, us
 * Return: DONE or USAGE
 */
int config_quota(struct config *config, __u32 period_us)
{
	if (!(config->group.fields & CAPGOV_FIELD_CAP))
		return DONE;
	if (!capgov_cpus_to_quota(config->cap_ppb, period_us,
				  &config->group.quota_us))
		return DONE;
	return fail(USAGE, "--cap", "a longer --period allows a smaller cap",
		    "less than %d us in a period of %u us", CAPGOV_QUOTA_US_MIN,
		    period_us);
}

/**
 * config_complete() - settle what a new group needs
 * @config: what is asked for
 * Return: DONE or USAGE
 */
int config_complete(struct config *config)
{
	struct capgov_group_config *group = &config->group;

	if (group->fields & CAPGOV_FIELD_WEIGHT &&
	    !(group->fields & CAPGOV_FIELD_POLICY)) {
		group->fields |= CAPGOV_FIELD_POLICY;
		strcpy(group->policy, "weighted");
	}
	return config_quota(config, group->period_us ?: CONFIG_PERIOD_US);
}

/* The policy that a group has, or is to have, sets the weight of SYS itself. */
static bool weight_is_set(int fd, const struct capgov_group_config *group)
{
	const char *policy = group->policy;
	struct capgov_group_info now = { 0 };

	if (!(group->fields & CAPGOV_FIELD_POLICY)) {
		capgov_group_get(fd, group->name, &now);
		policy = now.policy;
	}
	return strcmp(policy, "weighted");
}

/**
 * config_fail() - say why the module refused a configuration
 * @fd: from capgov_open()
 * @err: a negative errno
 * @group: what was asked for
 * Return: the exit status
 */
int config_fail(int fd, int err, const struct capgov_group_config *group)
{
	const char *parent = group->parent;
	struct capgov_group_info info = { 0 };
	int missing = *parent ? capgov_group_get(fd, parent, &info) : 0;

	if (err == -ENOENT && missing)
		return fail(NOT_FOUND, parent, NULL, "no such parent group");
	if (err == -EINVAL && info.auto_destroy)
		return fail(FAILED, parent, NULL,
			    "a group of 'govctl run' cannot be a parent");
	if (err == -EINVAL && group->fields & CAPGOV_FIELD_WEIGHT &&
	    weight_is_set(fd, group))
		return fail(FAILED, group->name,
			    "'govctl policies' shows which take --sys-weight",
			    "the policy sets the weight of SYS itself");
	if (err == -EINVAL &&
	    group->fields & (CAPGOV_FIELD_ACCT | CAPGOV_FIELD_PARENT))
		return fail(FAILED, *parent ? parent : group->name,
			    "all groups of a tree have one; 'govctl show' tells which",
			    "there the kind of accounting is another");
	/* Whatever else may be out of range was found before it was asked for. */
	if (err == -ERANGE)
		return fail(FAILED, group->name, "give --cap, or a longer --period",
			    "its cap is less than %d us in a period of %u us",
			    CAPGOV_QUOTA_US_MIN, group->period_us);
	if (err == -ENOSPC)
		return fail(FAILED, group->name, "delete some, or set others",
			    "there are %d groups, and can be no more",
			    CAPGOV_GROUPS_MAX);
	if (err == -EOPNOTSUPP)
		return fail(UNSUPPORTED, group->name,
			    "'govctl policies' and 'govctl features' list what is",
			    "a policy or kind of accounting is not supported here");
	return fail_errno(err, group->name);
}
