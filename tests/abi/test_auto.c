// SPDX-License-Identifier: GPL-2.0
/* DOC: Groups that go away by themselves. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "abi.h"

#define POLL_US	10000
#define POLLS	500	/* 5 s */

static int open_device(void)
{
	return open("/dev/capgov", O_RDWR | O_CLOEXEC);
}

static bool there(const char *name)
{
	struct capgov_group_info info;

	return !abi_get(name, &info);
}

/* Its directory and its name go a little later. */
static void expect_gone(const char *name, const char *what)
{
	char path[128] = "/sys/kernel/capgov/groups/";
	int i, err = EEXIST;

	tap(!there(name), "got the group", "AUTO: %s: not found", what);
	for (i = 0; i < POLLS && err == EEXIST; i++) {
		err = abi_create(abi_rw, name, NULL, 0);
		if (err)
			usleep(POLL_US);
	}
	tap_errno(err, 0, false, "AUTO: %s: the name is free", what);
	abi_destroy(name);
	abi_name(path + 26, name);
	tap(access(path, F_OK) && errno == ENOENT, "got a directory",
	    "AUTO: %s: no directory", what);
}

static void check_close(void)
{
	struct capgov_group_info info;
	int fd = open_device(), other = open_device();

	tap_errno(abi_create(fd, "auto1", "ref", CAPGOV_GROUP_AUTO), 0, false,
		  "AUTO: created");
	tap_errno(abi_get("auto1", &info), 0, false, "AUTO: found");
	tap(info.auto_destroy == 1, "got 0", "AUTO: auto_destroy");
	tap_errno(abi_get("ref", &info), 0, false, "AUTO: another");
	tap(info.auto_destroy == 0, "got 1", "AUTO: not auto_destroy");
	close(other);
	tap(there("auto1"), "gone", "AUTO: another descriptor is closed");
	other = dup(fd);
	close(fd);
	tap(there("auto1"), "gone", "AUTO: one of two is closed");
	close(other);
	expect_gone("auto1", "closed");
}

static void check_task(void)
{
	pid_t pid = child_sleeper();
	int fd = open_device();

	abi_create(fd, "auto2", NULL, CAPGOV_GROUP_AUTO);
	tap_errno(abi_attach("auto2", pid), 0, false, "AUTO: ATTACH");
	tap_errno(abi_detach(pid), 0, false, "AUTO: DETACH");
	tap(there("auto2"), "gone", "AUTO: empty and held");
	abi_attach("auto2", pid);
	close(fd);
	tap(there("auto2"), "gone", "AUTO: closed with a task");
	tap_errno(abi_detach(pid), 0, false, "AUTO: the last one leaves");
	expect_gone("auto2", "left");

	fd = open_device();
	abi_create(fd, "auto3", NULL, CAPGOV_GROUP_AUTO);
	abi_attach("auto3", pid);
	close(fd);
	tap_errno(abi_attach("ref", pid), 0, false, "AUTO: the last one moves");
	expect_gone("auto3", "moved away");

	fd = open_device();
	abi_create(fd, "auto4", NULL, CAPGOV_GROUP_AUTO);
	abi_attach("auto4", pid);
	close(fd);
	tap(there("auto4"), "gone", "AUTO: kept by a task to its end");
	child_end(pid);
	expect_gone("auto4", "ended");
}

/* It may have a parent, and be none. */
static void check_parent(void)
{
	struct capgov_group_config cfg = {
		.size = sizeof(cfg),
		.fields = CAPGOV_FIELD_PARENT,
		.name = "made",
		.parent = "auto5",
	};
	int fd = open_device(), i;

	abi_create(fd, "auto5", "ref", CAPGOV_GROUP_AUTO);
	abi_expect(abi_rw, CAPGOV_IOC_GROUP_CREATE, &cfg, EINVAL,
		   "GROUP_CREATE: below an AUTO group");
	cfg.name[0] = 0;
	memcpy(cfg.name, "spare", sizeof("spare"));
	abi_expect(abi_rw, CAPGOV_IOC_GROUP_SET, &cfg, EINVAL,
		   "GROUP_SET: below an AUTO group");
	tap_errno(abi_destroy("auto5"), 0, false, "GROUP_DESTROY: AUTO, held");
	tap(!there("auto5"), "got it", "GROUP_DESTROY: AUTO, held: not found");
	close(fd);
	tap_errno(abi_destroy("auto5"), ENOENT, false,
		  "GROUP_DESTROY: AUTO, destroyed and closed");
	fd = open_device();
	for (i = 0; i < 20; i++) {
		char name[] = "many0";

		name[4] = 'a' + i;
		abi_create(fd, name, NULL, CAPGOV_GROUP_AUTO);
	}
	tap(there("manya") && there("manyt"), "gone", "AUTO: many");
	close(fd);
	expect_gone("manya", "the first of many");
	expect_gone("manyt", "the last of many");
}

/*
 * An AUTO group that is not found any more is no child, no name and no group
 * for other requests either.
 */
static void check_ghost(void)
{
	struct capgov_info info = { .size = sizeof(info) };
	int fd, i, empty = 0, taken = 0, counted = 0;

	for (i = 0; i < 50; i++) {
		fd = open_device();
		abi_create(abi_rw, "above", NULL, 0);
		abi_create(fd, "ghost", "above", CAPGOV_GROUP_AUTO);
		close(fd);
		abi_call(abi_ro, CAPGOV_IOC_INFO, &info);
		counted += info.nr_groups != 4;
		empty += abi_destroy("above") == ENOTEMPTY;
		fd = abi_create(abi_rw, "ghost", NULL, 0);
		taken += fd == EEXIST;
		if (!fd)
			abi_destroy("ghost");
		usleep(POLL_US);
		abi_destroy("above");
	}
	tap(!counted, "got it counted", "AUTO: closed: not in nr_groups");
	tap(!empty, "got ENOTEMPTY", "AUTO: closed: no child of its parent");
	tap(!taken, "got EEXIST", "AUTO: closed: its name is free at once");
}

void test_auto(void)
{
	check_close();
	check_task();
	check_parent();
	abi_reset();
	check_ghost();
}
