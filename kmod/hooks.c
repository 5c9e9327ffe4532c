// SPDX-License-Identifier: GPL-2.0
/*
 * DOC: The hooks: tracepoints of fork, exit and system calls, and the static
 * key of the preempt notifiers. They are attached when the first task is to be
 * governed and removed after the last, so that without governed tasks nobody
 * pays anything; those of system calls when the first is to be accounted for
 * exactly, since they slow down everybody's calls. All under capgov_mutex.
 */
#include <linux/tracepoint.h>

#include "account.h"

struct hook {
	const char *name;
	void *probe;
	struct tracepoint *tp;
};

static void hook_sys_enter(void *data, struct pt_regs *regs, long id)
{
	capgov_probe_enter();
	capgov_account_sys_enter();
	capgov_probe_leave();
}

static void hook_sys_exit(void *data, struct pt_regs *regs, long ret)
{
	capgov_probe_enter();
	capgov_account_sys_exit();
	capgov_probe_leave();
}

static void hook_fork(void *data, struct task_struct *parent,
		      struct task_struct *child)
{
	capgov_member_fork(child);
}

static void hook_exit(CAPGOV_EXIT_PROBE_ARGS)
{
	capgov_member_exit_task(p);
}

/* Who comes and goes first, so that nobody is counted who is not known. */
static struct hook hooks[] = {
	{ .name = "sched_process_exit", .probe = hook_exit },
	{ .name = "sched_process_fork", .probe = hook_fork },
	{ .name = "sys_enter", .probe = hook_sys_enter },
	{ .name = "sys_exit", .probe = hook_sys_exit },
};

/* How many of them are for everybody who is governed. */
#define NR_COMMON	2

static unsigned int hooks_attached;

static void hooks_find(struct tracepoint *tp, void *unused)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(hooks); i++)
		if (!strcmp(tp->name, hooks[i].name))
			hooks[i].tp = tp;
}

/* Keep the first @nr alone. */
static void hooks_keep(unsigned int nr)
{
	if (!nr && hooks_attached)
		preempt_notifier_dec();
	while (hooks_attached > nr) {
		struct hook *hook = &hooks[hooks_attached - 1];

		WRITE_ONCE(hooks_attached, hooks_attached - 1);
		tracepoint_probe_unregister(hook->tp, hook->probe, NULL);
	}
}

/**
 * capgov_hooks_need() - a task is about to be governed
 * @edges: and its system calls are to be seen
 *
 * With capgov_mutex, which the caller keeps until the task is in the table.
 *
 * Return: 0, or -ENOMEM
 */
int capgov_hooks_need(bool edges)
{
	unsigned int had = hooks_attached;
	unsigned int nr = edges ? ARRAY_SIZE(hooks) : NR_COMMON;
	int err;

	if (!had)
		preempt_notifier_inc();
	while (hooks_attached < nr) {
		struct hook *hook = &hooks[hooks_attached];

		err = tracepoint_probe_register(hook->tp, hook->probe, NULL);
		if (err) {
			if (!hooks_attached)
				preempt_notifier_dec();
			hooks_keep(had);
			return err;
		}
		WRITE_ONCE(hooks_attached, hooks_attached + 1);
	}
	return 0;
}

/**
 * capgov_hooks_edges() - are those of system calls there?
 * Return: whether they are, as it stands
 */
bool capgov_hooks_edges(void)
{
	return READ_ONCE(hooks_attached) == ARRAY_SIZE(hooks);
}

static void hooks_review_work(struct work_struct *work)
{
	mutex_lock(&capgov_mutex);
	if (!capgov_member_count())
		hooks_keep(0);
	else if (!capgov_member_exact())
		hooks_keep(NR_COMMON);
	else
		capgov_hooks_need(true);
	mutex_unlock(&capgov_mutex);
}

static DECLARE_WORK(hooks_review, hooks_review_work);

/**
 * capgov_hooks_review() - there may be too many hooks, or too few. Any context.
 */
void capgov_hooks_review(void)
{
	queue_work(capgov_wq, &hooks_review);
}

/**
 * capgov_hooks_init() - find the tracepoints
 * Return: 0, or -EOPNOTSUPP if this kernel lacks one
 */
int capgov_hooks_init(void)
{
	unsigned int i;

	for_each_kernel_tracepoint(hooks_find, NULL);
	for (i = 0; i < ARRAY_SIZE(hooks); i++) {
		if (!hooks[i].tp) {
			pr_err("no tracepoint %s in this kernel\n",
			       hooks[i].name);
			return -EOPNOTSUPP;
		}
	}
	return 0;
}

/**
 * capgov_hooks_exit() - remove the hooks; no task is governed any more
 *
 * After it no code of ours runs on a hook.
 */
void capgov_hooks_exit(void)
{
	/* Records that are about to be freed still count. */
	rcu_barrier();
	cancel_work_sync(&hooks_review);
	hooks_review_work(NULL);
	tracepoint_synchronize_unregister();
}
