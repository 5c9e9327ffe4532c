/* SPDX-License-Identifier: GPL-2.0 */
/* The work itself: kinds of SYS work, and USR work. */
#ifndef GOVLOAD_WORK_H
#define GOVLOAD_WORK_H

#include <stddef.h>
#include <linux/types.h>

struct work;

/**
 * struct work_kind - one kind of SYS work
 * @name: what --work calls it
 * @size: bytes one unit moves unless told otherwise; 0 when it moves none
 * @max_size: the most one unit can move
 * @open: get the descriptors it needs; NULL when none. 0 or -errno
 * @unit: do one unit. 0 or -errno
 */
struct work_kind {
	const char *name;
	size_t size;
	size_t max_size;
	int (*open)(struct work *w);
	int (*unit)(struct work *w);
};

/**
 * struct work - one thread's means to do SYS work
 * @kind: what kind
 * @size: bytes a unit moves
 * @fd: descriptors, -1 where there is none: @fd[0] is read, @fd[1] written
 * @buf: what is read or written
 */
struct work {
	const struct work_kind *kind;
	size_t size;
	int fd[2];
	char *buf;
};

const struct work_kind *work_find(const char *name);
int work_open(struct work *w, const struct work_kind *kind, size_t size);
void work_close(struct work *w);
__u64 work_spin(__u64 spins, __u64 seed);

#endif
