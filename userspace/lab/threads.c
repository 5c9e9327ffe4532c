// SPDX-License-Identifier: GPL-2.0
/* DOC: Many threads that compute, on two CPUs, under one cap. */
#include <err.h>
#include <math.h>
#include <stdlib.h>
#include <unistd.h>

#include "lab.h"
#include "model.h"
#include "table.h"
#include "trial.h"

#define THREADS		8
#define CPUS		2
#define WINDOW_S	30
#define LIMIT_PERCENT	2
#define LIMIT_UNFAIR	1.2

static json_t *measure(double cap, double window_s, const char *calibration)
{
	struct trial t = {
		.cage = { .kind = CAGE_GROUP, .policy = "total", .cap = cap },
		.calibration = calibration,
		.mode = "usr",
		.threads = THREADS,
		.warmup_s = model_warmup_s(cap, CPUS),
		.window_s = window_s,
	};
	json_t *result = trial_run(&t);
	double cpus = trial_value(result, "cpu_cpus");
	double error = 100 * (cpus / cap - 1);
	/* None if a thread has not run. */
	json_t *unfair = json_object_get(result, "fairness");
	json_t *row = json_pack("{s:f, s:s, s:i, s:i, s:f, s:f, s:O?}",
				"cap", cap, "policy", "total",
				"threads", THREADS, "online_cpus", CPUS,
				"cpu_cpus", cpus, "cap_error_percent", error,
				"most_to_least", unfair);

	lab_progress("cap %.1f: %+.2f%%, most/least %.3f", cap, error,
		     json_number_value(unfair));
	json_decref(result);
	return row;
}

/**
 * lab_threads() - measure how threads share a cap
 * @opt: the command line
 * Return: the rows
 */
json_t *lab_threads(const struct lab_options *opt)
{
	static const double caps[] = { 0.5, 1.5 };
	json_t *rows = json_array();
	char *calibration;
	size_t i;

	if (sysconf(_SC_NPROCESSORS_ONLN) != CPUS)
		errx(1, "threads: needs a machine of %d CPUs", CPUS);
	calibration = trial_calibrate("256K", 0, NULL);
	for (i = 0; i < ARRAY_SIZE(caps); i++)
		json_array_append_new(rows, measure(caps[i],
						    opt->window_s ?: WINDOW_S,
						    calibration));
	free(calibration);
	return rows;
}

static bool row_ok(json_t *row)
{
	json_t *error = json_object_get(row, "cap_error_percent");
	json_t *unfair = json_object_get(row, "most_to_least");

	return json_is_number(error) && json_is_number(unfair) &&
	       fabs(json_number_value(error)) <= LIMIT_PERCENT &&
	       json_number_value(unfair) <= LIMIT_UNFAIR;
}

static void print_threads(json_t *rows)
{
	static const struct table_column columns[] = {
		{ "cap", "CAP", 1 },
		{ "policy", "POLICY", 0 },
		{ "threads", "THREADS", 0 },
		{ "online_cpus", "CPUS", 0 },
		{ "cpu_cpus", "USED", 4 },
		{ "cap_error_percent", "ERROR %", 2 },
		{ "most_to_least", "MOST/LEAST", 3 },
	};

	table_print(rows, columns, ARRAY_SIZE(columns));
}

const struct lab_report lab_report_threads = {
	.key = "most_to_least",
	.print = print_threads,
	.row_ok = row_ok,
	.verdict = "within 2% of the cap and fair to 1.2",
};
