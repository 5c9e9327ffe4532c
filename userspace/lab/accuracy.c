// SPDX-License-Identifier: GPL-2.0
/*
 * DOC: How near to its cap a workload runs once the first bucket is spent, by
 * the kernel's own accounting of its CPU time.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "lab.h"
#include "load.h"
#include "model.h"

/* CPU time in a window, so that one slice at its edges is 0.1%. */
#define CPU_S		1.0
#define LIMIT		0.005
#define THREADS_LIMIT	0.02
#define FAIRNESS_LIMIT	1.2

static const double caps[] = { 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9, 0.95 };
static const char *const policies[] = { "total", "exempt" };
static const char *const modes[] = { "usr", "sys", "mix" };

#define N(a)	(sizeof(a) / sizeof((a)[0]))

/* What a workload takes of the CPU when nothing holds it: charged part. */
static double charged_demand(const char *policy, const char *mode, double cap)
{
	if (strcmp(policy, "exempt") || !strcmp(mode, "usr"))
		return 1;
	return strcmp(mode, "mix") ? 0 : 1 - model_mix_share(cap);
}

/*
 * USR under "exempt" is the kernel's exact total less the SYS work done: the
 * kernel's own split is sampled at its tick and too coarse for this.
 */
static double held(const json_t *r, const char *policy)
{
	double cpus = load_number(r, NULL, "cpu_cpus");

	if (!strcmp(policy, "exempt"))
		cpus -= load_number(r, NULL, "sys_cpus");
	return cpus;
}

static json_t *accuracy_row(const char *policy, const char *mode, double cap)
{
	char mix[16];
	const char *args[] = { "--mode", mode, "--mix", mix, NULL };
	struct cage cage = {
		.kind = CAGE_GROUP, .policy = policy, .cap = cap,
	};
	double warmup, cpus, error;
	json_t *r;

	snprintf(mix, sizeof(mix), "%.4f", model_mix_share(cap));
	if (strcmp(mode, "mix"))
		args[2] = NULL;
	warmup = model_warmup_s(cap, charged_demand(policy, mode, cap));
	r = load_run(&cage, warmup, model_window_s(cap, CPU_S), args);
	cpus = held(r, policy);
	json_decref(r);
	error = cpus / cap - 1;
	return json_pack("{ss ss ss sf sf sf sf sb}",
			 "experiment", "accuracy", "policy", policy,
			 "workload", mode, "cap", cap, "cpus", cpus,
			 "error", error, "limit", LIMIT,
			 "ok", fabs(error) <= LIMIT);
}

/**
 * accuracy_run() - caps, policies and workloads, one CPU
 * @options: none that matter
 * Return: a list of rows
 */
json_t *accuracy_run(const struct lab_options *options)
{
	json_t *rows = json_array();
	size_t i, p, m;

	lab_progress("accuracy: calibrating the workload");
	load_calibrate();
	for (p = 0; p < N(policies); p++) {
		for (m = 0; m < N(modes); m++) {
			/* Nothing of it is charged, so nothing holds it. */
			if (!charged_demand(policies[p], modes[m], 0.5))
				continue;
			lab_progress("accuracy: %s, %s", policies[p], modes[m]);
			for (i = 0; i < N(caps); i++)
				json_array_append_new(rows,
						      accuracy_row(policies[p],
								   modes[m],
								   caps[i]));
		}
	}
	return rows;
}

static json_t *threads_row(double cap)
{
	static const char *const args[] = { "--mode", "usr", "--threads", "8",
					    NULL };
	struct cage cage = {
		.kind = CAGE_GROUP, .policy = "total", .cap = cap,
	};
	double cpus, fairness, error;
	json_t *r;

	r = load_run(&cage, 2, 8, args);
	cpus = load_number(r, NULL, "cpu_cpus");
	fairness = load_number(r, NULL, "fairness");
	json_decref(r);
	error = cpus / cap - 1;
	return json_pack("{ss ss ss sf sf sf sf sf sb}",
			 "experiment", "threads", "policy", "total",
			 "workload", "8 threads", "cap", cap, "cpus", cpus,
			 "error", error, "limit", THREADS_LIMIT,
			 "fairness", fairness, "ok",
			 fabs(error) <= THREADS_LIMIT &&
			 fairness <= FAIRNESS_LIMIT);
}

/**
 * threads_run() - eight threads that compute, on two CPUs
 * @options: none that matter
 * Return: a list of rows
 */
json_t *threads_run(const struct lab_options *options)
{
	static const double thread_caps[] = { 0.5, 1.5 };
	json_t *rows = json_array();
	size_t i;

	load_calibrate();
	for (i = 0; i < N(thread_caps); i++) {
		lab_progress("threads: cap %.1f", thread_caps[i]);
		json_array_append_new(rows, threads_row(thread_caps[i]));
	}
	return rows;
}
