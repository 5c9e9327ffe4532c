// SPDX-License-Identifier: GPL-2.0
/* DOC: What unload takes from tasks, so that none of them returns to our code. */
#include <linux/delay.h>
#include <linux/stop_machine.h>

#include "rooms.h"

/*
 * Every CPU is in stop_machine(), so no task but the stoppers is on a CPU or
 * in a section without preemption: the list is edited by nobody. A task that
 * was preempted while it put a work at the head tries again, because the head
 * it saw is not there any more. Return: whether the work will not run.
 */
static bool strip_work(struct capgov_task *ct)
{
	struct callback_head **link = &ct->task->task_works;

	if (!test_bit(CAPGOV_T_QUEUED, &ct->flags))
		return true;
	for (; *link; link = &(*link)->next) {
		if (*link == &ct->work) {
			*link = ct->work.next;
			clear_bit(CAPGOV_T_QUEUED, &ct->flags);
			capgov_member_put(ct);
			return true;
		}
	}
	return false;
}

/* Return: whether nothing of ours is left on its task. */
static bool strip_notifier(struct capgov_task *ct)
{
	if (!strip_work(ct) || test_bit(CAPGOV_T_WORKING, &ct->flags))
		return false;
	if (ct->group)
		preempt_notifier_unregister(&ct->notifier);
	return true;
}

static void strip_task(struct capgov_task *ct)
{
	if (strip_notifier(ct))
		capgov_member_remove(ct);
}

static void strip_dying(struct capgov_task *ct)
{
	if (!strip_notifier(ct))
		return;
	list_del(&ct->node);
	capgov_member_put(ct);
}

static int strip_machine(void *unused)
{
	capgov_table_each(strip_task);
	capgov_member_each_dying(strip_dying);
	return 0;
}

/**
 * capgov_strip_all() - nobody is governed any more, and no work queued
 *
 * Every task has been told to leave and cannot join again. Those that sleep in
 * the kernel, maybe for ever, keep a notifier and a work of ours until they
 * return to user mode, or die; since the code is about to go these are taken from
 * them while the machine stands still. Those in our own code leave it by
 * themselves. A work that waits behind another one, which has begun, is in
 * nobody's reach: unloading waits for that one.
 */
void capgov_strip_all(void)
{
	unsigned int ms;

	for (ms = 20; capgov_member_live(); ms = min(2 * ms, 1000U)) {
		stop_machine(strip_machine, NULL, NULL);
		msleep(ms);
	}
}
