/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * capgov: per-group CPU caps with a choice of what is charged.
 *
 * DOC: The interface of /dev/capgov.
 *
 * Every request takes a pointer to a structure whose first member, @size, the
 * caller sets to the size of the structure it was compiled with. A kernel that
 * knows a longer structure takes what is missing as zero; a kernel that knows
 * a shorter one accepts the request only when the part it does not know is
 * all zero. Results are written back for the @size bytes given at most.
 * Members called @reserved, and flags without a name, must be zero. The
 * structure must be aligned to 8 bytes.
 *
 * A name is 1 to 63 bytes of printable ASCII without ' ' or '/', neither "." nor
 * "..", and ends with a NUL byte.
 *
 * Requests that change something need a descriptor open for writing and
 * CAP_SYS_ADMIN in the initial user namespace. The others (INFO, POLICY_GET,
 * GROUP_GET) need nothing but an open descriptor.
 *
 * When a request fails nothing has been changed, and errno is:
 *
 *   ENOTTY        the request is not known
 *   EFAULT        the structure cannot be read or written
 *   EINVAL        @size is shorter than the first version of the structure;
 *                 the structure is misaligned; a name, a parent's name or a
 *                 policy's name is not well formed; a member is reserved and
 *                 not zero; a value contradicts another (a weight for a policy
 *                 whose weight is fixed; another kind of accounting than the
 *                 parent or the children have); the parent is a
 *                 CAPGOV_GROUP_AUTO group; a member has a value though its
 *                 field is not given; a process id is negative; DETACH: a name
 *   E2BIG         @size is longer than known and the rest is not zero, or is
 *                 longer than a page
 *   EOPNOTSUPP    a flag, a field, a policy or a kind of accounting is not
 *                 known or not supported here; the task is a kernel thread
 *   EBADF         the descriptor is not open for writing
 *   EPERM         no CAP_SYS_ADMIN
 *   ENOENT        no such group, no such parent; past the end of a list
 *   ESRCH         no such task; DETACH: the task is in no group
 *   EEXIST        GROUP_CREATE: the name is taken
 *   ENOTEMPTY     GROUP_DESTROY: the group has child groups
 *   ERANGE        a number is outside its limits
 *   ELOOP         the parent is the group or below it, or the groups would
 *                 nest deeper than CAPGOV_DEPTH_MAX
 *   ENOSPC        CAPGOV_GROUPS_MAX groups exist; ATTACH: the group would have
 *                 more tasks than the module's parameter max_tasks
 *   ENOMEM        no memory
 *   EINTR         a signal came while waiting for another request, and its
 *                 handler was set without SA_RESTART; nothing has changed
 */
#ifndef _LINUX_CAPGOV_H
#define _LINUX_CAPGOV_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define CAPGOV_API_VERSION	1

#define CAPGOV_NAME_LEN		64	/* of a group, with its NUL */
#define CAPGOV_POLICY_LEN	16	/* of a policy, with its NUL */
#define CAPGOV_HIST_SLOTS	40	/* of the histogram of waits */

/* Limits */
#define CAPGOV_DEPTH_MAX	8	/* levels of groups */
#define CAPGOV_GROUPS_MAX	65536
#define CAPGOV_PERIOD_US_MIN	1000
#define CAPGOV_PERIOD_US_MAX	1000000
#define CAPGOV_QUOTA_US_MIN	100
#define CAPGOV_CPUS_MAX		8192	/* quota_us / period_us at most */
#define CAPGOV_BURST_US_MAX	1000000000ULL
#define CAPGOV_WEIGHT_MAX	1000

#define CAPGOV_QUOTA_MAX	(~0ULL)	/* no cap: "max" */

/**
 * enum capgov_accounting - how USR and SYS are told apart
 * @CAPGOV_ACCT_EXACT: at every system call's edges
 * @CAPGOV_ACCT_SAMPLED: at random instants, system calls cost nothing more
 */
enum capgov_accounting {
	CAPGOV_ACCT_EXACT	= 0,
	CAPGOV_ACCT_SAMPLED	= 1,
};

/* What this kernel and module can do: capgov_info.features */
#define CAPGOV_FEAT_EXACT	(1ULL << 0)
#define CAPGOV_FEAT_SAMPLED	(1ULL << 1)
#define CAPGOV_FEAT_HIERARCHY	(1ULL << 2)
#define CAPGOV_FEAT_STALL	(1ULL << 3)

/**
 * struct capgov_info - CAPGOV_IOC_INFO: the module
 * @size: of this structure
 * @flags: none
 * @api_version: CAPGOV_API_VERSION of the module
 * @nr_groups: how many groups there are
 * @nr_tasks: how many tasks are governed
 * @nr_parked: how many of them are parked now
 * @features: CAPGOV_FEAT_*
 * @nr_fork_missed: children that could not be governed for want of memory
 * @version: the module's version, ends with NUL
 */
struct capgov_info {
	__u32 size;
	__u32 flags;
	__u32 api_version;
	__u32 nr_groups;
	__u32 nr_tasks;
	__u32 nr_parked;
	__u64 features;
	__u64 nr_fork_missed;
	char version[32];
};

/**
 * struct capgov_policy_info - CAPGOV_IOC_POLICY_GET: one policy
 * @size: of this structure
 * @flags: none
 * @index: in: 0, 1, ... until ENOENT
 * @weight_settable: out: whether sys_weight_permille may be given
 * @name: out: ends with NUL
 * @description: out: one line, ends with NUL
 */
struct capgov_policy_info {
	__u32 size;
	__u32 flags;
	__u32 index;
	__u32 weight_settable;
	char name[CAPGOV_POLICY_LEN];
	char description[96];
};

/* capgov_group_config.flags */
#define CAPGOV_GROUP_AUTO	(1U << 0) /* CREATE: goes away by itself */

/* capgov_group_config.fields: which members are given */
#define CAPGOV_FIELD_CAP	(1U << 0) /* quota_us */
#define CAPGOV_FIELD_PERIOD	(1U << 1) /* period_us */
#define CAPGOV_FIELD_BURST	(1U << 2) /* burst_us */
#define CAPGOV_FIELD_POLICY	(1U << 3) /* policy */
#define CAPGOV_FIELD_WEIGHT	(1U << 4) /* sys_weight_permille */
#define CAPGOV_FIELD_ACCT	(1U << 5) /* accounting */
#define CAPGOV_FIELD_PARENT	(1U << 6) /* parent, "" for none */

/**
 * struct capgov_group_config - CAPGOV_IOC_GROUP_CREATE, CAPGOV_IOC_GROUP_SET
 * @size: of this structure
 * @flags: CAPGOV_GROUP_*
 * @fields: CAPGOV_FIELD_*; what is not given keeps its value, or on creation
 *	its default: no cap, 100000 us, no burst, "total", weight 1000 (where
 *	the policy leaves it to the caller), no parent, and the parent's kind
 *	of accounting, or exact without one. A member that is
 *	not given must be zero.
 * @id: out: the group's number, never used twice while the module is loaded
 * @name: of the group
 * @parent: the name of the group whose cap holds too
 * @policy: what is charged
 * @quota_us: runtime a period, us; CAPGOV_QUOTA_MAX for no cap. When only
 *	@period_us is given the quota follows, so that the rate stays.
 * @burst_us: how much unused runtime may be saved beyond @quota_us, us
 * @period_us: us
 * @sys_weight_permille: how much of SYS is charged, 0 to 1000
 * @accounting: enum capgov_accounting
 *
 * A CAPGOV_GROUP_AUTO group is destroyed once the descriptor that made it is
 * closed and its last task has left.
 */
struct capgov_group_config {
	__u32 size;
	__u32 flags;
	__u32 fields;
	__u32 id;
	char name[CAPGOV_NAME_LEN];
	char parent[CAPGOV_NAME_LEN];
	char policy[CAPGOV_POLICY_LEN];
	__u64 quota_us;
	__u64 burst_us;
	__u32 period_us;
	__u32 sys_weight_permille;
	__u32 accounting;
	__u32 reserved;
};

/* capgov_group_info.flags */
#define CAPGOV_GET_BY_ID	(1U << 0) /* @id, not @name, says which */
#define CAPGOV_GET_NEXT		(1U << 1) /* the first group above @id */

/**
 * struct capgov_group_info - CAPGOV_IOC_GROUP_GET: configuration and statistics
 * @size: of this structure
 * @flags: CAPGOV_GET_*; the first and the last group are found with
 *	CAPGOV_GET_NEXT, from @id 0 until ENOENT
 * @id: in and out
 * @auto_destroy: out: 1 for a CAPGOV_GROUP_AUTO group
 * @name: in and out
 * @parent: "" for none
 * @policy: its name
 * @quota_us: CAPGOV_QUOTA_MAX for no cap
 * @burst_us: us
 * @period_us: us
 * @sys_weight_permille: the weight in force, also where the policy sets it
 * @accounting: enum capgov_accounting
 * @nr_tasks: governed tasks in the group itself, joining ones included
 * @nr_joining: tasks attached that have not been in user mode since
 * @nr_parked: tasks parked in the group itself
 * @usr_ns: USR of the group's tasks and of those in groups below it
 * @sys_ns: SYS, likewise
 * @charged_ns: taken from the bucket
 * @exempt_ns: SYS that was not charged
 * @denied_ns: how long runnable tasks were parked, each counted
 * @forgiven_ns: runtime that should have been charged and was not: what a CPU
 *	has to settle when a real-time task runs there, which is not stopped, and
 *	what was used before a cap or a parent's and is known only now
 * @debt_ns: how far the bucket is below zero, 0 if it is not
 * @max_stall_ns: the longest time one task was parked
 * @nr_throttled: how often a task was parked
 * @wait_hist: slot n counts the waits of 2^n ns to 2^(n+1) - 1 ns, slot 0 also
 *	those of 0 ns and the last slot all longer ones
 * @sys_error_ns: the standard error of @sys_ns, and of @usr_ns; their sum is
 *	exact up to the last samples. 0 if it was never sampled
 */
struct capgov_group_info {
	__u32 size;
	__u32 flags;
	__u32 id;
	__u32 auto_destroy;
	char name[CAPGOV_NAME_LEN];
	char parent[CAPGOV_NAME_LEN];
	char policy[CAPGOV_POLICY_LEN];
	__u64 quota_us;
	__u64 burst_us;
	__u32 period_us;
	__u32 sys_weight_permille;
	__u32 accounting;
	__u32 nr_tasks;
	__u32 nr_joining;
	__u32 nr_parked;
	__u64 usr_ns;
	__u64 sys_ns;
	__u64 charged_ns;
	__u64 exempt_ns;
	__u64 denied_ns;
	__u64 forgiven_ns;
	__u64 debt_ns;
	__u64 max_stall_ns;
	__u64 nr_throttled;
	__u64 wait_hist[CAPGOV_HIST_SLOTS];
	__u64 sys_error_ns;
};

/**
 * struct capgov_group_destroy - CAPGOV_IOC_GROUP_DESTROY
 * @size: of this structure
 * @flags: none
 * @name: of the group; its tasks go on in its parent, or uncapped if it has
 *	none, and those that are parked are released
 */
struct capgov_group_destroy {
	__u32 size;
	__u32 flags;
	char name[CAPGOV_NAME_LEN];
};

/* capgov_task_op.flags */
#define CAPGOV_TASK_THREAD	(1U << 0) /* this thread, not its process */

/**
 * struct capgov_task_op - CAPGOV_IOC_ATTACH, CAPGOV_IOC_DETACH
 * @size: of this structure
 * @flags: CAPGOV_TASK_*
 * @pid: in the caller's pid namespace; 0 for the caller
 * @nr_tasks: out: how many threads were not there before, or left
 * @name: ATTACH: of the group; DETACH: must be all zero
 *
 * Takes effect when the thread next returns to user mode; a thread that
 * sleeps in a system call is not disturbed. A task is in one group at a time:
 * to attach it elsewhere is to move it.
 */
struct capgov_task_op {
	__u32 size;
	__u32 flags;
	__s32 pid;
	__u32 nr_tasks;
	char name[CAPGOV_NAME_LEN];
};

/**
 * struct capgov_release_all - CAPGOV_IOC_RELEASE_ALL
 * @size: of this structure
 * @flags: none
 * @nr_tasks: out: how many threads were made to leave
 * @reserved: must be zero
 *
 * Every task leaves its group, and who is parked is released. The groups stay.
 */
struct capgov_release_all {
	__u32 size;
	__u32 flags;
	__u32 nr_tasks;
	__u32 reserved;
};

#define CAPGOV_IOC_TYPE		0xC9

#define CAPGOV_IOC_INFO			_IO(CAPGOV_IOC_TYPE, 0)
#define CAPGOV_IOC_POLICY_GET		_IO(CAPGOV_IOC_TYPE, 1)
#define CAPGOV_IOC_GROUP_GET		_IO(CAPGOV_IOC_TYPE, 2)
#define CAPGOV_IOC_GROUP_CREATE		_IO(CAPGOV_IOC_TYPE, 3)
#define CAPGOV_IOC_GROUP_SET		_IO(CAPGOV_IOC_TYPE, 4)
#define CAPGOV_IOC_GROUP_DESTROY	_IO(CAPGOV_IOC_TYPE, 5)
#define CAPGOV_IOC_ATTACH		_IO(CAPGOV_IOC_TYPE, 6)
#define CAPGOV_IOC_DETACH		_IO(CAPGOV_IOC_TYPE, 7)
#define CAPGOV_IOC_RELEASE_ALL		_IO(CAPGOV_IOC_TYPE, 8)

#endif /* _LINUX_CAPGOV_H */
