// SPDX-License-Identifier: GPL-2.0
/*
 * DOC: The loop reads the time once a pass, through the vDSO, and makes no
 * system call but the SYS work itself: under a governor that accounts every
 * edge, a stray one would be part of what is measured. Calibration runs this
 * same loop, so what a pass costs includes the loop; that is also why a pass
 * does the same in every mode, whether its schedule and lag mean anything or
 * not.
 */
#include "govload/clock.h"
#include "govload/worker.h"

/* Only the owner writes a counter: no locked instruction is needed. */
static void count_up(atomic_ullong *counter)
{
	atomic_store_explicit(counter, worker_count(counter) + 1,
			      memory_order_relaxed);
}

static bool mix_wants_burst(struct worker *w)
{
	return mix_wants_sys(worker_count(&w->served) * w->costs.sys_ns,
			     worker_count(&w->usr_passes) * w->costs.usr_ns +
			     worker_count(&w->served) * w->costs.sys_usr_ns,
			     w->share);
}

static bool wants_sys(struct worker *w, __u64 now_ns)
{
	if (w->mode != LOAD_MIX)
		return arrivals_due(&w->arrivals, now_ns);
	if (!w->burst_left && mix_wants_burst(w))
		w->burst_left = burst_draw(&w->random, w->burst);
	if (!w->burst_left)
		return false;
	w->burst_left--;
	return true;
}

static __u64 serve(struct worker *w, __u64 start_ns)
{
	__u64 due_ns = w->arrivals.next_due_ns;
	__u64 end_ns, i;

	for (i = 0; i < w->costs.units && !w->error; i++)
		w->error = w->work.kind->unit(&w->work);
	end_ns = clock_read_ns(CLOCK_MONOTONIC);
	arrivals_advance(&w->arrivals);
	count_up(&w->served);
	if (atomic_load_explicit(&w->control->measuring,
				 memory_order_relaxed)) {
		hist_record(&w->lag, start_ns - due_ns);
		hist_record(&w->latency, end_ns -
			    (w->mode == LOAD_OPEN ? due_ns : start_ns));
	}
	return end_ns;
}

/**
 * worker_schedule - decide what the loop does from now on
 * @w: the worker; what LOAD_MIX needs is set apart from this
 * @mode: what decides between SYS and USR work
 * @arrivals: LOAD_OPEN: when SYS work is due; not used otherwise
 *
 * The other modes are schedules too: never due, or always.
 */
void worker_schedule(struct worker *w, enum load_mode mode,
		     const struct arrivals *arrivals)
{
	w->mode = mode;
	if (mode == LOAD_OPEN)
		w->arrivals = *arrivals;
	else if (mode == LOAD_USR)
		arrivals_init(&w->arrivals, 0, 0, 0, 1);
	else
		w->arrivals = (struct arrivals){ 0 };
}

/**
 * worker_run - run the loop
 * @w: the worker, all of it set up; may be run again and goes on where it was
 * @until_ns: CLOCK_MONOTONIC time after which no new pass is begun
 *
 * Returns at @until_ns, when told to stop, or when SYS work failed, which
 * stops all the others too and leaves the reason in @w->error. At least one
 * pass is made.
 */
void worker_run(struct worker *w, __u64 until_ns)
{
	__u64 now_ns = clock_read_ns(CLOCK_MONOTONIC);

	do {
		if (wants_sys(w, now_ns)) {
			now_ns = serve(w, now_ns);
			if (w->error)
				atomic_store(&w->control->stop, true);
		} else {
			w->seed = work_spin(w->costs.spins, w->seed);
			count_up(&w->usr_passes);
			now_ns = clock_read_ns(CLOCK_MONOTONIC);
		}
	} while (now_ns < until_ns &&
		 !atomic_load_explicit(&w->control->stop,
				       memory_order_relaxed));
}
