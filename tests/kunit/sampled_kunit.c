// SPDX-License-Identifier: GPL-2.0
/* DOC: When samples are taken and what becomes of time between them. */
#include "suites.h"

#define NOW	(1000 * MS)

struct ring_row {
	const char *name;
	s64 sample_in, deadline_in;
	bool used_up, taken;
};

static const struct ring_row ring_rows[] = {
	{ "too early", 1, 1000, false, false },
	{ "too early, past the deadline", 1, -1, false, false },
	{ "a sample", 0, 1, false, true },
	{ "a late sample", -1000, 1, false, true },
	{ "at the deadline", 0, 0, true, true },
	{ "past the deadline", 0, -1000, true, true },
};

static void ring_desc(const struct ring_row *row, char *desc)
{
	strscpy(desc, row->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(ring, ring_rows, ring_desc);

static void a_sample_is_taken_when_it_is_due(struct kunit *test)
{
	const struct ring_row *row = test->param_value;
	struct capgov_pcpu pcpu = { .sampler.pending_ns = 1 << 20 };
	struct capgov_task ct = { };
	struct capgov_cpu cpu = {
		.task = &ct,
		.pcpu = &pcpu,
		.stamp = NOW - (1 << 20),
		.mean_ns = MS,
		.sample_at = NOW + row->sample_in,
		.deadline = NOW + row->deadline_in,
	};
	u64 all = row->taken ? 2 << 20 : 0;
	bool used_up;

	local_irq_disable();
	used_up = capgov_sampled_ring(&cpu, NOW);
	local_irq_enable();
	KUNIT_EXPECT_EQ(test, used_up, row->used_up);
	KUNIT_EXPECT_EQ(test, pcpu.ns[0] + pcpu.ns[1], all);
	KUNIT_EXPECT_EQ(test, pcpu.sampler.pending_ns, row->taken ? 0 : 2 << 20);
	KUNIT_EXPECT_EQ(test, pcpu.sampler.squares, row->taken ? 1 << 22 : 0);
	KUNIT_EXPECT_EQ(test, cpu.stamp, NOW);
	KUNIT_EXPECT_LE(test, NOW, cpu.sample_at);
	KUNIT_EXPECT_GE(test, NOW + 23 * MS, cpu.sample_at);
}

/* Whoever leaves takes the sample that was due meanwhile, and no other. */
static void a_sample_is_not_missed_at_the_end(struct kunit *test)
{
	struct capgov_pcpu pcpu = { };
	struct capgov_task ct = { };
	struct capgov_cpu cpu = {
		.task = &ct, .pcpu = &pcpu, .stamp = NOW, .mean_ns = MS,
		.sample_at = NOW + 10,
	};

	/* What the work does is USR. */
	set_bit(CAPGOV_T_WORKING, &ct.flags);
	capgov_sampled_stop(&cpu, NOW + 9);
	KUNIT_EXPECT_EQ(test, pcpu.sampler.pending_ns, 9);
	capgov_sampled_stop(&cpu, NOW + 12);
	KUNIT_EXPECT_EQ(test, pcpu.sampler.pending_ns, 0);
	KUNIT_EXPECT_EQ(test, pcpu.ns[0], 12);
	KUNIT_EXPECT_LE(test, NOW + 12, cpu.sample_at);
}

static void time_waits_for_a_sample(struct kunit *test)
{
	struct capgov_pcpu pcpu = { };
	struct capgov_cpu cpu = { .pcpu = &pcpu, .stamp = NOW };

	capgov_sampled_fold(&cpu, NOW + 5);
	capgov_sampled_fold(&cpu, NOW + 7);
	/* Nothing is accounted for twice. */
	capgov_sampled_fold(&cpu, NOW + 3);
	KUNIT_EXPECT_EQ(test, pcpu.sampler.pending_ns, 7);
	KUNIT_EXPECT_EQ(test, cpu.stamp, NOW + 7);
	KUNIT_EXPECT_EQ(test, pcpu.ns[0] + pcpu.ns[1], 0);
}

static void a_sample_that_is_good_enough_stays(struct kunit *test)
{
	struct capgov_group *group = suites_group(test, "g", NULL, "total",
						  CAPGOV_QUOTA_MAX);
	struct capgov_pcpu pcpu = { };
	struct capgov_cpu cpu = { .pcpu = &pcpu };

	capgov_sampled_start(&cpu, group, NOW);
	KUNIT_EXPECT_EQ(test, cpu.mean_ns, group->mean_ns);
	KUNIT_EXPECT_LE(test, NOW, cpu.sample_at);
	cpu.sample_at = NOW + 50 * MS;
	capgov_sampled_start(&cpu, group, NOW + MS);
	KUNIT_EXPECT_EQ(test, cpu.sample_at, NOW + 50 * MS);
	/* Another mean, for a cap further up. */
	pcpu.mean_ns = MS;
	capgov_sampled_start(&cpu, group, NOW + MS);
	KUNIT_EXPECT_EQ(test, cpu.mean_ns, MS);
	KUNIT_EXPECT_GT(test, NOW + 50 * MS, cpu.sample_at);
	/* The clock has stepped back. */
	capgov_sampled_start(&cpu, group, NOW - 1000 * MS);
	KUNIT_EXPECT_GT(test, NOW, cpu.sample_at);
	/* One that came while nobody was sampled. */
	cpu.sample_at = NOW;
	capgov_sampled_start(&cpu, group, NOW + 30 * MS);
	KUNIT_EXPECT_LE(test, NOW + 30 * MS, cpu.sample_at);
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(a_sample_is_taken_when_it_is_due, ring_gen_params),
	KUNIT_CASE(a_sample_is_not_missed_at_the_end),
	KUNIT_CASE(time_waits_for_a_sample),
	KUNIT_CASE(a_sample_that_is_good_enough_stays),
	{ }
};

struct kunit_suite capgov_sampled_suite = {
	.name = "capgov_sampled",
	.exit = suites_exit,
	.test_cases = cases,
};
