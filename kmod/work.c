// SPDX-License-Identifier: GPL-2.0
/*
 * DOC: A governed task's work, run on its way to user mode at the request of
 * whoever has something for it: here it takes a new group, settles, and stops.
 */
#include <linux/kvm.h>
#include <linux/sched/task_stack.h>
#include <asm/syscall.h>
#include <asm/unistd.h>

#include "rooms.h"

/*
 * How soon a task that goes on without runtime is looked at again: for a signal
 * it has to take; for a call that may never end, or whose end was missed.
 */
#define NUDGE_NS	(50 * NSEC_PER_USEC)
#define IN_CALL_NS	(4 * NSEC_PER_MSEC)

/**
 * capgov_work_queue() - have a task's work run on its way to user mode
 * @ct: its record; the caller keeps it from going away
 *
 * Disturbs nobody who sleeps. Any context.
 *
 * Return: 0, or -ESRCH if the task is past the end of its life
 */
int capgov_work_queue(struct capgov_task *ct)
{
	if (test_and_set_bit(CAPGOV_T_QUEUED, &ct->flags))
		return 0;
	refcount_inc(&ct->refs);
	if (!capgov_task_work_add(ct->task, &ct->work, TWA_RESUME))
		return 0;
	clear_bit(CAPGOV_T_QUEUED, &ct->flags);
	capgov_member_put(ct);
	return -ESRCH;
}

/* Current runs a virtual CPU, for as long as its guest likes. */
static bool work_in_guest(struct pt_regs *regs)
{
	unsigned long args[6];

	if (syscall_get_nr(current, regs) != __NR_ioctl)
		return false;
	syscall_get_arguments(current, regs, args);
	return args[1] == KVM_RUN;
}

/*
 * Is current in the middle of a system call, where io_uring and KVM run task work
 * too? Who has never been seen there has edges from now on. Until they are there,
 * a task on its way to user mode is told by the flag that sent it: that is cleared
 * before its work is run, but by KVM, too. Who comes from an interrupt is in no
 * call, though the end of one may have been missed while there were no hooks.
 */
static void work_look(struct capgov_task *ct)
{
	struct pt_regs *regs = task_pt_regs(current);
	bool in_guest = !ct->edged && work_in_guest(regs);

	if (in_guest || (!ct->edged && capgov_io_uring(current))) {
		capgov_member_edged(ct);
		if (ct->sampled || !ct->group)
			ct->in_sys = in_guest ||
				     test_thread_flag(TIF_NOTIFY_RESUME);
	}
	if (ct->edged && !capgov_hooks_edges())
		capgov_hooks_review();
	if (syscall_get_nr(current, regs) == -1)
		ct->in_sys = 0;
}

/*
 * Stop current while a group of its is short. Inside a system call it holds who
 * knows what and is not stopped; the call's end looks again.
 */
static void work_stop(struct capgov_task *ct)
{
	unsigned long waited = 0;

	while (capgov_member_apply(ct)) {
		struct capgov_group *short_of;
		bool again;

		if (ct->in_sys) {
			ct->due = true;
			capgov_account_nudge(ct, IN_CALL_NS);
			return;
		}
		ct->fresh = waited;
		short_of = capgov_account_settle(ct, &waited);
		if (!short_of)
			return;
		again = capgov_throttle_park(ct, short_of, &waited);
		capgov_group_put(short_of);
		if (!again) {
			capgov_account_nudge(ct, NUDGE_NS);
			return;
		}
	}
}

/**
 * capgov_work() - a task's work: look at what has changed, settle, stop
 * @head: of current's record; it may be any task's on its way to user mode, or
 *	to its end
 */
void capgov_work(struct callback_head *head)
{
	struct capgov_task *ct = container_of(head, struct capgov_task, work);

	/*
	 * Others' work goes first: it may be the end of a file, for which
	 * somebody waits.
	 */
	if (head->next && !capgov_task_work_add(current, head, TWA_NONE))
		return;
	set_bit(CAPGOV_T_WORKING, &ct->flags);
	clear_bit(CAPGOV_T_QUEUED, &ct->flags);
	clear_bit(CAPGOV_T_KICK, &ct->flags);
	/* Who queues it again from here on has its change seen below. */
	smp_mb__after_atomic();
	if (current->flags & PF_EXITING) {
		capgov_member_exit_task(current);
	} else {
		work_look(ct);
		if (!ct->spare)
			ct->spare = capgov_member_alloc(NULL, GFP_KERNEL |
							__GFP_NOFAIL);
		work_stop(ct);
	}
	clear_bit(CAPGOV_T_WORKING, &ct->flags);
	capgov_member_put(ct);
}

/**
 * capgov_work_init() - find what puts work on a task
 * Return: 0, or that it cannot be found
 */
int capgov_work_init(void)
{
	return capgov_task_work_find();
}
