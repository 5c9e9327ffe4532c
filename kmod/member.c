// SPDX-License-Identifier: GPL-2.0
/*
 * DOC: Which task is in which group. capgov_members_lock protects the table of
 * tasks, their targets and the groups' lists; a task's group in force is
 * changed by the task itself alone, in its work, on its way to user mode.
 *
 * A task carries a spare of its own record for its next child, so that a fork,
 * seen from a tracepoint, needs no memory; the parent's work, before it is in
 * user mode and can fork again, provides the next one.
 */
#include <linux/irq_work.h>
#include <linux/sched/task.h>
#include <linux/slab.h>

#include "rooms.h"
#include "trace.h"

DEFINE_RAW_SPINLOCK(capgov_members_lock);

static struct kmem_cache *cache;
static atomic_t nr_table;	/* those that need the hooks */
/* Under the lock: those that shall be in an exact group; what has escaped. */
static u32 nr_exact;
static u64 nr_missed;
static atomic_t nr_live;	/* records that callbacks may still reach */
static LIST_HEAD(dying_members);
static LLIST_HEAD(buried);

/**
 * capgov_member_alloc() - a record for a task
 * @p: the task, or NULL if it is not known yet
 * @gfp: how to get the memory
 *
 * Return: the record, which the caller owns; NULL without memory
 */
struct capgov_task *capgov_member_alloc(struct task_struct *p, gfp_t gfp)
{
	struct capgov_task *ct = kmem_cache_zalloc(cache, gfp);

	if (!ct)
		return NULL;
	preempt_notifier_init(&ct->notifier, &capgov_preempt_ops);
	init_task_work(&ct->work, capgov_work);
	INIT_LIST_HEAD(&ct->waiting);
	refcount_set(&ct->refs, 1);
	if (p)
		ct->task = get_task_struct(p);
	atomic_inc(&nr_live);
	return ct;
}

static void member_free(struct rcu_head *rcu)
{
	struct capgov_task *ct = container_of(rcu, struct capgov_task, rcu);

	if (ct->group)
		capgov_group_put(ct->group);
	if (ct->task)
		put_task_struct(ct->task);
	if (ct->dead && atomic_dec_and_test(&nr_table))
		capgov_hooks_review();
	kmem_cache_free(cache, ct);
}

/**
 * capgov_member_put() - drop a reference
 * @ct: the record; freed, with its spare, after a grace period
 *
 * Any context, but not with the run queue's lock: the grace period may want it.
 */
void capgov_member_put(struct capgov_task *ct)
{
	if (!refcount_dec_and_test(&ct->refs))
		return;
	/* Not before: as long as others hold it, its task may use the spare. */
	if (ct->spare)
		capgov_member_put(ct->spare);
	call_rcu(&ct->rcu, member_free);
	atomic_dec(&nr_live);
}

/* @nr more tasks need the edges of system calls, and their hooks. */
static void member_exact(int nr)
{
	WRITE_ONCE(nr_exact, nr_exact + nr);
	if (nr && !nr_exact)
		capgov_hooks_review();
}

/**
 * capgov_member_retarget() - say where a task shall be
 * @ct: in the table
 * @group: the group, not dead; NULL to leave
 *
 * With capgov_members_lock. Takes effect in the task's work, which the caller
 * queues.
 */
void capgov_member_retarget(struct capgov_task *ct, struct capgov_group *group)
{
	struct capgov_group *old = ct->target;

	lockdep_assert_held(&capgov_members_lock);
	if (old == group)
		return;
	if (group)
		member_exact(!capgov_samples(ct, group));
	if (old) {
		member_exact(-!capgov_samples(ct, old));
		old->nr_edged -= ct->edged;
		list_del(&ct->node);
		old->nr_tasks--;
		old->nr_joining -= ct->group != old;
		if (!old->nr_tasks)
			capgov_group_emptied(old);
	}
	ct->target = group;
	if (group) {
		group->nr_edged += ct->edged;
		list_add_tail(&ct->node, &group->members);
		group->nr_tasks++;
		group->nr_joining += ct->group != group;
	}
	trace_capgov_attach(ct->task, group ? group->name : "");
}

/**
 * capgov_member_insert() - enter a task into the table
 * @ct: its new record; the table takes over the reference
 * @group: where it shall be
 *
 * With capgov_members_lock.
 */
void capgov_member_insert(struct capgov_task *ct, struct capgov_group *group)
{
	atomic_inc(&nr_table);
	capgov_table_add(ct);
	capgov_member_retarget(ct, group);
}

/*
 * Take a task out of the table. With the lock. Return: whether it was there,
 * and the caller has to drop the table's reference.
 */
static bool member_unlink_locked(struct capgov_task *ct)
{
	if (ct->dead)
		return false;
	ct->dead = true;
	capgov_member_retarget(ct, NULL);
	capgov_table_del(ct);
	return true;
}

/* Likewise. @dying: it stays governed until its last switch-out. */
static bool member_unlink(struct capgov_task *ct, bool dying)
{
	unsigned long flags;
	bool was;

	raw_spin_lock_irqsave(&capgov_members_lock, flags);
	was = member_unlink_locked(ct);
	if (was && dying)
		list_add(&ct->node, &dying_members);
	raw_spin_unlock_irqrestore(&capgov_members_lock, flags);
	return was;
}

/**
 * capgov_member_remove() - take a task out of the table for good
 * @ct: accounted for no longer; may have been removed already
 */
void capgov_member_remove(struct capgov_task *ct)
{
	if (member_unlink(ct, false))
		capgov_member_put(ct);
}

/**
 * capgov_member_apply() - current takes its target for its group, or is
 *	accounted for in another way
 * @ct: current, on its way to user mode
 *
 * Without a target it leaves the table at once, lest who attaches it meanwhile
 * finds a record that is about to go.
 *
 * Return: whether it has a group
 */
bool capgov_member_apply(struct capgov_task *ct)
{
	struct capgov_group *from, *to;
	bool left;

	if (ct->group && READ_ONCE(ct->target) == ct->group &&
	    ct->sampled == capgov_samples(ct, ct->group))
		return true;
	preempt_disable();
	raw_spin_lock_irq(&capgov_members_lock);
	from = ct->group;
	to = ct->target;
	if (to && to != from) {
		to->nr_joining--;
		capgov_group_get(to);
	}
	left = !to && member_unlink_locked(ct);
	ct->group = to;
	raw_spin_unlock_irq(&capgov_members_lock);
	if (to || from)
		capgov_account_switch(ct, from);
	preempt_enable();
	if (from && from != to)
		capgov_group_put(from);
	if (left)
		capgov_member_put(ct);
	return to;
}

/**
 * capgov_member_edged() - current's calls are looked at from now on
 * @ct: current
 */
void capgov_member_edged(struct capgov_task *ct)
{
	raw_spin_lock_irq(&capgov_members_lock);
	if (ct->target) {
		member_exact(capgov_samples(ct, ct->target));
		ct->target->nr_edged++;
	}
	ct->edged = true;
	raw_spin_unlock_irq(&capgov_members_lock);
}

/* Without the lock. */
static bool member_known(const struct task_struct *p)
{
	bool known;

	/* Who attaches a process first enters its threads, then looks for more. */
	smp_mb();
	rcu_read_lock();
	known = capgov_table_find(p);
	rcu_read_unlock();
	return known;
}

/* Current's child gets the spare. With the lock. */
static void member_bear(struct task_struct *child)
{
	struct capgov_task *parent = capgov_table_find(current), *ct;

	if (!parent || !parent->target || capgov_table_find(child))
		return;
	ct = parent->spare;
	parent->spare = NULL;
	if (!ct) {
		nr_missed++;
		return;
	}
	ct->task = get_task_struct(child);
	ct->exec_known = true;
	capgov_member_insert(ct, parent->target);
	capgov_work_queue(ct);
	capgov_work_queue(parent);
}

/**
 * capgov_member_fork() - current has a child that has not run yet
 * @child: the child; joins its parent's group before its first instruction in
 *	user mode, unless somebody has seen it before us and attached it
 */
void capgov_member_fork(struct task_struct *child)
{
	unsigned long flags;

	if (child->flags & CAPGOV_PF_WORKER || !member_known(current))
		return;
	raw_spin_lock_irqsave(&capgov_members_lock, flags);
	member_bear(child);
	raw_spin_unlock_irqrestore(&capgov_members_lock, flags);
}

/**
 * capgov_member_exit_task() - current exits
 * @p: current
 *
 * It leaves its group at once, but is accounted for until its last switch-out,
 * which drops the table's reference.
 */
void capgov_member_exit_task(struct task_struct *p)
{
	struct capgov_task *ct;

	rcu_read_lock();
	ct = capgov_table_find(p);
	if (ct && member_unlink(ct, ct->group) && !ct->group)
		capgov_member_put(ct);
	rcu_read_unlock();
}

static void member_funeral(struct irq_work *unused)
{
	struct llist_node *all = llist_del_all(&buried);
	struct capgov_task *ct, *next;
	unsigned long flags;

	llist_for_each_entry_safe(ct, next, all, late) {
		raw_spin_lock_irqsave(&capgov_members_lock, flags);
		list_del(&ct->node);
		raw_spin_unlock_irqrestore(&capgov_members_lock, flags);
		capgov_member_put(ct);
	}
}

/* At the next tick: nobody is in a hurry. */
static struct irq_work funeral = IRQ_WORK_INIT_LAZY(member_funeral);

/**
 * capgov_member_bury() - current, which died governed, will not run again
 * @ct: current. With the run queue's lock, under which it cannot be put.
 */
void capgov_member_bury(struct capgov_task *ct)
{
	ct->buried = true;
	if (llist_add(&ct->late, &buried))
		irq_work_queue(&funeral);
}

/**
 * capgov_member_each_dying() - do something to who dies governed, and may for long
 * @fn: does it, and drops its reference
 *
 * Nobody runs meanwhile. Those that wait to be put are left out.
 */
void capgov_member_each_dying(void (*fn)(struct capgov_task *ct))
{
	struct capgov_task *ct, *next;

	list_for_each_entry_safe(ct, next, &dying_members, node)
		if (!ct->buried)
			fn(ct);
}

/**
 * capgov_member_sample() - how a group's tasks are accounted for
 * @group: the group
 * @sampled: by samples; if not, the hooks of system calls are there already
 *
 * With capgov_mutex. Takes effect in each task's work.
 */
void capgov_member_sample(struct capgov_group *group, bool sampled)
{
	int nr;

	raw_spin_lock_irq(&capgov_members_lock);
	nr = group->nr_tasks - group->nr_edged;
	if (sampled != group->sampled)
		member_exact(sampled ? -nr : nr);
	WRITE_ONCE(group->sampled, sampled);
	raw_spin_unlock_irq(&capgov_members_lock);
}

/**
 * capgov_member_exact() - how many tasks need the hooks of system calls
 * Return: the number
 */
u32 capgov_member_exact(void)
{
	return READ_ONCE(nr_exact);
}

/**
 * capgov_member_count() - how many tasks are in the table
 * Return: the number, those on their way out included
 */
u32 capgov_member_count(void)
{
	return atomic_read(&nr_table);
}

/**
 * capgov_member_live() - how many records callbacks may still reach
 * Return: the number
 */
u32 capgov_member_live(void)
{
	return atomic_read(&nr_live);
}

/**
 * capgov_member_missed() - how many children escaped for want of memory
 * Return: the number
 */
u64 capgov_member_missed(void)
{
	return READ_ONCE(nr_missed);
}

/**
 * capgov_member_init() - get the memory of tasks' records
 * Return: 0, -ENOMEM, or that task_work_add() cannot be found
 */
int capgov_member_init(void)
{
	int err = capgov_table_init();

	if (err)
		return err;
	cache = KMEM_CACHE(capgov_task, SLAB_ACCOUNT);
	if (cache)
		return 0;
	capgov_table_exit();
	return -ENOMEM;
}

/**
 * capgov_member_exit() - after capgov_strip_all() and the hooks' end
 */
void capgov_member_exit(void)
{
	irq_work_sync(&funeral);
	rcu_barrier();
	/* The last instructions of a work, after its last reference. */
	synchronize_rcu_tasks();
	kmem_cache_destroy(cache);
	capgov_table_exit();
}
