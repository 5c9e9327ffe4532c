// SPDX-License-Identifier: GPL-2.0
/*
 * DOC: The hooks: tracepoints of system calls, fork and exit, and the static
 * key of the preempt notifiers. They are attached when the first task is to be
 * governed and removed after the last, so that without governed tasks nobody
 * pays anything. All under capgov_mutex.
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

static bool hooks_attached;

static void hooks_find(struct tracepoint *tp, void *unused)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(hooks); i++)
		if (!strcmp(tp->name, hooks[i].name))
			hooks[i].tp = tp;
}

static void hooks_unregister(unsigned int n)
{
	while (n--)
		tracepoint_probe_unregister(hooks[n].tp, hooks[n].probe, NULL);
	preempt_notifier_dec();
}

static void hooks_idle_work(struct work_struct *work)
{
	mutex_lock(&capgov_mutex);
	if (hooks_attached && !capgov_member_count()) {
		hooks_unregister(ARRAY_SIZE(hooks));
		hooks_attached = false;
	}
	mutex_unlock(&capgov_mutex);
}

static DECLARE_WORK(hooks_idle, hooks_idle_work);

/**
 * capgov_hooks_need() - a task is about to be governed
 *
 * With capgov_mutex, which the caller keeps until the task is in the table.
 *
 * Return: 0, or -ENOMEM
 */
int capgov_hooks_need(void)
{
	unsigned int i;
	int err;

	if (hooks_attached)
		return 0;
	preempt_notifier_inc();
	for (i = 0; i < ARRAY_SIZE(hooks); i++) {
		err = tracepoint_probe_register(hooks[i].tp, hooks[i].probe,
						NULL);
		if (err) {
			hooks_unregister(i);
			return err;
		}
	}
	hooks_attached = true;
	return 0;
}

/**
 * capgov_hooks_idle() - the last governed task has gone. Any context.
 */
void capgov_hooks_idle(void)
{
	queue_work(capgov_wq, &hooks_idle);
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
	cancel_work_sync(&hooks_idle);
	hooks_idle_work(NULL);
	tracepoint_synchronize_unregister();
}
