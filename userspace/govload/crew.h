/* SPDX-License-Identifier: GPL-2.0 */
/* One run of the workload, from the first thread's start to the figures. */
#ifndef GOVLOAD_CREW_H
#define GOVLOAD_CREW_H

#include "govload/calibration.h"
#include "govload/hist.h"

#define CREW_MAX_THREADS	1024

/**
 * struct load - what to run
 * @mode: open or one of the closed loops
 * @demand: LOAD_OPEN: SYS demand of all threads together, in CPUs
 * @share: LOAD_MIX: share of SYS
 * @burst: LOAD_MIX: arrivals in a row, in the mean
 * @threads: how many threads, 1 to CREW_MAX_THREADS
 * @warmup_ns: how long to run before measuring
 * @duration_ns: how long to measure
 * @cal: the workload's costs
 * @progress: say every second on stderr where we are
 */
struct load {
	enum load_mode mode;
	double demand;
	double share;
	__u64 burst;
	unsigned int threads;
	__u64 warmup_ns;
	__u64 duration_ns;
	struct calibration cal;
	bool progress;
};

/**
 * struct result - what a run came to; all but @oldest_ns and @backlog over the
 *	measured interval alone
 * @wall_ns: length of the measured interval
 * @usr_ns: USR time by work done: passes times what one costs
 * @sys_ns: SYS time by work done
 * @cpu_ns: CPU time of the process by the kernel, exact
 * @rusage_usr_ns: its USR part by the kernel, as exact as the kernel is
 * @rusage_sys_ns: its SYS part
 * @due: LOAD_OPEN: arrivals that came due
 * @served: arrivals served
 * @backlog: LOAD_OPEN: arrivals due but not served at the end
 * @oldest_ns: LOAD_OPEN: how long the oldest of those had waited
 * @voluntary: voluntary context switches
 * @involuntary: involuntary ones
 * @lag: see struct worker
 * @latency: see struct worker
 * @thread_cpu_ns: CPU time of each thread
 */
struct result {
	__u64 wall_ns;
	double usr_ns;
	double sys_ns;
	__u64 cpu_ns;
	__u64 rusage_usr_ns;
	__u64 rusage_sys_ns;
	__u64 due;
	__u64 served;
	__u64 backlog;
	__u64 oldest_ns;
	__u64 voluntary;
	__u64 involuntary;
	struct hist lag;
	struct hist latency;
	__u64 thread_cpu_ns[CREW_MAX_THREADS];
};

int crew_run(const struct load *load, struct result *res);

#endif
