// SPDX-License-Identifier: GPL-2.0
/* DOC: From the edges of system calls to USR and SYS. */
#include "account.h"
#include "suites.h"

/* A CPU of nobody's, with a task whose time was accounted @ago_ns ago. */
static s64 touched(bool in_sys, s64 ago_ns, u64 ns[2])
{
	struct capgov_pcpu pcpu = { };
	struct capgov_cpu cpu = { .pcpu = &pcpu };
	struct capgov_task ct = { .in_sys = in_sys };
	u64 start = sched_clock() - ago_ns, now;

	cpu.stamp = start;
	now = capgov_account_touch(&cpu, &ct);
	ns[0] = pcpu.ns[0];
	ns[1] = pcpu.ns[1];
	return cpu.stamp == now ? now - start : S64_MIN;
}

static void time_is_usr_or_sys(struct kunit *test)
{
	u64 ns[2];
	s64 all;
	int sys;

	for (sys = 0; sys < 2; sys++) {
		all = touched(sys, 5 * MS, ns);
		KUNIT_EXPECT_GE(test, all, 5 * MS);
		KUNIT_EXPECT_EQ(test, ns[sys], all);
		KUNIT_EXPECT_EQ(test, ns[!sys], 0);
	}
}

static void a_clock_that_steps_back_costs_the_step(struct kunit *test)
{
	u64 ns[2];

	KUNIT_EXPECT_LT(test, touched(false, -1000 * MS, ns), 0);
	KUNIT_EXPECT_EQ(test, ns[0], 0);
	KUNIT_EXPECT_EQ(test, ns[1], 0);
}

/* On this CPU, between two switches. */
static void edges_change_what_time_is(struct kunit *test)
{
	struct capgov_pcpu pcpu = { };
	struct capgov_task ct = { };
	struct capgov_cpu *cpu;
	bool in_call, after;
	u64 start, end;

	preempt_disable();
	cpu = this_cpu_ptr(&capgov_cpu);
	cpu->pcpu = &pcpu;
	start = sched_clock() - 3 * MS;
	cpu->stamp = start;
	cpu->deadline = start + NSEC_PER_SEC * 1000;
	cpu->task = &ct;
	capgov_account_sys_enter();
	in_call = ct.in_sys;
	cpu->stamp -= 2 * MS;
	capgov_account_sys_exit();
	after = ct.in_sys;
	end = cpu->stamp;
	cpu->task = NULL;
	/* Nobody is governed here: nothing is accounted. */
	capgov_account_sys_enter();
	capgov_account_sys_exit();
	preempt_enable();
	KUNIT_EXPECT_TRUE(test, in_call);
	KUNIT_EXPECT_FALSE(test, after);
	KUNIT_EXPECT_GE(test, pcpu.ns[0], 3 * MS);
	KUNIT_EXPECT_GE(test, pcpu.ns[1], 2 * MS);
	KUNIT_EXPECT_EQ(test, pcpu.ns[0] + pcpu.ns[1], end - start + 2 * MS);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(time_is_usr_or_sys),
	KUNIT_CASE(a_clock_that_steps_back_costs_the_step),
	KUNIT_CASE(edges_change_what_time_is),
	{ }
};

struct kunit_suite capgov_account_suite = {
	.name = "capgov_account",
	.test_cases = cases,
};
