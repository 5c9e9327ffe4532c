// SPDX-License-Identifier: GPL-2.0
/*
 * DOC: Park and release. A task sleeps in its task work, on its way to user
 * mode, where it holds no lock. It waits in its group's queue until the
 * group's timer finds a slice in the bucket for it, first in, first out.
 *
 * Meanwhile it is interruptible and counts in no load average; the hung-task
 * detector leaves it alone. Only what must get through ends the wait early:
 * death, tracers and freezers at once; stops, signals with their default action
 * and others' work at once, but if it comes again before the task is released,
 * which may be the task's own doing, later and later. Signals with a handler wait
 * with the task, as they do while a task waits for a CPU. So no storm of them
 * buys runtime.
 */
#include <linux/freezer.h>
#include <linux/livepatch.h>
#include <linux/minmax.h>
#include <linux/sched/jobctl.h>
#include <linux/sched/signal.h>
#include <linux/task_work.h>

#include "rooms.h"
#include "trace.h"

/* How many tasks one ring of the timer wakes at most. */
#define RELEASE_BATCH	32
/* What that takes, about: rung sooner, the timer would seem to hang. */
#define BATCH_NS	(50 * NSEC_PER_USEC)
/* How long what must get through for a second time waits, and what must again. */
#define AGAIN_MIN_MS	10
#define AGAIN_MAX_MS	1000

/* With the group's lock. */
static void throttle_arm(struct capgov_group *group, u64 in_ns)
{
	hrtimer_start(&group->timer, ns_to_ktime(max_t(u64, in_ns, 1)),
		      HRTIMER_MODE_REL_HARD);
}

/**
 * capgov_throttle_release() - release who the bucket pays for
 * @group: whose queue; if it has no cap everybody is released
 *
 * At most RELEASE_BATCH at once; the timer does the rest. Any context, with no
 * raw lock held.
 */
void capgov_throttle_release(struct capgov_group *group)
{
	struct task_struct *batch[RELEASE_BATCH];
	struct capgov_bucket *b = &group->bucket;
	unsigned int i, n = 0;
	unsigned long flags;

	/* Tasks and what governs them are freed after a grace period. */
	rcu_read_lock();
	raw_spin_lock_irqsave(&group->lock, flags);
	/* Not before: whoever is kept from here meanwhile would arm it late. */
	capgov_bucket_accrue(b, ktime_get_ns());
	while (n < RELEASE_BATCH && !list_empty(&group->waiters)) {
		struct capgov_task *ct;

		if (group->capped && b->level_ns < (s64)group->slice_ns)
			break;
		ct = list_first_entry(&group->waiters, struct capgov_task,
				      waiting);
		list_del_init(&ct->waiting);
		group->nr_parked--;
		if (group->capped) {
			capgov_bucket_take(b, group->slice_ns);
			ct->grant_ns = group->slice_ns;
		}
		batch[n++] = ct->task;
		set_bit(CAPGOV_T_WOKEN, &ct->flags);
	}
	if (!list_empty(&group->waiters))
		throttle_arm(group, n == RELEASE_BATCH ? BATCH_NS :
			     capgov_bucket_when_ready(b, group->slice_ns));
	raw_spin_unlock_irqrestore(&group->lock, flags);
	for (i = 0; i < n; i++)
		wake_up_process(batch[i]);
	rcu_read_unlock();
}

static enum hrtimer_restart throttle_timer(struct hrtimer *timer)
{
	capgov_throttle_release(container_of(timer, struct capgov_group,
					     timer));
	return HRTIMER_NORESTART;
}

/* Current's own, which stays while it lives. */
static struct sighand_struct *throttle_sighand(void)
{
	return rcu_dereference_raw(current->sighand);
}

/* Signals that are pending and not blocked. */
static unsigned long throttle_signals(void)
{
	return (current->pending.signal.sig[0] |
		current->signal->shared_pending.signal.sig[0]) &
	       ~current->blocked.sig[0];
}

/* One of them has its default action. */
static bool throttle_default_signal(void)
{
	unsigned long pending = throttle_signals();
	int sig;

	for_each_set_bit(sig, &pending, _NSIG)
		if (throttle_sighand()->action[sig].sa.sa_handler == SIG_DFL)
			return true;
	return false;
}

/* It must get through at once. */
static bool throttle_must_go(void)
{
	if (READ_ONCE(current->jobctl) & (JOBCTL_TRAP_MASK | JOBCTL_TRAP_FREEZE))
		return true;
	/* Who is about to exit gets no signal any more, not even SIGKILL. */
	if (READ_ONCE(current->signal->flags) & SIGNAL_GROUP_EXIT)
		return true;
	return __fatal_signal_pending(current) || freezing(current) ||
	       (current->ptrace && throttle_default_signal());
}

/* It must get through, unless the task was let go for such a thing just now. */
static bool throttle_should_go(void)
{
	return READ_ONCE(current->jobctl) & JOBCTL_STOP_PENDING ||
	       task_work_pending(current) || klp_patch_pending(current) ||
	       throttle_default_signal();
}

/* For how long it waits, in jiffies; 0 or less: not at all. */
static long throttle_again(const struct capgov_task *ct)
{
	return ct->again_ms ? ct->again_at - jiffies : 0;
}

static void throttle_defer(struct capgov_task *ct)
{
	ct->again_ms = clamp_t(unsigned int, 2 * ct->again_ms, AGAIN_MIN_MS,
			       AGAIN_MAX_MS);
	ct->again_at = jiffies + msecs_to_jiffies(ct->again_ms);
}

/*
 * Nobody sleeps who has a signal pending: the flag is cleared. Whether a signal
 * must get through is seen by itself, and the next one sets the flag and wakes us.
 */
static void throttle_hush(void)
{
	clear_notify_signal();
	spin_lock_irq(&throttle_sighand()->siglock);
	clear_thread_flag(TIF_SIGPENDING);
	spin_unlock_irq(&throttle_sighand()->siglock);
}

static void throttle_unhush(void)
{
	spin_lock_irq(&throttle_sighand()->siglock);
	recalc_sigpending();
	if (freezing(current))
		set_thread_flag(TIF_SIGPENDING);
	spin_unlock_irq(&throttle_sighand()->siglock);
}

static void throttle_sleep(struct capgov_task *ct)
{
	bool hushed = false;

	for (;;) {
		long timeout = MAX_SCHEDULE_TIMEOUT;

		if (signal_pending(current)) {
			throttle_hush();
			hushed = true;
		}
		set_current_state(TASK_INTERRUPTIBLE);
		if (test_bit(CAPGOV_T_WOKEN, &ct->flags) ||
		    test_bit(CAPGOV_T_KICK, &ct->flags) || throttle_must_go())
			break;
		if (throttle_should_go()) {
			timeout = throttle_again(ct);
			if (timeout <= 0)
				break;
		}
		schedule_timeout(timeout);
	}
	__set_current_state(TASK_RUNNING);
	if (hushed)
		throttle_unhush();
}

static bool throttle_enqueue(struct capgov_task *ct, struct capgov_group *group)
{
	bool wait = false;

	raw_spin_lock_irq(&group->lock);
	if (group->capped) {
		wait = true;
		capgov_bucket_accrue(&group->bucket, ktime_get_ns());
		trace_capgov_park(group, group->bucket.level_ns);
		if (list_empty(&group->waiters))
			throttle_arm(group,
				     capgov_bucket_when_ready(&group->bucket,
							      group->slice_ns));
		list_add_tail(&ct->waiting, &group->waiters);
		group->nr_parked++;
	}
	raw_spin_unlock_irq(&group->lock);
	return wait;
}

/**
 * capgov_throttle_park() - current sleeps until its group has runtime
 * @ct: current, on its way to user mode
 * @group: its group or a parent; a reference is held
 * @waited: cleared unless it was released: what it has to wait for has changed
 *
 * Return: whether to look again whether there is runtime; if not, current has
 * to go on without, because something must get through to it
 */
bool capgov_throttle_park(struct capgov_task *ct, struct capgov_group *group,
			  unsigned long *waited)
{
	u64 start = ktime_get_ns(), ns;
	bool released;

	set_bit(CAPGOV_T_PARKED, &ct->flags);
	if (throttle_enqueue(ct, group)) {
		throttle_sleep(ct);
		ns = ktime_get_ns() - start;
		raw_spin_lock_irq(&group->lock);
		if (!list_empty(&ct->waiting)) {
			list_del_init(&ct->waiting);
			group->nr_parked--;
		}
		capgov_stats_wait(group, ns);
		raw_spin_unlock_irq(&group->lock);
		trace_capgov_release(group, ns,
				     test_bit(CAPGOV_T_WOKEN, &ct->flags));
	}
	clear_bit(CAPGOV_T_PARKED, &ct->flags);
	released = test_and_clear_bit(CAPGOV_T_WOKEN, &ct->flags);
	if (test_and_clear_bit(CAPGOV_T_KICK, &ct->flags) || !released)
		*waited = 0;
	capgov_charge_grant(group, ct->grant_ns);
	ct->grant_ns = 0;
	if (released)
		ct->again_ms = 0;
	if (throttle_must_go())
		return false;
	if (!throttle_should_go() || throttle_again(ct) > 0)
		return true;
	throttle_defer(ct);
	return false;
}

/**
 * capgov_throttle_kick() - a parked task has to look at its state again
 * @ct: the task; the caller keeps it from going away. With RCU read lock or
 *	capgov_members_lock, but no group's lock.
 */
void capgov_throttle_kick(struct capgov_task *ct)
{
	set_bit(CAPGOV_T_KICK, &ct->flags);
	/* Either it is seen parked here, or it sees the kick before it sleeps. */
	smp_mb__after_atomic();
	if (test_bit(CAPGOV_T_PARKED, &ct->flags))
		wake_up_process(ct->task);
}

/**
 * capgov_throttle_init() - set up a group's queue
 * @group: a new group
 */
void capgov_throttle_init(struct capgov_group *group)
{
	raw_spin_lock_init(&group->lock);
	INIT_LIST_HEAD(&group->waiters);
	hrtimer_setup(&group->timer, throttle_timer, CLOCK_MONOTONIC,
		      HRTIMER_MODE_REL_HARD);
}

/**
 * capgov_throttle_exit() - nobody waits and nobody will
 * @group: about to be freed
 */
void capgov_throttle_exit(struct capgov_group *group)
{
	hrtimer_cancel(&group->timer);
}
