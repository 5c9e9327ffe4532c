// SPDX-License-Identifier: GPL-2.0
/* DOC: The rate of cycles, and what it makes of them. */
#include <linux/delay.h>
#include <linux/sched/clock.h>

#include "clock.h"
#include "suites.h"

/* One cycle a nanosecond. */
#define ONE	(1U << CAPGOV_CLOCK_SHIFT)

struct rate_row {
	const char *name;
	struct capgov_clock from, to;
	u32 rate;
};

static const struct rate_row rate_rows[] = {
	{ "1 GHz", { 0, 0 }, { 1000, 1000 }, ONE },
	{ "4 GHz", { 500, 7000 }, { 1500, 11000 }, ONE / 4 },
	{ "25 MHz", { 500, 7000 }, { 1500, 7025 }, ONE * 40 },
	{ "no counter", { 500, 0 }, { 1500, 0 }, 0 },
	{ "a counter that goes back", { 500, 9 }, { 1500, 8 }, 0 },
	{ "a clock that stands still", { 500, 0 }, { 500, 100 }, 0 },
	{ "a clock that goes back", { 500, 0 }, { 499, 100 }, 0 },
	{ "a counter that wraps", { 500, -1000 }, { 1500, 1000 }, ONE / 2 },
	{ "255 ns a cycle", { 0, 0 }, { 2550, 10 }, ONE * 255U },
	{ "256 ns a cycle", { 0, 0 }, { 2560, 10 }, 0 },
};

static void rate_desc(const struct rate_row *row, char *desc)
{
	strscpy(desc, row->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(rate, rate_rows, rate_desc);

static void the_rate_is_measured(struct kunit *test)
{
	const struct rate_row *row = test->param_value;

	KUNIT_EXPECT_EQ(test, capgov_clock_measure(&row->from, &row->to),
			row->rate);
}

static void a_part_is_never_more_than_all(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, capgov_clock_part(0, 1000, ONE), 0);
	KUNIT_EXPECT_EQ(test, capgov_clock_part(3001, 1000, ONE / 4), 750);
	KUNIT_EXPECT_EQ(test, capgov_clock_part(1001, 1000, ONE), 1000);
	KUNIT_EXPECT_EQ(test, capgov_clock_part(-1, 1000, ONE), 1000);
	KUNIT_EXPECT_EQ(test, capgov_clock_part(U64_MAX / ONE, U64_MAX, ONE),
			U64_MAX / ONE);
	KUNIT_EXPECT_EQ(test,
			capgov_clock_part(U64_MAX / ONE + 1, U64_MAX, ONE),
			U64_MAX);
}

/* What was measured at load says of cycles what the scheduler's clock says. */
static void the_clocks_agree(struct kunit *test)
{
	u64 ns, cycles, part;

	preempt_disable();
	ns = sched_clock();
	cycles = get_cycles();
	mdelay(20);
	ns = sched_clock() - ns;
	cycles = get_cycles() - cycles;
	preempt_enable();
	part = capgov_clock_part(cycles, U64_MAX, capgov_clock_rate);
	KUNIT_EXPECT_LT(test, abs((s64)(part - ns)), ns / 500);
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(the_rate_is_measured, rate_gen_params),
	KUNIT_CASE(a_part_is_never_more_than_all),
	KUNIT_CASE(the_clocks_agree),
	{ }
};

struct kunit_suite capgov_clock_suite = {
	.name = "capgov_clock",
	.test_cases = cases,
};
