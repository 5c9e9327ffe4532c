// SPDX-License-Identifier: GPL-2.0
/* DOC: The order of init and exit. Each room undoes what it did. */
#include <linux/module.h>

#include "clock.h"
#include "rooms.h"

#define CREATE_TRACE_POINTS
#include "trace.h"

static int __init capgov_init(void)
{
	int err;

	err = capgov_clock_init() ?: capgov_hooks_init() ?: capgov_work_init() ?:
	      capgov_member_init();
	if (err)
		return err;
	err = capgov_registry_init();
	if (err)
		goto undo_member;
	err = capgov_group_init();
	if (err)
		goto undo_registry;
	capgov_sampled_init();
	err = capgov_account_init();
	if (err)
		goto undo_group;
	err = capgov_sysfs_init();
	if (err)
		goto undo_account;
	err = capgov_ioctl_init();
	if (err)
		goto undo_sysfs;
	pr_info("version %s\n", CAPGOV_VERSION);
	return 0;

undo_sysfs:
	capgov_sysfs_exit();
undo_account:
	capgov_account_exit();
undo_group:
	capgov_group_exit();
undo_registry:
	capgov_registry_exit();
undo_member:
	capgov_member_exit();
	return err;
}

static void __exit capgov_exit(void)
{
	capgov_ioctl_exit();
	capgov_group_destroy_all();
	capgov_sysfs_exit();
	capgov_strip_all();
	capgov_hooks_exit();
	capgov_account_exit();
	capgov_group_exit();
	capgov_registry_exit();
	capgov_member_exit();
}

module_init(capgov_init);
module_exit(capgov_exit);

MODULE_DESCRIPTION("Per-group CPU caps with a choice of what is charged");
MODULE_AUTHOR("the capgov developers");
MODULE_VERSION(CAPGOV_VERSION);
MODULE_LICENSE("GPL");
