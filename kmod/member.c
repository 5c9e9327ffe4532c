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
#include <linux/delay.h>
#include <linux/hashtable.h>
#include <linux/sched/task.h>
#include <linux/sched/task_stack.h>
#include <linux/slab.h>
#include <linux/stop_machine.h>
#include <asm/syscall.h>

#include "rooms.h"
#include "trace.h"

#define TABLE_BITS	12

/*
 * How soon a task that goes on without runtime is looked at again: for a signal
 * it has to take; for a call that may never end, or whose end was missed.
 */
#define NUDGE_NS	(50 * NSEC_PER_USEC)
#define IN_CALL_NS	(4 * NSEC_PER_MSEC)

DEFINE_RAW_SPINLOCK(capgov_members_lock);

static DEFINE_HASHTABLE(table, TABLE_BITS);
static struct kmem_cache *cache;
static atomic_t nr_table;	/* those that need the hooks */
/* Under the lock: those that shall be in an exact group; what has escaped. */
static u32 nr_exact;
static u64 nr_missed;
static atomic_t nr_live;	/* records that callbacks may still reach */

static void member_work(struct callback_head *head);

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
	init_task_work(&ct->work, member_work);
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
 * Any context, the run queue's lock included.
 */
void capgov_member_put(struct capgov_task *ct)
{
	struct capgov_task *spare = ct->spare;

	if (!refcount_dec_and_test(&ct->refs))
		return;
	if (spare)
		capgov_member_put(spare);
	call_rcu(&ct->rcu, member_free);
	atomic_dec(&nr_live);
}

/**
 * capgov_member_find() - look a task up
 * @p: the task
 *
 * With capgov_members_lock or RCU read lock.
 *
 * Return: its record, or NULL
 */
struct capgov_task *capgov_member_find(const struct task_struct *p)
{
	struct capgov_task *ct;

	hash_for_each_possible_rcu(table, ct, hash, (unsigned long)p,
				   lockdep_is_held(&capgov_members_lock))
		if (ct->task == p)
			return ct;
	return NULL;
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
		old->nr_uring -= ct->uring;
		list_del(&ct->node);
		old->nr_tasks--;
		old->nr_joining -= ct->group != old;
		if (!old->nr_tasks)
			capgov_group_emptied(old);
	}
	ct->target = group;
	if (group) {
		group->nr_uring += ct->uring;
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
	hash_add_rcu(table, &ct->hash, (unsigned long)ct->task);
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
	hash_del_rcu(&ct->hash);
	return true;
}

static bool member_unlink(struct capgov_task *ct)
{
	unsigned long flags;
	bool was;

	raw_spin_lock_irqsave(&capgov_members_lock, flags);
	was = member_unlink_locked(ct);
	raw_spin_unlock_irqrestore(&capgov_members_lock, flags);
	return was;
}

/**
 * capgov_member_remove() - take a task out of the table for good
 * @ct: accounted for no longer; may have been removed already
 */
void capgov_member_remove(struct capgov_task *ct)
{
	if (member_unlink(ct))
		capgov_member_put(ct);
}

/**
 * capgov_member_queue() - have a task's work run on its way to user mode
 * @ct: its record; the caller keeps it from going away
 *
 * Disturbs nobody who sleeps. Any context.
 *
 * Return: 0, or -ESRCH if the task is past the end of its life
 */
int capgov_member_queue(struct capgov_task *ct)
{
	if (test_and_set_bit(CAPGOV_T_QUEUED, &ct->flags))
		return 0;
	refcount_inc(&ct->refs);
	if (!capgov_task_work_add(ct->task, &ct->work, TWA_RESUME))
		return 0;
	clear_bit(CAPGOV_T_QUEUED, &ct->flags);
	capgov_member_put(ct);
	return -ESRCH;
}

/*
 * Current takes its target for its group, or is accounted for in another way.
 * Without a target it leaves the table at once, lest who attaches it meanwhile
 * finds a record that is about to go. Return: whether it has a group.
 */
static bool member_apply(struct capgov_task *ct)
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

/*
 * Is current in the middle of a system call, where io_uring runs task work too?
 * Who has never been seen there has edges from now on. Until they are there, a
 * task on its way to user mode is told by the flag that sent it: that is cleared
 * before its work is run. Who comes from an interrupt is in no call, though the
 * end of one may have been missed while there were no hooks.
 */
static void member_look(struct capgov_task *ct)
{
	if (!ct->uring && capgov_io_uring(current)) {
		raw_spin_lock_irq(&capgov_members_lock);
		if (ct->target) {
			member_exact(capgov_samples(ct, ct->target));
			ct->target->nr_uring++;
		}
		ct->uring = true;
		raw_spin_unlock_irq(&capgov_members_lock);
		if (ct->sampled || !ct->group)
			ct->in_sys = test_thread_flag(TIF_NOTIFY_RESUME);
	}
	if (ct->uring && !capgov_hooks_edges())
		capgov_hooks_review();
	if (syscall_get_nr(current, task_pt_regs(current)) == -1)
		ct->in_sys = 0;
}

/*
 * Stop current while a group of its is short. Inside a system call it holds who
 * knows what and is not stopped; the call's end looks again.
 */
static void member_stop(struct capgov_task *ct)
{
	unsigned long waited = 0;

	while (member_apply(ct)) {
		struct capgov_group *short_of;
		bool again;

		if (ct->in_sys) {
			ct->due = true;
			capgov_account_nudge(ct, IN_CALL_NS);
			return;
		}
		ct->fresh = waited;
		short_of = capgov_account_settle(ct, &waited);
		if (!short_of)
			return;
		again = capgov_throttle_park(ct, short_of, &waited);
		capgov_group_put(short_of);
		if (!again) {
			capgov_account_nudge(ct, NUDGE_NS);
			return;
		}
	}
}

static void member_work(struct callback_head *head)
{
	struct capgov_task *ct = container_of(head, struct capgov_task, work);

	/*
	 * Others' work goes first: it may be the end of a file, for which
	 * somebody waits.
	 */
	if (head->next && !capgov_task_work_add(current, head, TWA_NONE))
		return;
	set_bit(CAPGOV_T_WORKING, &ct->flags);
	clear_bit(CAPGOV_T_QUEUED, &ct->flags);
	/* Who queues it again from here on has its change seen below. */
	smp_mb__after_atomic();
	if (current->flags & PF_EXITING) {
		capgov_member_exit_task(current);
	} else {
		member_look(ct);
		if (!ct->spare)
			ct->spare = capgov_member_alloc(NULL, GFP_KERNEL);
		member_stop(ct);
	}
	clear_bit(CAPGOV_T_WORKING, &ct->flags);
	capgov_member_put(ct);
}

/**
 * capgov_member_fork() - current has a child that has not run yet
 * @child: the child; joins its parent's group before its first instruction in
 *	user mode, unless somebody has seen it before us and attached it
 */
void capgov_member_fork(struct task_struct *child)
{
	struct capgov_task *parent, *ct = NULL;
	unsigned long flags;

	if (child->flags & CAPGOV_PF_WORKER)
		return;
	raw_spin_lock_irqsave(&capgov_members_lock, flags);
	parent = capgov_member_find(current);
	if (parent && parent->target && !capgov_member_find(child)) {
		ct = parent->spare;
		parent->spare = NULL;
		if (ct) {
			ct->task = get_task_struct(child);
			ct->exec_known = true;
			capgov_member_insert(ct, parent->target);
			capgov_member_queue(ct);
			capgov_member_queue(parent);
		} else {
			nr_missed++;
		}
	}
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
	ct = capgov_member_find(p);
	if (ct && member_unlink(ct) && !ct->group)
		capgov_member_put(ct);
	rcu_read_unlock();
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
	nr = group->nr_tasks - group->nr_uring;
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
 * capgov_member_missed() - how many children escaped for want of memory
 * Return: the number
 */
u64 capgov_member_missed(void)
{
	return READ_ONCE(nr_missed);
}

/*
 * Every CPU is in stop_machine(), so no task but the stoppers is on a CPU or
 * in a section without preemption: the list is edited by nobody. A task that
 * was preempted while it put a work at the head tries again, because the head
 * it saw is not there any more. Return: whether the work will not run.
 */
static bool member_unqueue(struct capgov_task *ct)
{
	struct callback_head **link = &ct->task->task_works;

	if (!test_bit(CAPGOV_T_QUEUED, &ct->flags))
		return true;
	for (; *link; link = &(*link)->next) {
		if (*link == &ct->work) {
			*link = ct->work.next;
			clear_bit(CAPGOV_T_QUEUED, &ct->flags);
			capgov_member_put(ct);
			return true;
		}
	}
	return false;
}

static int member_strip_all(void *unused)
{
	struct capgov_task *ct;
	struct hlist_node *next;
	int bucket;

	hash_for_each_safe(table, bucket, next, ct, hash) {
		if (!member_unqueue(ct) ||
		    test_bit(CAPGOV_T_WORKING, &ct->flags))
			continue;
		if (ct->group)
			preempt_notifier_unregister(&ct->notifier);
		capgov_member_remove(ct);
	}
	return 0;
}

/**
 * capgov_member_stop_all() - nobody is governed any more, and no work queued
 *
 * Every task has been told to leave and cannot join again. Those that sleep in
 * the kernel, maybe for ever, keep a notifier and a work of ours until they
 * return to user mode; since the code is about to go these are taken from them
 * while the machine stands still. Those in our own code leave it by themselves.
 */
void capgov_member_stop_all(void)
{
	while (atomic_read(&nr_live)) {
		stop_machine(member_strip_all, NULL, NULL);
		msleep(20);
	}
}

/**
 * capgov_member_init() - get the memory of tasks' records
 * Return: 0, -ENOMEM, or that task_work_add() cannot be found
 */
int capgov_member_init(void)
{
	int err = capgov_task_work_find();

	if (err)
		return err;
	cache = KMEM_CACHE(capgov_task, SLAB_ACCOUNT);
	return cache ? 0 : -ENOMEM;
}

/**
 * capgov_member_exit() - after capgov_member_stop_all() and the hooks' end
 */
void capgov_member_exit(void)
{
	rcu_barrier();
	/* The last instructions of a work, after its last reference. */
	synchronize_rcu_tasks();
	kmem_cache_destroy(cache);
}
