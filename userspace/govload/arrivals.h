/* SPDX-License-Identifier: GPL-2.0 */
/* When SYS work is due, and who serves it. Pure: the time is an argument. */
#ifndef GOVLOAD_ARRIVALS_H
#define GOVLOAD_ARRIVALS_H

#include <stdbool.h>
#include <linux/types.h>

/**
 * struct arrivals - one thread's view of the arrivals of an open loop
 * @start_ns: when arrival 0 is due
 * @interval_ps: from one arrival to the next, in picoseconds so that cheap
 *	work keeps its rate; 0 when nothing ever arrives
 * @next: the arrival this thread serves next
 * @stride: how many threads share the arrivals
 * @step_ns: from this thread's next arrival to the one after, whole ns
 * @step_ps: and what is left, in ps
 * @next_due_ns: when @next is due, rounded down
 * @next_due_ps: what was rounded away
 *
 * Zeroed memory is a schedule by which there is always something due.
 */
struct arrivals {
	__u64 start_ns;
	__u64 interval_ps;
	__u64 next;
	__u64 stride;
	__u64 step_ns;
	__u64 step_ps;
	__u64 next_due_ns;
	__u64 next_due_ps;
};

__u64 arrivals_interval_ps(double cost_ns, double rate);
void arrivals_init(struct arrivals *a, __u64 start_ns, __u64 interval_ps,
		   unsigned int thread, unsigned int threads);
__u64 arrivals_due_ns(const struct arrivals *a, __u64 number);
void arrivals_advance(struct arrivals *a);
__u64 arrivals_count(const struct arrivals *a, __u64 now_ns);
bool mix_wants_sys(double sys_ns, double usr_ns, double share);
__u64 burst_draw(__u64 *state, __u64 mean);

/**
 * arrivals_due - whether this thread's next arrival is due
 * @a: the schedule
 * @now_ns: the time
 *
 * Return: true from the moment it is due until arrivals_advance().
 */
static inline bool arrivals_due(const struct arrivals *a, __u64 now_ns)
{
	return now_ns >= a->next_due_ns;
}

#endif
