// SPDX-License-Identifier: GPL-2.0
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "cgroupfs.h"
#include "libcapgov/capgov.h"

#define CONTROL		CAPGOV_CGROUP_ROOT "/cgroup.subtree_control"
#define REMOVE_TRIES	1000
#define REMOVE_WAIT_US	1000

static char folder[96];	/* the innermost that was made */
static unsigned int made;	/* how many, one in another */
static bool mounted, enabled;

static int put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : write(fd, text, strlen(text));
	int error = errno;

	if (fd >= 0)
		close(fd);
	return n < 0 ? -error : 0;
}

static int put_in(const char *file, const char *text)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/%s", folder, file);
	return put(path, text);
}

static bool has_cpu(void)
{
	FILE *f = fopen(CONTROL, "re");
	bool found = false;
	char word[32];

	while (f && !found && fscanf(f, "%31s", word) == 1)
		found = !strcmp(word, "cpu");
	if (f)
		fclose(f);
	return found;
}

static void prepare(void)
{
	struct statfs fs;
	int ret;

	if (statfs(CAPGOV_CGROUP_ROOT, &fs))
		err(1, CAPGOV_CGROUP_ROOT);
	if (fs.f_type == SYSFS_MAGIC) {
		if (mount("cgroup2", CAPGOV_CGROUP_ROOT, "cgroup2", 0, NULL))
			err(1, CAPGOV_CGROUP_ROOT ": cannot mount cgroup2");
		mounted = true;
	} else if (fs.f_type != CGROUP2_SUPER_MAGIC) {
		errx(1, CAPGOV_CGROUP_ROOT ": not cgroup version 2");
	}
	if (has_cpu())
		return;
	ret = put(CONTROL, "+cpu");
	if (ret)
		errx(1, CONTROL ": no cpu controller: %s", strerror(-ret));
	enabled = true;
}

static void put_or_end(const char *file, const char *text)
{
	int ret = put_in(file, text);

	if (ret)
		errx(1, "%s/%s: \"%s\": %s", folder, file, text,
		     strerror(-ret));
}

/* One more cgroup, in the innermost. */
static void create_below(double cap, unsigned int period_us)
{
	size_t length = strlen(folder);
	char text[64];

	if (made)
		put_or_end("cgroup.subtree_control", "+cpu");
	snprintf(folder + length, sizeof(folder) - length, "/govlab-%d",
		 getpid());
	if (mkdir(folder, 0755)) {
		warn("%s", folder);
		folder[length] = '\0';
		exit(1);
	}
	made++;
	if (isinf(cap))
		return;
	snprintf(text, sizeof(text), "%ld %u", lround(cap * period_us),
		 period_us);
	put_or_end("cpu.max", text);
}

/**
 * cgroupfs_create() - make the cgroup; there is one at a time
 * @cap: its cpu.max, in CPUs; INFINITY for no limit
 * @period_us: its period
 * @levels: how many, one in another, at most CAGE_LEVELS_MAX
 */
void cgroupfs_create(double cap, unsigned int period_us, unsigned int levels)
{
	prepare();
	strcpy(folder, CAPGOV_CGROUP_ROOT);
	while (levels--)
		create_below(cap, period_us);
}

/**
 * cgroupfs_join() - the caller joins the cgroup
 * Return: 0 or a negative errno
 */
int cgroupfs_join(void)
{
	return put_in("cgroup.procs", "0");
}

static void remove_innermost(void)
{
	int tries = REMOVE_TRIES;

	/* Else the kernel keeps its switch for limits on, also without any. */
	put_in("cpu.max", "max");
	while (rmdir(folder)) {
		if (errno != EBUSY || !--tries) {
			warn("%s", folder);
			break;
		}
		put_in("cgroup.kill", "1");
		usleep(REMOVE_WAIT_US);
	}
	*strrchr(folder, '/') = '\0';
}

/**
 * cgroupfs_remove() - remove the cgroup
 *
 * Who is left in it, a child's child when we are interrupted, is killed.
 */
void cgroupfs_remove(void)
{
	for (; made; made--)
		remove_innermost();
}

/**
 * cgroupfs_restore() - leave the cgroups as they were found
 */
void cgroupfs_restore(void)
{
	cgroupfs_remove();
	if (enabled)
		put(CONTROL, "-cpu");
	if (mounted && umount(CAPGOV_CGROUP_ROOT))
		warn(CAPGOV_CGROUP_ROOT);
	enabled = false;
	mounted = false;
}
