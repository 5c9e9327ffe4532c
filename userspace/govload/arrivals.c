// SPDX-License-Identifier: GPL-2.0
/*
 * DOC: The schedule of an open loop is fixed before it starts: arrival k is
 * due at start + k * interval whatever became of those before it, so a thread
 * that was stopped finds all it missed waiting, oldest first. Of n threads,
 * thread i serves the arrivals i, i + n, i + 2n and so on.
 */
#include "govload/arrivals.h"

#define PS_PER_NS	1000

/**
 * arrivals_due_ns - when an arrival is due
 * @a: the schedule of any one of the threads
 * @number: the arrival, counted from 0 over all threads
 *
 * Return: the time; ~0ULL when nothing ever arrives.
 */
__u64 arrivals_due_ns(const struct arrivals *a, __u64 number)
{
	unsigned __int128 ps = (unsigned __int128)number * a->interval_ps;

	return a->interval_ps ? a->start_ns + (__u64)(ps / PS_PER_NS) : ~0ULL;
}

/**
 * arrivals_interval_ps - the interval that makes a demand
 * @cost_ns: SYS time one arrival takes
 * @rate: the demand, in CPUs; 0 for none
 *
 * Return: picoseconds, at least 1; 0 when nothing ever arrives.
 */
__u64 arrivals_interval_ps(double cost_ns, double rate)
{
	double ps;

	if (rate <= 0)
		return 0;
	ps = cost_ns * PS_PER_NS / rate;
	return ps < 1 ? 1 : (__u64)(ps + 0.5);
}

/**
 * arrivals_init - start one thread's schedule
 * @a: the schedule
 * @start_ns: when the first arrival of all is due
 * @interval_ps: from arrivals_interval_ps()
 * @thread: which thread this is, from 0
 * @threads: how many there are
 */
void arrivals_init(struct arrivals *a, __u64 start_ns, __u64 interval_ps,
		   unsigned int thread, unsigned int threads)
{
	a->start_ns = start_ns;
	a->interval_ps = interval_ps;
	a->next = thread;
	a->stride = threads;
	a->step_ns = interval_ps * threads / PS_PER_NS;
	a->step_ps = interval_ps * threads % PS_PER_NS;
	a->next_due_ns = arrivals_due_ns(a, a->next);
	a->next_due_ps = interval_ps * thread % PS_PER_NS;
}

/**
 * arrivals_advance - the next arrival was served
 * @a: the schedule
 *
 * Part of what every arrival costs, and so without a division.
 */
void arrivals_advance(struct arrivals *a)
{
	a->next += a->stride;
	a->next_due_ns += a->step_ns;
	a->next_due_ps += a->step_ps;
	if (a->next_due_ps >= PS_PER_NS) {
		a->next_due_ps -= PS_PER_NS;
		a->next_due_ns++;
	}
}

/**
 * arrivals_count - how many arrivals were due up to now, all threads together
 * @a: the schedule of any one of the threads
 * @now_ns: the time
 *
 * Return: the number of arrivals with a due time of @now_ns or before.
 */
__u64 arrivals_count(const struct arrivals *a, __u64 now_ns)
{
	unsigned __int128 ps;

	if (!a->interval_ps || now_ns < a->start_ns)
		return 0;
	/* Due times are rounded down, so look to the end of this nanosecond. */
	ps = (unsigned __int128)(now_ns - a->start_ns) * PS_PER_NS +
	     PS_PER_NS - 1;
	return (__u64)(ps / a->interval_ps) + 1;
}

/**
 * mix_wants_sys - what a closed loop that mixes does next
 * @sys_ns: SYS time done so far
 * @usr_ns: USR time done so far
 * @share: SYS share of the whole, between 0 and 1
 *
 * Return: true when SYS is behind its share.
 */
bool mix_wants_sys(double sys_ns, double usr_ns, double share)
{
	return sys_ns < share * (sys_ns + usr_ns);
}

/**
 * burst_draw - how many arrivals are served in a row, at random
 * @state: of the generator, xorshift64 (Marsaglia, 2003); never 0
 * @mean: the mean, at most 2^32
 *
 * Return: from 1 to 2 * @mean - 1, all of them equally often.
 */
__u64 burst_draw(__u64 *state, __u64 mean)
{
	__u64 x = *state;

	x ^= x << 13;
	x ^= x >> 7;
	x ^= x << 17;
	*state = x;
	return 1 + x % (2 * mean - 1);
}
