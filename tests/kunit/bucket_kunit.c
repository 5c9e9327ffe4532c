// SPDX-License-Identifier: GPL-2.0
/* DOC: The bucket as the kernel compiles it, by the tables of tests/unit. */
#include "bucket_cases.h"
#include "suites.h"

static void rate_desc(const struct bucket_rate *r, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%llu us in %llu us", r->quota_us,
		 r->period_us);
}

KUNIT_ARRAY_PARAM(rates, bucket_rates, rate_desc);
KUNIT_ARRAY_PARAM(ready, bucket_ready, rate_desc);
KUNIT_ARRAY_PARAM(long, bucket_long, rate_desc);

static void starts_with_one_quota(struct kunit *test)
{
	struct capgov_bucket b;

	capgov_bucket_init(&b, 0, 50000, 100000, 20000);
	KUNIT_EXPECT_EQ(test, b.level_ns, 50 * MS);
	capgov_bucket_accrue(&b, 10 * NSEC_PER_SEC);
	KUNIT_EXPECT_EQ(test, b.level_ns, 70 * MS);
}

static void accrues_at_the_rate(struct kunit *test)
{
	const struct bucket_rate *r = test->param_value;
	unsigned int i, n;

	for (i = 0; i < ARRAY_SIZE(bucket_steps); i++) {
		struct capgov_bucket b;
		u64 now = 0;
		s64 want;

		capgov_bucket_init(&b, 0, r->quota_us, r->period_us, 0);
		b.capacity_ns = S64_MAX / 2;
		b.level_ns = 0;
		for (n = 0; n < 1000; n++) {
			now += bucket_steps[i];
			capgov_bucket_accrue(&b, now);
		}
		want = mul_u64_u64_div_u64(now, r->quota_us, r->period_us);
		KUNIT_EXPECT_GE(test, want, b.level_ns);
		KUNIT_EXPECT_LE(test, want - b.level_ns,
				1 + (s64)(now >> CAPGOV_RATE_SHIFT));
	}
}

static void takes_into_debt_down_to_a_floor(struct kunit *test)
{
	struct capgov_bucket b;
	u64 floor;

	capgov_bucket_init(&b, 0, 50000, 100000, 0);
	KUNIT_EXPECT_EQ(test, capgov_bucket_debt(&b), 0);
	capgov_bucket_take(&b, 80 * MS);
	KUNIT_EXPECT_EQ(test, capgov_bucket_debt(&b), 30 * MS);
	capgov_bucket_take(&b, U64_MAX);
	floor = capgov_bucket_debt(&b);
	capgov_bucket_take(&b, 1);
	capgov_bucket_take(&b, S64_MAX);
	KUNIT_EXPECT_EQ(test, capgov_bucket_debt(&b), floor);
	capgov_bucket_accrue(&b, U64_MAX);
	KUNIT_EXPECT_EQ(test, b.level_ns, b.capacity_ns);
}

static void time_never_runs_back(struct kunit *test)
{
	struct capgov_bucket b;

	capgov_bucket_init(&b, 0, 50000, 100000, 0);
	capgov_bucket_take(&b, 50 * MS);
	capgov_bucket_accrue(&b, 10 * MS);
	capgov_bucket_accrue(&b, 4 * MS);
	KUNIT_EXPECT_EQ(test, b.level_ns, 5 * MS);
	capgov_bucket_accrue(&b, 12 * MS);
	KUNIT_EXPECT_EQ(test, b.level_ns, 6 * MS);
}

/* At the instant it names there is enough, and a nanosecond earlier not. */
static void when_ready_is_exact(struct kunit *test)
{
	const struct bucket_rate *r = test->param_value;
	u64 used, in;

	for (used = 1; used < 2 * NSEC_PER_SEC; used = used * 3 + 1) {
		struct capgov_bucket b, early;

		capgov_bucket_init(&b, 0, r->quota_us, r->period_us, 0);
		b.level_ns = 0;
		capgov_bucket_take(&b, used);
		in = capgov_bucket_when_ready(&b, 0);
		early = b;
		capgov_bucket_accrue(&early, in - 1);
		KUNIT_EXPECT_LT(test, early.level_ns, 0);
		capgov_bucket_accrue(&b, in);
		KUNIT_EXPECT_GE(test, b.level_ns, 0);
		KUNIT_EXPECT_EQ(test, capgov_bucket_when_ready(&b, 0), 0);
	}
}

/* The parts end, when they should. */
static void long_waits_come_in_parts(struct kunit *test)
{
	const struct bucket_rate *r = test->param_value;
	u64 want = 3600 * NSEC_PER_SEC / r->quota_us * r->period_us;
	struct capgov_bucket b;
	unsigned int parts = 0;
	u64 now = 0;

	capgov_bucket_init(&b, 0, r->quota_us, r->period_us, 0);
	b.level_ns = 0;
	capgov_bucket_take(&b, 3600 * NSEC_PER_SEC);
	while (b.level_ns < 0 && parts++ < 1000) {
		now += capgov_bucket_when_ready(&b, 0);
		capgov_bucket_accrue(&b, now);
	}
	KUNIT_EXPECT_GE(test, b.level_ns, 0);
	KUNIT_EXPECT_GE(test, now, want - want / 1000000);
	KUNIT_EXPECT_LE(test, now, want + want / 400000);
}

static void a_change_keeps_level_and_debt(struct kunit *test)
{
	struct capgov_bucket b;

	capgov_bucket_init(&b, 0, 50000, 100000, 0);
	capgov_bucket_take(&b, 70 * MS);
	capgov_bucket_set(&b, 20 * MS, 10000, 100000, 0);
	KUNIT_EXPECT_EQ(test, b.level_ns, -10 * MS);
	capgov_bucket_accrue(&b, 10 * NSEC_PER_SEC);
	capgov_bucket_set(&b, 10 * NSEC_PER_SEC, 5000, 100000, 0);
	KUNIT_EXPECT_EQ(test, b.level_ns, 5 * MS);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(starts_with_one_quota),
	KUNIT_CASE_PARAM(accrues_at_the_rate, rates_gen_params),
	KUNIT_CASE(takes_into_debt_down_to_a_floor),
	KUNIT_CASE(time_never_runs_back),
	KUNIT_CASE_PARAM(when_ready_is_exact, ready_gen_params),
	KUNIT_CASE_PARAM(long_waits_come_in_parts, long_gen_params),
	KUNIT_CASE(a_change_keeps_level_and_debt),
	{}
};

struct kunit_suite capgov_bucket_suite = {
	.name = "capgov_bucket",
	.test_cases = cases,
};
