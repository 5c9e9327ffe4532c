// SPDX-License-Identifier: GPL-2.0
/* DOC: policies and features: what the module offers. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "commands.h"

#define POLICIES_MAX	256

static const struct out_column policy_columns[] = {
	OUT_COLUMN(struct capgov_policy_info, name, "name", OUT_TEXT,
		   "NAME", 0),
	OUT_COLUMN(struct capgov_policy_info, weight_settable,
		   "weight_settable", OUT_YESNO, "SYS-WEIGHT", 0),
	OUT_COLUMN(struct capgov_policy_info, description, "description",
		   OUT_TEXT, "DESCRIPTION", 0),
};

static const struct out_shape policy_shape = {
	policy_columns, ARRAY_SIZE(policy_columns),
	sizeof(struct capgov_policy_info)
};

static int policies_run(const struct args *args)
{
	static struct capgov_policy_info policies[POLICIES_MAX];
	int fd, nr = 0, err = 0;

	fd = capgov_open(O_RDONLY);
	if (fd < 0)
		return fail_open(fd);
	while (nr < POLICIES_MAX && !err) {
		err = capgov_policy_get(fd, nr, &policies[nr]);
		nr += !err;
	}
	close(fd);
	if (err && err != -ENOENT)
		return fail_errno(err, NULL);
	out_rows(&policy_shape, policies, nr, 0);
	return DONE;
}

struct feature {
	const char *name;
	__u32 supported;
	const char *description;
	__u64 bit;
};

static const struct out_column feature_columns[] = {
	OUT_COLUMN(struct feature, name, "name", OUT_STRING, "FEATURE", 0),
	OUT_COLUMN(struct feature, supported, "supported", OUT_YESNO,
		   "SUPPORTED", 0),
	OUT_COLUMN(struct feature, description, "description", OUT_STRING,
		   "DESCRIPTION", 0),
};

static const struct out_shape feature_shape = {
	feature_columns, ARRAY_SIZE(feature_columns), sizeof(struct feature)
};

static int features_run(const struct args *args)
{
	struct feature features[] = {
		{ "exact", 0, "accounting at every system call's edges",
		  CAPGOV_FEAT_EXACT },
		{ "sampled", 0, "accounting by random samples",
		  CAPGOV_FEAT_SAMPLED },
		{ "hierarchy", 0, "parent groups, whose caps hold too",
		  CAPGOV_FEAT_HIERARCHY },
		{ "stall", 0, "policies that stop a CPU, as a hypervisor does",
		  CAPGOV_FEAT_STALL },
	};
	struct capgov_info info;
	size_t i;
	int fd, err;

	fd = capgov_open(O_RDONLY);
	if (fd < 0)
		return fail_open(fd);
	err = capgov_info(fd, &info);
	close(fd);
	if (err)
		return fail_errno(err, NULL);
	for (i = 0; i < ARRAY_SIZE(features); i++)
		features[i].supported = !!(info.features & features[i].bit);
	out_rows(&feature_shape, features, ARRAY_SIZE(features), 0);
	return DONE;
}

const struct command cmd_policies = {
	.name = "policies",
	.usage = "",
	.summary = "what a cap can be charged with",
	.help = "SYS-WEIGHT says whether --sys-weight may be given.\n",
	.run = policies_run,
};

const struct command cmd_features = {
	.name = "features",
	.usage = "",
	.summary = "what this module and kernel can do",
	.help = "Each feature, and whether it is supported here.\n",
	.run = features_run,
};
