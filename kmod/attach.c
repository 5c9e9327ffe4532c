// SPDX-License-Identifier: GPL-2.0
/*
 * DOC: Attaching, moving and detaching tasks at the request of a user, a
 * thread or a process at a time. With capgov_mutex.
 */
#include <linux/minmax.h>
#include <linux/moduleparam.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/slab.h>

#include "rooms.h"

/* How many tasks are told to move while the lock is held. */
#define MOVE_BATCH	64

static unsigned int max_tasks = 1 << 20;
module_param(max_tasks, uint, 0644);
MODULE_PARM_DESC(max_tasks, "tasks up to which requests may fill a group");

/* Tell a task to look, wherever it is. With the members' lock. */
static int attach_notify(struct capgov_task *ct)
{
	int err = capgov_work_queue(ct);

	capgov_throttle_kick(ct);
	return err;
}

/*
 * Take @ct's task into @group, by the record it has or else by @ct, which is
 * used up. Return: whether something changed, or -ESRCH, -ENOENT.
 */
static int attach_record(struct capgov_task *ct, struct capgov_group *group)
{
	struct capgov_task *old;
	int ret = -ENOENT;

	raw_spin_lock_irq(&capgov_members_lock);
	old = capgov_table_find(ct->task);
	if (group->dead)
		goto out;
	if (old) {
		ret = old->target != group;
		capgov_member_retarget(old, group);
		if (ret)
			attach_notify(old);
		goto out;
	}
	refcount_inc(&ct->refs);
	capgov_member_insert(ct, group);
	ret = attach_notify(ct) ?: 1;
out:
	raw_spin_unlock_irq(&capgov_members_lock);
	if (ret == -ESRCH)
		capgov_member_remove(ct);
	capgov_member_put(ct);
	return ret;
}

static struct capgov_task *attach_alloc(struct task_struct *p, gfp_t gfp)
{
	struct capgov_task *ct = capgov_member_alloc(p, gfp);

	if (!ct)
		return NULL;
	ct->spare = capgov_member_alloc(NULL, gfp);
	if (ct->spare)
		return ct;
	capgov_member_put(ct);
	return NULL;
}

static bool attach_wanted(struct task_struct *p, struct capgov_group *group)
{
	struct capgov_task *ct = capgov_table_find(p);

	return !(p->flags & (CAPGOV_PF_WORKER | PF_EXITING)) &&
	       (!ct || READ_ONCE(ct->target) != group);
}

/*
 * Take references to the threads that are not there yet, @max at most. Return:
 * how many there are.
 */
static unsigned int attach_collect(struct task_struct *p,
				   struct capgov_group *group,
				   struct task_struct **threads,
				   unsigned int max)
{
	struct task_struct *t;
	unsigned int n = 0;

	rcu_read_lock();
	for_each_thread(p, t) {
		if (!attach_wanted(t, group))
			continue;
		if (n < max)
			threads[n] = get_task_struct(t);
		n++;
	}
	rcu_read_unlock();
	return n;
}

static void attach_drop(struct task_struct **threads, unsigned int nr)
{
	while (nr)
		put_task_struct(threads[--nr]);
}

/* Attach the threads collected, all or none. Uses up the references. */
static int attach_threads(struct task_struct **threads, unsigned int nr,
			  struct capgov_group *group, gfp_t gfp)
{
	struct capgov_task **records;
	unsigned int i, made = 0;
	int ret = 0, err = -ENOMEM;

	records = kvcalloc(nr, sizeof(*records), gfp);
	while (records && made < nr) {
		records[made] = attach_alloc(threads[made], gfp);
		if (!records[made])
			break;
		made++;
	}
	for (i = 0; i < made; i++) {
		if (made < nr) {
			capgov_member_put(records[i]);
			continue;
		}
		err = attach_record(records[i], group);
		ret += err == 1;
	}
	attach_drop(threads, nr);
	kvfree(records);
	return made < nr || (err < 0 && !ret) ? err : ret;
}

static bool attach_room(const struct capgov_group *group, unsigned int nr)
{
	return (u64)READ_ONCE(group->nr_tasks) + nr <= READ_ONCE(max_tasks);
}

static int attach_thread(struct task_struct *p, struct capgov_group *group)
{
	bool wanted;

	rcu_read_lock();
	wanted = attach_wanted(p, group);
	rcu_read_unlock();
	if (!wanted)
		return 0;
	if (!attach_room(group, 1))
		return -ENOSPC;
	get_task_struct(p);
	return attach_threads(&p, 1, group, GFP_KERNEL);
}

/*
 * The children that a thread has from now on follow it; those that it had while
 * the threads were counted are found the next time round, when there is no way
 * back any more.
 */
static int attach_rest(struct task_struct *p, struct capgov_group *group,
		       struct task_struct **threads, unsigned int max)
{
	unsigned int nr;
	int ret, total = 0;

	for (;;) {
		/* As capgov_member_fork() has it. */
		smp_mb();
		nr = attach_collect(p, group, threads, max);
		if (!nr)
			return total;
		ret = attach_threads(threads, min(nr, max), group,
				     GFP_KERNEL | __GFP_NOFAIL);
		if (ret == -ENOENT)
			return total;
		total += max(ret, 0);
	}
}

static int attach_process(struct task_struct *p, struct capgov_group *group)
{
	struct task_struct **threads;
	unsigned int nr, max;
	int ret = 0;

	for (max = 16;; max = nr) {
		threads = kvcalloc(max, sizeof(*threads), GFP_KERNEL);
		if (!threads)
			return -ENOMEM;
		nr = attach_collect(p, group, threads, max);
		if (nr <= max)
			break;
		attach_drop(threads, max);
		kvfree(threads);
	}
	if (nr && !attach_room(group, nr)) {
		attach_drop(threads, nr);
		ret = -ENOSPC;
	} else if (nr) {
		ret = attach_threads(threads, nr, group, GFP_KERNEL);
		/* They may all have exited, but for those that they started. */
		if (ret >= 0 || ret == -ESRCH)
			ret = max(ret, 0) + attach_rest(p, group, threads, max) ?:
			      ret;
	}
	kvfree(threads);
	return ret;
}

/**
 * capgov_attach() - put tasks into a group
 * @p: a thread; a reference is held
 * @group: the group
 * @thread: this thread alone, not all of its process
 *
 * With capgov_mutex; may sleep.
 *
 * Return: how many threads are new in @group, or -ESRCH, -ENOENT (the group is
 * going away), -EOPNOTSUPP (a kernel thread), -ENOSPC (it would exceed
 * max_tasks), -ENOMEM; then nothing has changed
 */
int capgov_attach(struct task_struct *p, struct capgov_group *group,
		  bool thread)
{
	int err = capgov_hooks_need(!group->sampled);

	if (err)
		return err;
	if (p->flags & PF_EXITING && (thread || thread_group_empty(p)))
		err = -ESRCH;
	else if (p->flags & CAPGOV_PF_WORKER)
		err = -EOPNOTSUPP;
	else if (thread)
		err = attach_thread(p, group);
	else
		err = attach_process(p, group);
	if (err <= 0)
		capgov_hooks_review();
	return err;
}

/* With RCU read lock. */
static bool attach_release(struct task_struct *p)
{
	struct capgov_task *ct;
	bool was;

	raw_spin_lock_irq(&capgov_members_lock);
	ct = capgov_table_find(p);
	was = ct && ct->target;
	if (was) {
		capgov_member_retarget(ct, NULL);
		attach_notify(ct);
	}
	raw_spin_unlock_irq(&capgov_members_lock);
	return was;
}

/**
 * capgov_detach() - take tasks out of their group
 * @p: a thread; a reference is held
 * @thread: this thread alone, not all of its process
 *
 * Return: how many threads left, or -ESRCH if none was in a group
 */
int capgov_detach(struct task_struct *p, bool thread)
{
	struct task_struct *t;
	int nr = 0;

	rcu_read_lock();
	if (thread) {
		nr = attach_release(p);
	} else {
		for_each_thread(p, t)
			nr += attach_release(t);
	}
	rcu_read_unlock();
	return nr ?: -ESRCH;
}

/**
 * capgov_attach_move_all() - empty a group
 * @group: the group; with capgov_mutex nobody but a child of a member joins it
 * @to: where its tasks go, NULL for nowhere. May sleep.
 * Return: how many were moved
 */
int capgov_attach_move_all(struct capgov_group *group, struct capgov_group *to)
{
	struct capgov_task *ct;
	int i, nr = 0;

	do {
		raw_spin_lock_irq(&capgov_members_lock);
		for (i = 0; i < MOVE_BATCH; i++) {
			ct = list_first_entry_or_null(&group->members,
						      struct capgov_task, node);
			if (!ct)
				break;
			capgov_member_retarget(ct, to);
			attach_notify(ct);
		}
		raw_spin_unlock_irq(&capgov_members_lock);
		cond_resched();
		nr += i;
	} while (i == MOVE_BATCH);
	return nr;
}

/* Tell a group's tasks; those who are parked, too, or only those who are not. */
static void attach_tell(struct capgov_group *group, bool parked)
{
	u32 left = READ_ONCE(group->nr_tasks);
	struct capgov_task *ct;
	int i;

	/* Who comes meanwhile comes last, and knows. */
	while (left) {
		raw_spin_lock_irq(&capgov_members_lock);
		for (i = 0; i < MOVE_BATCH && left; i++, left--) {
			ct = list_first_entry_or_null(&group->members,
						      struct capgov_task, node);
			if (!ct)
				break;
			list_move_tail(&ct->node, &group->members);
			if (parked || !test_bit(CAPGOV_T_PARKED, &ct->flags))
				attach_notify(ct);
		}
		raw_spin_unlock_irq(&capgov_members_lock);
		if (i < MOVE_BATCH)
			break;
		cond_resched();
	}
}

/**
 * capgov_attach_review_all() - a group's tasks settle by its new settings
 * @group: the group; with capgov_mutex. May sleep.
 *
 * Who is parked does so when it is let go, and keeps its turn till then.
 */
void capgov_attach_review_all(struct capgov_group *group)
{
	attach_tell(group, false);
}

/**
 * capgov_attach_kick_all() - nor may they wait any longer where they do: the
 *	group has another parent
 * @group: the group; with capgov_mutex. May sleep.
 */
void capgov_attach_kick_all(struct capgov_group *group)
{
	attach_tell(group, true);
}
