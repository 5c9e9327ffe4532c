/* SPDX-License-Identifier: GPL-2.0 */
/* One thread's loop: SYS work when it is wanted, USR work otherwise. */
#ifndef GOVLOAD_WORKER_H
#define GOVLOAD_WORKER_H

#include <stdatomic.h>

#include "govload/arrivals.h"
#include "govload/hist.h"
#include "govload/work.h"

/**
 * enum load_mode - what decides between SYS and USR work
 * @LOAD_OPEN: SYS work is due by the clock, USR work fills the rest
 * @LOAD_USR: USR work only
 * @LOAD_SYS: SYS work only
 * @LOAD_MIX: both, in a fixed proportion
 */
enum load_mode {
	LOAD_OPEN,
	LOAD_USR,
	LOAD_SYS,
	LOAD_MIX,
};

/**
 * struct costs - what the passes of the loop cost when nothing is in the way
 * @units: units of SYS work in one arrival
 * @sys_ns: SYS time of one arrival
 * @sys_usr_ns: USR time of one arrival: the loop around the system calls
 * @spins: length of one USR pass
 * @usr_ns: USR time of one USR pass
 */
struct costs {
	__u64 units;
	double sys_ns;
	double sys_usr_ns;
	__u64 spins;
	double usr_ns;
};

/**
 * struct control - what the leading thread tells all of them
 * @measuring: SYS work done now belongs in the histograms
 * @stop: end as soon as possible
 */
struct control {
	atomic_bool measuring;
	atomic_bool stop;
};

/**
 * struct worker - one thread's loop
 * @mode: what decides, from worker_schedule()
 * @costs: cost of a pass of either kind
 * @share: LOAD_MIX: the share of SYS
 * @burst: LOAD_MIX: how many arrivals in a row, in the mean
 * @burst_left: of those in a row now
 * @random: state of their lengths, not 0
 * @arrivals: when SYS work is due; not used in LOAD_MIX
 * @work: how to do it
 * @control: orders
 * @served: arrivals served since the loop began; others may read it
 * @usr_passes: USR passes since the loop began; others may read it
 * @lag: LOAD_OPEN: how late arrivals were started, in ns; else meaningless
 * @latency: from when an arrival was due (other modes: started) to its end
 * @seed: state of the computation
 * @error: 0, or the -errno that ended the loop
 */
struct worker {
	enum load_mode mode;
	struct costs costs;
	double share;
	__u64 burst;
	__u64 burst_left;
	__u64 random;
	struct arrivals arrivals;
	struct work work;
	struct control *control;
	atomic_ullong served;
	atomic_ullong usr_passes;
	struct hist lag;
	struct hist latency;
	__u64 seed;
	int error;
};

void worker_schedule(struct worker *w, enum load_mode mode,
		     const struct arrivals *arrivals);
void worker_run(struct worker *w, __u64 until_ns);

/**
 * worker_count - read a counter of a worker, from any thread
 * @counter: &worker.served or &worker.usr_passes
 *
 * Return: its value, which may be old by the time it is used.
 */
static inline __u64 worker_count(atomic_ullong *counter)
{
	return atomic_load_explicit(counter, memory_order_relaxed);
}

#endif
