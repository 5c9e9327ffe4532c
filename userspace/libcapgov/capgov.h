/* SPDX-License-Identifier: GPL-2.0 */
/*
 * DOC: libcapgov, the only code that talks to the module. Functions return 0
 * or what they say, or a negative errno as <linux/capgov.h> lists them. They
 * print nothing and keep no state; a connection is a file descriptor.
 */
#ifndef LIBCAPGOV_CAPGOV_H
#define LIBCAPGOV_CAPGOV_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include <linux/capgov.h>

#define CAPGOV_DEVICE		"/dev/capgov"
#define CAPGOV_CGROUP_ROOT	"/sys/fs/cgroup"

int capgov_open(int flags);
bool capgov_is_absent(int err);
const char *capgov_strerror(int err);

int capgov_info(int fd, struct capgov_info *info);
int capgov_policy_get(int fd, __u32 index, struct capgov_policy_info *policy);
int capgov_group_get(int fd, const char *name, struct capgov_group_info *group);
int capgov_group_next(int fd, __u32 id, struct capgov_group_info *group);
int capgov_group_create(int fd, struct capgov_group_config *config);
int capgov_group_set(int fd, struct capgov_group_config *config);
int capgov_group_destroy(int fd, const char *name);
int capgov_attach(int fd, const char *name, pid_t pid, __u32 flags);
int capgov_detach(int fd, pid_t pid, __u32 flags);
int capgov_release_all(int fd);

/* What capgov_cgroup_each() calls; not 0 ends it. */
typedef int (*capgov_cgroup_fn)(pid_t pid, __u32 flags, void *data);

int capgov_cgroup_path(const char *cgroup, char *path, size_t size);
int capgov_cgroup_each(const char *path, capgov_cgroup_fn fn, void *data);
int capgov_task_flags(pid_t pid, __u32 *flags);

#endif /* LIBCAPGOV_CAPGOV_H */
