/* SPDX-License-Identifier: GPL-2.0 */
/*
 * DOC: The edges of a system call, inlined into the hooks. They read one clock
 * and add to what belongs to this CPU alone. Preemption is off.
 */
#ifndef CAPGOV_ACCOUNT_H
#define CAPGOV_ACCOUNT_H

#include <linux/sched/clock.h>

#include "rooms.h"

/**
 * capgov_account_touch() - account for the time up to now
 * @cpu: this CPU, where a governed task is current
 * @ct: that task
 *
 * Only times read on one CPU are ever compared, so clocks may differ between
 * CPUs; a clock that steps back costs the step.
 *
 * Return: now, on the scheduler's clock, ns
 */
static __always_inline u64 capgov_account_touch(struct capgov_cpu *cpu,
						struct capgov_task *ct)
{
	u64 now = sched_clock();
	s64 delta = now - cpu->stamp;

	cpu->stamp = now;
	if (likely(delta > 0))
		cpu->pcpu->ns[ct->in_sys] += delta;
	return now;
}

/**
 * capgov_account_sys_enter() - current enters a system call
 */
static __always_inline void capgov_account_sys_enter(void)
{
	struct capgov_cpu *cpu = this_cpu_ptr(&capgov_cpu);
	struct capgov_task *ct = cpu->task;

	if (!ct)
		return;
	capgov_account_touch(cpu, ct);
	ct->in_sys = 1;
}

/**
 * capgov_account_sys_exit() - current leaves a system call
 *
 * The entry may not have been seen: the task may have been attached inside.
 */
static __always_inline void capgov_account_sys_exit(void)
{
	struct capgov_cpu *cpu = this_cpu_ptr(&capgov_cpu);
	struct capgov_task *ct = cpu->task;
	u64 now;

	if (!ct)
		return;
	now = capgov_account_touch(cpu, ct);
	ct->in_sys = 0;
	if (unlikely((s64)(now - cpu->deadline) >= 0))
		capgov_account_due(ct);
}

#endif /* CAPGOV_ACCOUNT_H */
