// SPDX-License-Identifier: GPL-2.0
/* DOC: From (USR, SYS) to the buckets, of one group and up a hierarchy. */
#include <uapi/linux/sched/types.h>

#include "suites.h"

#define CAP(us)	.fields = CAPGOV_FIELD_CAP, .quota_us = (us)

/* Charge so much, on this CPU, as account.c does. */
static struct capgov_group *settle_waited(struct capgov_group *group, u64 usr,
					  u64 sys, unsigned long *waited)
{
	struct capgov_group *short_of;
	struct capgov_pcpu *pcpu;

	preempt_disable();
	pcpu = this_cpu_ptr(group->pcpu);
	pcpu->ns[0] += usr;
	pcpu->ns[1] += sys;
	short_of = capgov_charge_settle(group, pcpu, waited);
	preempt_enable();
	return short_of;
}

static struct capgov_group *settle(struct capgov_group *group, u64 usr, u64 sys)
{
	return settle_waited(group, usr, sys, NULL);
}

/* The sum over all CPUs, as the test may have moved. */
static u64 total(const struct capgov_group *group, size_t offset)
{
	u64 sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += *(u64 *)((char *)per_cpu_ptr(group->pcpu, cpu) + offset);
	return sum;
}

#define TOTAL(group, member) \
	total(group, offsetof(struct capgov_pcpu, member))

struct charge_row {
	const char *policy;
	u64 quota_us;
	u64 charged_ms;	/* of 4 ms of USR and 8 ms of SYS */
	u64 exempt_ms;
	bool taken;	/* from the bucket */
};

/* The cap of "container" is that of all CPUs, so that its weight is 1. */
static const struct charge_row charge_rows[] = {
	{ "none", 50000, 12, 0, false },
	{ "total", 50000, 12, 0, true },
	{ "total", CAPGOV_QUOTA_MAX, 12, 0, false },
	{ "container", 100000ULL * CAPGOV_CPUS_MAX, 12, 0, true },
	{ "exempt", 50000, 4, 8, true },
	{ "exempt", CAPGOV_QUOTA_MAX, 4, 8, false },
	{ "weighted", 50000, 12, 0, true },
};

static void charge_desc(const struct charge_row *row, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%s, %llu us", row->policy,
		 row->quota_us);
}

KUNIT_ARRAY_PARAM(charge, charge_rows, charge_desc);

static void a_policy_says_what_is_charged(struct kunit *test)
{
	const struct charge_row *row = test->param_value;
	struct capgov_group *group;
	s64 gone;

	group = suites_group(test, "g", NULL, row->policy, row->quota_us);
	suites_freeze(group, 1000 * MS);
	settle(group, 4 * MS, 8 * MS);
	KUNIT_EXPECT_EQ(test, TOTAL(group, charged_ns), row->charged_ms * MS);
	KUNIT_EXPECT_EQ(test, TOTAL(group, exempt_ns), row->exempt_ms * MS);
	/* What a CPU still has of its slice is not used up. */
	gone = 1000 * MS - group->bucket.level_ns - (s64)TOTAL(group, left_ns);
	KUNIT_EXPECT_EQ(test, gone, row->taken ? row->charged_ms * MS : 0);
}

static void nothing_is_charged_twice(struct kunit *test)
{
	struct capgov_group *group = suites_group(test, "g", NULL, "total", 50000);

	suites_freeze(group, 1000 * MS);
	settle(group, 3 * MS, 0);
	settle(group, 0, 0);
	KUNIT_EXPECT_EQ(test, TOTAL(group, charged_ns), 3 * MS);
	settle(group, 0, 2 * MS);
	KUNIT_EXPECT_EQ(test, TOTAL(group, charged_ns), 5 * MS);
}

/* Each level by its own weight, and what is below shows above. */
static void every_parent_is_charged_by_its_own_weight(struct kunit *test)
{
	struct capgov_group *top = suites_group(test, "top", NULL, "exempt", 50000);
	struct capgov_group *mid = suites_group(test, "mid", "top", "none", 50000);
	struct capgov_group *leaf = suites_group(test, "leaf", "mid", "total", 50000);

	suites_freeze(top, 1000 * MS);
	suites_freeze(leaf, 1000 * MS);
	settle(leaf, 3 * MS, 5 * MS);
	settle(mid, 7 * MS, 11 * MS);
	KUNIT_EXPECT_EQ(test, TOTAL(leaf, charged_ns), 8 * MS);
	KUNIT_EXPECT_EQ(test, TOTAL(mid, charged_ns), 26 * MS);
	KUNIT_EXPECT_EQ(test, TOTAL(top, charged_ns), 10 * MS);
	KUNIT_EXPECT_EQ(test, TOTAL(top, exempt_ns), 16 * MS);
	KUNIT_EXPECT_EQ(test, TOTAL(leaf, below[0]), 0);
	KUNIT_EXPECT_EQ(test, TOTAL(mid, below[0]), 3 * MS);
	KUNIT_EXPECT_EQ(test, TOTAL(mid, below[1]), 5 * MS);
	KUNIT_EXPECT_EQ(test, TOTAL(top, below[0]), 10 * MS);
	KUNIT_EXPECT_EQ(test, TOTAL(top, below[1]), 16 * MS);
}

struct short_row {
	s64 leaf_ms, mid_ms, top_ms;
	int short_of;	/* 0 leaf, 1 mid, 2 top, -1 nobody */
};

/* What is in the buckets when 4 ms are charged: 4 ms or less are too little. */
static const struct short_row short_rows[] = {
	{ 50, 50, 50, -1 },
	{ 3, 50, 50, 0 },
	{ 50, 3, 50, 1 },
	{ 50, 50, 3, 2 },
	{ 50, 4, 50, 1 },
	{ 50, 50, 5, -1 },
	{ 3, 3, 3, 0 },
	{ 50, -3, 3, 1 },
};

static void short_desc(const struct short_row *row, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%lld %lld %lld", row->leaf_ms,
		 row->mid_ms, row->top_ms);
}

KUNIT_ARRAY_PARAM(shorts, short_rows, short_desc);

static void the_nearest_that_is_short_is_named(struct kunit *test)
{
	const struct short_row *row = test->param_value;
	struct capgov_group *groups[3], *short_of;

	groups[2] = suites_group(test, "top", NULL, "total", 50000);
	groups[1] = suites_group(test, "mid", "top", "total", 50000);
	groups[0] = suites_group(test, "leaf", "mid", "total", 50000);
	suites_freeze(groups[0], row->leaf_ms * MS);
	suites_freeze(groups[1], row->mid_ms * MS);
	suites_freeze(groups[2], row->top_ms * MS);
	short_of = settle(groups[0], 4 * MS, 0);
	KUNIT_EXPECT_PTR_EQ(test, short_of, row->short_of < 0 ? NULL :
			    groups[row->short_of]);
	/* The others have been charged all the same. */
	KUNIT_EXPECT_EQ(test, TOTAL(groups[2], charged_ns), 4 * MS);
}

/* The leaf may go on for as long as the tightest of all allows. */
static void the_budget_is_the_smallest(struct kunit *test)
{
	struct capgov_group *top = suites_group(test, "top", NULL, "total", 2000);
	struct capgov_group *leaf = suites_group(test, "leaf", "top", "total", 50000);
	u64 budget, left;

	suites_freeze(top, 5 * MS);
	suites_freeze(leaf, 1000 * MS);
	settle(leaf, 4 * MS, 0);
	budget = TOTAL(leaf, budget_ns);
	left = TOTAL(top, left_ns);
	KUNIT_EXPECT_GT(test, left, 0);
	KUNIT_EXPECT_EQ(test, budget, left);
	KUNIT_EXPECT_LT(test, budget, TOTAL(leaf, left_ns));
	/* And is sampled as often as the tightest wants. */
	KUNIT_EXPECT_LT(test, top->mean_ns, leaf->mean_ns);
	KUNIT_EXPECT_EQ(test, TOTAL(leaf, mean_ns), top->mean_ns);
}

/* However short it is; those above are waited for in their turn. */
static void who_has_waited_goes_on_for_a_slice(struct kunit *test)
{
	struct capgov_group *top = suites_group(test, "top", NULL, "total", 50000);
	struct capgov_group *leaf = suites_group(test, "leaf", "top", "total", 2000);
	unsigned long waited = 0;

	suites_freeze(top, -5 * MS);
	suites_freeze(leaf, -5 * MS);
	KUNIT_EXPECT_PTR_EQ(test, settle_waited(leaf, MS, 0, &waited), leaf);
	KUNIT_EXPECT_EQ(test, waited, 1);
	KUNIT_EXPECT_PTR_EQ(test, settle_waited(leaf, MS, 0, &waited), top);
	KUNIT_EXPECT_EQ(test, waited, 3);
	KUNIT_EXPECT_NULL(test, settle_waited(leaf, MS, 0, &waited));
	KUNIT_EXPECT_EQ(test, TOTAL(leaf, budget_ns), leaf->slice_ns);
	/* All of it was charged, and the next time it waits again. */
	KUNIT_EXPECT_EQ(test, leaf->bucket.level_ns, -8 * MS);
	waited = 0;
	KUNIT_EXPECT_PTR_EQ(test, settle_waited(leaf, 0, 0, &waited), leaf);
}

struct slice_row {
	s64 level_ms;
	s64 min_us, max_us;
};

/* A cap of 50000 us in 100 ms: a slice of 1 ms; far from the cap sixteen. */
static const struct slice_row slice_rows[] = {
	{ -1, 0, 0 },
	{ 0, 0, 0 },
	{ 1, 1000, 1000 },
	{ 10000, 16000, 16000 },
};

static void slice_desc(const struct slice_row *row, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%lld ms", row->level_ms);
}

KUNIT_ARRAY_PARAM(slices, slice_rows, slice_desc);

static void a_slice_is_taken_from_what_is_there(struct kunit *test)
{
	const struct slice_row *row = test->param_value;
	struct capgov_group *group = suites_group(test, "g", NULL, "total", 50000);
	s64 left;

	suites_freeze(group, row->level_ms * MS);
	settle(group, 0, 0);
	left = TOTAL(group, left_ns);
	KUNIT_EXPECT_GE(test, left, row->min_us * (s64)NSEC_PER_USEC);
	KUNIT_EXPECT_LE(test, left, row->max_us * (s64)NSEC_PER_USEC);
	KUNIT_EXPECT_EQ(test, group->bucket.level_ns + left, row->level_ms * MS);
}

/* Even 1 ns in the bucket gives a quarter of a slice, in debt. */
static void the_last_is_not_handed_out_in_crumbs(struct kunit *test)
{
	struct capgov_group *group = suites_group(test, "g", NULL, "total", 50000);

	suites_freeze(group, 1);
	settle(group, 0, 0);
	KUNIT_EXPECT_EQ(test, TOTAL(group, left_ns), group->slice_ns / 4);
	KUNIT_EXPECT_EQ(test, group->bucket.level_ns,
			1 - (s64)group->slice_ns / 4);
}

/* Who waits comes first, though there is enough. */
static void nobody_overtakes_who_waits(struct kunit *test)
{
	struct capgov_group *group = suites_group(test, "g", NULL, "total", 50000);
	struct list_head waiting;

	suites_freeze(group, 1000 * MS);
	raw_spin_lock_irq(&group->lock);
	list_add(&waiting, &group->waiters);
	raw_spin_unlock_irq(&group->lock);
	KUNIT_EXPECT_PTR_EQ(test, settle(group, 4 * MS, 0), group);
	raw_spin_lock_irq(&group->lock);
	list_del(&waiting);
	raw_spin_unlock_irq(&group->lock);
	KUNIT_EXPECT_EQ(test, group->bucket.level_ns, 996 * MS);
}

static void a_grant_is_used_before_the_bucket(struct kunit *test)
{
	struct capgov_group *group = suites_group(test, "g", NULL, "total", 50000);

	suites_freeze(group, -5 * MS);
	preempt_disable();
	capgov_charge_grant(group, 2 * MS);
	KUNIT_EXPECT_NULL(test, settle(group, 1 * MS, 0));
	preempt_enable();
	KUNIT_EXPECT_EQ(test, group->bucket.level_ns, -5 * MS);
}

static s64 left_of(struct capgov_group *group)
{
	return group->bucket.level_ns + TOTAL(group, left_ns);
}

static void set_or_fail(struct kunit *test, struct capgov_group_config cfg)
{
	KUNIT_ASSERT_EQ(test, suites_set(&cfg), 0);
}

/* It may be up to 100 ms a CPU: a small cap would pay for that for minutes. */
static void what_was_used_before_a_cap_is_not_asked_for(struct kunit *test)
{
	struct capgov_group *up, *one, *two;

	up = suites_group(test, "up", NULL, "total", CAPGOV_QUOTA_MAX);
	one = suites_group(test, "one", "up", "total", CAPGOV_QUOTA_MAX);
	two = suites_group(test, "two", "up", "total", CAPGOV_QUOTA_MAX);
	set_or_fail(test, (struct capgov_group_config) {
		.name = "up", CAP(50000) });
	suites_freeze(up, 10 * MS);
	migrate_disable();
	settle(one, 4 * MS, 0);
	settle(two, 4 * MS, 0);
	KUNIT_EXPECT_EQ(test, left_of(up), 10 * MS);
	settle(two, 4 * MS, 0);
	settle(one, 1 * MS, 0);
	KUNIT_EXPECT_EQ(test, left_of(up), 5 * MS);
	migrate_enable();
	KUNIT_EXPECT_EQ(test, TOTAL(up, charged_ns), 5 * MS);
	KUNIT_EXPECT_EQ(test, TOTAL(up, forgiven_ns), 8 * MS);
}

/* Nor what was used before there was this parent. */
static void what_was_used_before_a_move_is_not_asked_for(struct kunit *test)
{
	struct capgov_group *up, *one, *new;

	up = suites_group(test, "up", NULL, "total", 50000);
	one = suites_group(test, "one", NULL, "total", CAPGOV_QUOTA_MAX);
	set_or_fail(test, (struct capgov_group_config) {
		.name = "one", .fields = CAPGOV_FIELD_PARENT, .parent = "up" });
	new = suites_group(test, "new", "up", "total", CAPGOV_QUOTA_MAX);
	suites_freeze(up, 10 * MS);
	migrate_disable();
	settle(one, 4 * MS, 0);
	KUNIT_EXPECT_EQ(test, left_of(up), 10 * MS);
	settle(one, 4 * MS, 0);
	settle(new, 1 * MS, 0);
	migrate_enable();
	KUNIT_EXPECT_EQ(test, left_of(up), 5 * MS);
}

/* More than can have been used before must have been used since. */
static void what_is_not_asked_for_is_bounded(struct kunit *test)
{
	struct capgov_group *group = suites_group(test, "g", NULL, "total",
						  CAPGOV_QUOTA_MAX);

	set_or_fail(test, (struct capgov_group_config) {
		.name = "g", CAP(50000) });
	suites_freeze(group, 10 * MS);
	settle(group, 103 * MS, 0);
	KUNIT_EXPECT_EQ(test, left_of(group), 7 * MS);
	KUNIT_EXPECT_EQ(test, TOTAL(group, forgiven_ns), 100 * MS);
}

/* A CPU gives back what is more than a slice of a cap that has changed. */
static void a_lowered_cap_finds_its_way_to_pockets(struct kunit *test)
{
	struct capgov_group *group = suites_group(test, "g", NULL, "total", 50000);

	suites_freeze(group, 10000 * MS);
	migrate_disable();
	settle(group, 0, 0);
	KUNIT_EXPECT_GT(test, TOTAL(group, left_ns), 4 * MS);
	set_or_fail(test, (struct capgov_group_config) {
		.name = "g", CAP(5000) });
	suites_freeze(group, 10 * MS);
	settle(group, 0, 0);
	migrate_enable();
	KUNIT_EXPECT_LE(test, TOTAL(group, left_ns), MS / 2);
}

static void real_time_is_forgiven_and_counted(struct kunit *test)
{
	struct capgov_group *group = suites_group(test, "g", NULL, "total", 50000);
	struct capgov_group *short_of;

	suites_freeze(group, -5 * MS);
	sched_set_fifo_low(current);
	short_of = settle(group, 3 * MS, 1 * MS);
	sched_set_normal(current, 0);
	KUNIT_EXPECT_NULL(test, short_of);
	KUNIT_EXPECT_EQ(test, TOTAL(group, forgiven_ns), 4 * MS);
	KUNIT_EXPECT_EQ(test, TOTAL(group, charged_ns), 0);
	KUNIT_EXPECT_EQ(test, group->bucket.level_ns, -5 * MS);
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(a_policy_says_what_is_charged, charge_gen_params),
	KUNIT_CASE(nothing_is_charged_twice),
	KUNIT_CASE(every_parent_is_charged_by_its_own_weight),
	KUNIT_CASE_PARAM(the_nearest_that_is_short_is_named, shorts_gen_params),
	KUNIT_CASE(the_budget_is_the_smallest),
	KUNIT_CASE(who_has_waited_goes_on_for_a_slice),
	KUNIT_CASE_PARAM(a_slice_is_taken_from_what_is_there, slices_gen_params),
	KUNIT_CASE(the_last_is_not_handed_out_in_crumbs),
	KUNIT_CASE(nobody_overtakes_who_waits),
	KUNIT_CASE(a_grant_is_used_before_the_bucket),
	KUNIT_CASE(what_was_used_before_a_cap_is_not_asked_for),
	KUNIT_CASE(what_was_used_before_a_move_is_not_asked_for),
	KUNIT_CASE(what_is_not_asked_for_is_bounded),
	KUNIT_CASE(a_lowered_cap_finds_its_way_to_pockets),
	KUNIT_CASE(real_time_is_forgiven_and_counted),
	{}
};

struct kunit_suite capgov_charge_suite = {
	.name = "capgov_charge",
	.exit = suites_exit,
	.test_cases = cases,
};
