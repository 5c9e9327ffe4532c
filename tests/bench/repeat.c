// SPDX-License-Identifier: GPL-2.0
/*
 * DOC: An operation of the benchmark, over and over, for who looks where its
 * instructions go; among as many groups as are wanted, with a task in each.
 * Says "ready" once it has begun.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lab/cost.h"
#include "lab/crowd.h"
#include "lab/lab.h"

void lab_progress(const char *format __attribute__((unused)), ...)
{
}

static const struct cost_op *find(const char *name)
{
	unsigned int i;

	for (i = 0; i < cost_nr_ops; i++)
		if (!strcmp(name, cost_ops[i].name))
			return &cost_ops[i];
	for (i = 0; i < cost_nr_requests; i++)
		if (!strcmp(name, cost_requests[i].name))
			return &cost_requests[i];
	errx(2, "%s: no operation of govlab bench", name);
}

int main(int argc, char **argv)
{
	const struct cost_op *op;
	double group_bytes, task_bytes;
	struct spawn crowd;

	if (argc < 2 || argc > 3)
		errx(2, "usage: repeat OPERATION [GROUPS]");
	op = find(argv[1]);
	if (argc == 3)
		crowd_start(&crowd, strtoul(argv[2], NULL, 10), 1, false,
			    &group_bytes, &task_bytes);
	if ((op->start && op->start()) || op->batch(op->n))
		errx(1, "%s: failed", op->name);
	puts("ready");
	fflush(stdout);
	alarm(20);
	while (!op->batch(op->n))
		;
	errx(1, "%s: failed", op->name);
}
