// SPDX-License-Identifier: GPL-2.0
/*
 * DOC: What operations, and requests to the module, take among many groups
 * beside one, and the memory of those.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "bench.h"
#include "cost.h"
#include "crowd.h"
#include "modctl.h"
#include "spawn.h"

#define OWN	"govlab-own"

static int device;

/* It goes with the descriptor, should we be ended. */
static int create(const char *name)
{
	struct capgov_group_config config = { .flags = CAPGOV_GROUP_AUTO };

	strcpy(config.name, name);
	return capgov_group_create(device, &config);
}

static int request_start(void)
{
	device = capgov_open(O_RDWR);
	return device < 0 || create(OWN);
}

static int create_batch(int n)
{
	while (n--)
		if (create("govlab-new") ||
		    capgov_group_destroy(device, "govlab-new"))
			return 1;
	return 0;
}

static int attach_batch(int n)
{
	while (n--)
		if (capgov_attach(device, OWN, 0, 0) != 1 ||
		    capgov_detach(device, 0, 0) != 1)
			return 1;
	return 0;
}

static const struct cost_op requests[] = {
	{ "create + delete", request_start, create_batch, 200 },
	{ "attach + detach", request_start, attach_batch, 1000 },
};

#define NR_REQUESTS	ARRAY_SIZE(requests)

/**
 * struct grown - what everything takes, ns
 * @outside: for who is in no group
 * @inside: for who is in one
 * @requests: to the module
 */
struct grown {
	double outside[COST_OPS_MAX];
	double inside[COST_OPS_MAX];
	double requests[NR_REQUESTS];
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
	/* Of the first task that is governed hooks are made. */
	for (i = 0; !group->sampled && i < NR_REQUESTS; i++)
		g->requests[i] = many ? cost_measure(&requests[i], &nowhere) :
				 bench_outsider(&requests[i], &cage);
}

static void add(struct bench *b, const struct cost_op *op, const char *where,
		const struct lab_options *opt, double ns, double alone_ns)
{
	char name[64];

	if (opt->tasks > 1)
		snprintf(name, sizeof(name), "%s, %u tasks in each of %u groups",
			 where, opt->tasks, opt->groups);
	else
		snprintf(name, sizeof(name), "%s, %u groups", where,
			 opt->groups);
	bench_op(b, op, name, ns, "1 group", alone_ns);
}

static void growth(struct bench *b, const struct lab_options *opt, bool sampled)
{
	struct cage group = {
		.kind = CAGE_GROUP, .policy = "total", .cap = 2,
		.sampled = sampled,
	};
	double group_bytes, task_bytes;
	struct grown alone, among;
	struct spawn crowd;
	unsigned int i;

	measure(&alone, &group, false);
	crowd_start(&crowd, opt->groups, opt->tasks, sampled, &group_bytes,
		    &task_bytes);
	measure(&among, &group, true);
	spawn_stop(&crowd);
	for (i = 0; i < cost_nr_ops; i++) {
		add(b, &cost_ops[i], sampled ? "outsider, sampled" : "outsider",
		    opt, among.outside[i], alone.outside[i]);
		add(b, &cost_ops[i], sampled ? "sampled" : "governed",
		    opt, among.inside[i], alone.inside[i]);
	}
	if (sampled)
		return;
	for (i = 0; i < NR_REQUESTS; i++)
		add(b, &requests[i], "exact", opt, among.requests[i],
		    alone.requests[i]);
	bench_add(b, "memory, a group", "bytes", group_bytes, NULL, 0);
	bench_add(b, "memory, a task", "bytes", task_bytes, NULL, 0);
}

/**
 * bench_growth() - what operations take among many groups, beside one
 * @b: the run
 * @opt: how many groups, how many tasks in each, and the module
 */
void bench_growth(struct bench *b, const struct lab_options *opt)
{
	modctl_unload(opt->module);
	modctl_load(opt->module);
	growth(b, opt, false);
	growth(b, opt, true);
}
