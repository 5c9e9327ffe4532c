// SPDX-License-Identifier: GPL-2.0
/* The schedule of the workload, under a clock of our own. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "govload/arrivals.h"
#include "govload/calibration.h"
#include "libcapgov/util.h"

#define START	5000000000ULL
#define MS	1000000ULL

static void the_interval_makes_the_demand(void **state)
{
	static const struct {
		double cost_ns, rate;
		__u64 interval_ps;
	} expected[] = {
		{ 300000, 0.3, 1000000000 },
		{ 1, 0.3, 3333 },
		{ 100, 4, 25000 },
		{ 0.0001, 1, 1 },	/* never none at all */
		{ 1e10, 0.001, 10000000000000000ULL },
		{ 300000, 0, 0 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(expected); i++)
		assert_int_equal(arrivals_interval_ps(expected[i].cost_ns,
						      expected[i].rate),
				 expected[i].interval_ps);
}

static void arrivals_come_due_one_interval_apart(void **state)
{
	struct arrivals a;
	int k;

	(void)state;
	arrivals_init(&a, START, MS * 1000, 0, 1);
	for (k = 0; k < 1000; k++) {
		if (k)
			assert_false(arrivals_due(&a, START + k * MS - 1));
		assert_true(arrivals_due(&a, START + k * MS));
		assert_int_equal(a.next_due_ns, START + k * MS);
		arrivals_advance(&a);
	}
}

/* Step by step as in one leap, whatever the interval and the threads. */
static void fractions_of_a_nanosecond_add_up(void **state)
{
	static const __u64 intervals[] = { 1, 999, 1001, 1500, 271842827 };
	unsigned int threads, k;
	struct arrivals a;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(intervals); i++) {
		for (threads = 1; threads < 5; threads++) {
			arrivals_init(&a, START, intervals[i], threads - 1,
				      threads);
			for (k = 0; k < 10000; k++) {
				assert_int_equal(a.next_due_ns,
						 arrivals_due_ns(&a, a.next));
				arrivals_advance(&a);
			}
		}
	}
}

/* One that was stopped for ten intervals owes ten arrivals, oldest first. */
static void what_was_missed_is_caught_up_in_order(void **state)
{
	__u64 now = START + 10 * MS, k;
	struct arrivals a;

	(void)state;
	arrivals_init(&a, START, MS * 1000, 0, 1);
	assert_int_equal(arrivals_count(&a, now), 11);
	for (k = 0; arrivals_due(&a, now); k++) {
		assert_int_equal(a.next, k);
		assert_int_equal(a.next_due_ns, START + k * MS);
		arrivals_advance(&a);
	}
	assert_int_equal(k, 11);
	assert_int_equal(a.next_due_ns, now + MS);
}

static void the_count_agrees_with_the_due_times(void **state)
{
	static const __u64 intervals[] = { 1, 999, 1000, 1001, 1500, 333333 };
	struct arrivals a;
	__u64 n, due;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(intervals); i++) {
		arrivals_init(&a, START, intervals[i], 0, 1);
		assert_int_equal(arrivals_count(&a, START - 1), 0);
		for (n = 0; n < 5000; n += 7) {
			due = arrivals_due_ns(&a, n);
			assert_true(arrivals_count(&a, due) > n);
			assert_true(arrivals_count(&a, due - 1) <= n);
		}
	}
}

static void threads_share_every_arrival_exactly_once(void **state)
{
	struct arrivals a[3];
	int served[30] = { 0 };
	int i, k;

	(void)state;
	for (i = 0; i < 3; i++)
		arrivals_init(&a[i], START, MS * 1000, i, 3);
	for (i = 0; i < 3; i++) {
		for (; arrivals_due(&a[i], START + 29 * MS);
		     arrivals_advance(&a[i])) {
			assert_int_equal(a[i].next_due_ns,
					 arrivals_due_ns(&a[0], a[i].next));
			served[a[i].next]++;
		}
	}
	for (k = 0; k < 30; k++)
		assert_int_equal(served[k], 1);
	assert_int_equal(arrivals_count(&a[0], START + 29 * MS), 30);
	assert_int_equal(arrivals_count(&a[2], START + 29 * MS), 30);
}

static void without_demand_nothing_is_ever_due(void **state)
{
	struct arrivals a;

	(void)state;
	arrivals_init(&a, START, 0, 0, 1);
	assert_false(arrivals_due(&a, START + 1000000 * MS));
	assert_int_equal(arrivals_count(&a, START + 1000000 * MS), 0);
}

static void a_mix_holds_its_share(void **state)
{
	static const double shares[] = { 0.01, 0.3, 0.5, 0.9 };
	size_t i;
	int k;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(shares); i++) {
		double sys = 0, usr = 0;

		for (k = 0; k < 100000; k++) {
			if (mix_wants_sys(sys, usr, shares[i]))
				sys += 7;
			else
				usr += 3;
		}
		assert_true(fabs(sys / (sys + usr) - shares[i]) < 0.001);
	}
}

static void bursts_have_their_mean_and_every_length(void **state)
{
	__u64 random = 1, seen[10] = { 0 }, sum = 0, n;
	int k;

	(void)state;
	for (k = 0; k < 100000; k++) {
		n = burst_draw(&random, 5);
		assert_in_range(n, 1, 9);
		seen[n]++;
		sum += n;
	}
	assert_true(fabs(sum / 100000.0 - 5) < 0.05);
	for (k = 1; k < 10; k++)
		assert_in_range(seen[k], 10500, 11700);
	for (k = 0; k < 1000; k++)
		assert_int_equal(burst_draw(&random, 1), 1);
}

static void a_calibration_survives_its_json(void **state)
{
	struct calibration cal = {
		.kind = work_find("pipe"), .size = 4096,
		.costs = { .units = 12, .sys_ns = 1234.5, .sys_usr_ns = 25.25,
			   .spins = 20000, .usr_ns = 25000.75 },
		.clock_is_syscall = true, .cpu_share = 0.5,
	}, back = { 0 };
	json_t *json = calibration_to_json(&cal);
	json_error_t err;

	(void)state;
	assert_int_equal(calibration_from_json(&back, json, &err), 0);
	assert_ptr_equal(back.kind, cal.kind);
	assert_int_equal(back.size, cal.size);
	assert_memory_equal(&back.costs, &cal.costs, sizeof(cal.costs));
	assert_true(back.clock_is_syscall);
	json_decref(json);
}

static void a_calibration_that_makes_no_sense_is_refused(void **state)
{
	static const struct {
		const char *key;
		const char *value;
	} wrong[] = {
		{ "work", "\"sleep\"" }, { "work", "null" },
		{ "size", "0" }, { "size", "-1" }, { "size", "65537" },
		{ "units", "0" }, { "units", "1.5" }, { "sys_ns", "0" },
		{ "sys_usr_ns", "-1" }, { "usr_spins", "0" },
		{ "usr_ns", "0" }, { "more", "1" },
	};
	struct calibration cal = {
		.kind = work_find("pipe"), .size = 4096,
		.costs = { 1, 2, 3, 4, 5 },
	};
	json_error_t err;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		json_t *json = calibration_to_json(&cal);

		json_object_set_new(json, wrong[i].key,
				    json_loads(wrong[i].value,
					       JSON_DECODE_ANY, &err));
		assert_true(calibration_from_json(&cal, json, &err) < 0);
		assert_true(err.text[0]);
		json_decref(json);
		cal.kind = work_find("pipe");
		cal.costs = (struct costs){ 1, 2, 3, 4, 5 };
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_interval_makes_the_demand),
		cmocka_unit_test(arrivals_come_due_one_interval_apart),
		cmocka_unit_test(fractions_of_a_nanosecond_add_up),
		cmocka_unit_test(what_was_missed_is_caught_up_in_order),
		cmocka_unit_test(the_count_agrees_with_the_due_times),
		cmocka_unit_test(threads_share_every_arrival_exactly_once),
		cmocka_unit_test(without_demand_nothing_is_ever_due),
		cmocka_unit_test(a_mix_holds_its_share),
		cmocka_unit_test(bursts_have_their_mean_and_every_length),
		cmocka_unit_test(a_calibration_survives_its_json),
		cmocka_unit_test(a_calibration_that_makes_no_sense_is_refused),
	};

	return cmocka_run_group_tests_name("load", tests, NULL, NULL);
}
