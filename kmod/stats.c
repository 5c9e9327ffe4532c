// SPDX-License-Identifier: GPL-2.0
/*
 * DOC: Statistics, read without stopping anyone: what CPUs count is summed as
 * it stands; what belongs to the queue is read under the group's lock.
 */
#include <linux/cpumask.h>
#include <linux/log2.h>
#include <linux/minmax.h>

#include "rooms.h"

/**
 * capgov_stats_wait() - a task has been parked
 * @group: in whose queue, with its lock
 * @ns: how long, ns
 */
void capgov_stats_wait(struct capgov_group *group, u64 ns)
{
	unsigned int slot = ns ? ilog2(ns) : 0;

	group->nr_throttled++;
	group->denied_ns += ns;
	group->max_stall_ns = max(group->max_stall_ns, ns);
	group->hist[min(slot, CAPGOV_HIST_SLOTS - 1U)]++;
}

/**
 * capgov_stats_permille() - the weight of SYS in force
 * @group: with capgov_mutex
 * Return: permille, rounded
 */
u32 capgov_stats_permille(const struct capgov_group *group)
{
	u32 weight = group->policy->weight(&group->params, num_online_cpus());
	u64 scaled = (u64)weight * CAPGOV_WEIGHT_MAX;

	return (scaled + CAPGOV_WEIGHT_ONE / 2) >> CAPGOV_WEIGHT_SHIFT;
}

static void stats_cpus(struct capgov_group *group,
		       struct capgov_group_info *info)
{
	u64 squares = 0;
	int cpu;

	for_each_possible_cpu(cpu) {
		struct capgov_pcpu *pcpu = per_cpu_ptr(group->pcpu, cpu);

		info->usr_ns += READ_ONCE(pcpu->ns[0]) + pcpu->below[0];
		info->sys_ns += READ_ONCE(pcpu->ns[1]) + pcpu->below[1];
		info->charged_ns += READ_ONCE(pcpu->charged_ns);
		info->exempt_ns += READ_ONCE(pcpu->exempt_ns);
		info->forgiven_ns += READ_ONCE(pcpu->forgiven_ns);
		squares += READ_ONCE(pcpu->sampler.squares) +
			   pcpu->squares_below;
	}
	info->sys_error_ns = capgov_sample_error(squares, info->usr_ns,
						 info->sys_ns);
}

static void stats_queue(struct capgov_group *group,
			struct capgov_group_info *info)
{
	u64 now = ktime_get_ns();

	raw_spin_lock_irq(&group->lock);
	if (group->capped) {
		capgov_bucket_accrue(&group->bucket, now);
		info->debt_ns = capgov_bucket_debt(&group->bucket);
	}
	info->nr_parked = group->nr_parked;
	info->nr_throttled = group->nr_throttled;
	info->denied_ns = group->denied_ns;
	info->max_stall_ns = group->max_stall_ns;
	memcpy(info->wait_hist, group->hist, sizeof(info->wait_hist));
	raw_spin_unlock_irq(&group->lock);
}

/**
 * capgov_stats_read() - configuration and statistics of a group
 * @group: with capgov_mutex
 * @info: filled in but for its size and flags, which are left
 */
void capgov_stats_read(struct capgov_group *group,
		       struct capgov_group_info *info)
{
	struct capgov_group *parent = capgov_tree_parent(group);
	u32 size = info->size, flags = info->flags;

	memset(info, 0, sizeof(*info));
	info->size = size;
	info->flags = flags;
	info->id = group->id;
	info->auto_destroy = group->automatic;
	strscpy(info->name, group->name, sizeof(info->name));
	if (parent)
		strscpy(info->parent, parent->name, sizeof(info->parent));
	strscpy(info->policy, group->policy->name, sizeof(info->policy));
	info->quota_us = group->params.quota_us;
	info->burst_us = group->params.burst_us;
	info->period_us = group->params.period_us;
	info->sys_weight_permille = capgov_stats_permille(group);
	info->accounting = group->params.accounting;
	raw_spin_lock_irq(&capgov_members_lock);
	info->nr_tasks = group->nr_tasks;
	info->nr_joining = group->nr_joining;
	raw_spin_unlock_irq(&capgov_members_lock);
	stats_cpus(group, info);
	stats_queue(group, info);
}
