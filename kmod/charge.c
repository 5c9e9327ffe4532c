// SPDX-License-Identifier: GPL-2.0
/*
 * DOC: From (USR, SYS) to the buckets, of the group and of every parent. A CPU
 * takes a slice from a group's bucket and uses it up before it comes again;
 * only then is the group's lock taken. What was used beyond the slice is taken
 * in any case, as debt, so that in the long run nothing escapes.
 */
#include <linux/cpumask.h>
#include <linux/minmax.h>
#include <linux/sched/prio.h>

#include "rooms.h"
#include "trace.h"

/* What a CPU takes far from the cap, in slices. */
#define SLICES_MAX	16
/* How long a group without a cap may go without settlement. */
#define UNCAPPED_NS	(100 * NSEC_PER_MSEC)

/**
 * capgov_charge_weigh() - reckon the weight of SYS
 * @group: the group, with its lock; its policy and parameters are set
 */
void capgov_charge_weigh(struct capgov_group *group)
{
	group->weight_cpus = num_online_cpus();
	WRITE_ONCE(group->weight,
		   group->policy->weight(&group->params, group->weight_cpus));
}

/*
 * A slice near the cap; far from it, where many slices are there for each
 * CPU, up to SLICES_MAX. Never less than a quarter, even if that much is not there,
 * lest the last of a bucket is handed out in ever smaller pieces.
 */
static u64 charge_slice(const struct capgov_group *group)
{
	s64 share = group->bucket.level_ns / (2 * num_online_cpus());
	s64 slice = group->slice_ns;

	return clamp(max(share, min(group->bucket.level_ns, slice)),
		     slice / 4, slice * SLICES_MAX);
}

/* The part used up here is taken, and a new one if nobody waits for it. */
static void charge_refill(struct capgov_group *group, struct capgov_pcpu *pcpu)
{
	u64 now = ktime_get_ns();
	unsigned long flags;
	u64 slice = 0;
	s64 level;

	raw_spin_lock_irqsave(&group->lock, flags);
	if (unlikely(group->weight_cpus != num_online_cpus()))
		capgov_charge_weigh(group);
	capgov_bucket_accrue(&group->bucket, now);
	capgov_bucket_take(&group->bucket, -pcpu->left_ns);
	pcpu->left_ns = 0;
	if (group->bucket.level_ns > 0 && list_empty(&group->waiters)) {
		slice = charge_slice(group);
		capgov_bucket_take(&group->bucket, slice);
		pcpu->left_ns = slice;
	}
	level = group->bucket.level_ns;
	raw_spin_unlock_irqrestore(&group->lock, flags);
	trace_capgov_refill(group, slice, level);
}

/* Return: how long the group's tasks may run here; 0 or less: not at all. */
static s64 charge_group(struct capgov_group *group, struct capgov_pcpu *pcpu,
			u64 usr, u64 sys)
{
	u64 charged_sys = capgov_policy_charge_sys(sys, READ_ONCE(group->weight));
	u64 charge = usr + charged_sys;
	s64 left = UNCAPPED_NS;

	pcpu->exempt_ns += sys - charged_sys;
	if (!READ_ONCE(group->capped)) {
		pcpu->charged_ns += charge;
	} else if (current->prio < MAX_RT_PRIO) {
		pcpu->forgiven_ns += charge;
		left = READ_ONCE(group->slice_ns);
	} else {
		pcpu->charged_ns += charge;
		if (likely(pcpu->caps == READ_ONCE(group->caps)))
			pcpu->left_ns -= charge;
		pcpu->caps = READ_ONCE(group->caps);
		if (pcpu->left_ns <= 0)
			charge_refill(group, pcpu);
		left = pcpu->left_ns;
	}
	trace_capgov_charge(group, usr, sys, charge, left);
	return left;
}

/**
 * capgov_charge_settle() - charge a group and its parents
 * @leaf: the group of the current task
 * @pcpu: its account on this CPU
 * @waited: NULL, or a bit for each level for which the task has waited, from
 *	@leaf's; that of the group returned is set
 *
 * What was added to the account since the last time is charged to every group
 * up to the root, by each one's own weight. A group that has been waited for is
 * good for a slice, whatever the waiting cost: that is charged, but were it
 * waited for again, a task whose slice does not pay for being stopped and let go
 * would never get on. Preemption is off.
 *
 * Return: the group nearest to @leaf that has no runtime left, or NULL. It
 * lives as long as preemption stays off.
 */
struct capgov_group *capgov_charge_settle(struct capgov_group *leaf,
					  struct capgov_pcpu *pcpu,
					  unsigned long *waited)
{
	/* A sample may change them meanwhile. */
	u64 usr = READ_ONCE(pcpu->ns[0]) - pcpu->settled[0];
	u64 sys = READ_ONCE(pcpu->ns[1]) - pcpu->settled[1];
	u64 squares = READ_ONCE(pcpu->sampler.squares) - pcpu->squares_settled;
	struct capgov_group *group = leaf, *short_of = NULL;
	struct capgov_pcpu *account = pcpu;
	unsigned int level = 0;
	s64 budget = S64_MAX;
	u64 mean = U64_MAX;

	pcpu->settled[0] += usr;
	pcpu->settled[1] += sys;
	pcpu->squares_settled += squares;
	for (;;) {
		s64 left = charge_group(group, account, usr, sys);

		if (left <= 0 && waited && test_bit(level, waited)) {
			left = READ_ONCE(group->slice_ns);
		} else if (left <= 0 && !short_of) {
			short_of = group;
			if (waited)
				__set_bit(level, waited);
		}
		level++;
		budget = min(budget, left);
		mean = min(mean, READ_ONCE(group->mean_ns));
		group = rcu_dereference_sched(group->parent);
		if (!group)
			break;
		account = this_cpu_ptr(group->pcpu);
		account->below[0] += usr;
		account->below[1] += sys;
		account->squares_below += squares;
	}
	pcpu->budget_ns = budget;
	pcpu->mean_ns = mean;
	return short_of;
}

/**
 * capgov_charge_grant() - runtime that a release took for current
 * @group: from whose bucket
 * @ns: how much, ns
 */
void capgov_charge_grant(struct capgov_group *group, u64 ns)
{
	preempt_disable();
	this_cpu_ptr(group->pcpu)->left_ns += ns;
	preempt_enable();
}
