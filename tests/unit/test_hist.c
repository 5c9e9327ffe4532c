// SPDX-License-Identifier: GPL-2.0
/* What the histogram of times promises: exact when small, 1/128 when not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "govload/hist.h"
#include "libcapgov/util.h"

static struct hist h, other;

static int reset(void **state)
{
	(void)state;
	memset(&h, 0, sizeof(h));
	memset(&other, 0, sizeof(other));
	return 0;
}

static void an_empty_one_is_all_zero(void **state)
{
	(void)state;
	assert_int_equal(hist_percentile(&h, 500000), 0);
	assert_int_equal(hist_percentile(&h, 1000000), 0);
	assert_int_equal(h.max, 0);
}

static void small_values_are_exact(void **state)
{
	__u64 v;

	for (v = 0; v < HIST_SUB; v++) {
		reset(state);
		hist_record(&h, v);
		hist_record(&h, 1000);
		assert_int_equal(hist_percentile(&h, 500000), v);
	}
}

/* Around every power of two, where one width of bucket meets the next. */
static void the_error_is_bounded(void **state)
{
	int bit, off;

	for (bit = HIST_SUB_BITS; bit < HIST_TOP_BITS; bit++) {
		for (off = -2; off <= 2; off++) {
			__u64 v = (1ULL << bit) + off, seen;

			reset(state);
			hist_record(&h, v);
			hist_record(&h, 1ULL << HIST_TOP_BITS);
			seen = hist_percentile(&h, 500000);
			assert_in_range(seen, v, v + v / HIST_SUB);
		}
	}
}

static void order_is_kept(void **state)
{
	__u64 v, seen, last = 0;

	for (v = 1; v < 1ULL << HIST_TOP_BITS; v += v / 300 + 1) {
		reset(state);
		hist_record(&h, v);
		hist_record(&h, ~0ULL);
		seen = hist_percentile(&h, 500000);
		assert_true(seen >= last);
		last = seen;
	}
}

static void percentiles_count_from_the_smallest(void **state)
{
	static const struct {
		unsigned int ppm;
		__u64 value;
	} expected[] = {
		{ 0, 1 }, { 1, 1 }, { 10000, 1 }, { 10001, 2 },
		{ 500000, 50 }, { 500001, 51 }, { 990000, 99 },
		{ 999000, 100 }, { 1000000, 100 },
	};
	size_t i;
	__u64 v;

	(void)state;
	for (v = 100; v; v--)
		hist_record(&h, v);
	for (i = 0; i < ARRAY_SIZE(expected); i++)
		assert_int_equal(hist_percentile(&h, expected[i].ppm),
				 expected[i].value);
}

static void the_top_is_the_largest_value_seen(void **state)
{
	(void)state;
	hist_record(&h, 1000001);
	hist_record(&h, 1000003);
	assert_int_equal(hist_percentile(&h, 1000000), 1000003);
	assert_int_equal(hist_percentile(&h, 500000), 1000003);
}

static void what_is_off_the_scale_is_still_counted(void **state)
{
	(void)state;
	hist_record(&h, 5);
	hist_record(&h, 1ULL << HIST_TOP_BITS);
	hist_record(&h, ~0ULL);
	assert_int_equal(h.count, 3);
	assert_int_equal(h.max, ~0ULL);
	assert_int_equal(hist_percentile(&h, 333333), 5);
	assert_int_equal(hist_percentile(&h, 500000), ~0ULL);
}

static void large_counts_do_not_overflow(void **state)
{
	(void)state;
	h.bucket[1] = 1ULL << 62;
	h.bucket[2] = 1ULL << 62;
	h.count = 1ULL << 63;
	h.max = 2;
	assert_int_equal(hist_percentile(&h, 499999), 1);
	assert_int_equal(hist_percentile(&h, 500001), 2);
}

static void merging_is_recording_all(void **state)
{
	__u64 v;

	(void)state;
	for (v = 1; v <= 50; v++)
		hist_record(&h, v);
	for (; v <= 100; v++)
		hist_record(&other, v);
	hist_merge(&h, &other);
	assert_int_equal(h.count, 100);
	assert_int_equal(h.max, 100);
	assert_int_equal(hist_percentile(&h, 750000), 75);
	assert_int_equal(other.count, 50);
}

#define TEST(name) cmocka_unit_test_setup(name, reset)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_empty_one_is_all_zero),
		TEST(small_values_are_exact),
		TEST(the_error_is_bounded),
		TEST(order_is_kept),
		TEST(percentiles_count_from_the_smallest),
		TEST(the_top_is_the_largest_value_seen),
		TEST(what_is_off_the_scale_is_still_counted),
		TEST(large_counts_do_not_overflow),
		TEST(merging_is_recording_all),
	};

	return cmocka_run_group_tests_name("hist", tests, NULL, NULL);
}
