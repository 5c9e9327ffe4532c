// SPDX-License-Identifier: GPL-2.0
/* DOC: From the edges of system calls to USR and SYS. */
#include <linux/delay.h>
#include <linux/sched/clock.h>

#include "account.h"
#include "suites.h"

struct fold_row {
	const char *name;
	bool in_sys;
	u64 cycles[2];
	s64 all_ns;
	u64 ns[2];
};

/* At half a nanosecond a cycle. */
static const struct fold_row fold_rows[] = {
	{ "no edge, USR", false, { 0, 0 }, 5000, { 5000, 0 } },
	{ "no edge, SYS", true, { 0, 0 }, 5000, { 0, 5000 } },
	{ "ends in USR", false, { 7, 4000 }, 5000, { 3000, 2000 } },
	{ "ends in SYS", true, { 4000, 7 }, 5000, { 2000, 3000 } },
	{ "all in the other mode", true, { 10000, 0 }, 5000, { 5000, 0 } },
	{ "too many cycles", true, { 20000, 0 }, 5000, { 5000, 0 } },
	{ "the counter went back", false, { 0, -20000 }, 5000, { 0, 5000 } },
	{ "the clock stood still", false, { 0, 4000 }, 0, { 0, 0 } },
	{ "the clock stepped back", true, { 4000, 0 }, -1000, { 0, 0 } },
};

static void fold_desc(const struct fold_row *row, char *desc)
{
	strscpy(desc, row->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(fold, fold_rows, fold_desc);

/* Nobody is governed meanwhile whom the rate would matter to. */
static void time_is_usr_or_sys(struct kunit *test)
{
	const struct fold_row *row = test->param_value;
	struct capgov_pcpu pcpu = { };
	struct capgov_cpu cpu = { .pcpu = &pcpu, .stamp = 100000 };
	u32 rate = capgov_clock_rate;

	memcpy(cpu.cycles, row->cycles, sizeof(cpu.cycles));
	capgov_clock_rate = 1 << (CAPGOV_CLOCK_SHIFT - 1);
	capgov_account_fold(&cpu, row->in_sys, cpu.stamp + row->all_ns);
	capgov_clock_rate = rate;
	KUNIT_EXPECT_EQ(test, pcpu.ns[0], row->ns[0]);
	KUNIT_EXPECT_EQ(test, pcpu.ns[1], row->ns[1]);
	KUNIT_EXPECT_EQ(test, cpu.stamp, 100000 + max(row->all_ns, 0LL));
	KUNIT_EXPECT_EQ(test, cpu.cycles[0] + cpu.cycles[1], 0);
}

/* On this CPU, between two switches. */
static void edges_change_what_time_is(struct kunit *test)
{
	struct capgov_task ct = { };
	struct capgov_cpu *cpu;
	u64 cycles[2], start, end;
	bool in_call, after;

	preempt_disable();
	cpu = this_cpu_ptr(&capgov_cpu);
	start = get_cycles() - 3000000;
	cpu->mark = start;
	cpu->deadline = sched_clock() + 1000 * NSEC_PER_SEC;
	cpu->edges = &ct;
	capgov_account_sys_enter();
	in_call = ct.in_sys;
	cpu->mark -= 2000000;
	capgov_account_sys_exit();
	after = ct.in_sys;
	/* A call that was refused before its entry was seen. */
	cpu->mark -= 1000000;
	capgov_account_sys_exit();
	end = cpu->mark;
	cpu->edges = NULL;
	/* Nobody is governed here: nothing is accounted. */
	capgov_account_sys_enter();
	capgov_account_sys_exit();
	memcpy(cycles, cpu->cycles, sizeof(cycles));
	memset(cpu->cycles, 0, sizeof(cpu->cycles));
	preempt_enable();
	KUNIT_EXPECT_TRUE(test, in_call);
	KUNIT_EXPECT_FALSE(test, after);
	KUNIT_EXPECT_GE(test, cycles[0], 4000000);
	KUNIT_EXPECT_GE(test, cycles[1], 2000000);
	KUNIT_EXPECT_LT(test, cycles[1], 3000000);
	KUNIT_EXPECT_EQ(test, cycles[0] + cycles[1], end - start + 3000000);
}

/*
 * As if a hypervisor had taken all of a run: it is charged, but not once more.
 * Interrupts are off, since at a tick the scheduler would count some of it.
 */
static void what_did_not_run_is_paid_back(struct kunit *test)
{
	struct capgov_group *group = suites_group(test, "g", NULL, "none", 50000);
	struct capgov_task ct = { .group = group };
	u64 ahead, charged, again;
	struct capgov_pcpu *pcpu;
	unsigned long flags;

	preempt_notifier_init(&ct.notifier, &capgov_preempt_ops);
	preempt_notifier_inc();
	local_irq_save(flags);
	pcpu = this_cpu_ptr(group->pcpu);
	pcpu->budget_ns = NSEC_PER_SEC;
	capgov_account_switch(&ct, NULL);
	ct.exec_ns = current->se.sum_exec_runtime;
	ct.exec_known = true;
	mdelay(1);
	capgov_account_fold(this_cpu_ptr(&capgov_cpu), false, sched_clock());
	charged = pcpu->ns[0];
	capgov_preempt_ops.sched_out(&ct.notifier, current);
	ahead = ct.ahead_ns;
	capgov_preempt_ops.sched_in(&ct.notifier, smp_processor_id());
	capgov_account_fold(this_cpu_ptr(&capgov_cpu), false, sched_clock());
	again = pcpu->ns[0] - charged;
	ct.group = NULL;
	capgov_account_switch(&ct, group);
	local_irq_restore(flags);
	preempt_notifier_dec();
	KUNIT_EXPECT_GT(test, charged, 0);
	KUNIT_EXPECT_EQ(test, ahead, charged);
	KUNIT_EXPECT_EQ(test, again, 0);
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(time_is_usr_or_sys, fold_gen_params),
	KUNIT_CASE(edges_change_what_time_is),
	KUNIT_CASE(what_did_not_run_is_paid_back),
	{ }
};

struct kunit_suite capgov_account_suite = {
	.name = "capgov_account",
	.exit = suites_exit,
	.test_cases = cases,
};
