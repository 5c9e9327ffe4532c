/* SPDX-License-Identifier: GPL-2.0 */
/*
 * DOC: What the rooms share. Data flows one way:
 *
 *   hooks -> account -> charge      member's work -> account, then throttle
 *   group's timer -> throttle's release -> the task goes on
 *   ioctl | sysfs -> config -> group -> policy;  group -> attach -> member
 *
 * Locks, outermost first:
 *
 *   capgov_mutex         configuration: groups come, change and go; attach
 *   capgov_members_lock  raw; task table, groups' lists of members
 *   group->lock          raw; one group's bucket and queue
 *
 * The switch-out hook runs under the run queue's lock and takes none of them;
 * tasks are woken without a group's lock all the same, to keep it short. On a
 * system-call edge nothing takes a lock: what it touches is the CPU's own, and
 * preemption is off. What interrupts do there account.c says.
 */
#ifndef CAPGOV_ROOMS_H
#define CAPGOV_ROOMS_H

#include <linux/capgov.h>
#include <linux/hrtimer.h>
#include <linux/kobject.h>
#include <linux/list.h>
#include <linux/llist.h>
#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/preempt.h>
#include <linux/rcupdate.h>
#include <linux/refcount.h>
#include <linux/rhashtable-types.h>
#include <linux/sched.h>
#include <linux/task_work.h>
#include <linux/workqueue.h>

#include "bucket.h"
#include "compat.h"
#include "policy.h"
#include "sample.h"

/* Runtime handed to a CPU or a released task at a time, near the cap. */
#define CAPGOV_SLICE_MAX_NS	(1 * NSEC_PER_MSEC)
#define CAPGOV_SLICE_MIN_NS	(100 * NSEC_PER_USEC)

/**
 * struct capgov_pcpu - one group on one CPU, touched by that CPU alone
 * @ns: USR and SYS of the group's own tasks, indexed by "is it SYS?"
 * @settled: how much of @ns has been charged
 * @budget_ns: how long its tasks may run here until they must settle
 * @left_ns: taken from the bucket and not yet used here; below zero between
 *	settlement and the next visit to the bucket
 * @seen: the last change of any cap or parent when it last settled
 * @changed_at: the group's when @left_ns was last looked at
 * @below: USR and SYS settled by groups below this one
 * @charged_ns: charged
 * @exempt_ns: SYS that was not charged
 * @forgiven_ns: what should have been charged and was not
 * @sampler: what samples have found; changed with interrupts off
 * @mean_ns: of the intervals between samples, the shortest from its group up to
 *	the root at the last settlement; 0 before the first
 * @squares_below: @squares of the samplers of groups below
 * @squares_settled: how much of the sampler's has been passed on
 */
struct capgov_pcpu {
	u64 ns[2];
	u64 settled[2];
	s64 budget_ns;
	s64 left_ns;
	u32 seen;
	u32 changed_at;
	u64 below[2];
	u64 charged_ns;
	u64 exempt_ns;
	u64 forgiven_ns;
	struct capgov_sampler sampler;
	u64 mean_ns;
	u64 squares_below;
	u64 squares_settled;
};

/**
 * struct capgov_group - a set of tasks under one cap
 * @pcpu: per CPU accounts
 * @parent: the group whose cap holds too; a reference is held
 * @weight: of SYS, in units of 2^-CAPGOV_WEIGHT_SHIFT
 * @weight_cpus: the online CPUs for which @weight was reckoned; under @lock
 * @capped: whether the bucket is asked at all
 * @capped_at: the change with which that began
 * @changed_at: the last change of its cap
 * @moved_at: the last change of its parent
 * @slice_ns: runtime handed out at a time near the cap
 * @mean_ns: of the intervals between samples, ns
 * @sampled: its tasks are sampled; changed under capgov_members_lock
 * @lock: protects the bucket, the queue and the statistics of waiting
 * @bucket: the pool
 * @waiters: parked tasks in order of arrival
 * @nr_parked: length of @waiters
 * @timer: when the bucket will hold a slice; armed only while someone waits
 * @nr_throttled: how often a task was parked
 * @denied_ns: how long, in all
 * @max_stall_ns: the longest wait
 * @hist: of waits, log2
 * @members: tasks, under capgov_members_lock, as the next three
 * @nr_tasks: length of @members
 * @nr_joining: members that do not run here yet
 * @nr_edged: members whose calls are looked at even if it is sampled
 * @dead: not found yet, or no longer; changed under capgov_members_lock and
 *	capgov_mutex, or, for a CAPGOV_GROUP_AUTO group, when the last task leaves
 *	or the descriptor is closed
 * @held: a descriptor keeps the empty CAPGOV_GROUP_AUTO group
 * @automatic: made with CAPGOV_GROUP_AUTO
 * @policy: changed under capgov_mutex and @lock, as the next
 * @params: what it is set to
 * @children: groups that have it as parent; under capgov_mutex, as what follows
 * @sibling: among its parent's
 * @id: its number
 * @name: its name
 * @name_node: in the table of names
 * @auto_node: in the list of the descriptor that made it
 * @kobj: its directory in sysfs
 * @work: destroys it when it is automatic; settles it and frees it
 * @refs: references: the table, tasks, child groups, sysfs
 * @rcu: frees it
 */
struct capgov_group {
	struct capgov_pcpu __percpu *pcpu;
	struct capgov_group __rcu *parent;
	u32 weight;
	u32 weight_cpus;
	bool capped;
	u32 capped_at;
	u32 changed_at;
	u32 moved_at;
	u64 slice_ns;
	u64 mean_ns;
	bool sampled;

	raw_spinlock_t lock ____cacheline_aligned_in_smp;
	struct capgov_bucket bucket;
	struct list_head waiters;
	u32 nr_parked;
	struct hrtimer timer;
	u64 nr_throttled;
	u64 denied_ns;
	u64 max_stall_ns;
	u64 hist[CAPGOV_HIST_SLOTS];

	struct list_head members ____cacheline_aligned_in_smp;
	u32 nr_tasks;
	u32 nr_joining;
	u32 nr_edged;
	bool dead;
	bool held;
	bool automatic;

	const struct capgov_policy *policy;
	struct capgov_params params;
	struct list_head children;
	struct list_head sibling;
	u32 id;
	char name[CAPGOV_NAME_LEN];
	struct rhash_head name_node;
	struct list_head auto_node;
	struct kobject kobj;
	struct work_struct work;
	refcount_t refs;
	struct rcu_head rcu;
};

/* struct capgov_task.flags */
enum {
	CAPGOV_T_QUEUED,	/* its work is queued on the task */
	CAPGOV_T_WORKING,	/* its work runs */
	CAPGOV_T_PARKED,	/* it sleeps in throttle.c */
	CAPGOV_T_KICK,		/* it must look at its state again */
	CAPGOV_T_WOKEN,		/* it has been released */
};

/**
 * struct capgov_task - one governed task
 * @notifier: tells of its switches; registered while @group is set
 * @group: where it is charged; changed by the task itself alone
 * @in_sys: it is between a system call's edges
 * @sampled: it is sampled, and @in_sys is not kept; changed as @group is
 * @due: it must settle at the end of its system call
 * @fresh: it has waited, and its budget has not run out since
 * @exec_ns: the scheduler's count of its runtime at its last switch-out
 * @exec_known: whether it has been switched out since it was first governed, or
 *	is a child of a member, for whose whole life the group answers
 * @ahead_ns: for how long it has been charged more than it ran
 * @flags: CAPGOV_T_*
 * @grant_ns: what a release took from the bucket for it
 * @again_ms: how long what must get through to it waits if it has before, since
 *	it was last released; 0 if it has not
 * @again_at: until when, in jiffies
 * @waiting: in the queue of a group, under that group's lock
 * @work: runs on its way to user mode
 * @task: a reference is held
 * @target: where it shall be, under capgov_members_lock, as what follows
 * @edged: its work may be run in the middle of its calls: they are looked at
 *	whatever its group says
 * @dead: no longer in the table
 * @node: in the target's list of members, or of those that die governed
 * @hash: in the table of tasks
 * @spare: for its next child, so that a fork need not allocate
 * @buried: it was switched out for the last time, and @late its next like that
 * @refs: the table's, which lasts until the task's last switch-out if it dies
 *	governed, and one while its work is queued
 * @rcu: frees it
 */
struct capgov_task {
	struct preempt_notifier notifier;
	struct capgov_group *group;
	unsigned long in_sys;
	bool sampled;
	bool due;
	bool fresh;
	u64 exec_ns;
	bool exec_known;
	u64 ahead_ns;
	unsigned long flags;
	u64 grant_ns;
	unsigned int again_ms;
	unsigned long again_at;
	struct list_head waiting;
	struct callback_head work;

	struct task_struct *task;
	struct capgov_group *target;
	bool edged;
	bool dead;
	struct list_head node;
	struct hlist_node hash;
	struct capgov_task *spare;
	bool buried;
	struct llist_node late;
	refcount_t refs;
	struct rcu_head rcu;
};

/**
 * struct capgov_cpu - what runs on a CPU
 * @edges: @task, if it is one whose system calls are looked at
 * @task: the governed task that is current, NULL if current is not governed
 * @mark: the counter of cycles when what @task does now began
 * @cycles: what it did before since @stamp, indexed as @pcpu->ns
 * @pcpu: its group's account here
 * @start: when @task was switched in or attached, on the scheduler's clock
 * @stamp: up to when time has been accounted, likewise
 * @deadline: when @task must settle, likewise
 * @sample_at: when the next sample is due, likewise
 * @mean_ns: of the intervals between samples here
 * @exact: @task is sampled, but the kernel keeps exact times here
 * @user_ns: USR of @task by these times, up to @stamp
 * @timer: rings at the deadline or at the next sample, or before
 * @timer_at: when it rings, on the scheduler's clock
 */
struct capgov_cpu {
	struct capgov_task *edges;
	struct capgov_task *task;
	u64 mark;
	u64 cycles[2];
	struct capgov_pcpu *pcpu;
	u64 start;
	u64 stamp;
	u64 deadline;
	u64 timer_at;
	u64 sample_at;
	u64 mean_ns;
	bool exact;
	u64 user_ns;
	struct hrtimer timer;
};

DECLARE_PER_CPU(struct capgov_cpu, capgov_cpu);

/* Whether a task is sampled in a group. */
static inline bool capgov_samples(const struct capgov_task *ct,
				  const struct capgov_group *group)
{
	return READ_ONCE(group->sampled) && !ct->edged;
}

/* hooks.c */
int capgov_hooks_init(void);
void capgov_hooks_exit(void);
int capgov_hooks_need(bool edges);
void capgov_hooks_review(void);
bool capgov_hooks_edges(void);

/* account.c */
extern struct preempt_ops capgov_preempt_ops;

int capgov_account_init(void);
void capgov_account_exit(void);
void capgov_account_due(struct capgov_task *ct);
void capgov_account_switch(struct capgov_task *ct, struct capgov_group *from);
void capgov_account_nudge(const struct capgov_task *ct, u64 in_ns);
struct capgov_group *capgov_account_settle(struct capgov_task *ct,
					   unsigned long *waited);

/* sampled.c */
void capgov_sampled_init(void);
void capgov_sampled_start(struct capgov_cpu *cpu,
			  const struct capgov_group *group, u64 now);
void capgov_sampled_fold(struct capgov_cpu *cpu, u64 now);
bool capgov_sampled_ring(struct capgov_cpu *cpu, u64 now);
void capgov_sampled_stop(struct capgov_cpu *cpu, u64 now);

/* charge.c */
struct capgov_group *capgov_charge_settle(struct capgov_group *leaf,
					  struct capgov_pcpu *pcpu,
					  unsigned long *waited);
void capgov_charge_grant(struct capgov_group *group, u64 ns);
void capgov_charge_weigh(struct capgov_group *group);
u32 capgov_charge_change(void);
void capgov_charge_init(struct capgov_group *group);

/* throttle.c */
void capgov_throttle_init(struct capgov_group *group);
void capgov_throttle_exit(struct capgov_group *group);
bool capgov_throttle_park(struct capgov_task *ct, struct capgov_group *group,
			  unsigned long *waited);
void capgov_throttle_release(struct capgov_group *group);
void capgov_throttle_kick(struct capgov_task *ct);

/* member.c */
extern raw_spinlock_t capgov_members_lock;

int capgov_member_init(void);
void capgov_member_exit(void);
struct capgov_task *capgov_member_alloc(struct task_struct *p, gfp_t gfp);
void capgov_member_insert(struct capgov_task *ct, struct capgov_group *group);
void capgov_member_retarget(struct capgov_task *ct, struct capgov_group *group);
void capgov_member_remove(struct capgov_task *ct);
void capgov_member_put(struct capgov_task *ct);
void capgov_member_fork(struct task_struct *child);
void capgov_member_exit_task(struct task_struct *p);
bool capgov_member_apply(struct capgov_task *ct);
void capgov_member_edged(struct capgov_task *ct);
void capgov_member_bury(struct capgov_task *ct);
void capgov_member_each_dying(void (*fn)(struct capgov_task *ct));
void capgov_member_sample(struct capgov_group *group, bool sampled);
u32 capgov_member_count(void);
u32 capgov_member_exact(void);
u32 capgov_member_live(void);
u64 capgov_member_missed(void);

/* table.c */
int capgov_table_init(void);
void capgov_table_exit(void);
struct capgov_task *capgov_table_find(const struct task_struct *p);
void capgov_table_add(struct capgov_task *ct);
void capgov_table_del(struct capgov_task *ct);
void capgov_table_each(void (*fn)(struct capgov_task *ct));

/* work.c */
int capgov_work_init(void);
int capgov_work_queue(struct capgov_task *ct);
void capgov_work(struct callback_head *head);

/* strip.c */
void capgov_strip_all(void);

/* attach.c */
int capgov_attach(struct task_struct *p, struct capgov_group *group,
		  bool thread);
int capgov_detach(struct task_struct *p, bool thread);
int capgov_attach_move_all(struct capgov_group *group, struct capgov_group *to);
void capgov_attach_review_all(struct capgov_group *group);
void capgov_attach_kick_all(struct capgov_group *group);

/* config.c */
bool capgov_config_name_ok(const char *name);
int capgov_config_check(const struct capgov_group_config *cfg);
int capgov_config_merge(const struct capgov_group_config *cfg,
			struct capgov_params *params,
			const struct capgov_policy **policy);

/* group.c */
extern struct mutex capgov_mutex;

/**
 * capgov_lock() - take capgov_mutex for a request, which has done nothing yet
 * Return: 0, or -ERESTARTSYS if a signal came first: the call begins again
 *	after it, or ends with EINTR if its handler is to have it so
 */
static inline int capgov_lock(void)
{
	return mutex_lock_interruptible(&capgov_mutex) ? -ERESTARTSYS : 0;
}

extern struct workqueue_struct *capgov_wq;

int capgov_group_init(void);
void capgov_group_exit(void);
int capgov_group_create(struct capgov_group_config *cfg,
			struct list_head *autos);
int capgov_group_set(struct capgov_group_config *cfg);
int capgov_group_destroy(const char *name);
void capgov_group_destroy_all(void);
void capgov_group_drop_autos(struct list_head *autos);
void capgov_group_put(struct capgov_group *group);
void capgov_group_wait_reaped(void);
void capgov_group_emptied(struct capgov_group *group);

/**
 * capgov_group_get() - take a reference
 * @group: the caller has one, or holds the lock that keeps one
 * Return: @group
 */
static inline struct capgov_group *capgov_group_get(struct capgov_group *group)
{
	refcount_inc(&group->refs);
	return group;
}

/* registry.c */
int capgov_registry_init(void);
void capgov_registry_exit(void);
int capgov_registry_enter(struct capgov_group *group,
			  struct capgov_group *parent);
void capgov_registry_leave(struct capgov_group *group);
struct capgov_group *capgov_registry_find(const char *name);
struct capgov_group *capgov_registry_by_id(u32 id, bool next);
struct capgov_group *capgov_registry_any(void);
bool capgov_registry_taken(const char *name);
u32 capgov_registry_count(void);

/* tree.c */
struct capgov_group *capgov_tree_parent(const struct capgov_group *group);
struct capgov_group *capgov_tree_leaf(struct capgov_group *group);
void capgov_tree_each(struct capgov_group *top,
		      void (*fn)(struct capgov_group *group));
int capgov_tree_check(const struct capgov_group *group,
		      const struct capgov_group *parent);
int capgov_tree_check_accounting(const struct capgov_group *group,
				 const struct capgov_group *parent,
				 u32 accounting);
void capgov_tree_enter(struct capgov_group *group, struct capgov_group *parent);
void capgov_tree_leave(struct capgov_group *group);
bool capgov_tree_move(struct capgov_group *group, struct capgov_group *parent);

/* stats.c */
void capgov_stats_wait(struct capgov_group *group, u64 ns);
void capgov_stats_read(struct capgov_group *group,
		       struct capgov_group_info *info);
u32 capgov_stats_permille(const struct capgov_group *group);

/* sysfs.c */
int capgov_sysfs_init(void);
void capgov_sysfs_exit(void);
int capgov_sysfs_add(struct capgov_group *group);
void capgov_sysfs_remove(struct capgov_group *group);
int capgov_sysfs_parse(u32 field, const char *buf, size_t len,
		       struct capgov_group_config *cfg);

/* ioctl.c */
int capgov_ioctl_init(void);
void capgov_ioctl_exit(void);

#endif /* CAPGOV_ROOMS_H */
