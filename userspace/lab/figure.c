// SPDX-License-Identifier: GPL-2.0
/*
 * DOC: The article's figure. USR and SYS are what got done; the kernel's own
 * figures stand beside them, the module's counters are not asked.
 */
#include <err.h>
#include <stdlib.h>
#include <unistd.h>

#include "lab.h"
#include "model.h"
#include "trial.h"

#define STRETCH		"256K"
/* A slice at an edge of it is a quarter of the third decimal. */
#define WINDOW_S	4

static const struct cage cages[] = {
	{ .kind = CAGE_NONE, .policy = "none" },
	{ .kind = CAGE_GROUP, .policy = "total", .cap = 0.5 },
	{ .kind = CAGE_GROUP, .policy = "total", .cap = 0.3 },
	{ .kind = CAGE_GROUP, .policy = "container", .cap = 0.5 },
	{ .kind = CAGE_GROUP, .policy = "container", .cap = 0.3 },
	{ .kind = CAGE_GROUP, .policy = "exempt", .cap = 0.5 },
	{ .kind = CAGE_GROUP, .policy = "exempt", .cap = 0.3 },
	{ .kind = CAGE_CGROUP, .policy = "cpu.max", .cap = 0.5 },
	{ .kind = CAGE_CGROUP, .policy = "cpu.max", .cap = 0.3 },
};

static const char * const systems[] = {
	[CAGE_NONE] = "bare",
	[CAGE_GROUP] = "capgov",
	[CAGE_CGROUP] = "cgroup",
};

static void set(json_t *row, const char *key, double value)
{
	json_object_set_new(row, key, json_real(value));
}

static json_t *make_row(const struct cage *cage, json_t *result)
{
	static const char * const copied[] = {
		"usr_cpus", "sys_cpus", "cpu_cpus", "rusage_usr_cpus",
		"rusage_sys_cpus",
	};
	json_t *row = json_pack("{s:s, s:o, s:s}",
				"system", systems[cage->kind],
				"cap", cage->kind == CAGE_NONE ?
				       json_null() : json_real(cage->cap),
				"policy", cage->policy);
	int cpus = sysconf(_SC_NPROCESSORS_ONLN);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(copied); i++)
		set(row, copied[i], trial_value(result, copied[i]));
	set(row, "expected_usr",
	    model_usr(cage->policy, cage->cap, cpus, MODEL_DEMAND));
	set(row, "expected_sys",
	    model_sys(cage->policy, cage->cap, cpus, MODEL_DEMAND));
	set(row, "max_lag_ms", trial_lag_ms(result, "max"));
	set(row, "p99_lag_ms", trial_lag_ms(result, "p99"));
	return row;
}

/**
 * lab_figure() - run the figure's rows
 * @opt: the command line
 * Return: the rows
 */
json_t *lab_figure(const struct lab_options *opt)
{
	json_t *rows = json_array(), *result;
	char *calibration;
	size_t i;

	lab_progress("what the work costs when nothing holds it");
	calibration = trial_calibrate(STRETCH, 0, NULL);
	for (i = 0; i < ARRAY_SIZE(cages); i++) {
		struct trial t = {
			.cage = cages[i],
			.calibration = calibration,
			.mode = "open",
			.amount = MODEL_DEMAND,
			.warmup_s = model_warmup_s(cages[i].cap, 1),
			.window_s = opt->window_s ?: WINDOW_S,
		};

		t.cage.sampled = opt->sampled;
		lab_progress("row %zu of %zu: %s %.1f", i + 1,
			     ARRAY_SIZE(cages), cages[i].policy,
			     cages[i].cap ?: 1);
		result = trial_run(&t);
		json_array_append_new(rows, make_row(&cages[i], result));
		json_decref(result);
	}
	free(calibration);
	return rows;
}
