// SPDX-License-Identifier: GPL-2.0
/*
 * DOC: From hooks to (USR, SYS). Everything here belongs to one CPU and is
 * changed with preemption off by the task that is current and, but for samples
 * (sampled.c), never by an interrupt: the timer only looks whether the deadline
 * has passed, notes when it rings next and that the task's wait is over, and asks
 * the task to settle on its way to user mode. What it reads may be half changed;
 * the worst is a ring too many, or one more after the next switch.
 */
#include <linux/cpuhotplug.h>
#include <linux/sched/clock.h>
#include <asm/irq_regs.h>

#include "account.h"

/* How soon a task is looked at that is switched in with an empty budget. */
#define EMPTY_NS	(50 * NSEC_PER_USEC)
/* Nor is a sample so near that the timer rings again before it has left. */
#define SAMPLE_LEAST_NS	(2 * NSEC_PER_USEC)
/* How long it may take from a release to user mode. */
#define ARRIVE_NS	(1 * NSEC_PER_MSEC)

DEFINE_PER_CPU(struct capgov_cpu, capgov_cpu);

static int hotplug;	/* the state of CPUs that is ours */

/*
 * Make sure the timer rings at the next sample, or at the deadline but not
 * before @least_ns have passed, or before.
 */
static __always_inline void account_arm(struct capgov_cpu *cpu, bool sampled,
					u64 now, s64 least_ns)
{
	s64 in = sampled ? max_t(s64, cpu->sample_at - now, SAMPLE_LEAST_NS) :
			   max_t(s64, cpu->deadline - now, least_ns);

	/* Unsigned, so that a time that has passed is too late. */
	if (cpu->timer_at - now <= (u64)in)
		return;
	/* First the note: a ring in between then only causes another start. */
	WRITE_ONCE(cpu->timer_at, now + in);
	barrier();
	hrtimer_start(&cpu->timer, ns_to_ktime(in),
		      HRTIMER_MODE_REL_PINNED_HARD);
}

/*
 * Who has waited and is in the kernel, but for all that is known in no system
 * call, has not got to user mode yet. Return: whether it shall, which it is
 * granted once, or is about to settle anyway.
 */
static bool account_on_its_way(struct capgov_task *ct)
{
	struct pt_regs *regs = get_irq_regs();
	bool fresh = ct->fresh;

	if (test_bit(CAPGOV_T_WORKING, &ct->flags))
		return true;
	ct->fresh = false;
	return fresh && regs && !user_mode(regs) && !ct->in_sys;
}

/* It rings for @ct. Return: in how many ns it shall again, 0 for not. */
static s64 account_ring(struct capgov_cpu *cpu, struct capgov_task *ct)
{
	u64 now = sched_clock();
	s64 in;

	if (ct->sampled) {
		if (capgov_sampled_ring(cpu, now) && !account_on_its_way(ct))
			capgov_work_queue(ct);
		in = max_t(s64, cpu->sample_at - now, SAMPLE_LEAST_NS);
	} else {
		in = READ_ONCE(cpu->deadline) - now;
		if (in <= 0 && account_on_its_way(ct))
			in = ARRIVE_NS;
		else if (in <= 0)
			capgov_work_queue(ct);
	}
	WRITE_ONCE(cpu->timer_at, in > 0 ? now + in : 0);
	return max_t(s64, in, 0);
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
	in = account_ring(cpu, ct);
	if (!in)
		return HRTIMER_NORESTART;
	hrtimer_set_expires(timer, ktime_add_ns(ktime_get(), in));
	return HRTIMER_RESTART;
}

static void account_fold(struct capgov_cpu *cpu, const struct capgov_task *ct,
			 u64 now)
{
	if (ct->sampled)
		capgov_sampled_fold(cpu, now);
	else
		capgov_account_fold(cpu, ct->in_sys, now);
}

/* Account up to now. Return: now, on the scheduler's clock. */
static u64 account_touch(struct capgov_cpu *cpu, struct capgov_task *ct)
{
	u64 now = sched_clock();

	cpu->mark = get_cycles();
	account_fold(cpu, ct, now);
	return now;
}

/*
 * It is charged to its group from @now on, by the group's kind of accounting:
 * @sampled, which where it is constant leaves one of them.
 */
static __always_inline void account_begin(struct capgov_cpu *cpu,
					  struct capgov_task *ct, u64 now,
					  bool sampled)
{
	struct capgov_pcpu *pcpu = this_cpu_ptr(ct->group->pcpu);

	cpu->pcpu = pcpu;
	cpu->deadline = now + pcpu->budget_ns;
	if (pcpu->budget_ns <= 0)
		ct->due = true;
	if (sampled)
		capgov_sampled_start(cpu, ct->group, now);
	/* The timer must not see the task before what belongs to it. */
	barrier();
	cpu->edges = sampled ? NULL : ct;
	WRITE_ONCE(cpu->task, ct);
	/* A parked task that wakes up settles before it goes anywhere. */
	if (!test_bit(CAPGOV_T_PARKED, &ct->flags))
		account_arm(cpu, sampled, now, EMPTY_NS);
}

static __always_inline void account_start(struct capgov_task *ct, bool sampled)
{
	u64 now = sched_clock();
	struct capgov_cpu *cpu = this_cpu_ptr(&capgov_cpu);

	cpu->mark = get_cycles();
	cpu->start = now;
	cpu->stamp = now + ct->ahead_ns;
	account_begin(cpu, ct, now, sampled);
}

static noinline void account_start_sampled(struct capgov_task *ct)
{
	account_start(ct, true);
}

/*
 * The task no longer runs here, or will not be governed, since @now. Settled up
 * to the clock it may have been charged for interrupts or for what a hypervisor
 * took, which the scheduler leaves out: so much of its next run is paid for.
 */
static __always_inline void account_stop(struct capgov_cpu *cpu,
					 struct capgov_task *ct, u64 now,
					 bool sampled)
{
	if (sampled)
		capgov_sampled_stop(cpu, now);
	else
		capgov_account_fold(cpu, ct->in_sys, now);
	ct->ahead_ns = cpu->stamp - now;
	cpu->pcpu->budget_ns = cpu->deadline - now;
	cpu->edges = NULL;
	WRITE_ONCE(cpu->task, NULL);
}

static void account_sched_in(struct preempt_notifier *notifier, int cpu)
{
	struct capgov_task *ct = container_of(notifier, struct capgov_task,
					      notifier);

	if (ct->sampled)
		account_start_sampled(ct);
	else
		account_start(ct, false);
}

/*
 * Under the run queue's lock. The scheduler has just counted how long the task
 * ran, from when it was picked, a good while before account_sched_in(): that
 * is what the task has to answer for, so "now" is when that time ends. Only
 * the time in which it was attached must be read from the clock. A task that
 * is dead is not switched in again: all of its end has been counted.
 */
static __always_inline void account_out(struct capgov_task *ct, bool sampled,
					bool exec_known)
{
	struct capgov_cpu *cpu = this_cpu_ptr(&capgov_cpu);
	u64 exec = current->se.sum_exec_runtime;
	u64 now;

	if (exec_known) {
		now = cpu->start + (exec - ct->exec_ns);
	} else {
		now = sched_clock();
		ct->exec_known = true;
	}
	ct->exec_ns = exec;
	account_stop(cpu, ct, now, sampled);
	if (unlikely(ct->dead && READ_ONCE(current->__state) == TASK_DEAD))
		capgov_member_bury(ct);
}

static noinline void account_out_otherwise(struct capgov_task *ct)
{
	account_out(ct, ct->sampled, ct->exec_known);
}

/* What is most frequent calls nothing, and so saves no register. */
static void account_sched_out(struct preempt_notifier *notifier,
			      struct task_struct *next)
{
	struct capgov_task *ct = container_of(notifier, struct capgov_task,
					      notifier);

	if (unlikely(ct->sampled || !ct->exec_known))
		account_out_otherwise(ct);
	else
		account_out(ct, false, true);
}

struct preempt_ops capgov_preempt_ops = {
	.sched_in = account_sched_in,
	.sched_out = account_sched_out,
};

/* How current is accounted for; its work has said whether it is in a call. */
static void account_mode(struct capgov_task *ct)
{
	ct->sampled = capgov_samples(ct, ct->group);
	if (ct->sampled)
		ct->in_sys = 0;
}

/* Current's time goes elsewhere from now on, without a gap. */
static void account_move(struct capgov_cpu *cpu, struct capgov_task *ct,
			 struct capgov_group *from)
{
	u64 now = account_touch(cpu, ct);

	capgov_charge_settle(from, cpu->pcpu, NULL);
	WRITE_ONCE(cpu->task, NULL);
	/* Nor half of the one kind of accounting and half of the other. */
	barrier();
	account_mode(ct);
	account_begin(cpu, ct, now, ct->sampled);
}

/**
 * capgov_account_switch() - account for current in another group from now on,
 *	or in another way
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
		account_mode(ct);
		preempt_notifier_register(&ct->notifier);
		account_start(ct, ct->sampled);
	} else {
		account_stop(cpu, ct, sched_clock(), ct->sampled);
		capgov_charge_settle(from, cpu->pcpu, NULL);
		preempt_notifier_unregister(&ct->notifier);
		ct->exec_known = false;
	}
}

/* Preemption is off. */
static struct capgov_group *account_settle(struct capgov_task *ct,
					   unsigned long *waited)
{
	struct capgov_cpu *cpu = this_cpu_ptr(&capgov_cpu);
	u64 now = account_touch(cpu, ct);
	struct capgov_group *short_of;

	short_of = capgov_charge_settle(ct->group, cpu->pcpu, waited);
	cpu->deadline = now + cpu->pcpu->budget_ns;
	ct->due = false;
	if (ct->sampled)
		capgov_sampled_start(cpu, ct->group, now);
	if (!short_of)
		account_arm(cpu, ct->sampled, now, EMPTY_NS);
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
	if (account_settle(ct, NULL))
		capgov_work_queue(ct);
}

/**
 * capgov_account_settle() - charge what current has used so far
 * @ct: current
 * @waited: for which levels it has waited, as capgov_charge_settle() has it
 *
 * Return: the group that has no runtime left, with a reference; NULL if
 * current may go on
 */
struct capgov_group *capgov_account_settle(struct capgov_task *ct,
					   unsigned long *waited)
{
	struct capgov_group *short_of;

	preempt_disable();
	short_of = account_settle(ct, waited);
	if (short_of)
		capgov_group_get(short_of);
	preempt_enable();
	return short_of;
}

/**
 * capgov_account_nudge() - current goes on without runtime: look again soon
 * @ct: current
 * @in_ns: how soon, ns
 */
void capgov_account_nudge(const struct capgov_task *ct, u64 in_ns)
{
	struct capgov_cpu *cpu;

	preempt_disable();
	cpu = this_cpu_ptr(&capgov_cpu);
	account_arm(cpu, ct->sampled, sched_clock(), in_ns);
	preempt_enable();
}

/* This CPU is back; its timer may still be where it was moved. */
static int account_online(unsigned int i)
{
	struct capgov_cpu *cpu = this_cpu_ptr(&capgov_cpu);

	hrtimer_cancel(&cpu->timer);
	WRITE_ONCE(cpu->timer_at, 0);
	return 0;
}

/**
 * capgov_account_init() - set the timers up
 * Return: 0, or -ENOSPC if no state of CPUs is left
 */
int capgov_account_init(void)
{
	int i;

	for_each_possible_cpu(i)
		hrtimer_setup(&per_cpu(capgov_cpu, i).timer, account_timer,
			      CLOCK_MONOTONIC, HRTIMER_MODE_REL_PINNED_HARD);
	hotplug = cpuhp_setup_state_nocalls(CPUHP_AP_ONLINE_DYN, "capgov:online",
					    account_online, NULL);
	return min(hotplug, 0);
}

/**
 * capgov_account_exit() - stop the timers; no task is governed any more
 */
void capgov_account_exit(void)
{
	int i;

	cpuhp_remove_state_nocalls(hotplug);
	for_each_possible_cpu(i)
		hrtimer_cancel(&per_cpu(capgov_cpu, i).timer);
}
