/* SPDX-License-Identifier: GPL-2.0 */
/* DOC: A group's configuration, from the options of create, set and run. */
#ifndef GOVCTL_CONFIG_H
#define GOVCTL_CONFIG_H

#include <linux/capgov.h>

#include "args.h"

#define CONFIG_PERIOD_US	100000	/* the module's, where none is given */

#define CONFIG_HELP \
	"  --cap CPUS           0.5, 50%, 1.5 or max\n" \
	"  --policy POLICY      what is charged: 'govctl policies' lists them\n" \
	"  --sys-weight N       how much of SYS is charged, permille, 0 to 1000\n" \
	"  --period TIME        1ms to 1s, 100ms if not given\n" \
	"  --burst TIME         what may be saved beyond a period's runtime\n" \
	"  --parent NAME        the group whose cap holds too\n" \
	"  --accounting KIND    exact or sampled\n"

/**
 * struct config - what is asked for
 * @group: for the module, but for quota_us
 * @cap_ppb: the cap, of which quota_us is made once the period is known
 */
struct config {
	struct capgov_group_config group;
	__u64 cap_ppb;
};

int config_parse(struct config *config, const struct command *command,
		 const struct args *args);
int config_complete(struct config *config);
int config_quota(struct config *config, __u32 period_us);
int config_fail(int fd, int err, const struct capgov_group_config *group);

#endif /* GOVCTL_CONFIG_H */
