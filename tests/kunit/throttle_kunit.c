// SPDX-License-Identifier: GPL-2.0
/*
 * DOC: Release: in order of arrival, as many as the bucket pays for; and that
 * a task which parks is let go by a release, a kick or the end of the cap.
 */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/sched/task.h>

#include "suites.h"

#define NR_WAITERS	40

/* Waiters all of whom are the test's own task, so that a wake-up is harmless. */
static struct capgov_task *queue(struct kunit *test, struct capgov_group *group,
				 unsigned int n)
{
	struct capgov_task *cts;
	unsigned int i;

	cts = kunit_kcalloc(test, n, sizeof(*cts), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, cts);
	raw_spin_lock_irq(&group->lock);
	for (i = 0; i < n; i++) {
		cts[i].task = current;
		list_add_tail(&cts[i].waiting, &group->waiters);
		group->nr_parked++;
	}
	raw_spin_unlock_irq(&group->lock);
	return cts;
}

static void unqueue(struct capgov_group *group)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&group->lock, flags);
	INIT_LIST_HEAD(&group->waiters);
	group->nr_parked = 0;
	raw_spin_unlock_irqrestore(&group->lock, flags);
	hrtimer_cancel(&group->timer);
}

/* How many of the first are released; -1 if one is that came after one not. */
static int released(const struct capgov_task *cts, int n)
{
	int i, nr = 0;

	for (i = 0; i < n; i++) {
		if (!test_bit(CAPGOV_T_WOKEN, &cts[i].flags))
			continue;
		if (nr != i)
			return -1;
		nr++;
	}
	return nr;
}

struct release_row {
	u64 quota_us;
	s64 level_us;
	int waiters;
	int released;
};

/* The slice is a tenth of the quota, from 100 us to 1 ms. */
static const struct release_row release_rows[] = {
	{ 50000, -1, 5, 0 },
	{ 50000, 0, 5, 0 },
	{ 50000, 999, 5, 0 },
	{ 50000, 1000, 5, 1 },
	{ 50000, 3999, 5, 3 },
	{ 50000, 4000, 5, 4 },
	{ 50000, 9000, 5, 5 },
	{ 5000, 1000, 5, 2 },
	{ 100, 350, 5, 3 },
	{ 50000, 50000, NR_WAITERS, 32 },
	{ CAPGOV_QUOTA_MAX, -1000, 5, 5 },
	{ CAPGOV_QUOTA_MAX, 0, NR_WAITERS, 32 },
	{ 50000, 9000, 0, 0 },
};

static void release_desc(const struct release_row *row, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%d waiters, %lld us of %llu us",
		 row->waiters, row->level_us, row->quota_us);
}

KUNIT_ARRAY_PARAM(release, release_rows, release_desc);

static void the_bucket_pays_in_order_of_arrival(struct kunit *test)
{
	const struct release_row *row = test->param_value;
	struct capgov_group *group = suites_group(test, "g", NULL, "total",
						  row->quota_us);
	s64 level = row->level_us * NSEC_PER_USEC, grants = 0;
	bool capped = row->quota_us != CAPGOV_QUOTA_MAX;
	struct capgov_task *cts;
	int nr, i, armed;
	u32 parked;

	cts = queue(test, group, row->waiters);
	suites_freeze(group, level);
	/*
	 * Without interrupts the timer cannot go on where this ends; and it
	 * would ring without end, as the bucket never holds what it waits for.
	 */
	local_irq_disable();
	capgov_throttle_release(group);
	nr = released(cts, row->waiters);
	parked = group->nr_parked;
	armed = hrtimer_is_queued(&group->timer);
	level -= group->bucket.level_ns;
	for (i = 0; i < row->waiters; i++)
		grants += cts[i].grant_ns;
	unqueue(group);
	local_irq_enable();
	KUNIT_EXPECT_EQ(test, nr, row->released);
	KUNIT_EXPECT_EQ(test, parked, row->waiters - row->released);
	KUNIT_EXPECT_EQ(test, armed, row->waiters > row->released);
	KUNIT_EXPECT_EQ(test, grants, level);
	KUNIT_EXPECT_EQ(test, level,
			capped ? nr * (s64)group->slice_ns : 0);
}

/* Nobody but the timer asks, and all come free. */
static void the_timer_does_the_rest(struct kunit *test)
{
	struct capgov_group *group = suites_group(test, "g", NULL, "total", 50000);
	struct capgov_task *cts = queue(test, group, NR_WAITERS);
	unsigned int tries = 5000;

	raw_spin_lock_irq(&group->lock);
	group->bucket.level_ns = 0;
	raw_spin_unlock_irq(&group->lock);
	capgov_throttle_release(group);
	while (READ_ONCE(group->nr_parked) && --tries)
		msleep(20);
	unqueue(group);
	KUNIT_EXPECT_EQ(test, released(cts, NR_WAITERS), NR_WAITERS);
}

/**
 * struct sleeper - a thread that parks once
 * @ct: what governs it
 * @group: where it parks
 * @order: counts who came free
 * @nth: the count when it did
 * @waited: what it has waited for
 * @again: what capgov_throttle_park() returned
 */
struct sleeper {
	struct capgov_task ct;
	struct capgov_group *group;
	atomic_t *order;
	u32 nth;
	unsigned long waited;
	bool again;
};

static int sleeper_fn(void *data)
{
	struct sleeper *s = data;

	s->waited = 1;
	s->again = capgov_throttle_park(&s->ct, s->group, &s->waited);
	WRITE_ONCE(s->nth, atomic_inc_return(s->order));
	while (!kthread_should_stop())
		msleep(20);
	return 0;
}

static bool until_eq(const u32 *value, u32 want)
{
	unsigned int tries = 1000;

	while (READ_ONCE(*value) != want && --tries)
		msleep(20);
	return tries;
}

/* One more thread that has parked as the last of @group. */
static void park(struct kunit *test, struct sleeper *s,
		 struct capgov_group *group, atomic_t *order)
{
	struct task_struct *p;
	u32 before = READ_ONCE(group->nr_parked);

	INIT_LIST_HEAD(&s->ct.waiting);
	s->group = group;
	s->order = order;
	p = kthread_create(sleeper_fn, s, "capgov_sleeper");
	KUNIT_ASSERT_FALSE(test, IS_ERR(p));
	s->ct.task = get_task_struct(p);
	wake_up_process(p);
	KUNIT_EXPECT_TRUE(test, until_eq(&group->nr_parked, before + 1));
}

static void end(struct kunit *test, struct sleeper *s)
{
	kthread_stop(s->ct.task);
	KUNIT_EXPECT_TRUE(test, s->again);
	KUNIT_EXPECT_EQ(test, s->ct.flags, 0);
	KUNIT_EXPECT_TRUE(test, list_empty(&s->ct.waiting));
	put_task_struct(s->ct.task);
}

static struct sleeper *sleepers(struct kunit *test, unsigned int n)
{
	struct sleeper *s = kunit_kcalloc(test, n, sizeof(*s), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, s);
	return s;
}

static void threads_come_free_in_order(struct kunit *test)
{
	struct capgov_group *group = suites_group(test, "g", NULL, "total", 50000);
	struct sleeper *s = sleepers(test, 3);
	atomic_t order = ATOMIC_INIT(0);
	int i;

	suites_freeze(group, 0);
	for (i = 0; i < 3; i++)
		park(test, &s[i], group, &order);
	for (i = 0; i < 3; i++) {
		suites_freeze(group, group->slice_ns);
		capgov_throttle_release(group);
		KUNIT_EXPECT_TRUE(test, until_eq(&s[i].nth, i + 1));
		KUNIT_EXPECT_EQ(test, group->nr_parked, 2 - i);
	}
	KUNIT_EXPECT_EQ(test, group->nr_throttled, 3);
	for (i = 0; i < 3; i++) {
		end(test, &s[i]);
		KUNIT_EXPECT_EQ(test, s[i].waited, 1);
	}
}

/* The one kicked goes, whatever its place; it costs the bucket nothing. */
static void a_kick_frees_its_own_alone(struct kunit *test)
{
	struct capgov_group *group = suites_group(test, "g", NULL, "total", 50000);
	struct sleeper *s = sleepers(test, 2);
	atomic_t order = ATOMIC_INIT(0);

	suites_freeze(group, -1 * MS);
	park(test, &s[0], group, &order);
	park(test, &s[1], group, &order);
	rcu_read_lock();
	capgov_throttle_kick(&s[1].ct);
	rcu_read_unlock();
	KUNIT_EXPECT_TRUE(test, until_eq(&s[1].nth, 1));
	KUNIT_EXPECT_EQ(test, group->nr_parked, 1);
	KUNIT_EXPECT_EQ(test, group->bucket.level_ns, -1 * MS);
	rcu_read_lock();
	capgov_throttle_kick(&s[0].ct);
	rcu_read_unlock();
	KUNIT_EXPECT_TRUE(test, until_eq(&s[0].nth, 2));
	end(test, &s[0]);
	end(test, &s[1]);
	/* Something has changed: they have waited for nothing yet. */
	KUNIT_EXPECT_EQ(test, s[0].waited, 0);
	KUNIT_EXPECT_EQ(test, s[1].waited, 0);
}

static void the_end_of_the_cap_frees_all(struct kunit *test)
{
	struct capgov_group *group = suites_group(test, "g", NULL, "total", 50000);
	struct sleeper *s = sleepers(test, 2);
	struct capgov_group_config cfg;
	atomic_t order = ATOMIC_INIT(0);

	suites_freeze(group, -1000 * MS);
	park(test, &s[0], group, &order);
	park(test, &s[1], group, &order);
	suites_config(&cfg, "g");
	cfg.fields = CAPGOV_FIELD_CAP;
	cfg.quota_us = CAPGOV_QUOTA_MAX;
	KUNIT_EXPECT_EQ(test, suites_set(&cfg), 0);
	KUNIT_EXPECT_TRUE(test, until_eq(&group->nr_parked, 0));
	end(test, &s[0]);
	end(test, &s[1]);
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(the_bucket_pays_in_order_of_arrival,
			 release_gen_params),
	KUNIT_CASE(the_timer_does_the_rest),
	KUNIT_CASE(threads_come_free_in_order),
	KUNIT_CASE(a_kick_frees_its_own_alone),
	KUNIT_CASE(the_end_of_the_cap_frees_all),
	{}
};

struct kunit_suite capgov_throttle_suite = {
	.name = "capgov_throttle",
	.exit = suites_exit,
	.test_cases = cases,
};
