/* SPDX-License-Identifier: GPL-2.0 */
/*
 * DOC: The edges of a system call, inlined into the hooks. They read the
 * counter of cycles and add to what belongs to this CPU alone; those of a task
 * that is sampled are passed over. Preemption is off.
 */
#ifndef CAPGOV_ACCOUNT_H
#define CAPGOV_ACCOUNT_H

#include "clock.h"
#include "rooms.h"

/**
 * capgov_account_fold() - account for the time up to @now
 * @cpu: this CPU, where a task is current that is accounted for exactly
 * @in_sys: the mode it is in, as in its in_sys
 * @now: on the scheduler's clock, ns
 *
 * Cycles say how long it was in the other mode; the rest goes to its own. Only
 * times read on one CPU are ever compared, so clocks may differ between CPUs. What
 * lies before the stamp has been accounted for.
 */
static __always_inline void capgov_account_fold(struct capgov_cpu *cpu,
						unsigned long in_sys, u64 now)
{
	s64 all = max_t(s64, now - cpu->stamp, 0);
	struct capgov_pcpu *pcpu = cpu->pcpu;
	u64 other = capgov_clock_part(cpu->cycles[!in_sys], all,
				      capgov_clock_rate);

	cpu->stamp += all;
	cpu->cycles[0] = 0;
	cpu->cycles[1] = 0;
	pcpu->ns[!in_sys] += other;
	pcpu->ns[in_sys] += all - other;
}

/*
 * What ends now began at the last edge, settlement or switch-in. A call that is
 * refused at its entry (seccomp) has no edge but its exit: the mode that ends is
 * the one the task was in, not the one it should have been in.
 */
static __always_inline void account_edge(struct capgov_task *ct, bool in_sys)
{
	u64 now = get_cycles();

	__this_cpu_add(capgov_cpu.cycles[ct->in_sys],
		       now - __this_cpu_read(capgov_cpu.mark));
	__this_cpu_write(capgov_cpu.mark, now);
	ct->in_sys = in_sys;
}

/**
 * capgov_account_sys_enter() - current enters a system call
 */
static __always_inline void capgov_account_sys_enter(void)
{
	struct capgov_task *ct = __this_cpu_read(capgov_cpu.edges);

	if (ct)
		account_edge(ct, true);
}

/**
 * capgov_account_sys_exit() - current leaves a system call
 */
static __always_inline void capgov_account_sys_exit(void)
{
	struct capgov_task *ct = __this_cpu_read(capgov_cpu.edges);

	if (!ct)
		return;
	account_edge(ct, false);
	if (unlikely(ct->due))
		capgov_account_due(ct);
}

#endif /* CAPGOV_ACCOUNT_H */
