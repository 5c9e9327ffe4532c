// SPDX-License-Identifier: GPL-2.0
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cage.h"
#include "cgroupfs.h"
#include "model.h"

/**
 * cage_open_module() - there must be a module
 * Return: a descriptor of its device
 */
int cage_open_module(void)
{
	int fd = capgov_open(O_RDWR);

	if (fd < 0)
		errx(1, CAPGOV_DEVICE ": %s", capgov_is_absent(fd) ?
		     "the module is not loaded" : capgov_strerror(fd));
	return fd;
}

/* Of several levels, the innermost last. */
static char levels[CAGE_LEVELS_MAX][CAPGOV_NAME_LEN];
static unsigned int nr_levels;

/* One more group, in the last of the levels if there are any. */
static void open_level(struct cage *cage, __u32 flags)
{
	static unsigned int number;
	struct capgov_group_config config = {
		.flags = flags,
		.fields = CAPGOV_FIELD_CAP | CAPGOV_FIELD_PERIOD |
			  CAPGOV_FIELD_POLICY | CAPGOV_FIELD_ACCT,
		.accounting = cage->sampled ? CAPGOV_ACCT_SAMPLED :
					      CAPGOV_ACCT_EXACT,
		.quota_us = isinf(cage->cap) ? CAPGOV_QUOTA_MAX :
				(__u64)lround(cage->cap * MODEL_PERIOD_US),
		.period_us = MODEL_PERIOD_US,
	};
	int ret;

	snprintf(cage->name, sizeof(cage->name), "govlab-%d-%u", getpid(),
		 ++number);
	strcpy(config.name, cage->name);
	snprintf(config.policy, sizeof(config.policy), "%s", cage->policy);
	if (nr_levels) {
		config.fields |= CAPGOV_FIELD_PARENT;
		strcpy(config.parent, levels[nr_levels - 1]);
	}
	ret = capgov_group_create(cage->fd, &config);
	if (ret)
		errx(1, "%s: %s", cage->name, capgov_strerror(ret));
}

/* A group goes by itself if it is alone; until it has gone its name is taken. */
static void open_group(struct cage *cage)
{
	cage->fd = cage_open_module();
	if (cage->levels <= 1) {
		open_level(cage, CAPGOV_GROUP_AUTO);
		return;
	}
	while (nr_levels < cage->levels) {
		open_level(cage, 0);
		strcpy(levels[nr_levels++], cage->name);
	}
}

/**
 * cage_open() - make the place
 * @cage: kind, policy, cap and levels are given, the rest is filled in
 */
void cage_open(struct cage *cage)
{
	if (cage->kind == CAGE_GROUP)
		open_group(cage);
	else if (cage->kind == CAGE_CGROUP)
		cgroupfs_create(cage->cap, cage->period_us ?: MODEL_PERIOD_US,
				cage->levels ?: 1);
}

/**
 * cage_join() - the caller goes there, and so will its children
 * @cage: from cage_open()
 * Return: 0 or a negative errno
 */
int cage_join(const struct cage *cage)
{
	int ret = 0;

	if (cage->kind == CAGE_GROUP)
		ret = capgov_attach(cage->fd, cage->name, 0, 0);
	else if (cage->kind == CAGE_CGROUP)
		ret = cgroupfs_join();
	return ret < 0 ? ret : 0;
}

/**
 * cage_close() - remove the place; everybody has left
 * @cage: from cage_open()
 */
void cage_close(struct cage *cage)
{
	cage_restore();
	if (cage->kind == CAGE_GROUP)
		close(cage->fd);
	else if (cage->kind == CAGE_CGROUP)
		cgroupfs_remove();
}

/**
 * cage_restore() - destroy the groups that do not go by themselves
 */
void cage_restore(void)
{
	int fd = nr_levels ? capgov_open(O_RDWR) : -1;

	while (nr_levels) {
		const char *name = levels[--nr_levels];
		int ret = fd < 0 ? fd : capgov_group_destroy(fd, name);

		if (ret)
			warnx("%s: %s", name, capgov_strerror(ret));
	}
	if (fd >= 0)
		close(fd);
}
