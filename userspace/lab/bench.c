// SPDX-License-Identifier: GPL-2.0
/*
 * DOC: Costs, accuracy and delays, beside those of the kernel's own cpu.max.
 * The caps under which costs are measured are above all there is, so that they
 * are kept account of but never reached.
 */
#include <err.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "cost.h"
#include "lab.h"
#include "modctl.h"
#include "model.h"
#include "spawn.h"
#include "table.h"
#include "trial.h"

#define ACCURACY_CPU_S	1
#define DELAY_CPU_S	1
/* SYS demand as a share of the cap: the figure's, at 0.5. */
#define DELAY_DEMAND	0.6

/**
 * struct bench - one run
 * @rows: so far
 * @unit_ns: what costs are counted in, ns
 * @unit: its name
 * @mode: how time passes
 * @kernel: its release
 */
struct bench {
	json_t *rows;
	double unit_ns;
	const char *unit;
	const char *mode;
	struct utsname kernel;
};

/* @peer NULL: there is nothing to compare it with. */
static void add(struct bench *b, const char *name, const char *unit,
		double value, const char *peer, double peer_value)
{
	json_t *row = json_pack("{s:s, s:s, s:f, s:s?, s:o, s:o, s:s, s:s}",
				"name", name, "unit", unit, "value", value,
				"peer", peer,
				"peer_value", peer ? json_real(peer_value) :
						     json_null(),
				"ratio", peer && peer_value ?
					 json_real(value / peer_value) :
					 json_null(),
				"kernel", b->kernel.release, "mode", b->mode);

	json_array_append_new(b->rows, row);
}

static void add_cost(struct bench *b, const char *name, double ns,
		     const char *peer, double peer_ns)
{
	lab_progress("%s: %.1f %s", name, ns / b->unit_ns, b->unit);
	add(b, name, b->unit, ns / b->unit_ns, peer, peer_ns / b->unit_ns);
}

static int idle(const void *unused)
{
	puts("here");
	fflush(stdout);
	pause();
	return 0;
}

/* An operation of somebody else's, while a task of @group sleeps. */
static double outsider(const struct cost_op *op, struct cage *group)
{
	struct cage nowhere = { .kind = CAGE_NONE };
	struct spawn s;
	double ns;
	char c;

	cage_open(group);
	spawn_start(&s, group, idle, NULL);
	if (read(s.out, &c, 1) != 1)
		errx(1, "bench: the governed task did not start");
	ns = cost_measure(op, &nowhere);
	spawn_stop(&s);
	cage_close(group);
	return ns;
}

/**
 * struct costs - an operation's, ns
 * @plain: without the module, in no cgroup
 * @max: with cpu.max
 * @max3: with cpu.max in three cgroups, one in another
 */
struct costs {
	double plain;
	double max;
	double max3;
};

static void add_op(struct bench *b, const struct cost_op *op, const char *where,
		   double ns, const char *peer, double peer_ns)
{
	char name[64];

	snprintf(name, sizeof(name), "%s, %s", op->name, where);
	add_cost(b, name, ns, peer, peer_ns);
}

/* Beside a cost that is not there nothing is to be compared. */
static void add_more(struct bench *b, const struct cost_op *op,
		     const char *where, double ns, const char *peer,
		     double peer_ns, double plain_ns)
{
	bool comparable = peer_ns - plain_ns > plain_ns / 100;

	add_op(b, op, where, ns - plain_ns, comparable ? peer : NULL,
	       peer_ns - plain_ns);
}

static void peers(struct bench *b, const struct cost_op *op, struct costs *c)
{
	struct cage nowhere = { .kind = CAGE_NONE };
	struct cage max = { .kind = CAGE_CGROUP, .cap = 2 };
	struct cage max3 = {
		.kind = CAGE_CGROUP, .cap = 2, .levels = CAGE_LEVELS_MAX
	};

	c->plain = cost_measure(op, &nowhere);
	add_op(b, op, "no module", c->plain, NULL, 0);
	c->max = cost_measure(op, &max);
	add_op(b, op, "cpu.max", c->max, "no module", c->plain);
	c->max3 = cost_measure(op, &max3);
	add_op(b, op, "cpu.max, 3 levels", c->max3, "no module", c->plain);
}

static void ours(struct bench *b, const struct cost_op *op,
		 const struct costs *c)
{
	struct cage nowhere = { .kind = CAGE_NONE };
	struct cage group = {
		.kind = CAGE_GROUP, .policy = "total", .cap = 2
	};
	struct cage group3 = group, uncapped = group, sampled = group;
	double ns;

	group3.levels = CAGE_LEVELS_MAX;
	uncapped.cap = INFINITY;
	sampled.sampled = true;
	add_op(b, op, "no group", cost_measure(op, &nowhere), "no module",
	       c->plain);
	add_op(b, op, "outsider", outsider(op, &group), "no module", c->plain);
	add_op(b, op, "outsider, sampled", outsider(op, &sampled), "no module",
	       c->plain);
	add_op(b, op, "governed, no cap", cost_measure(op, &uncapped),
	       "no module", c->plain);
	ns = cost_measure(op, &group);
	add_op(b, op, "governed", ns, "cpu.max", c->max);
	add_more(b, op, "governed adds", ns, "cpu.max adds", c->max, c->plain);
	add_op(b, op, "sampled", cost_measure(op, &sampled), "cpu.max", c->max);
	sampled.cap = INFINITY;
	add_op(b, op, "sampled, no cap", cost_measure(op, &sampled),
	       "no module", c->plain);
	ns = cost_measure(op, &group3);
	add_op(b, op, "governed, 3 levels", ns, "cpu.max, 3 levels", c->max3);
	add_more(b, op, "governed, 3 levels adds", ns, "cpu.max, 3 levels adds",
		 c->max3, c->plain);
}

/* What is compared is measured close together: forks copy what we have kept. */
static void costs(struct bench *b, const char *module)
{
	unsigned int i;

	for (i = 0; i < cost_nr_ops; i++) {
		struct costs c;

		modctl_unload(module);
		peers(b, &cost_ops[i], &c);
		modctl_load(module);
		ours(b, &cost_ops[i], &c);
	}
}

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

/* How late SYS work is at the worst, in ms. */
static double delay(struct trial *t)
{
	json_t *result;
	double ms;

	t->mode = "open";
	t->amount = DELAY_DEMAND * t->cage.cap;
	t->warmup_s = model_warmup_s(t->cage.cap, 1);
	t->window_s = model_window_s(t->cage.cap, DELAY_CPU_S);
	result = trial_run(t);
	ms = trial_lag_ms(result, "max");
	json_decref(result);
	return ms;
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
	double value = fn(&ours), peer_value = fn(&theirs);
	char name[64];

	snprintf(name, sizeof(name), format, cap);
	lab_progress("%s: %.2f %s, cpu.max %.2f", name, value, unit,
		     peer_value);
	add(b, name, unit, value, "cpu.max", peer_value);
}

/**
 * lab_bench() - measure costs, accuracy and delays
 * @opt: the command line
 * Return: the rows
 */
json_t *lab_bench(const struct lab_options *opt)
{
	static const double caps[] = { 0.05, 0.1, 0.3, 0.5, 0.9 };
	struct bench b = {
		.rows = json_array(),
		.unit_ns = opt->ns_per_insn ?: 1,
		.unit = opt->ns_per_insn ? "insns" : "ns",
		.mode = opt->ns_per_insn ? "icount" : "clock",
	};
	char *calibration;
	size_t i;

	uname(&b.kernel);
	costs(&b, opt->module);
	calibration = trial_calibrate("256K", 0, NULL);
	for (i = 0; i < ARRAY_SIZE(caps); i++)
		compare(&b, "cap %.2f, error", caps[i], "%", accuracy,
			calibration);
	for (i = 0; i < ARRAY_SIZE(caps); i++)
		compare(&b, "cap %.2f, worst delay", caps[i], "ms", delay,
			calibration);
	free(calibration);
	return b.rows;
}

static void print_bench(json_t *rows)
{
	static const struct table_column columns[] = {
		{ "name", "NAME", 0 },
		{ "value", "VALUE", 2 },
		{ "unit", "UNIT", 0 },
		{ "peer", "PEER", 0 },
		{ "peer_value", "ITS VALUE", 2 },
		{ "ratio", "RATIO", 3 },
	};
	json_t *first = json_array_get(rows, 0);

	table_print(rows, columns, ARRAY_SIZE(columns));
	printf("Linux %s, %s\n",
	       json_string_value(json_object_get(first, "kernel")) ?: "?",
	       json_string_value(json_object_get(first, "mode")) ?: "?");
}

const struct lab_report lab_report_bench = {
	.key = "peer_value",
	.print = print_bench,
};
