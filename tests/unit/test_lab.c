// SPDX-License-Identifier: GPL-2.0
/* What the experiments expect, how long they run and how they draw it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <jansson.h>

#include "lab/bars.h"
#include "lab/lab.h"
#include "lab/model.h"

#define EPSILON		0.000001

/* lab_report_rows() is linked with experiments that tell where they are. */
void lab_progress(const char *format, ...)
{
}

static void expect(const char *policy, double cap, double usr, double sys)
{
	assert_float_equal(model_usr(policy, cap, 1, 0.3), usr, EPSILON);
	assert_float_equal(model_sys(policy, cap, 1, 0.3), sys, EPSILON);
}

static void the_figure_by_its_formula(void **state)
{
	expect("none", 0, 0.7, 0.3);
	expect("total", 0.5, 0.2, 0.3);
	expect("total", 0.3, 0, 0.3);
	expect("container", 0.5, 0.35, 0.3);
	expect("container", 0.3, 0.21, 0.3);
	expect("exempt", 0.5, 0.5, 0.3);
	expect("exempt", 0.3, 0.3, 0.3);
	expect("cpu.max", 0.5, 0.2, 0.3);
	expect("cpu.max", 0.3, 0, 0.3);
}

static void caps_beyond_what_there_is(void **state)
{
	/* SYS is held too where it alone is above the cap. */
	expect("total", 0.1, 0, 0.1);
	expect("exempt", 0.1, 0.1, 0.3);
	/* And nothing gets more than one CPU. */
	expect("exempt", 0.9, 0.7, 0.3);
	expect("total", 2, 0.7, 0.3);
	expect("container", 2, 0.7, 0.3);
}

/* There a container's cap is a smaller part of the machine. */
static void a_container_on_two_cpus(void **state)
{
	assert_float_equal(model_usr("container", 0.5, 2, 0.3), 0.425, EPSILON);
	assert_float_equal(model_usr("total", 0.5, 2, 0.3), 0.2, EPSILON);
}

static void a_mixture_is_always_held(void **state)
{
	double cap;

	for (cap = 0.05; cap < 1; cap += 0.05) {
		double share = model_mix_share(cap);

		assert_true(share > 0 && share < 0.5);
		/* USR alone wants more than the cap, and there is room. */
		assert_true(1 - share > cap);
		assert_true(cap / (1 - share) < 1);
	}
}

static void warming_up_spends_the_bucket(void **state)
{
	/* A bucket of 90 ms is emptied at 0.1 CPU. */
	assert_true(model_warmup_s(0.9, 1) > 0.9);
	assert_true(model_warmup_s(0.05, 1) < 0.3);
	/* One that is not emptied is not waited for. */
	assert_float_equal(model_warmup_s(0.5, 0.3), 0.2, EPSILON);
	assert_float_equal(model_warmup_s(1, 1), 0.2, EPSILON);
}

static void windows_are_whole_periods(void **state)
{
	assert_float_equal(model_window_s(0.05, 1), 20, EPSILON);
	assert_float_equal(model_window_s(0.3, 1), 3.4, EPSILON);
	assert_float_equal(model_window_s(0.1, 0.5), 5, EPSILON);
	assert_float_equal(model_window_s(1, 0.05), 0.1, EPSILON);
}

static void near_is_two_hundredths(void **state)
{
	assert_true(model_near(0.2, 0.2));
	assert_true(model_near(0.18, 0.2));
	assert_true(model_near(0.22, 0.2));
	assert_false(model_near(0.2201, 0.2));
	assert_false(model_near(0.1799, 0.2));
}

static void drawn(double sys, double usr, bool halves, const char *expected,
		  size_t columns)
{
	char bar[BARS_SIZE];

	assert_int_equal(bars_draw(bar, sys, usr, halves), columns);
	assert_string_equal(bar, expected);
}

static void bars_show_halves(void **state)
{
	drawn(0.3, 0.7, true, "■■■□□□□□□□", 10);
	drawn(0.3015, 0.2021, true, "■■■□□     ", 5);
	drawn(0.3, 0.35, true, "■■■□□□▯   ", 7);
	drawn(0.25, 0.05, true, "■■▮▯      ", 4);
	drawn(0.3, 0.0024, true, "■■■       ", 3);
	drawn(0, 0, true, "          ", 0);
}

static void bars_of_the_article_do_not(void **state)
{
	drawn(0.3, 0.35, false, "■■■□□□    ", 6);
	drawn(0.3, 0.21, false, "■■■□□     ", 5);
	drawn(0.3, 0.2, false, "■■■□□     ", 5);
}

static void bars_end_at_a_whole_cpu(void **state)
{
	drawn(0.99, 0.99, true, "■■■■■■■■■■", 10);
	drawn(5, 0, true, "■■■■■■■■■■", 10);
}

static bool judged(const struct lab_report *report, json_t *row)
{
	bool ok;

	assert_non_null(row);
	ok = report->row_ok(row);
	json_decref(row);
	return ok;
}

static bool figure_ok(double usr, double sys)
{
	return judged(&lab_report_figure,
		      json_pack("{s:f, s:f, s:f, s:f}", "usr_cpus", usr,
				"expected_usr", 0.2, "sys_cpus", sys,
				"expected_sys", 0.3));
}

static void rows_of_the_figure(void **state)
{
	assert_true(figure_ok(0.19, 0.31));
	assert_false(figure_ok(0.17, 0.3));
	assert_false(figure_ok(0.2, 0.33));
	assert_false(judged(&lab_report_figure, json_object()));
}

static bool accuracy_ok(double error)
{
	return judged(&lab_report_accuracy,
		      json_pack("{s:f}", "error_percent", error));
}

static void rows_of_accuracy(void **state)
{
	assert_true(accuracy_ok(0.2));
	assert_true(accuracy_ok(-0.2));
	assert_false(accuracy_ok(0.21));
	assert_false(accuracy_ok(-0.21));
	assert_true(judged(&lab_report_accuracy,
			   json_pack("{s:f, s:f}", "error_percent", -1.9,
				     "limit_percent", 2.0)));
	assert_false(judged(&lab_report_accuracy,
			    json_pack("{s:f, s:s}", "error_percent", 0.1,
				      "limit_percent", "2")));
	assert_false(judged(&lab_report_accuracy, json_object()));
}

static bool threads_ok(double error, double unfair)
{
	return judged(&lab_report_threads,
		      json_pack("{s:f, s:f}", "cap_error_percent", error,
				"most_to_least", unfair));
}

static void rows_of_threads(void **state)
{
	assert_true(threads_ok(-1.9, 1.2));
	assert_false(threads_ok(2.1, 1));
	assert_false(threads_ok(0, 1.21));
	assert_false(judged(&lab_report_threads, json_object()));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_figure_by_its_formula),
		cmocka_unit_test(caps_beyond_what_there_is),
		cmocka_unit_test(a_container_on_two_cpus),
		cmocka_unit_test(a_mixture_is_always_held),
		cmocka_unit_test(warming_up_spends_the_bucket),
		cmocka_unit_test(windows_are_whole_periods),
		cmocka_unit_test(near_is_two_hundredths),
		cmocka_unit_test(bars_show_halves),
		cmocka_unit_test(bars_of_the_article_do_not),
		cmocka_unit_test(bars_end_at_a_whole_cpu),
		cmocka_unit_test(rows_of_the_figure),
		cmocka_unit_test(rows_of_accuracy),
		cmocka_unit_test(rows_of_threads),
	};

	return cmocka_run_group_tests_name("lab", tests, NULL, NULL);
}
