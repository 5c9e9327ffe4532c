// SPDX-License-Identifier: GPL-2.0
/*
 * DOC: An operation of the benchmark, over and over, for who looks where its
 * instructions go. Says "ready" once it has begun.
 */
#include <err.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lab/cost.h"

int main(int argc, char **argv)
{
	const struct cost_op *op;
	unsigned int i;

	for (i = 0; i < cost_nr_ops; i++)
		if (argc == 2 && !strcmp(argv[1], cost_ops[i].name))
			break;
	if (i == cost_nr_ops)
		errx(2, "usage: repeat OPERATION, as govlab bench calls it");
	op = &cost_ops[i];
	if ((op->start && op->start()) || op->batch(op->n))
		errx(1, "%s: failed", op->name);
	puts("ready");
	fflush(stdout);
	alarm(20);
	while (!op->batch(op->n))
		;
	errx(1, "%s: failed", op->name);
}
