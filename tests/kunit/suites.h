/* SPDX-License-Identifier: GPL-2.0 */
/*
 * DOC: What the suites share. They are linked into a module of their own make,
 * so that what they find is the room itself, and run when that module is
 * live. Time is injected: a bucket that stands in the far future gains nothing.
 */
#ifndef SUITES_H
#define SUITES_H

#include <kunit/test.h>

#include "rooms.h"

#define MS	((s64)NSEC_PER_MSEC)

extern struct kunit_suite capgov_bucket_suite;
extern struct kunit_suite capgov_policy_suite;
extern struct kunit_suite capgov_group_suite;
extern struct kunit_suite capgov_fault_suite;
extern struct kunit_suite capgov_sysfs_suite;
extern struct kunit_suite capgov_charge_suite;
extern struct kunit_suite capgov_throttle_suite;
extern struct kunit_suite capgov_stats_suite;
extern struct kunit_suite capgov_clock_suite;
extern struct kunit_suite capgov_account_suite;
extern struct kunit_suite capgov_sampled_suite;
extern struct kunit_suite capgov_member_suite;

void suites_config(struct capgov_group_config *cfg, const char *name);
int suites_set(struct capgov_group_config *cfg);
struct capgov_group *suites_find(const char *name);
struct capgov_group *suites_group(struct kunit *test, const char *name,
				  const char *parent, const char *policy,
				  u64 quota_us);
unsigned int suites_length(struct list_head *list);
void suites_freeze(struct capgov_group *group, s64 level_ns);
void suites_settle(void);
void suites_exit(struct kunit *test);

#endif /* SUITES_H */
