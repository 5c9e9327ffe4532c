// SPDX-License-Identifier: GPL-2.0
/*
 * DOC: What elementary operations take. The caps under which that is measured
 * are above all there is, so that they are kept account of but never reached.
 */
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

#include "bench.h"
#include "cost.h"
#include "modctl.h"
#include "spawn.h"

#define TURNS	2

static void add_cost(struct bench *b, const char *name, double ns,
		     const char *peer, double peer_ns)
{
	lab_progress("%s: %.1f %s", name, ns / b->unit_ns, b->unit);
	bench_add(b, name, b->unit, ns / b->unit_ns, peer, peer_ns / b->unit_ns);
}

static int idle(const void *unused)
{
	puts("here");
	fflush(stdout);
	pause();
	return 0;
}

/**
 * bench_outsider() - what an operation of somebody else's takes
 * @op: the operation
 * @group: a task sleeps in it meanwhile
 * Return: ns
 */
double bench_outsider(const struct cost_op *op, struct cage *group)
{
	struct cage nowhere = { .kind = CAGE_NONE };
	struct spawn s;
	char line[8];
	double ns;

	cage_open(group);
	spawn_start(&s, group, idle, NULL);
	spawn_line(&s, line, sizeof(line), "the governed task");
	ns = cost_measure(op, &nowhere);
	spawn_stop(&s);
	cage_close(group);
	return ns;
}

/**
 * struct costs - an operation's, ns
 * @plain: without the module, in no cgroup
 * @none: with it, but no group
 * @cgroup: without it, in a cgroup that has no limit
 * @max: with cpu.max
 * @max3: with cpu.max in three cgroups, one in another
 */
struct costs {
	double plain;
	double none;
	double cgroup;
	double max;
	double max3;
};

/**
 * bench_op() - add a row about an operation
 * @b: the run
 * @op: the operation
 * @where: where it was done
 * @ns: what it took, ns
 * @peer: where it was done for comparison, NULL for nowhere
 * @peer_ns: what it took there, ns
 */
void bench_op(struct bench *b, const struct cost_op *op, const char *where,
	      double ns, const char *peer, double peer_ns)
{
	char name[BENCH_NAME_LEN];

	snprintf(name, sizeof(name), "%s, %s", op->name, where);
	add_cost(b, name, ns, peer, peer_ns);
}

/* Beside a cost that is not there nothing is to be compared. */
static void add_more(struct bench *b, const struct cost_op *op,
		     const char *where, double ns, const char *peer,
		     double peer_ns, double plain_ns)
{
	bool comparable = peer_ns - plain_ns > plain_ns / 100;

	bench_op(b, op, where, ns - plain_ns, comparable ? peer : NULL,
		 peer_ns - plain_ns);
}

/*
 * With the module and without it by turns: what the kernel has kept of earlier
 * work is in the dearer ones. Then the module is there.
 */
static void without_group(const struct cost_op *op, const char *module,
			  struct costs *c)
{
	struct cage nowhere = { .kind = CAGE_NONE };
	int i;

	c->plain = INFINITY;
	c->none = INFINITY;
	for (i = 0; i < TURNS; i++) {
		modctl_unload(module);
		c->plain = fmin(c->plain, cost_measure(op, &nowhere));
		modctl_load(module);
		c->none = fmin(c->none, cost_measure(op, &nowhere));
	}
}

static void peers(struct bench *b, const struct cost_op *op,
		  const char *module, struct costs *c)
{
	struct cage cgroup = { .kind = CAGE_CGROUP, .cap = INFINITY };
	struct cage max = { .kind = CAGE_CGROUP, .cap = 2 };
	struct cage max3 = {
		.kind = CAGE_CGROUP, .cap = 2, .levels = CAGE_LEVELS_MAX
	};

	modctl_unload(module);
	c->max3 = cost_measure(op, &max3);
	c->max = cost_measure(op, &max);
	c->cgroup = cost_measure(op, &cgroup);
	without_group(op, module, c);
	bench_op(b, op, "no module", c->plain, NULL, 0);
	bench_op(b, op, "cgroup, no limit", c->cgroup, "no module", c->plain);
	bench_op(b, op, "cpu.max", c->max, "no module", c->plain);
	bench_op(b, op, "cpu.max, 3 levels", c->max3, "no module", c->plain);
	bench_op(b, op, "no group", c->none, "no module", c->plain);
}

static void ours(struct bench *b, const struct cost_op *op,
		 const struct costs *c)
{
	struct cage group = {
		.kind = CAGE_GROUP, .policy = "total", .cap = 2
	};
	struct cage group3 = group, uncapped = group, sampled = group;
	double ns;

	group3.levels = CAGE_LEVELS_MAX;
	uncapped.cap = INFINITY;
	sampled.sampled = true;
	bench_op(b, op, "outsider", bench_outsider(op, &group), "no module",
		 c->plain);
	bench_op(b, op, "outsider, sampled", bench_outsider(op, &sampled),
		 "no module", c->plain);
	bench_op(b, op, "governed, no cap", cost_measure(op, &uncapped),
		 "no module", c->plain);
	ns = cost_measure(op, &group);
	bench_op(b, op, "governed", ns, "cpu.max", c->max);
	add_more(b, op, "governed adds", ns, "cpu.max adds", c->max, c->plain);
	bench_op(b, op, "sampled", cost_measure(op, &sampled), "cpu.max", c->max);
	sampled.cap = INFINITY;
	bench_op(b, op, "sampled, no cap", cost_measure(op, &sampled),
		 "no module", c->plain);
	ns = cost_measure(op, &group3);
	bench_op(b, op, "governed, 3 levels", ns, "cpu.max, 3 levels", c->max3);
	add_more(b, op, "governed, 3 levels adds", ns, "cpu.max, 3 levels adds",
		 c->max3, c->plain);
}

/**
 * bench_costs() - what operations take, by where they are done
 * @b: the run
 * @module: file of the module
 */
void bench_costs(struct bench *b, const char *module)
{
	unsigned int i;

	for (i = 0; i < cost_nr_ops; i++) {
		struct costs c;

		peers(b, &cost_ops[i], module, &c);
		ours(b, &cost_ops[i], &c);
	}
}
