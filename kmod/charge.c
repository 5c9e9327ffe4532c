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

/* How often a cap or a parent has changed. Under capgov_mutex. */
static u32 changes;

/**
 * struct charge - what is to be charged on a CPU
 * @usr: USR, ns
 * @sys: SYS, ns
 * @seen: the last change of which its group knew here when it last settled
 * @spared: it may have been used before a change, and is not asked for
 */
struct charge {
	u64 usr;
	u64 sys;
	u32 seen;
	bool spared;
};

/**
 * capgov_charge_change() - a cap or a parent is about to change
 * Return: the change's number; with capgov_mutex
 */
u32 capgov_charge_change(void)
{
	WRITE_ONCE(changes, changes + 1);
	return changes;
}

/**
 * capgov_charge_init() - a new group has used nothing before any change
 * @group: the group; with capgov_mutex
 */
void capgov_charge_init(struct capgov_group *group)
{
	int cpu;

	for_each_possible_cpu(cpu) {
		struct capgov_pcpu *pcpu = per_cpu_ptr(group->pcpu, cpu);

		pcpu->seen = changes;
		pcpu->changed_at = group->changed_at;
	}
}

static bool charge_is_older(u32 seen, u32 change)
{
	return (s32)(seen - change) < 0;
}

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

static void charge_reweigh(struct capgov_group *group)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&group->lock, flags);
	capgov_charge_weigh(group);
	raw_spin_unlock_irqrestore(&group->lock, flags);
}

/*
 * The part of @ns that is asked of the cap. What was used before there was one
 * is not, though only this is known: it was less than a group without a cap
 * settles for. Nor may a CPU keep more than a slice of what it got before the
 * cap changed.
 */
static u64 charge_asked(const struct capgov_group *group,
			struct capgov_pcpu *pcpu, const struct charge *c, u64 ns)
{
	u32 changed_at = READ_ONCE(group->changed_at);

	if (unlikely(pcpu->changed_at != changed_at)) {
		pcpu->changed_at = changed_at;
		pcpu->left_ns = min_t(s64, pcpu->left_ns,
				      READ_ONCE(group->slice_ns));
	}
	if (unlikely(c->spared ||
		     charge_is_older(c->seen, READ_ONCE(group->capped_at))))
		ns -= min_t(u64, ns, UNCAPPED_NS);
	return ns;
}

/* Return: how long the group's tasks may run here; 0 or less: not at all. */
static s64 charge_group(struct capgov_group *group, struct capgov_pcpu *pcpu,
			const struct charge *c)
{
	s64 left = UNCAPPED_NS;
	u64 charged_sys, charge, asked;

	if (unlikely(READ_ONCE(group->weight_cpus) != num_online_cpus()))
		charge_reweigh(group);
	charged_sys = capgov_policy_charge_sys(c->sys, READ_ONCE(group->weight));
	charge = c->usr + charged_sys;
	pcpu->exempt_ns += c->sys - charged_sys;
	/* Pairs with the release where a group's settings are put into force. */
	if (!smp_load_acquire(&group->capped)) {
		pcpu->charged_ns += charge;
	} else if (current->prio < MAX_RT_PRIO) {
		pcpu->forgiven_ns += charge;
		left = READ_ONCE(group->slice_ns);
	} else {
		asked = charge_asked(group, pcpu, c, charge);
		pcpu->charged_ns += asked;
		pcpu->forgiven_ns += charge - asked;
		pcpu->left_ns -= asked;
		if (pcpu->left_ns <= 0)
			charge_refill(group, pcpu);
		left = pcpu->left_ns;
	}
	trace_capgov_charge(group, c->usr, c->sys, charge, left);
	return left;
}

/**
 * capgov_charge_settle() - charge a group and its parents
 * @leaf: the group of the current task, or one whose tasks have gone
 * @pcpu: its account on this CPU, or then on any
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
	struct charge c = {
		.usr = READ_ONCE(pcpu->ns[0]) - pcpu->settled[0],
		.sys = READ_ONCE(pcpu->ns[1]) - pcpu->settled[1],
		.seen = pcpu->seen,
	};
	u64 squares = READ_ONCE(pcpu->sampler.squares) - pcpu->squares_settled;
	struct capgov_group *group = leaf, *parent, *short_of = NULL;
	struct capgov_pcpu *account = pcpu;
	unsigned int level = 0;
	s64 budget = S64_MAX;
	u64 mean = U64_MAX;

	pcpu->settled[0] += c.usr;
	pcpu->settled[1] += c.sys;
	pcpu->squares_settled += squares;
	for (;;) {
		s64 left = charge_group(group, account, &c);

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
		parent = rcu_dereference_sched(group->parent);
		if (!parent)
			break;
		if (unlikely(charge_is_older(c.seen, READ_ONCE(group->moved_at))))
			c.spared = true;
		group = parent;
		account = this_cpu_ptr(group->pcpu);
		account->below[0] += c.usr;
		account->below[1] += c.sys;
		account->squares_below += squares;
	}
	pcpu->seen = READ_ONCE(changes);
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
