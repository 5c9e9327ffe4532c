// SPDX-License-Identifier: GPL-2.0
/*
 * DOC: As schbench asks: somebody who sleeps most of the time shares a cap with
 * somebody who would take all of it. How late is it when it is due?
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "cost.h"
#include "govload/clock.h"
#include "model.h"
#include "spawn.h"
#include "wake.h"

#define WAKES		200
#define INTERVAL_NS	(NSEC_PER_SEC / 500)
#define NS_PER_MS	(NSEC_PER_SEC / 1000.0)

static int compare(const void *a, const void *b)
{
	const __u64 *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* Return: how late it is, ns. */
static __u64 wake(void)
{
	__u64 due = clock_read_ns(CLOCK_MONOTONIC) + INTERVAL_NS;
	struct timespec at = {
		.tv_sec = due / NSEC_PER_SEC, .tv_nsec = due % NSEC_PER_SEC
	};

	clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &at, NULL);
	return clock_read_ns(CLOCK_MONOTONIC) - due;
}

/* Prints what one in a hundred exceeds. */
static int measure(const void *warmup_ns)
{
	__u64 end = clock_read_ns(CLOCK_MONOTONIC) + *(const __u64 *)warmup_ns;
	pid_t other = cost_helper();
	__u64 late[WAKES];
	int i;

	if (other < 0) {
		warn("fork");
		return 1;
	}
	if (!other)
		for (;;)
			;
	while (clock_read_ns(CLOCK_MONOTONIC) < end)
		wake();
	for (i = 0; i < WAKES; i++)
		late[i] = wake();
	cost_end_helpers();
	qsort(late, WAKES, sizeof(*late), compare);
	printf("%llu\n", late[WAKES - 1 - WAKES / 100]);
	return 0;
}

/**
 * wake_p99_ms() - how late a task is under a cap that another uses up
 * @cage: where
 * Return: what one wake-up in a hundred exceeds, ms
 */
double wake_p99_ms(struct cage *cage)
{
	__u64 warmup_ns = model_warmup_s(cage->cap, 1) * NSEC_PER_SEC;

	return spawn_number(cage, measure, &warmup_ns, "wake-ups") / NS_PER_MS;
}
