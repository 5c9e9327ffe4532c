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

/* Call @fn for every id in @file of @folder; 0 stands for one not seen here. */
static int each_in_file(const char *folder, const char *file, __u32 flags,
			capgov_cgroup_fn fn, void *data)
{
	char path[PATH_MAX];
	int pid, ret = 0;
	FILE *f;

	if (snprintf(path, sizeof(path), "%s/%s", folder, file) >= PATH_MAX)
		return -ENAMETOOLONG;
	f = fopen(path, "re");
	if (!f)
		return -errno;
	errno = 0;
	while (!ret && fscanf(f, "%d", &pid) == 1)
		if (pid > 0)
			ret = fn(pid, flags, data);
	if (!ret && ferror(f))
		ret = -errno;
	fclose(f);
	return ret;
}

/* A threaded cgroup lists no processes: reading them is refused. */
static int each_in_cgroup(const char *folder, capgov_cgroup_fn fn, void *data)
{
	int ret = each_in_file(folder, "cgroup.procs", 0, fn, data);

	if (ret != -EOPNOTSUPP)
		return ret;
	return each_in_file(folder, "cgroup.threads", CAPGOV_TASK_THREAD, fn,
			    data);
}

/**
 * capgov_cgroup_each() - go through a cgroup and those below it
 * @path: from capgov_cgroup_path()
 * @fn: called with every process (or every thread, and CAPGOV_TASK_THREAD, in
 *	a threaded cgroup)
 * @data: for @fn
 *
 * A cgroup that goes away meanwhile has nobody in it and is passed over.
 *
 * Return: 0, what @fn returned if not 0, or a negative errno
 */
int capgov_cgroup_each(const char *path, capgov_cgroup_fn fn, void *data)
{
	char *roots[2] = { (char *)path, NULL };
	FTS *walk = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	FTSENT *entry;
	int ret = 0;

	if (!walk)
		return -errno;
	while (!ret && (entry = fts_read(walk))) {
		if (entry->fts_info != FTS_D)
			continue;
		ret = each_in_cgroup(entry->fts_path, fn, data);
		if (entry->fts_level > 0 && (ret == -ENOENT || ret == -ENODEV))
			ret = 0;
	}
	fts_close(walk);
	return ret;
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
