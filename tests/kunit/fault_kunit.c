// SPDX-License-Identifier: GPL-2.0
/*
 * DOC: Allocations that fail, one after the other, by current->fail_nth: after
 * each nothing has changed. Whoever runs it lets failslab fail the allocations
 * that may sleep; if none fails the test fails.
 */
#include "suites.h"

#define TRIES	200

/* Do so until no allocation fails. Return: how many failed before. */
static int each_failure(struct kunit *test, int (*fn)(void *arg), void *arg,
			u32 groups)
{
	int n, err;

	for (n = 1; n < TRIES; n++) {
		current->fail_nth = n;
		err = fn(arg);
		if (current->fail_nth) {
			current->fail_nth = 0;
			KUNIT_EXPECT_EQ(test, err, 0);
			return n - 1;
		}
		/* Who got through without the memory has not failed either. */
		if (!err)
			return n;
		KUNIT_EXPECT_EQ(test, err, -ENOMEM);
		KUNIT_EXPECT_EQ(test, capgov_group_count(), groups);
		KUNIT_EXPECT_NULL(test, suites_find("new"));
	}
	KUNIT_FAIL(test, "still failing");
	return n;
}

static int create(void *arg)
{
	return suites_create(arg);
}

static void a_group_without_memory_is_none(struct kunit *test)
{
	struct capgov_group_config cfg = { .name = "new" };

	KUNIT_EXPECT_GE(test, each_failure(test, create, &cfg, 0), 3);
	KUNIT_EXPECT_EQ(test, capgov_group_count(), 1);
}

/* A parent keeps neither child nor reference of one that was not made. */
static void a_parent_forgets_who_was_not_made(struct kunit *test)
{
	struct capgov_group *top = suites_group(test, "top", NULL, "total", 50000);
	struct capgov_group_config cfg = {
		.name = "new", .fields = CAPGOV_FIELD_PARENT, .parent = "top",
	};
	int refs = refcount_read(&top->refs);

	KUNIT_EXPECT_GE(test, each_failure(test, create, &cfg, 1), 3);
	rcu_barrier();
	KUNIT_EXPECT_EQ(test, top->nr_children, 1);
	KUNIT_EXPECT_EQ(test, refcount_read(&top->refs), refs + 1);
}

static int alloc_member(void *arg)
{
	struct capgov_task **ct = arg;

	*ct = capgov_member_alloc(current);
	return *ct ? 0 : -ENOMEM;
}

static void a_task_without_memory_is_not_held(struct kunit *test)
{
	int refs = refcount_read(&current->usage);
	struct capgov_task *ct;

	KUNIT_EXPECT_GE(test, each_failure(test, alloc_member, &ct, 0), 1);
	KUNIT_ASSERT_NOT_NULL(test, ct);
	KUNIT_EXPECT_EQ(test, refcount_read(&current->usage), refs + 1);
	capgov_member_put(ct);
	rcu_barrier();
	KUNIT_EXPECT_EQ(test, refcount_read(&current->usage), refs);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(a_group_without_memory_is_none),
	KUNIT_CASE(a_parent_forgets_who_was_not_made),
	KUNIT_CASE(a_task_without_memory_is_not_held),
	{}
};

struct kunit_suite capgov_fault_suite = {
	.name = "capgov_fault",
	.exit = suites_exit,
	.test_cases = cases,
};
