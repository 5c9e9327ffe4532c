// SPDX-License-Identifier: GPL-2.0
/*
 * DOC: Allocations that fail, one after the other, by current->fail_nth: after
 * each nothing has changed. Whoever runs it lets failslab fail the allocations
 * that may sleep; if none fails the test fails.
 */
#include "suites.h"

#define TRIES	200

/**
 * struct attempt - what is tried over and over
 * @fn: does it; 0 or an errno
 * @undo: undoes it
 * @arg: for both
 */
struct attempt {
	int (*fn)(void *arg);
	void (*undo)(void *arg);
	void *arg;
};

/*
 * Do so until no allocation fails; one may do without the memory it did not
 * get. Return: how often it failed.
 */
static int each_failure(struct kunit *test, const struct attempt *a)
{
	u32 groups = capgov_registry_count();
	int n, err, failed = 0;

	for (n = 1; n < TRIES; n++) {
		bool all;

		current->fail_nth = n;
		err = a->fn(a->arg);
		all = current->fail_nth;
		current->fail_nth = 0;
		if (all) {
			KUNIT_EXPECT_EQ(test, err, 0);
			return failed;
		}
		if (!err) {
			a->undo(a->arg);
		} else {
			KUNIT_EXPECT_EQ(test, err, -ENOMEM);
			failed++;
		}
		KUNIT_EXPECT_EQ(test, capgov_registry_count(), groups);
		KUNIT_EXPECT_NULL(test, suites_find("new"));
	}
	KUNIT_FAIL(test, "still failing");
	return failed;
}

static int create(void *arg)
{
	return capgov_group_create(arg, NULL);
}

static void destroy(void *arg)
{
	const struct capgov_group_config *cfg = arg;

	capgov_group_destroy(cfg->name);
}

static void a_group_without_memory_is_none(struct kunit *test)
{
	struct capgov_group_config cfg = { .name = "new" };
	struct attempt a = { create, destroy, &cfg };

	/* At least the group, its number, its directory's name and node. */
	KUNIT_EXPECT_GE(test, each_failure(test, &a), 4);
	KUNIT_EXPECT_EQ(test, capgov_registry_count(), 1);
}

/* A parent keeps neither child nor reference of one that was not made. */
static void a_parent_forgets_who_was_not_made(struct kunit *test)
{
	struct capgov_group *top = suites_group(test, "top", NULL, "total", 50000);
	struct capgov_group_config cfg = {
		.name = "new", .fields = CAPGOV_FIELD_PARENT, .parent = "top",
	};
	struct attempt a = { create, destroy, &cfg };
	int refs = refcount_read(&top->refs);

	KUNIT_EXPECT_GE(test, each_failure(test, &a), 3);
	suites_settle();
	KUNIT_EXPECT_EQ(test, suites_length(&top->children), 1);
	KUNIT_EXPECT_EQ(test, refcount_read(&top->refs), refs + 1);
}

static int alloc_member(void *arg)
{
	struct capgov_task **ct = arg;

	*ct = capgov_member_alloc(current, GFP_KERNEL);
	return *ct ? 0 : -ENOMEM;
}

static void free_member(void *arg)
{
	struct capgov_task **ct = arg;

	capgov_member_put(*ct);
}

static void a_task_without_memory_is_not_held(struct kunit *test)
{
	int refs = refcount_read(&current->usage);
	struct capgov_task *ct;
	struct attempt a = { alloc_member, free_member, &ct };

	KUNIT_EXPECT_GE(test, each_failure(test, &a), 1);
	KUNIT_ASSERT_NOT_NULL(test, ct);
	/* What was undone is freed, and its reference dropped, after a while. */
	rcu_barrier();
	KUNIT_EXPECT_EQ(test, refcount_read(&current->usage), refs + 1);
	free_member(&ct);
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
