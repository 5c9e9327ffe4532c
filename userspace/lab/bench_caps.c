// SPDX-License-Identifier: GPL-2.0
/* DOC: How well caps are kept, and how late under them something is done. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "bench.h"
#include "model.h"
#include "trial.h"
#include "wake.h"

#define ACCURACY_CPU_S	1
#define DELAY_CPU_S	1
/* SYS demand as a share of the cap: the figure's, at 0.5. */
#define DELAY_DEMAND	0.6
/*
 * The shortest period with which cpu.max gives what it should: with 2 ms, whose
 * quota is the least that it takes, 8% are lost.
 */
#define SHORT_CAP	0.5
#define SHORT_PERIOD_US	4000

/* How far from the cap a program that only computes is held, in %. */
static double accuracy(struct trial *t)
{
	json_t *result;
	double cpus;

	t->mode = "usr";
	t->warmup_s = model_warmup_s(t->cage.cap, 1);
	t->window_s = model_window_s(t->cage.cap, ACCURACY_CPU_S);
	result = trial_run(t);
	cpus = trial_value(result, "cpu_cpus");
	json_decref(result);
	return 100 * fabs(cpus / t->cage.cap - 1);
}

static json_t *run_open(struct trial *t)
{
	t->mode = "open";
	t->amount = DELAY_DEMAND * t->cage.cap;
	t->warmup_s = model_warmup_s(t->cage.cap, 1);
	t->window_s = model_window_s(t->cage.cap, DELAY_CPU_S);
	return trial_run(t);
}

/* How late SYS work is at the worst, in ms. */
static double delay(struct trial *t)
{
	json_t *result = run_open(t);
	double ms = trial_lag_ms(result, "max");

	json_decref(result);
	return ms;
}

/* @format: with a percent sign for the cap. */
static void add_beside(struct bench *b, const char *format, double cap,
		       const char *unit, double value, double peer_value)
{
	char name[BENCH_NAME_LEN];

	snprintf(name, sizeof(name), format, cap);
	lab_progress("%s: %.2f %s, cpu.max %.2f", name, value, unit,
		     peer_value);
	bench_add(b, name, unit, value, "cpu.max", peer_value);
}

static void compare(struct bench *b, const char *format, double cap,
		    const char *unit, double (*fn)(struct trial *t),
		    const char *calibration)
{
	struct trial ours = {
		.cage = { .kind = CAGE_GROUP, .policy = "total", .cap = cap },
		.calibration = calibration,
	};
	struct trial theirs = {
		.cage = { .kind = CAGE_CGROUP, .cap = cap },
		.calibration = calibration,
	};

	add_beside(b, format, cap, unit, fn(&ours), fn(&theirs));
}

static void short_row(struct bench *b, const char *format, double value,
		      const char *unit, double peer_value)
{
	char name[BENCH_NAME_LEN];

	snprintf(name, sizeof(name), format, SHORT_CAP);
	lab_progress("%s: %.2f %s, cpu.max at %u us %.2f", name, value, unit,
		     SHORT_PERIOD_US, peer_value);
	bench_add(b, name, unit, value, "cpu.max, 4 ms", peer_value);
}

static double switches(json_t *result)
{
	return (trial_value(result, "voluntary_switches") +
		trial_value(result, "involuntary_switches")) /
	       (trial_value(result, "wall_ns") / 1e9);
}

/* Beside cpu.max at its shortest useful period. */
static void short_period(struct bench *b, const char *calibration)
{
	struct trial ours = {
		.cage = { .kind = CAGE_GROUP, .policy = "total",
			  .cap = SHORT_CAP },
		.calibration = calibration,
	};
	struct trial theirs = {
		.cage = { .kind = CAGE_CGROUP, .cap = SHORT_CAP,
			  .period_us = SHORT_PERIOD_US },
		.calibration = calibration,
	};
	json_t *result = run_open(&ours), *peer = run_open(&theirs);

	short_row(b, "cap %.2f, worst delay, short period",
		  trial_lag_ms(result, "max"), "ms", trial_lag_ms(peer, "max"));
	short_row(b, "cap %.2f, switches, short period", switches(result),
		  "a second", switches(peer));
	json_decref(result);
	json_decref(peer);
}

/* Among tasks of which several are runnable. */
static void beside(struct bench *b, const char *format, double cap,
		   const char *unit, double (*fn)(struct cage *cage))
{
	struct cage ours = { .kind = CAGE_GROUP, .policy = "total", .cap = cap };
	struct cage theirs = { .kind = CAGE_CGROUP, .cap = cap };

	add_beside(b, format, cap, unit, fn(&ours), fn(&theirs));
}

/**
 * bench_caps() - accuracy, delays of SYS work and of wake-ups, messages
 * @b: the run
 */
void bench_caps(struct bench *b)
{
	static const double caps[] = { 0.05, 0.1, 0.3, 0.5, 0.9 };
	char *calibration = trial_calibrate("256K", 0, NULL);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(caps); i++)
		compare(b, "cap %.2f, error", caps[i], "%", accuracy,
			calibration);
	for (i = 0; i < ARRAY_SIZE(caps); i++)
		compare(b, "cap %.2f, worst delay", caps[i], "ms", delay,
			calibration);
	short_period(b, calibration);
	for (i = 0; i < ARRAY_SIZE(caps); i++)
		beside(b, "cap %.2f, wake-up, 99%%", caps[i], "ms", wake_p99_ms);
	for (i = 0; i < ARRAY_SIZE(caps); i++)
		beside(b, "cap %.2f, hackbench", caps[i], "messages a second",
		       hackbench_rate);
	free(calibration);
}
