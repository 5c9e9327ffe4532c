// SPDX-License-Identifier: GPL-2.0
/*
 * DOC: Runs the suites when "kunit" is written to the module's parameter of
 * that name: KUnit of 6.1 by itself would run them before the module's init.
 */
#include <linux/module.h>
#include <linux/string.h>

#include "suites.h"

static struct kunit_suite *suites[] = {
	&capgov_bucket_suite,
	&capgov_policy_suite,
	&capgov_group_suite,
	&capgov_fault_suite,
	&capgov_sysfs_suite,
	&capgov_charge_suite,
	&capgov_throttle_suite,
	&capgov_stats_suite,
	&capgov_clock_suite,
	&capgov_account_suite,
	&capgov_sampled_suite,
	&capgov_member_suite,
};

static int run_set(const char *val, const struct kernel_param *kp)
{
	if (THIS_MODULE->state != MODULE_STATE_LIVE)
		return -EAGAIN;
	__kunit_test_suites_init(suites, ARRAY_SIZE(suites));
	__kunit_test_suites_exit(suites, ARRAY_SIZE(suites));
	return 0;
}

static const struct kernel_param_ops run_ops = { .set = run_set };
module_param_cb(kunit, &run_ops, NULL, 0200);

/**
 * suites_config() - an empty request
 * @cfg: to be filled
 * @name: of the group
 */
void suites_config(struct capgov_group_config *cfg, const char *name)
{
	memset(cfg, 0, sizeof(*cfg));
	cfg->size = sizeof(*cfg);
	strscpy(cfg->name, name, sizeof(cfg->name));
}

/**
 * suites_set() - capgov_group_set(), with the mutex
 * @cfg: the request
 * Return: what it returns
 */
int suites_set(struct capgov_group_config *cfg)
{
	int err;

	mutex_lock(&capgov_mutex);
	err = capgov_group_set(cfg);
	mutex_unlock(&capgov_mutex);
	return err;
}

/**
 * suites_find() - capgov_registry_find(), with the mutex
 * @name: of the group
 *
 * Nobody else destroys groups meanwhile.
 *
 * Return: the group, or NULL
 */
struct capgov_group *suites_find(const char *name)
{
	struct capgov_group *group;

	mutex_lock(&capgov_mutex);
	group = capgov_registry_find(name);
	mutex_unlock(&capgov_mutex);
	return group;
}

/**
 * suites_group() - make a group, or end the test
 * @test: the test
 * @name: of the group
 * @parent: its parent's name, or NULL
 * @policy: its policy's name
 * @quota_us: runtime in 100 ms, us; CAPGOV_QUOTA_MAX for no cap
 * Return: the group
 */
struct capgov_group *suites_group(struct kunit *test, const char *name,
				  const char *parent, const char *policy,
				  u64 quota_us)
{
	struct capgov_group_config cfg;
	struct capgov_group *group;

	suites_config(&cfg, name);
	cfg.fields = CAPGOV_FIELD_CAP | CAPGOV_FIELD_POLICY;
	cfg.quota_us = quota_us;
	strscpy(cfg.policy, policy, sizeof(cfg.policy));
	if (parent) {
		cfg.fields |= CAPGOV_FIELD_PARENT;
		strscpy(cfg.parent, parent, sizeof(cfg.parent));
	}
	KUNIT_ASSERT_EQ(test, capgov_group_create(&cfg, NULL), 0);
	group = suites_find(name);
	KUNIT_ASSERT_NOT_NULL(test, group);
	return group;
}

/**
 * suites_length() - how long is a list?
 * @list: its head
 * Return: the number of its members
 */
unsigned int suites_length(struct list_head *list)
{
	struct list_head *node;
	unsigned int length = 0;

	list_for_each(node, list)
		length++;
	return length;
}

/**
 * suites_freeze() - give a bucket a level that does not change by itself
 * @group: whose
 * @level_ns: the level, ns
 */
void suites_freeze(struct capgov_group *group, s64 level_ns)
{
	raw_spin_lock_irq(&group->lock);
	group->bucket.last_ns = U64_MAX;
	group->bucket.level_ns = level_ns;
	raw_spin_unlock_irq(&group->lock);
}

/**
 * suites_settle() - who has no reference any more is freed, but for its parent
 */
void suites_settle(void)
{
	rcu_barrier();
	flush_workqueue(capgov_wq);
}

/**
 * suites_exit() - after each test: no group is left
 * @test: the test
 */
void suites_exit(struct kunit *test)
{
	capgov_group_destroy_all();
	KUNIT_EXPECT_EQ(test, capgov_registry_count(), 0);
	/* What has been destroyed is freed now, not in the next test. */
	suites_settle();
	rcu_barrier();
}
