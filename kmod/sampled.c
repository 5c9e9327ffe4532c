// SPDX-License-Identifier: GPL-2.0
/*
 * DOC: Sampled accounting: no hook on system calls; while a task of a sampled
 * group runs, this CPU's timer rings at random (see sample.h) and looks what it
 * does. Unlike in account.c the interrupt changes accounts, so whoever else
 * does keeps it off meanwhile.
 *
 * On nohz_full CPUs the kernel itself looks at every edge of user mode: there
 * its times are taken, without samples, and the timer rings at the deadline.
 *
 * A sample whose interrupt is so late that its task has left user mode by then is
 * SYS. Where interrupts take microseconds, as in some virtual machines, USR in
 * bursts of not many of them comes out short.
 *
 * Time is charged once it has been sampled. The budget is looked at then too,
 * so that a task runs past it by one interval at most, which becomes debt.
 */
#include <linux/minmax.h>
#include <linux/random.h>
#include <linux/sched/clock.h>
#include <linux/sched/task_stack.h>
#include <linux/siphash.h>
#include <asm/irq_regs.h>
#include <asm/syscall.h>

#include "rooms.h"

/* Where times are exact: how soon the timer rings at least, and once more. */
#define EXACT_LEAST_NS	(50 * NSEC_PER_USEC)
#define EXACT_AGAIN_NS	(1 * NSEC_PER_MSEC)

/*
 * Who spins sees when samples come. Of a plain generator it could tell from some
 * of them when the others will; not so of a keyed hash of their number.
 */
static siphash_key_t sampled_key;
static DEFINE_PER_CPU(u64, sampled_nr);

/*
 * Faults and interrupts in user mode are USR: the user's registers tell whether
 * they were saved by a system call. What we do to a task at the end of its call
 * is none of it, as with exact accounting.
 */
static bool sampled_called(const struct capgov_cpu *cpu)
{
	return !test_bit(CAPGOV_T_WORKING, &cpu->task->flags) &&
	       syscall_get_nr(current, task_pt_regs(current)) != -1;
}

/* Interrupts are off. */
static void sampled_draw(struct capgov_cpu *cpu, u64 now)
{
	u32 random = siphash_2u64(smp_processor_id(),
				  __this_cpu_inc_return(sampled_nr),
				  &sampled_key);

	cpu->sample_at = now + capgov_sample_interval(random, cpu->mean_ns);
}

/**
 * capgov_sampled_start() - a sampled task runs here: when is its next sample?
 * @cpu: this CPU, its account set; preemption is off
 * @group: the task's
 * @now: on the scheduler's clock, ns
 *
 * One that has been drawn with the same mean is as good as a new one, but for
 * those that came while nobody was sampled.
 */
void capgov_sampled_start(struct capgov_cpu *cpu,
			  const struct capgov_group *group, u64 now)
{
	u64 mean_ns = cpu->pcpu->mean_ns ?: READ_ONCE(group->mean_ns);
	unsigned long flags;

	cpu->exact = capgov_user_time(&cpu->user_ns);
	if (cpu->exact) {
		cpu->sample_at = max(cpu->deadline, now + EXACT_LEAST_NS);
		return;
	}
	local_irq_save(flags);
	/* Past, or too far ahead after the clock stepped back. */
	if (cpu->mean_ns != mean_ns ||
	    cpu->sample_at - now - 1 > CAPGOV_SAMPLE_MAX * mean_ns) {
		cpu->mean_ns = mean_ns;
		sampled_draw(cpu, now);
	}
	local_irq_restore(flags);
}

/* The time @ns up to now, by the kernel's own times. Interrupts are off. */
static void sampled_split(struct capgov_cpu *cpu, u64 ns)
{
	u64 user = cpu->user_ns, usr;

	capgov_user_time(&cpu->user_ns);
	usr = min(cpu->user_ns - user, ns);
	cpu->pcpu->ns[0] += usr;
	cpu->pcpu->ns[1] += ns - usr;
}

/**
 * capgov_sampled_fold() - account for the time up to @now
 * @cpu: this CPU, where a sampled task is current
 * @now: on the scheduler's clock, ns
 */
void capgov_sampled_fold(struct capgov_cpu *cpu, u64 now)
{
	unsigned long flags;
	u64 ns;

	local_irq_save(flags);
	ns = max_t(s64, now - cpu->stamp, 0);
	if (cpu->exact)
		sampled_split(cpu, ns);
	else
		cpu->pcpu->sampler.pending_ns += ns;
	cpu->stamp += ns;
	local_irq_restore(flags);
}

/* Interrupts are off. Return: whether a sample was due, and taken. */
static bool sampled_take(struct capgov_cpu *cpu, u64 now, bool in_user)
{
	if ((s64)(cpu->sample_at - now) > 0)
		return false;
	if (cpu->exact) {
		cpu->sample_at = now + EXACT_AGAIN_NS;
		return true;
	}
	capgov_sample_hit(&cpu->pcpu->sampler, cpu->pcpu->ns,
			  !in_user && sampled_called(cpu));
	sampled_draw(cpu, now);
	return true;
}

/**
 * capgov_sampled_stop() - account for the time up to @now, when it leaves
 * @cpu: this CPU, where a sampled task is current
 * @now: on the scheduler's clock, ns
 *
 * Its time is longer than that in which the timer could find it, at both ends,
 * which are the kernel's. A sample due by now is taken now.
 */
void capgov_sampled_stop(struct capgov_cpu *cpu, u64 now)
{
	unsigned long flags;

	capgov_sampled_fold(cpu, now);
	local_irq_save(flags);
	sampled_take(cpu, now, false);
	local_irq_restore(flags);
}

/**
 * capgov_sampled_ring() - the timer has rung; take a sample if one is due
 * @cpu: this CPU, where a sampled task is current. In its interrupt.
 * @now: on the scheduler's clock, ns
 * Return: whether the task has used up its budget
 */
bool capgov_sampled_ring(struct capgov_cpu *cpu, u64 now)
{
	struct pt_regs *regs = get_irq_regs();

	capgov_sampled_fold(cpu, now);
	return sampled_take(cpu, now, regs && user_mode(regs)) &&
	       (s64)(cpu->deadline - now) <= 0;
}

/**
 * capgov_sampled_init() - get the key of the random numbers
 */
void capgov_sampled_init(void)
{
	get_random_bytes(&sampled_key, sizeof(sampled_key));
}
