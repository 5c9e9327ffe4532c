// SPDX-License-Identifier: GPL-2.0
/*
 * DOC: Costs are CPU time of whole passes of the worker's own loop, the median
 * of several batches. A batch spans a few timer ticks, so their cost is in it
 * in proportion, as it will be while the work is measured. CPU time rather
 * than wall time, so that a busy machine does not make the work look dear.
 */
#include <errno.h>
#include <stdlib.h>

#include "govload/calibration.h"
#include "govload/clock.h"

#define BATCHES		9
#define BATCH_NS	20000000ull
/* A batch this long is a single stretch, and one of them will do. */
#define LONG_BATCH_NS	(10 * BATCH_NS)
/* A USR pass: short enough to notice an arrival soon. */
#define USR_PASS_NS	25000
#define PROBE_SPINS	1000

struct bench {
	struct worker worker;
	struct control control;
	__u64 cpu_ns;
	__u64 wall_ns;
};

static double batch(struct bench *b)
{
	__u64 passes = b->worker.served + b->worker.usr_passes;
	__u64 wall_ns = clock_read_ns(CLOCK_MONOTONIC);
	__u64 cpu_ns = clock_read_ns(CLOCK_THREAD_CPUTIME_ID);

	worker_run(&b->worker, wall_ns + BATCH_NS);
	cpu_ns = clock_read_ns(CLOCK_THREAD_CPUTIME_ID) - cpu_ns;
	b->cpu_ns += cpu_ns;
	b->wall_ns += clock_read_ns(CLOCK_MONOTONIC) - wall_ns;
	passes = b->worker.served + b->worker.usr_passes - passes;
	return (double)cpu_ns / passes;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* The cost of a pass in ns; 0 when the work failed. */
static double pass_ns(struct bench *b, enum load_mode mode, __u64 length)
{
	double ns[BATCHES];
	int i;

	worker_schedule(&b->worker, mode, NULL);
	b->worker.costs.units = length;
	b->worker.costs.spins = length;
	/* The first batch warms up caches and the CPU's frequency. */
	ns[0] = batch(b);
	if (ns[0] > LONG_BATCH_NS)
		return b->worker.error ? 0 : ns[0];
	for (i = 0; i < BATCHES && !b->worker.error; i++)
		ns[i] = batch(b);
	qsort(ns, i, sizeof(ns[0]), by_value);
	return b->worker.error ? 0 : ns[BATCHES / 2];
}

static __u64 times(double whole, double part)
{
	return whole > part ? (__u64)(whole / part + 0.5) : 1;
}

static int measure(struct bench *b, struct costs *c, __u64 stretch_ns)
{
	double all;

	c->spins = times(USR_PASS_NS,
			 pass_ns(b, LOAD_USR, PROBE_SPINS) / PROBE_SPINS);
	c->usr_ns = pass_ns(b, LOAD_USR, c->spins);
	c->sys_usr_ns = pass_ns(b, LOAD_SYS, 0);
	c->units = 1;
	all = pass_ns(b, LOAD_SYS, 1);
	if (all && stretch_ns) {
		c->units = times(stretch_ns, all - c->sys_usr_ns);
		all = pass_ns(b, LOAD_SYS, c->units);
	}
	c->sys_ns = all - c->sys_usr_ns;
	return b->worker.error;
}

/**
 * calibrate - measure what the work costs
 * @cal: filled in
 * @kind: the kind of SYS work
 * @size: bytes a unit moves
 * @stretch_ns: SYS time one arrival is to take; 0 for that of one unit
 *
 * Takes most of a second, and several stretches. What limits the caller's CPU
 * time meanwhile does no harm, but what makes its system calls dearer does.
 *
 * Return: 0, or the -errno of the work or of getting ready for it.
 */
int calibrate(struct calibration *cal, const struct work_kind *kind,
	      size_t size, __u64 stretch_ns)
{
	struct bench *b = calloc(1, sizeof(*b));
	int err;

	if (!b)
		return -ENOMEM;
	*cal = (struct calibration){ .kind = kind, .size = size };
	b->worker.control = &b->control;
	b->control.measuring = true;
	cal->clock_is_syscall = clock_is_syscall();
	err = work_open(&b->worker.work, kind, size);
	if (!err)
		err = measure(b, &cal->costs, stretch_ns);
	if (!err)
		cal->cpu_share = (double)b->cpu_ns / b->wall_ns;
	work_close(&b->worker.work);
	free(b);
	return err;
}

/**
 * calibration_to_json - write a calibration down
 * @cal: the calibration
 *
 * Return: a new object; NULL when memory ran out.
 */
json_t *calibration_to_json(const struct calibration *cal)
{
	return json_pack("{s:s, s:I, s:I, s:f, s:f, s:I, s:f, s:b, s:f}",
			 "work", cal->kind->name,
			 "size", (json_int_t)cal->size,
			 "units", (json_int_t)cal->costs.units,
			 "sys_ns", cal->costs.sys_ns,
			 "sys_usr_ns", cal->costs.sys_usr_ns,
			 "usr_spins", (json_int_t)cal->costs.spins,
			 "usr_ns", cal->costs.usr_ns,
			 "clock_is_syscall", cal->clock_is_syscall,
			 "cpu_share", cal->cpu_share);
}

/**
 * calibration_from_json - take a calibration written down earlier
 * @cal: filled in
 * @json: what calibration_to_json() made
 * @err: its text says what is wrong, when something is
 *
 * Return: 0; -EINVAL when a field is missing, unknown or out of range.
 */
int calibration_from_json(struct calibration *cal, json_t *json,
			  json_error_t *err)
{
	json_int_t size, units, spins;
	struct costs *c = &cal->costs;
	const char *name;
	int is_syscall;

	if (json_unpack_ex(json, err, JSON_STRICT,
			   "{s:s, s:I, s:I, s:F, s:F, s:I, s:F, s:b, s:F}",
			   "work", &name, "size", &size, "units", &units,
			   "sys_ns", &c->sys_ns, "sys_usr_ns", &c->sys_usr_ns,
			   "usr_spins", &spins, "usr_ns", &c->usr_ns,
			   "clock_is_syscall", &is_syscall,
			   "cpu_share", &cal->cpu_share))
		return -EINVAL;
	cal->kind = work_find(name);
	if (!cal->kind || size < !!cal->kind->size ||
	    size > (json_int_t)cal->kind->max_size || units < 1 || spins < 1 ||
	    !(c->sys_ns > 0) || !(c->sys_usr_ns >= 0) || !(c->usr_ns > 0)) {
		snprintf(err->text, sizeof(err->text), "value out of range");
		return -EINVAL;
	}
	cal->size = size;
	c->units = units;
	c->spins = spins;
	cal->clock_is_syscall = is_syscall;
	return 0;
}
