// SPDX-License-Identifier: GPL-2.0
/*
 * DOC: The article's figure: a server with 0.3 CPU of SYS demand, which takes
 * all the USR it gets, at full speed and under caps.
 */
#include <stdio.h>

#include "lab.h"
#include "load.h"
#include "model.h"

#define WARMUP_S	2
#define WINDOW_S	4

struct figure_row {
	const char *system;
	const char *policy;
	double cap;
	enum cage_kind kind;
};

static const struct figure_row figure[] = {
	{ "bare", "none", 0, CAGE_NONE },
	{ "capgov", "total", 0.5, CAGE_GROUP },
	{ "capgov", "total", 0.3, CAGE_GROUP },
	{ "capgov", "container", 0.5, CAGE_GROUP },
	{ "capgov", "container", 0.3, CAGE_GROUP },
	{ "capgov", "exempt", 0.5, CAGE_GROUP },
	{ "capgov", "exempt", 0.3, CAGE_GROUP },
	{ "cgroup", "cpu.max", 0.5, CAGE_CGROUP },
	{ "cgroup", "cpu.max", 0.3, CAGE_CGROUP },
};

#define ROWS	(sizeof(figure) / sizeof(figure[0]))

static json_t *figure_measure(const struct figure_row *row)
{
	static const char *const args[] = { "--mode", "open", "--sys", "0.3",
					    "--work", "zero", NULL };
	struct cage cage = {
		.kind = row->kind, .policy = row->policy, .cap = row->cap,
	};
	json_t *r = load_run(&cage, WARMUP_S, WINDOW_S, args);
	json_t *out;

	out = json_pack("{ss so ss sf sf sf sf sf sf sf sf sf}",
			"system", row->system,
			"cap", row->cap ? json_real(row->cap) : json_null(),
			"policy", row->policy,
			"usr_cpus", load_number(r, NULL, "usr_cpus"),
			"sys_cpus", load_number(r, NULL, "sys_cpus"),
			"expected_usr",
			model_usr(row->policy, row->cap, MODEL_DEMAND),
			"expected_sys",
			model_sys(row->policy, row->cap, MODEL_DEMAND),
			"max_lag_ms", load_number(r, "lag_ns", "max") / 1e6,
			"p99_lag_ms", load_number(r, "lag_ns", "p99") / 1e6,
			"cpu_cpus", load_number(r, NULL, "cpu_cpus"),
			"rusage_usr_cpus",
			load_number(r, NULL, "rusage_usr_cpus"),
			"rusage_sys_cpus",
			load_number(r, NULL, "rusage_sys_cpus"));
	json_decref(r);
	return out;
}

/**
 * figure_run() - measure every row of the figure
 * @options: none that matter
 * Return: a list of rows
 */
json_t *figure_run(const struct lab_options *options)
{
	json_t *rows = json_array();
	size_t i;

	lab_progress("figure: calibrating the workload");
	load_calibrate();
	for (i = 0; i < ROWS; i++) {
		lab_progress("figure: row %zu of %zu: %s %s %.1f", i + 1, ROWS,
			     figure[i].system, figure[i].policy,
			     figure[i].cap ? figure[i].cap : 1);
		json_array_append_new(rows, figure_measure(&figure[i]));
	}
	return rows;
}
