// SPDX-License-Identifier: GPL-2.0
/* The bucket: what accrues, what is taken, when it is ready. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "bucket.h"
#include "bucket_cases.h"
#include "libcapgov/util.h"

#define MS	1000000LL
#define SEC	1000000000LL

static struct capgov_bucket bucket(__u64 quota_us, __u64 period_us,
				   __u64 burst_us)
{
	struct capgov_bucket b;

	capgov_bucket_init(&b, 0, quota_us, period_us, burst_us);
	return b;
}

static void starts_with_one_quota(void **state)
{
	struct capgov_bucket b = bucket(50000, 100000, 20000);

	assert_int_equal(b.level_ns, 50 * MS);
	assert_int_equal(b.capacity_ns, 70 * MS);
	capgov_bucket_accrue(&b, 10 * SEC);
	assert_int_equal(b.level_ns, 70 * MS);
}

/* Whatever the rate and however often one looks, nothing is lost or made. */
static void accrues_at_the_rate(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(bucket_rates); i++) {
		for (size_t j = 0; j < ARRAY_SIZE(bucket_steps); j++) {
			struct capgov_bucket b = bucket(bucket_rates[i].quota_us,
							bucket_rates[i].period_us, 0);
			__u64 now = 0, n = 20000;
			__s64 want;

			/* Deep enough that it does not get full. */
			b.capacity_ns = INT64_MAX / 2;
			b.level_ns = 0;
			while (n--) {
				now += bucket_steps[j];
				capgov_bucket_accrue(&b, now);
			}
			want = (__uint128_t)now * bucket_rates[i].quota_us /
			       bucket_rates[i].period_us;
			assert_in_range(want - b.level_ns, 0,
					1 + (now >> CAPGOV_RATE_SHIFT));
		}
	}
}

static void takes_into_debt(void **state)
{
	struct capgov_bucket b = bucket(50000, 100000, 0);

	assert_int_equal(capgov_bucket_debt(&b), 0);
	capgov_bucket_take(&b, 80 * MS);
	assert_int_equal(b.level_ns, -30 * MS);
	assert_int_equal(capgov_bucket_debt(&b), 30 * MS);
	capgov_bucket_accrue(&b, 60 * MS);
	assert_int_equal(b.level_ns, 0);
}

static void debt_has_a_floor(void **state)
{
	struct capgov_bucket b = bucket(50000, 100000, 0);
	__u64 floor;

	capgov_bucket_take(&b, UINT64_MAX);
	floor = capgov_bucket_debt(&b);
	capgov_bucket_take(&b, 1);
	capgov_bucket_take(&b, INT64_MAX);
	assert_int_equal(capgov_bucket_debt(&b), floor);
	capgov_bucket_accrue(&b, UINT64_MAX);
	assert_int_equal(b.level_ns, b.capacity_ns);
}

static void time_never_runs_back(void **state)
{
	struct capgov_bucket b = bucket(50000, 100000, 0);

	capgov_bucket_take(&b, 50 * MS);
	capgov_bucket_accrue(&b, 10 * MS);
	capgov_bucket_accrue(&b, 4 * MS);
	assert_int_equal(b.level_ns, 5 * MS);
	capgov_bucket_accrue(&b, 12 * MS);
	assert_int_equal(b.level_ns, 6 * MS);
}

/* At the instant it names there is enough, and a nanosecond earlier not. */
static void when_ready_is_exact(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(bucket_ready); i++) {
		for (__u64 used = 1; used < 2 * SEC; used = used * 3 + 1) {
			struct capgov_bucket b = bucket(bucket_ready[i].quota_us,
							bucket_ready[i].period_us, 0);
			struct capgov_bucket early;
			__u64 in;

			b.level_ns = 0;
			capgov_bucket_take(&b, used);
			in = capgov_bucket_when_ready(&b, 0);
			early = b;
			capgov_bucket_accrue(&early, in - 1);
			assert_true(early.level_ns < 0);
			capgov_bucket_accrue(&b, in);
			assert_true(b.level_ns >= 0);
			assert_int_equal(capgov_bucket_when_ready(&b, 0), 0);
		}
	}
}

/* The parts end, when they should. */
static void long_waits_come_in_parts(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(bucket_long); i++) {
		const struct bucket_rate *r = &bucket_long[i];
		struct capgov_bucket b = bucket(r->quota_us, r->period_us, 0);
		__u64 want = 3600 * SEC / r->quota_us * r->period_us;
		__u64 now = 0, parts = 0;

		b.level_ns = 0;
		capgov_bucket_take(&b, 3600 * SEC);
		while (b.level_ns < 0) {
			now += capgov_bucket_when_ready(&b, 0);
			capgov_bucket_accrue(&b, now);
			assert_in_range(++parts, 1, 1000);
		}
		assert_true(parts > 1);
		/* The rate is rounded down, at 0.0001 CPU by 2.4e-6 of it at most. */
		assert_in_range(now, want - want / 1000000, want + want / 400000);
	}
}

static void a_change_keeps_level_and_debt(void **state)
{
	struct capgov_bucket b = bucket(50000, 100000, 0);

	capgov_bucket_take(&b, 70 * MS);
	capgov_bucket_set(&b, 20 * MS, 10000, 100000, 0);
	assert_int_equal(b.level_ns, -10 * MS);
	capgov_bucket_accrue(&b, 120 * MS);
	assert_in_range(capgov_bucket_debt(&b), 0, 1);
	capgov_bucket_accrue(&b, 10 * SEC);
	capgov_bucket_set(&b, 10 * SEC, 5000, 100000, 0);
	assert_int_equal(b.level_ns, 5 * MS);
}

/* However often it is set, nothing is lost or made. */
static void a_change_keeps_parts_of_a_ns(void **state)
{
	struct capgov_bucket b = bucket(100, 1000000, 0);

	b.level_ns = 0;
	for (__u64 now = 0; now <= 100 * MS; now += 1000)
		capgov_bucket_set(&b, now, 100, 1000000, 0);
	assert_in_range(b.level_ns, 9999, 10000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(starts_with_one_quota),
		cmocka_unit_test(accrues_at_the_rate),
		cmocka_unit_test(takes_into_debt),
		cmocka_unit_test(debt_has_a_floor),
		cmocka_unit_test(time_never_runs_back),
		cmocka_unit_test(when_ready_is_exact),
		cmocka_unit_test(long_waits_come_in_parts),
		cmocka_unit_test(a_change_keeps_level_and_debt),
		cmocka_unit_test(a_change_keeps_parts_of_a_ns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
