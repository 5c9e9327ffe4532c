// SPDX-License-Identifier: GPL-2.0
/*
 * DOC: The table of governed tasks. It is as large as the machine: a bucket for
 * each thread that the kernel by default lets there be in so much memory
 * (threads-max), so that finding one does not depend on how many are governed.
 */
#include <linux/hash.h>
#include <linux/log2.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/rculist.h>
#include <linux/slab.h>

#include "rooms.h"

#define BITS_MIN	10
#define BITS_MAX	20
/* The kernel's rule: threads' stacks may take an eighth of memory. */
#define BYTES_PER_THREAD	(8UL * THREAD_SIZE)

static struct hlist_head *buckets;
static unsigned int bits;
static unsigned int nr_entries;	/* under capgov_members_lock */

static struct hlist_head *table_bucket(const struct task_struct *p)
{
	return &buckets[hash_ptr(p, bits)];
}

/**
 * capgov_table_find() - look a task up
 * @p: the task
 *
 * With capgov_members_lock or RCU read lock.
 *
 * Return: its record, or NULL
 */
struct capgov_task *capgov_table_find(const struct task_struct *p)
{
	struct capgov_task *ct;

	hlist_for_each_entry_rcu(ct, table_bucket(p), hash,
				 lockdep_is_held(&capgov_members_lock))
		if (ct->task == p)
			return ct;
	return NULL;
}

/**
 * capgov_table_add() - enter a task
 * @ct: its record; with capgov_members_lock
 */
void capgov_table_add(struct capgov_task *ct)
{
	hlist_add_head_rcu(&ct->hash, table_bucket(ct->task));
	nr_entries++;
}

/**
 * capgov_table_del() - take a task out
 * @ct: its record, which is there; with capgov_members_lock
 */
void capgov_table_del(struct capgov_task *ct)
{
	hlist_del_rcu(&ct->hash);
	nr_entries--;
}

/**
 * capgov_table_each() - do something to every task
 * @fn: does it, and may take its task out
 *
 * Nobody else changes the table meanwhile.
 */
void capgov_table_each(void (*fn)(struct capgov_task *ct))
{
	unsigned int i, left = nr_entries;
	struct capgov_task *ct;
	struct hlist_node *next;

	for (i = 0; left && i < 1U << bits; i++) {
		hlist_for_each_entry_safe(ct, next, &buckets[i], hash) {
			left--;
			fn(ct);
		}
	}
}

/**
 * capgov_table_init() - get its memory
 * Return: 0 or -ENOMEM
 */
int capgov_table_init(void)
{
	unsigned long threads = totalram_pages() / (BYTES_PER_THREAD / PAGE_SIZE);

	bits = clamp_t(unsigned int, ilog2(threads | 1), BITS_MIN, BITS_MAX);
	buckets = kvcalloc(1UL << bits, sizeof(*buckets), GFP_KERNEL);
	return buckets ? 0 : -ENOMEM;
}

/**
 * capgov_table_exit() - nobody looks at it any more
 */
void capgov_table_exit(void)
{
	kvfree(buckets);
}
