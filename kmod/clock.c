// SPDX-License-Identifier: GPL-2.0
/* DOC: The rate of the counter of cycles, measured when the module is loaded. */
#include <linux/delay.h>
#include <linux/preempt.h>
#include <linux/sched/clock.h>

#include "clock.h"
#include "compat.h"

/* Long against what lies between the readings of one moment. */
#define MEASURE_MS	10
#define TRIES		8

u32 capgov_clock_rate __read_mostly;

/*
 * Of several readings the one that was done in the fewest cycles: an interrupt
 * that cannot be held off, or a host, may come between the two clocks.
 */
static void clock_read(struct capgov_clock *clock)
{
	u64 best = U64_MAX;
	int i;

	for (i = 0; i < TRIES; i++) {
		unsigned long flags;
		u64 start, ns, took;

		local_irq_save(flags);
		start = get_cycles();
		ns = sched_clock();
		took = get_cycles() - start;
		local_irq_restore(flags);
		if (took >= best)
			continue;
		best = took;
		clock->ns = ns;
		clock->cycles = start + took / 2;
	}
}

/**
 * capgov_clock_init() - measure the counter. May sleep.
 * Return: 0, or -EOPNOTSUPP if there is none, or none fast enough
 */
int capgov_clock_init(void)
{
	struct capgov_clock from = { }, to = { };

	migrate_disable();
	clock_read(&from);
	msleep(MEASURE_MS);
	clock_read(&to);
	migrate_enable();
	capgov_clock_rate = capgov_clock_measure(&from, &to);
	if (capgov_clock_rate)
		return 0;
	pr_err("no counter of cycles that can be used\n");
	return -EOPNOTSUPP;
}
