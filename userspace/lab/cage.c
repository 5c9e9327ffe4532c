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

/* The group goes by itself; until it has gone its name is taken. */
static void open_group(struct cage *cage)
{
	static unsigned int number;
	struct capgov_group_config config = {
		.flags = CAPGOV_GROUP_AUTO,
		.fields = CAPGOV_FIELD_CAP | CAPGOV_FIELD_PERIOD |
			  CAPGOV_FIELD_POLICY,
		.quota_us = lround(cage->cap * MODEL_PERIOD_US),
		.period_us = MODEL_PERIOD_US,
	};
	int ret;

	cage->fd = cage_open_module();
	snprintf(cage->name, sizeof(cage->name), "govlab-%d-%u", getpid(),
		 ++number);
	strcpy(config.name, cage->name);
	snprintf(config.policy, sizeof(config.policy), "%s", cage->policy);
	ret = capgov_group_create(cage->fd, &config);
	if (ret)
		errx(1, "%s: %s", cage->name, capgov_strerror(ret));
}

/**
 * cage_open() - make the place
 * @cage: kind, policy and cap are given, the rest is filled in
 */
void cage_open(struct cage *cage)
{
	if (cage->kind == CAGE_GROUP)
		open_group(cage);
	else if (cage->kind == CAGE_CGROUP)
		cgroupfs_create(cage->cap);
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
	if (cage->kind == CAGE_GROUP)
		close(cage->fd);
	else if (cage->kind == CAGE_CGROUP)
		cgroupfs_remove();
}
