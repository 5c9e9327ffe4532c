// SPDX-License-Identifier: GPL-2.0
/*
 * DOC: From hooks to (USR, SYS). Everything here belongs to one CPU and is
 * changed with preemption off by the task that is current, never by an
 * interrupt: the timer only looks whether the deadline has passed and, if so,
 * asks the task to settle on its way to user mode. What it reads may be half
 * changed; the worst is a ring too many, or one more after the next switch.
 */
#include <linux/sched/clock.h>

#include "account.h"

/*
 * How soon a task that goes on without runtime (a signal it has to take, a
 * switch-in with an empty budget) is looked at again.
 */
#define NUDGE_NS	(50 * NSEC_PER_USEC)

DEFINE_PER_CPU(struct capgov_cpu, capgov_cpu);

/* Make sure the timer rings at the deadline or before. */
static void account_arm(struct capgov_cpu *cpu, u64 now)
{
	s64 in = max_t(s64, cpu->deadline - now, NUDGE_NS);

	/* Unsigned, so that a time that has passed is too late. */
	if (cpu->timer_at - now <= (u64)in)
		return;
	/* First the note: a ring in between then only causes another start. */
	WRITE_ONCE(cpu->timer_at, now + in);
	barrier();
	hrtimer_start(&cpu->timer, ns_to_ktime(in),
		      HRTIMER_MODE_REL_PINNED_HARD);
}

static enum hrtimer_restart account_timer(struct hrtimer *timer)
{
	struct capgov_cpu *cpu = container_of(timer, struct capgov_cpu, timer);
	struct capgov_task *ct;
	s64 in;

	/* Moved here because its CPU went offline. */
	if (cpu != this_cpu_ptr(&capgov_cpu))
		return HRTIMER_NORESTART;
	ct = READ_ONCE(cpu->task);
	if (!ct) {
		WRITE_ONCE(cpu->timer_at, 0);
		return HRTIMER_NORESTART;
	}
	in = READ_ONCE(cpu->deadline) - sched_clock();
	if (in > 0) {
		WRITE_ONCE(cpu->timer_at, cpu->deadline);
		hrtimer_set_expires(timer, ktime_add_ns(ktime_get(), in));
		return HRTIMER_RESTART;
	}
	WRITE_ONCE(cpu->timer_at, 0);
	capgov_member_queue(ct);
	return HRTIMER_NORESTART;
}

/* Account up to now. Return: now, on the scheduler's clock. */
static u64 account_touch(struct capgov_cpu *cpu, struct capgov_task *ct)
{
	u64 now = sched_clock();

	cpu->mark = get_cycles();
	capgov_account_fold(cpu, ct->in_sys, now);
	return now;
}

static void account_start(struct capgov_task *ct)
{
	struct capgov_cpu *cpu = this_cpu_ptr(&capgov_cpu);
	u64 now = sched_clock();

	cpu->mark = get_cycles();
	cpu->pcpu = this_cpu_ptr(ct->group->pcpu);
	cpu->start = now;
	cpu->stamp = now;
	cpu->deadline = now + cpu->pcpu->budget_ns;
	if (cpu->pcpu->budget_ns <= 0)
		ct->due = true;
	barrier();
	WRITE_ONCE(cpu->task, ct);
	/* A parked task that wakes up settles before it goes anywhere. */
	if (!test_bit(CAPGOV_T_PARKED, &ct->flags))
		account_arm(cpu, now);
}

/* The task no longer runs here, or will not be governed, since @now. */
static void account_stop(struct capgov_cpu *cpu, struct capgov_task *ct,
			 u64 now)
{
	capgov_account_fold(cpu, ct->in_sys, now);
	cpu->pcpu->budget_ns = cpu->deadline - now;
	WRITE_ONCE(cpu->task, NULL);
}

static void account_sched_in(struct preempt_notifier *notifier, int cpu)
{
	account_start(container_of(notifier, struct capgov_task, notifier));
}

/*
 * Under the run queue's lock. The scheduler has just counted how long the task
 * ran, from when it was picked, a good while before account_sched_in(): that
 * is what the task has to answer for, so "now" is when that time ends. Only
 * the time in which it was attached must be read from the clock. A task that
 * is dead is not switched in again: all of its end has been counted.
 */
static void account_sched_out(struct preempt_notifier *notifier,
			      struct task_struct *next)
{
	struct capgov_task *ct = container_of(notifier, struct capgov_task,
					      notifier);
	struct capgov_cpu *cpu = this_cpu_ptr(&capgov_cpu);
	u64 exec = current->se.sum_exec_runtime;
	u64 now;

	if (likely(ct->exec_known))
		now = cpu->start + (exec - ct->exec_ns);
	else
		now = sched_clock();
	ct->exec_ns = exec;
	ct->exec_known = true;
	account_stop(cpu, ct, now);
	if (unlikely(ct->dead && READ_ONCE(current->__state) == TASK_DEAD))
		capgov_member_put(ct);
}

struct preempt_ops capgov_preempt_ops = {
	.sched_in = account_sched_in,
	.sched_out = account_sched_out,
};

/* Current's time goes to another group from now on, without a gap. */
static void account_move(struct capgov_cpu *cpu, struct capgov_task *ct,
			 struct capgov_group *from)
{
	u64 now = account_touch(cpu, ct);

	capgov_charge_settle(from, cpu->pcpu);
	cpu->pcpu = this_cpu_ptr(ct->group->pcpu);
	cpu->deadline = now + cpu->pcpu->budget_ns;
	account_arm(cpu, now);
}

/**
 * capgov_account_switch() - account for current in another group from now on
 * @ct: current, with its new group set, or NULL: it is accounted for no longer
 * @from: the one before, or NULL; what was used in it is charged
 *
 * Preemption is off.
 */
void capgov_account_switch(struct capgov_task *ct, struct capgov_group *from)
{
	struct capgov_cpu *cpu = this_cpu_ptr(&capgov_cpu);

	if (from && ct->group) {
		account_move(cpu, ct, from);
	} else if (ct->group) {
		ct->in_sys = 0;
		preempt_notifier_register(&ct->notifier);
		account_start(ct);
	} else {
		account_stop(cpu, ct, sched_clock());
		capgov_charge_settle(from, cpu->pcpu);
		preempt_notifier_unregister(&ct->notifier);
		ct->exec_known = false;
	}
}

/* Preemption is off. */
static struct capgov_group *account_settle(struct capgov_task *ct)
{
	struct capgov_cpu *cpu = this_cpu_ptr(&capgov_cpu);
	u64 now = account_touch(cpu, ct);
	struct capgov_group *short_of;

	short_of = capgov_charge_settle(ct->group, cpu->pcpu);
	cpu->deadline = now + cpu->pcpu->budget_ns;
	ct->due = false;
	if (!short_of)
		account_arm(cpu, now);
	return short_of;
}

/**
 * capgov_account_due() - current has to settle at the end of a system call
 * @ct: current; preemption is off
 *
 * If there is no runtime left the task is asked to stop on its way to user
 * mode, which follows at once.
 */
void capgov_account_due(struct capgov_task *ct)
{
	if (account_settle(ct))
		capgov_member_queue(ct);
}

/**
 * capgov_account_settle() - charge what current has used so far
 * @ct: current
 *
 * Return: the group that has no runtime left, with a reference; NULL if
 * current may go on
 */
struct capgov_group *capgov_account_settle(struct capgov_task *ct)
{
	struct capgov_group *short_of;

	preempt_disable();
	short_of = account_settle(ct);
	if (short_of)
		capgov_group_get(short_of);
	preempt_enable();
	return short_of;
}

/**
 * capgov_account_nudge() - current goes on without runtime: look again soon
 */
void capgov_account_nudge(void)
{
	struct capgov_cpu *cpu;

	preempt_disable();
	cpu = this_cpu_ptr(&capgov_cpu);
	account_arm(cpu, sched_clock());
	preempt_enable();
}

/**
 * capgov_account_init() - set the timers up
 */
void capgov_account_init(void)
{
	int i;

	for_each_possible_cpu(i)
		hrtimer_setup(&per_cpu(capgov_cpu, i).timer, account_timer,
			      CLOCK_MONOTONIC, HRTIMER_MODE_REL_PINNED_HARD);
}

/**
 * capgov_account_exit() - stop the timers; no task is governed any more
 */
void capgov_account_exit(void)
{
	int i;

	for_each_possible_cpu(i)
		hrtimer_cancel(&per_cpu(capgov_cpu, i).timer);
}
