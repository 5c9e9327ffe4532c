/* SPDX-License-Identifier: GPL-2.0 */
/*
 * DOC: Children in a cage, and what they print. A signal that asks us to end
 * is looked for wherever we wait; see spawn_init(). Failures end the program.
 */
#ifndef LAB_SPAWN_H
#define LAB_SPAWN_H

#include <sys/types.h>

#include "cage.h"

/* What a child does; it ends by exec, or by returning its exit status. */
typedef int (*spawn_fn)(const void *arg);

/**
 * struct spawn - a child
 * @pid: of the child
 * @out: what it prints is read here
 * @err: file that keeps what it says on standard error
 */
struct spawn {
	pid_t pid;
	int out;
	int err;
};

void spawn_init(void);
void spawn_start(struct spawn *s, const struct cage *cage, spawn_fn fn,
		 const void *arg);
char *spawn_finish(struct spawn *s, const char *what);
void spawn_line(struct spawn *s, char *line, size_t size, const char *what);
char *spawn_run(struct cage *cage, spawn_fn fn, const void *arg,
		const char *what);
double spawn_number(struct cage *cage, spawn_fn fn, const void *arg,
		    const char *what);
void spawn_stop(struct spawn *s);
void spawn_stop_all(void);

#endif /* LAB_SPAWN_H */
