// SPDX-License-Identifier: GPL-2.0
/* DOC: Requests, the groups the tests begin with, and what they look like. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include "abi.h"

#define SNAP_MAX	64

/* Every group, without what changes by itself. */
struct abi_snap {
	unsigned int nr;
	struct capgov_group_info groups[SNAP_MAX];
};

int abi_rw, abi_ro;
bool abi_few;

/* Return: 0 or an errno */
int abi_call(int fd, unsigned int cmd, void *arg)
{
	return ioctl(fd, cmd, arg) ? errno : 0;
}

/* A name into a request's member, which is zero. Too long ones are cut. */
void abi_name(char *to, const char *name)
{
	memcpy(to, name, strnlen(name, CAPGOV_NAME_LEN));
}

int abi_create(int fd, const char *name, const char *parent, __u32 flags)
{
	struct capgov_group_config cfg = {
		.size = sizeof(cfg),
		.flags = flags,
		.fields = parent ? CAPGOV_FIELD_PARENT : 0,
	};

	abi_name(cfg.name, name);
	if (parent)
		abi_name(cfg.parent, parent);
	return abi_call(fd, CAPGOV_IOC_GROUP_CREATE, &cfg);
}

int abi_parent(const char *name, const char *parent)
{
	struct capgov_group_config cfg = {
		.size = sizeof(cfg),
		.fields = CAPGOV_FIELD_PARENT,
	};

	abi_name(cfg.name, name);
	abi_name(cfg.parent, parent);
	return abi_call(abi_rw, CAPGOV_IOC_GROUP_SET, &cfg);
}

int abi_destroy(const char *name)
{
	struct capgov_group_destroy req = { .size = sizeof(req) };

	abi_name(req.name, name);
	return abi_call(abi_rw, CAPGOV_IOC_GROUP_DESTROY, &req);
}

int abi_get(const char *name, struct capgov_group_info *info)
{
	memset(info, 0, sizeof(*info));
	info->size = sizeof(*info);
	abi_name(info->name, name);
	return abi_call(abi_ro, CAPGOV_IOC_GROUP_GET, info);
}

int abi_attach(const char *name, pid_t pid)
{
	struct capgov_task_op op = { .size = sizeof(op), .pid = pid };

	abi_name(op.name, name);
	return abi_call(abi_rw, CAPGOV_IOC_ATTACH, &op);
}

int abi_detach(pid_t pid)
{
	struct capgov_task_op op = { .size = sizeof(op), .pid = pid };

	return abi_call(abi_rw, CAPGOV_IOC_DETACH, &op);
}

/* The first group above @id. */
static int get_next(struct capgov_group_info *info, __u32 id)
{
	memset(info, 0, sizeof(*info));
	info->size = sizeof(*info);
	info->flags = CAPGOV_GET_NEXT;
	info->id = id;
	return abi_call(abi_ro, CAPGOV_IOC_GROUP_GET, info);
}

static void destroy_all(void)
{
	struct capgov_group_info info;
	bool gone;

	do {
		gone = false;
		for (info.id = 0; !get_next(&info, info.id);)
			gone |= !abi_destroy(info.name);
	} while (gone);
}

static void create_ref(void)
{
	struct capgov_group_config cfg = {
		.size = sizeof(cfg),
		.fields = CAPGOV_FIELD_CAP | CAPGOV_FIELD_PERIOD |
			  CAPGOV_FIELD_BURST | CAPGOV_FIELD_POLICY |
			  CAPGOV_FIELD_WEIGHT,
		.name = "ref",
		.policy = "weighted",
		.quota_us = 70000,
		.period_us = 50000,
		.burst_us = 1234,
		.sys_weight_permille = 300,
	};

	if (abi_call(abi_rw, CAPGOV_IOC_GROUP_CREATE, &cfg) ||
	    abi_create(abi_rw, "sub", "ref", 0) ||
	    abi_create(abi_rw, "spare", NULL, 0)) {
		printf("Bail out! no groups to begin with: %m\n");
		exit(2);
	}
}

/* No task is governed, and the groups are those that a test begins with. */
void abi_reset(void)
{
	struct capgov_release_all req = { .size = sizeof(req) };

	abi_call(abi_rw, CAPGOV_IOC_RELEASE_ALL, &req);
	destroy_all();
	create_ref();
}

struct abi_snap *abi_snap(void)
{
	struct abi_snap *snap = calloc(1, sizeof(*snap));
	struct capgov_group_info info = { .id = 0 };

	while (snap->nr < SNAP_MAX && !get_next(&info, info.id)) {
		info.nr_joining = 0;
		info.nr_parked = 0;
		memset(&info.usr_ns, 0, sizeof(info) -
		       offsetof(struct capgov_group_info, usr_ns));
		snap->groups[snap->nr++] = info;
	}
	return snap;
}

/* Whether groups are not as they were. Uses up @before. */
bool abi_changed(struct abi_snap *before)
{
	struct abi_snap *now = abi_snap();
	bool changed = memcmp(before, now, sizeof(*now));

	free(now);
	free(before);
	return changed;
}

/* Check one request: what it returns, and if an error that nothing changed. */
void abi_expect(int fd, unsigned int cmd, void *arg, int want,
		const char *fmt, ...)
{
	struct abi_snap *before = abi_snap();
	int got = abi_call(fd, cmd, arg);
	bool changed = abi_changed(before) && want;
	char what[256];
	va_list args;

	va_start(args, fmt);
	vsnprintf(what, sizeof(what), fmt, args);
	va_end(args);
	tap_errno(got, want, changed, "%s", what);
	if (changed)
		abi_reset();
}
