// SPDX-License-Identifier: GPL-2.0
/*
 * DOC: How well a cap is kept, by the kernel's own accounting of CPU time. A
 * policy that charges all of it is judged by all of it. One that charges USR
 * alone is judged by what is left of it when the SYS work done is taken away:
 * the kernel's own division is by samples, too coarse here. For that SYS work
 * is done in stretches so long that what a system call's edges cost a governed
 * task is nothing beside them. What samples take of a task's time they take of
 * USR and SYS alike: there the work is calibrated as it is sampled.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lab.h"
#include "model.h"
#include "table.h"
#include "trial.h"

#define STRETCH		"1M"
/* Charged CPU time in a window: what its edges cut off is 0.05% at most. */
#define WINDOW_CPU_S	2
#define LIMIT_PERCENT	0.2
#define SAMPLED_CAP	0.4
#define SAMPLED_WINDOW_S	10
#define SAMPLED_LIMIT_PERCENT	2

/**
 * struct expectation - what a cell of the table should come to
 * @share: of SYS in the workload
 * @charged: what is charged if nothing holds it, in CPUs
 * @by: what it is judged by
 * @value: what that should be, in CPUs
 */
struct expectation {
	double share;
	double charged;
	const char *by;
	double value;
};

static const char by_cpu[] = "CPU clock";
static const char by_usr[] = "CPU clock less SYS work done";

static struct expectation expect(const char *policy, double cap,
				 const char *mode)
{
	bool exempt = !model_weight(policy, cap, 1);
	struct expectation e = {
		.share = !strcmp(mode, "mix") ? model_mix_share(cap) :
			 !strcmp(mode, "sys"),
		.by = by_cpu,
		.value = cap,
	};

	e.charged = exempt ? 1 - e.share : 1;
	if (!e.charged)
		e.value = 1;
	else if (exempt && e.share)
		e.by = by_usr;
	return e;
}

/**
 * struct rhythm - of as much SYS as USR
 * @policy: under which
 * @stretch_us: how long a piece of SYS work is
 * @size: of its units, in govload's words
 * @burst: of how many pieces a stretch is in the mean, at random
 */
struct rhythm {
	const char *policy;
	unsigned int stretch_us;
	const char *size;
	unsigned int burst;
};

static json_t *make_row(const struct trial *t, const struct expectation *e,
			unsigned int stretch_us, json_t *result)
{
	bool sampled = t->cage.sampled;
	double limit = sampled ? SAMPLED_LIMIT_PERCENT : LIMIT_PERCENT;
	double cpu = trial_value(result, "cpu_cpus");
	double sys = trial_value(result, "sys_cpus");
	double value = e->by == by_usr ? cpu - sys : cpu;
	double error = 100 * (value / e->value - 1);
	json_t *row;

	lab_progress("%s %s %.2f: %+.3f%%", t->cage.policy, t->mode,
		     t->cage.cap, error);
	row = json_pack("{s:f, s:s, s:s, s:s, s:f, s:f, s:f, s:f, s:f, s:f, s:f, s:f}",
			"cap", t->cage.cap,
			"policy", t->cage.policy,
			"workload", t->mode,
			"judged_by", e->by,
			"value_cpus", value,
			"expected_cpus", e->value,
			"error_percent", error,
			"cpu_cpus", cpu,
			"sys_work_cpus", sys,
			"sampled_usr_cpus", trial_value(result, "rusage_usr_cpus"),
			"sampled_sys_cpus", trial_value(result, "rusage_sys_cpus"),
			"window_s", trial_value(result, "wall_ns") / 1e9);
	json_object_set_new(row, "accounting",
			    json_string(sampled ? "sampled" : "exact"));
	json_object_set_new(row, "limit_percent", json_real(limit));
	json_object_set_new(row, "stretch_us", json_integer(stretch_us));
	json_object_set_new(row, "rhythm",
			    json_string(t->burst > 1 ? "random" : "regular"));
	return row;
}

static json_t *measure(const char *policy, double cap, const char *mode,
		       const char *calibration)
{
	struct expectation e = expect(policy, cap, mode);
	struct trial t = {
		.cage = { .kind = CAGE_GROUP, .policy = policy, .cap = cap },
		.calibration = calibration,
		.mode = mode,
		.amount = e.share,
		.warmup_s = model_warmup_s(cap, e.charged),
		.window_s = model_window_s(e.charged ? cap : 1, WINDOW_CPU_S),
	};
	json_t *result = trial_run(&t);
	json_t *row = make_row(&t, &e, 0, result);

	json_decref(result);
	return row;
}

static json_t *measure_rhythm(const struct rhythm *r, const char *calibration,
			      double window_s)
{
	struct trial t = {
		.cage = {
			.kind = CAGE_GROUP, .policy = r->policy,
			.cap = SAMPLED_CAP, .sampled = true,
		},
		.calibration = calibration,
		.mode = "mix",
		.amount = 0.5,
		.burst = r->burst,
		.warmup_s = 1,
		.window_s = window_s,
	};
	struct expectation e = {
		.by = model_weight(r->policy, SAMPLED_CAP, 1) ? by_cpu : by_usr,
		.value = SAMPLED_CAP,
	};
	json_t *result = trial_run(&t);
	json_t *row = make_row(&t, &e, r->stretch_us * r->burst, result);

	json_decref(result);
	return row;
}

/*
 * Rhythms: stretches short against the mean of the intervals between samples
 * under this cap, as long, four times, and a tick; and at random. Of a unit of
 * SYS work some instructions are a loop in user mode: units are as large as the
 * stretch allows.
 */
static void measure_sampled(double window_s, json_t *rows)
{
	static const struct rhythm rhythms[] = {
		{ "total", 250, "256K", 1 }, { "exempt", 50, "64K", 1 },
		{ "exempt", 250, "256K", 1 }, { "exempt", 1000, "256K", 1 },
		{ "exempt", 4000, "256K", 1 }, { "exempt", 100, "256K", 5 },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rhythms); i++) {
		/* A cap out of reach, under which samples come as often. */
		struct cage sampled = {
			.kind = CAGE_GROUP, .policy = "total",
			.cap = 2, .sampled = true,
		};
		char *calibration = trial_calibrate(rhythms[i].size,
						    rhythms[i].stretch_us,
						    &sampled);
		json_t *row = measure_rhythm(&rhythms[i], calibration, window_s);

		json_array_append_new(rows, row);
		free(calibration);
	}
}

/**
 * lab_accuracy() - measure how well caps are kept
 * @opt: the command line
 * Return: the rows
 */
json_t *lab_accuracy(const struct lab_options *opt)
{
	static const double caps[] = {
		0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9, 0.95
	};
	static const char * const policies[] = { "total", "exempt" };
	static const char * const modes[] = { "usr", "sys", "mix" };
	json_t *rows = json_array(), *row;
	char *calibration;
	size_t p, m, c;

	if (opt->sampled) {
		measure_sampled(opt->window_s ?: SAMPLED_WINDOW_S, rows);
		return rows;
	}
	calibration = trial_calibrate(STRETCH, 0, NULL);
	for (p = 0; p < ARRAY_SIZE(policies); p++) {
		for (m = 0; m < ARRAY_SIZE(modes); m++) {
			for (c = 0; c < ARRAY_SIZE(caps); c++) {
				row = measure(policies[p], caps[c], modes[m],
					      calibration);
				json_array_append_new(rows, row);
			}
		}
	}
	free(calibration);
	return rows;
}

static bool row_ok(json_t *row)
{
	json_t *error = json_object_get(row, "error_percent");
	json_t *limit = json_object_get(row, "limit_percent");
	double percent = limit ? json_number_value(limit) : LIMIT_PERCENT;

	return json_is_number(error) &&
	       fabs(json_number_value(error)) <= percent;
}

static void print_accuracy(json_t *rows)
{
	static const struct table_column columns[] = {
		{ "policy", "POLICY", 0 },
		{ "workload", "WORKLOAD", 0 },
		{ "stretch_us", "STRETCH", 0 },
		{ "rhythm", "RHYTHM", 0 },
		{ "cap", "CAP", 2 },
		{ "value_cpus", "CPUS", 4 },
		{ "expected_cpus", "EXPECTED", 4 },
		{ "error_percent", "ERROR %", 3 },
		{ "judged_by", "BY", 0 },
	};

	table_print(rows, columns, ARRAY_SIZE(columns));
}

const struct lab_report lab_report_accuracy = {
	.key = "error_percent",
	.print = print_accuracy,
	.row_ok = row_ok,
	.verdict = "as near to what they should be as is asked of them",
};
