// SPDX-License-Identifier: GPL-2.0
/* DOC: Which tasks there are: those of a cgroup, and what a pid stands for. */
#include <errno.h>
#include <fts.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "capgov.h"

/**
 * capgov_cgroup_path() - find a cgroup's folder
 * @cgroup: a path under CAPGOV_CGROUP_ROOT, or relative to it, with or without
 *	a '/' before it as /proc/PID/cgroup has
 * @path: the folder
 * @size: room in @path
 *
 * Return: 0; -ENOENT if it is none, or what else realpath() says; -EINVAL if it
 * leads out of CAPGOV_CGROUP_ROOT
 */
int capgov_cgroup_path(const char *cgroup, char *path, size_t size)
{
	const size_t root = strlen(CAPGOV_CGROUP_ROOT);
	char given[PATH_MAX], real[PATH_MAX];
	bool whole = !strncmp(cgroup, CAPGOV_CGROUP_ROOT, root) &&
		     (cgroup[root] == '/' || !cgroup[root]);

	if (snprintf(given, sizeof(given), "%s/%s",
		     whole ? "" : CAPGOV_CGROUP_ROOT, cgroup) >= PATH_MAX)
		return -ENAMETOOLONG;
	if (!realpath(given, real))
		return -errno;
	if (strncmp(real, CAPGOV_CGROUP_ROOT, root) ||
	    (real[root] && real[root] != '/'))
		return -EINVAL;
	if (snprintf(given, sizeof(given), "%s/cgroup.procs", real) >= PATH_MAX ||
	    strlen(real) >= size)
		return -ENAMETOOLONG;
	if (access(given, F_OK))
		return -ENOENT;
	strcpy(path, real);
	return 0;
}

/**
 * struct visit - of everybody in a cgroup
 * @fn: called with each
 * @data: for @fn
 * @ret: what it returned last
 */
struct visit {
	capgov_cgroup_fn fn;
	void *data;
	int ret;
};

/*
 * Visit every id in @file of @folder; 0 stands for one not seen here.
 * Return: whether it can be read
 */
static int each_in_file(const char *folder, const char *file, __u32 flags,
			struct visit *v)
{
	char path[PATH_MAX];
	int pid, err;
	FILE *f;

	if (snprintf(path, sizeof(path), "%s/%s", folder, file) >= PATH_MAX)
		return -ENAMETOOLONG;
	f = fopen(path, "re");
	if (!f)
		return -errno;
	errno = 0;
	while (!v->ret && fscanf(f, "%d", &pid) == 1)
		if (pid > 0)
			v->ret = v->fn(pid, flags, v->data);
	err = ferror(f) ? -errno : 0;
	fclose(f);
	return err;
}

/* A threaded cgroup lists no processes: reading them is refused. */
static int each_in_cgroup(const char *folder, struct visit *v)
{
	int err = each_in_file(folder, "cgroup.procs", 0, v);

	if (err != -EOPNOTSUPP)
		return err;
	return each_in_file(folder, "cgroup.threads", CAPGOV_TASK_THREAD, v);
}

/**
 * capgov_cgroup_each() - go through a cgroup and those below it
 * @path: from capgov_cgroup_path()
 * @fn: called with every process (or every thread, and CAPGOV_TASK_THREAD, in
 *	a threaded cgroup)
 * @data: for @fn
 *
 * One below @path that goes away meanwhile has nobody in it and is passed over.
 *
 * Return: 0, what @fn returned if not 0, or a negative errno
 */
int capgov_cgroup_each(const char *path, capgov_cgroup_fn fn, void *data)
{
	char *roots[2] = { (char *)path, NULL };
	FTS *walk = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	struct visit v = { .fn = fn, .data = data };
	FTSENT *entry;
	int err = 0;

	if (!walk)
		return -errno;
	while (!err && !v.ret && (entry = fts_read(walk))) {
		if (entry->fts_info != FTS_D)
			continue;
		err = each_in_cgroup(entry->fts_path, &v);
		if (entry->fts_level > 0 && (err == -ENOENT || err == -ENODEV))
			err = 0;
	}
	fts_close(walk);
	return v.ret ?: err;
}

/**
 * capgov_task_flags() - a process or one of its threads?
 * @pid: a process id or a thread id
 * @flags: CAPGOV_TASK_THREAD for a thread that does not lead its process, or 0
 * Return: 0, or -ESRCH
 */
int capgov_task_flags(pid_t pid, __u32 *flags)
{
	char path[64], line[256];
	int tgid = 0;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	f = fopen(path, "re");
	if (!f)
		return -ESRCH;
	while (!tgid && fgets(line, sizeof(line), f))
		if (sscanf(line, "Tgid: %d", &tgid) != 1)
			tgid = 0;
	fclose(f);
	*flags = tgid == pid ? 0 : CAPGOV_TASK_THREAD;
	return tgid ? 0 : -ESRCH;
}
