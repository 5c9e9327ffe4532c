// SPDX-License-Identifier: GPL-2.0
/*
 * DOC: Of what three processes find it is the middle one: who makes threads or
 * passes messages on now and then finds 2% more, by what is in the kernel's caches.
 * Each finds the cheaper of two batches that span a few timer ticks, so that their
 * cost is in it in proportion. What the kernel does now and then, like giving
 * addresses back, is in the other. So are most samples, which come at random: where
 * there are some, it is the mean of the batches.
 */
#include <alloca.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>

#include "cost.h"
#include "govload/clock.h"
#include "spawn.h"

#define BATCHES		2
#define PAGE_BYTES	4096
#define MARGIN_BYTES	256

/**
 * struct measurement - what a child is to measure
 * @op: the operation
 * @sampled: where there are samples
 */
struct measurement {
	const struct cost_op *op;
	bool sampled;
};

/* Prints the time of one operation, in ns. The first batch is a warm-up. */
static int measure(const struct measurement *m)
{
	const struct cost_op *op = m->op;
	struct sched_param none = { };
	double best = INFINITY, sum = 0;
	int i, ret;

	/* Who is woken waits until the other sleeps, every time. */
	sched_setscheduler(0, SCHED_BATCH, &none);
	ret = (op->start && op->start()) || op->batch(op->n);
	for (i = 0; i < BATCHES && !ret; i++) {
		__u64 start = clock_read_ns(CLOCK_MONOTONIC);
		double ns;

		ret = op->batch(op->n);
		ns = clock_read_ns(CLOCK_MONOTONIC) - start;
		best = fmin(best, ns);
		sum += ns;
	}
	cost_end_helpers();
	if (ret)
		return 1;
	printf("%.17g\n", (m->sampled ? sum / BATCHES : best) / op->n);
	return 0;
}

/*
 * A fork costs more if the stack that is in use lies in two pages: it begins
 * near a page's top, whoever has called.
 */
static int measure_on_page(const void *arg)
{
	size_t used = (uintptr_t)__builtin_frame_address(0) % PAGE_BYTES;
	void *pad = alloca(used + MARGIN_BYTES);

	/* It is there although nobody uses it. */
	asm volatile("" : : "r" (pad) : "memory");
	return measure(arg);
}

/**
 * cost_measure() - what an operation takes
 * @op: the operation
 * @cage: where it is done, by everybody who takes part
 * Return: ns
 */
double cost_measure(const struct cost_op *op, struct cage *cage)
{
	struct measurement m = { op, cage->sampled };
	double a = spawn_number(cage, measure_on_page, &m, op->name);
	double b = spawn_number(cage, measure_on_page, &m, op->name);
	double c = spawn_number(cage, measure_on_page, &m, op->name);

	return fmax(fmin(a, b), fmin(fmax(a, b), c));
}
