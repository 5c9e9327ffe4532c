/* SPDX-License-Identifier: GPL-2.0 */
#ifndef GOVCTL_GROUPS_H
#define GOVCTL_GROUPS_H

#include <stddef.h>

#include <linux/capgov.h>

#include "out.h"

#define VIEW_LIST	BIT(0)
#define VIEW_STAT	BIT(1)
#define VIEW_SHOW	BIT(2)

/**
 * struct group_row - a group, as it is shown
 * @info: what the module says
 * @accounting: its name
 * @period_us: info.period_us, us
 * @cap_cpus: the cap, NAN for none
 */
struct group_row {
	struct capgov_group_info info;
	const char *accounting;
	__u64 period_us;
	double cap_cpus;
};

extern const struct out_shape group_shape;

void group_row_init(struct group_row *row);
int groups_get(int fd, char * const *names, int nr_names,
	       struct group_row **rows, size_t *nr);

#endif /* GOVCTL_GROUPS_H */
