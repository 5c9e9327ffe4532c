// SPDX-License-Identifier: GPL-2.0
/*
 * DOC: What operations, and requests to the module, take among many groups
 * beside one, and the memory of those.
 */
#include <stdio.h>

#include "bench.h"
#include "cost.h"
#include "crowd.h"
#include "modctl.h"
#include "spawn.h"
#include "wake.h"

#define WAKE_CAP	0.5

/**
 * struct grown - what everything takes, ns
 * @outside: for who is in no group
 * @inside: for who is in one
 * @requests: to the module
 * @wake_ms: how late one wake-up in a hundred is under a cap, ms
 */
struct grown {
	double outside[COST_OPS_MAX];
	double inside[COST_OPS_MAX];
	double requests[COST_REQUESTS_MAX];
	double wake_ms;
};

/*
 * @many: there is a crowd, whose tasks are governed. Requests are the same for
 * those that are sampled, but for the first that is not: of that the kernel
 * tells every thread there is.
 */
static void measure(struct grown *g, const struct cage *group, bool many)
{
	struct cage nowhere = { .kind = CAGE_NONE }, cage = *group;
	unsigned int i;

	for (i = 0; i < cost_nr_ops; i++) {
		const struct cost_op *op = &cost_ops[i];

		g->outside[i] = many ? cost_measure(op, &nowhere) :
				       bench_outsider(op, &cage);
		g->inside[i] = cost_measure(op, &cage);
		lab_progress("%s, %s groups: done", op->name,
			     many ? "many" : "few");
	}
	if (group->sampled)
		return;
	/* Of the first task that is governed hooks are made. */
	for (i = 0; i < cost_nr_requests; i++)
		g->requests[i] = many ? cost_measure(&cost_requests[i], &nowhere) :
				 bench_outsider(&cost_requests[i], &cage);
	cage.cap = WAKE_CAP;
	g->wake_ms = wake_p99_ms(&cage);
}

/* In which crowd, for a row's name. */
static void crowd_name(char *name, const struct lab_options *opt, const char *what)
{
	if (opt->tasks > 1)
		snprintf(name, BENCH_NAME_LEN,
			 "%s, %u tasks in each of %u groups", what, opt->tasks,
			 opt->groups);
	else
		snprintf(name, BENCH_NAME_LEN, "%s, %u groups", what,
			 opt->groups);
}

static void add(struct bench *b, const struct cost_op *op, const char *where,
		const struct lab_options *opt, double ns, double alone_ns)
{
	char name[BENCH_NAME_LEN];

	crowd_name(name, opt, where);
	bench_op(b, op, name, ns, "1 group", alone_ns);
}

static void add_wakes(struct bench *b, const struct lab_options *opt,
		      double ms, double alone_ms)
{
	char name[BENCH_NAME_LEN], what[40];

	snprintf(what, sizeof(what), "cap %.2f, wake-up, 99%%", WAKE_CAP);
	crowd_name(name, opt, what);
	bench_add(b, name, "ms", ms, "1 group", alone_ms);
}

static void add_all(struct bench *b, const struct lab_options *opt,
		    const struct grown *among, const struct grown *alone,
		    bool sampled)
{
	unsigned int i;

	for (i = 0; i < cost_nr_ops; i++) {
		add(b, &cost_ops[i], sampled ? "outsider, sampled" : "outsider",
		    opt, among->outside[i], alone->outside[i]);
		add(b, &cost_ops[i], sampled ? "sampled" : "governed",
		    opt, among->inside[i], alone->inside[i]);
	}
	if (sampled)
		return;
	for (i = 0; i < cost_nr_requests; i++)
		add(b, &cost_requests[i], "exact", opt, among->requests[i],
		    alone->requests[i]);
	add_wakes(b, opt, among->wake_ms, alone->wake_ms);
}

/**
 * bench_growth() - what operations take among many groups, beside one
 * @b: the run
 * @opt: how many groups, how many tasks in each, and the module
 */
void bench_growth(struct bench *b, const struct lab_options *opt)
{
	struct cage group[] = {
		{ .kind = CAGE_GROUP, .policy = "total", .cap = 2 },
		{ .kind = CAGE_GROUP, .policy = "total", .cap = 2,
		  .sampled = true },
	};
	struct grown alone[ARRAY_SIZE(group)], among;
	double group_bytes, task_bytes;
	struct spawn crowd;
	size_t i;

	modctl_unload(opt->module);
	modctl_load(opt->module);
	/* What many tasks leave behind takes the kernel a while to clear. */
	for (i = 0; i < ARRAY_SIZE(group); i++)
		measure(&alone[i], &group[i], false);
	for (i = 0; i < ARRAY_SIZE(group); i++) {
		bool sampled = group[i].sampled;

		crowd_start(&crowd, opt->groups, opt->tasks, sampled,
			    &group_bytes, &task_bytes);
		measure(&among, &group[i], true);
		spawn_stop(&crowd);
		add_all(b, opt, &among, &alone[i], sampled);
		if (sampled)
			continue;
		bench_add(b, "memory, a group", "bytes", group_bytes, NULL, 0);
		bench_add(b, "memory, a task", "bytes", task_bytes, NULL, 0);
	}
}
