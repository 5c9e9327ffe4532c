// SPDX-License-Identifier: GPL-2.0
/* DOC: The table of tasks, and groups' lists of members. */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/sched/task.h>

#include "suites.h"

/* A task becomes a member, but never gets to its work. */
static struct capgov_task *insert_task(struct kunit *test,
				       struct task_struct *p,
				       struct capgov_group *group)
{
	struct capgov_task *ct = capgov_member_alloc(p, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, ct);
	raw_spin_lock_irq(&capgov_members_lock);
	capgov_member_insert(ct, group);
	raw_spin_unlock_irq(&capgov_members_lock);
	return ct;
}

static struct capgov_task *insert(struct kunit *test, struct capgov_group *group)
{
	return insert_task(test, current, group);
}

static void retarget(struct capgov_task *ct, struct capgov_group *group)
{
	raw_spin_lock_irq(&capgov_members_lock);
	capgov_member_retarget(ct, group);
	raw_spin_unlock_irq(&capgov_members_lock);
}

static struct capgov_task *find(const struct task_struct *p)
{
	struct capgov_task *ct;

	rcu_read_lock();
	ct = capgov_table_find(p);
	rcu_read_unlock();
	return ct;
}

static void a_member_is_found_until_it_is_removed(struct kunit *test)
{
	struct capgov_group *group = suites_group(test, "g", NULL, "total", 50000);
	struct capgov_task *ct;

	KUNIT_EXPECT_NULL(test, find(current));
	ct = insert(test, group);
	KUNIT_EXPECT_PTR_EQ(test, find(current), ct);
	KUNIT_EXPECT_EQ(test, capgov_member_count(), 1);
	KUNIT_EXPECT_EQ(test, group->nr_tasks, 1);
	/* It has not been there yet. */
	KUNIT_EXPECT_EQ(test, group->nr_joining, 1);
	rcu_read_lock();
	capgov_member_remove(ct);
	capgov_member_remove(ct);
	rcu_read_unlock();
	KUNIT_EXPECT_NULL(test, find(current));
	KUNIT_EXPECT_EQ(test, group->nr_tasks, 0);
	KUNIT_EXPECT_EQ(test, group->nr_joining, 0);
	rcu_barrier();
	KUNIT_EXPECT_EQ(test, capgov_member_count(), 0);
}

/* The hooks of system calls are needed as long as there is one. */
static void exact_members_are_counted(struct kunit *test)
{
	struct capgov_group *one = suites_group(test, "one", NULL, "total", 50000);
	struct capgov_group *two = suites_group(test, "two", NULL, "total", 50000);
	struct capgov_task *ct = insert(test, one);

	KUNIT_EXPECT_EQ(test, capgov_member_exact(), 1);
	capgov_member_sample(one, true);
	KUNIT_EXPECT_EQ(test, capgov_member_exact(), 0);
	capgov_member_sample(one, true);
	retarget(ct, two);
	KUNIT_EXPECT_EQ(test, capgov_member_exact(), 1);
	capgov_member_sample(one, false);
	KUNIT_EXPECT_EQ(test, capgov_member_exact(), 1);
	rcu_read_lock();
	capgov_member_remove(ct);
	rcu_read_unlock();
	KUNIT_EXPECT_EQ(test, capgov_member_exact(), 0);
	rcu_barrier();
}

static void a_move_changes_both_groups(struct kunit *test)
{
	struct capgov_group *one = suites_group(test, "one", NULL, "total", 50000);
	struct capgov_group *two = suites_group(test, "two", NULL, "total", 50000);
	struct capgov_task *ct = insert(test, one);

	retarget(ct, one);
	KUNIT_EXPECT_EQ(test, one->nr_tasks, 1);
	retarget(ct, two);
	KUNIT_EXPECT_EQ(test, one->nr_tasks, 0);
	KUNIT_EXPECT_EQ(test, one->nr_joining, 0);
	KUNIT_EXPECT_EQ(test, two->nr_tasks, 1);
	KUNIT_EXPECT_TRUE(test, list_is_singular(&two->members));
	retarget(ct, NULL);
	KUNIT_EXPECT_EQ(test, two->nr_tasks, 0);
	KUNIT_EXPECT_EQ(test, two->nr_joining, 0);
	KUNIT_EXPECT_TRUE(test, list_empty(&two->members));
	capgov_member_remove(ct);
}

/* It stays as long as a descriptor or a member does. */
static void the_last_to_leave_ends_an_automatic_group(struct kunit *test)
{
	struct capgov_group_config cfg;
	struct capgov_task *ct;
	LIST_HEAD(autos);

	suites_config(&cfg, "auto");
	cfg.flags = CAPGOV_GROUP_AUTO;
	KUNIT_ASSERT_EQ(test, capgov_group_create(&cfg, &autos), 0);
	ct = insert(test, suites_find("auto"));
	capgov_group_drop_autos(&autos);
	capgov_group_wait_reaped();
	KUNIT_EXPECT_NOT_NULL(test, suites_find("auto"));
	capgov_member_remove(ct);
	capgov_group_wait_reaped();
	KUNIT_EXPECT_NULL(test, suites_find("auto"));
}

static int nothing(void *unused)
{
	return 0;
}

static void a_kernel_thread_does_not_follow_its_parent(struct kunit *test)
{
	struct capgov_group *group = suites_group(test, "g", NULL, "total", 50000);
	struct task_struct *child = kthread_create(nothing, NULL, "child");
	struct capgov_task *ct;

	KUNIT_ASSERT_FALSE(test, IS_ERR(child));
	ct = insert(test, group);
	ct->spare = capgov_member_alloc(NULL, GFP_KERNEL);
	KUNIT_EXPECT_NOT_NULL(test, ct->spare);
	capgov_member_fork(child);
	KUNIT_EXPECT_NULL(test, find(child));
	KUNIT_EXPECT_EQ(test, group->nr_tasks, 1);
	KUNIT_EXPECT_NOT_NULL(test, ct->spare);
	capgov_member_remove(ct);
	kthread_stop(child);
}

/* The child is the first process, which sleeps meanwhile. */
static void a_child_attached_before_the_hook_has_one_record(struct kunit *test)
{
	struct capgov_group *group = suites_group(test, "g", NULL, "total", 50000);
	struct capgov_group *other = suites_group(test, "o", NULL, "total", 50000);
	struct pid *first = find_get_pid(1);
	struct task_struct *child = get_pid_task(first, PIDTYPE_PID);
	struct capgov_task *ct, *its;

	KUNIT_ASSERT_NOT_NULL(test, child);
	ct = insert(test, group);
	ct->spare = capgov_member_alloc(NULL, GFP_KERNEL);
	its = insert_task(test, child, other);
	capgov_member_fork(child);
	KUNIT_EXPECT_PTR_EQ(test, find(child), its);
	KUNIT_EXPECT_EQ(test, group->nr_tasks, 1);
	KUNIT_EXPECT_EQ(test, other->nr_tasks, 1);
	KUNIT_EXPECT_NOT_NULL(test, ct->spare);
	capgov_member_remove(its);
	capgov_member_remove(ct);
	put_task_struct(child);
	put_pid(first);
}

/**
 * struct leaver - a thread that joins its target and, when told to, leaves
 * @ct: what governs it
 * @group: its target
 * @step: 1: it has joined, 2: it shall leave
 */
struct leaver {
	struct capgov_task *ct;
	struct capgov_group *group;
	int step;
};

static void work(struct capgov_task *ct)
{
	refcount_inc(&ct->refs);
	ct->work.func(&ct->work);
}

static int leaver_fn(void *data)
{
	struct leaver *l = data;

	work(l->ct);
	WRITE_ONCE(l->step, 1);
	while (READ_ONCE(l->step) != 2)
		cpu_relax();
	work(l->ct);
	return 0;
}

/* Whoever looks for @p while it leaves; it comes no further than the lock. */
static struct capgov_task *find_leaving(struct leaver *l,
					const struct task_struct *p)
{
	u64 end = ktime_get_ns() + 60 * NSEC_PER_SEC;
	struct capgov_task *found;

	raw_spin_lock_irq(&l->group->lock);
	/* Now it has to ask the bucket, whose lock this is. */
	l->group->capped = true;
	WRITE_ONCE(l->step, 2);
	while (READ_ONCE(l->ct->group) && ktime_get_ns() < end)
		cpu_relax();
	found = find(p);
	raw_spin_unlock_irq(&l->group->lock);
	return found;
}

/* If it were, a request to attach it would be undone. */
static void a_task_that_is_leaving_is_not_found(struct kunit *test)
{
	struct leaver l = { };
	struct task_struct *p;
	unsigned int cpu;

	KUNIT_ASSERT_GT(test, num_online_cpus(), 1);
	l.group = suites_group(test, "g", NULL, "total", CAPGOV_QUOTA_MAX);
	p = kthread_create(leaver_fn, &l, "capgov_leaver");
	KUNIT_ASSERT_FALSE(test, IS_ERR(p));
	get_task_struct(p);
	mutex_lock(&capgov_mutex);
	KUNIT_EXPECT_EQ(test, capgov_hooks_need(true), 0);
	l.ct = insert_task(test, p, l.group);
	mutex_unlock(&capgov_mutex);
	migrate_disable();
	cpu = cpumask_any_but(cpu_online_mask, smp_processor_id());
	kthread_bind(p, cpu);
	wake_up_process(p);
	while (!READ_ONCE(l.step))
		msleep(20);
	KUNIT_EXPECT_PTR_EQ(test, l.ct->group, l.group);
	refcount_inc(&l.ct->refs);
	retarget(l.ct, NULL);
	/* Who removes hooks waits for every CPU, interrupts and all. */
	flush_workqueue(capgov_wq);
	KUNIT_EXPECT_NULL(test, find_leaving(&l, p));
	KUNIT_EXPECT_NULL(test, l.ct->group);
	migrate_enable();
	kthread_stop(p);
	capgov_member_put(l.ct);
	put_task_struct(p);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(a_member_is_found_until_it_is_removed),
	KUNIT_CASE(exact_members_are_counted),
	KUNIT_CASE(a_move_changes_both_groups),
	KUNIT_CASE(the_last_to_leave_ends_an_automatic_group),
	KUNIT_CASE(a_kernel_thread_does_not_follow_its_parent),
	KUNIT_CASE(a_child_attached_before_the_hook_has_one_record),
	KUNIT_CASE(a_task_that_is_leaving_is_not_found),
	{ }
};

struct kunit_suite capgov_member_suite = {
	.name = "capgov_member",
	.exit = suites_exit,
	.test_cases = cases,
};
