// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>

#include "capgov.h"
#include "util.h"

static int request(int fd, unsigned long number, void *arg)
{
	return ioctl(fd, number, arg) < 0 ? -errno : 0;
}

/* A name that does not fit cannot be a group's: the module would say so too. */
static int put_name(char *to, const char *name)
{
	size_t len = strlen(name);

	if (len >= CAPGOV_NAME_LEN)
		return -EINVAL;
	memcpy(to, name, len + 1);
	return 0;
}

/**
 * capgov_open() - open the module's device
 * @flags: O_RDONLY to look, O_RDWR to change
 *
 * The descriptor is closed on exec.
 *
 * Return: a file descriptor, or a negative errno; see capgov_is_absent()
 */
int capgov_open(int flags)
{
	int fd = open(CAPGOV_DEVICE, flags | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

/**
 * capgov_is_absent() - does this error of capgov_open() mean: not loaded?
 * @err: a negative errno
 * Return: true if the module is not there
 */
bool capgov_is_absent(int err)
{
	return err == -ENOENT || err == -ENXIO || err == -ENODEV;
}

/**
 * capgov_strerror() - an error in the module's terms
 * @err: a negative errno of one of the requests
 * Return: text, valid until the next call
 */
const char *capgov_strerror(int err)
{
	static const struct {
		int err;
		const char *text;
	} texts[] = {
		{ ENOTTY, "the module does not know this request" },
		{ EINVAL, "the module refuses these values together" },
		{ E2BIG, "the module is older and does not know this request" },
		{ EOPNOTSUPP, "not supported by this module or kernel" },
		{ EBADF, "not open for changes" },
		{ EPERM, "not permitted" },
		{ EACCES, "not permitted" },
		{ ENOENT, "no such group" },
		{ ESRCH, "no such task" },
		{ EEXIST, "there is a group of this name" },
		{ ENOTEMPTY, "the group has child groups" },
		{ ERANGE, "a value is outside its limits" },
		{ ELOOP, "the parent would be below the group, or nested too deep" },
		{ ENOSPC, "there are too many groups, or tasks in this one" },
		{ EINTR, "interrupted" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(texts); i++)
		if (texts[i].err == -err)
			return texts[i].text;
	return strerror(-err);
}

/**
 * capgov_info() - ask about the module
 * @fd: from capgov_open()
 * @info: the answer
 * Return: 0 or a negative errno
 */
int capgov_info(int fd, struct capgov_info *info)
{
	*info = (struct capgov_info){ .size = sizeof(*info) };
	return request(fd, CAPGOV_IOC_INFO, info);
}

/**
 * capgov_policy_get() - ask about one policy
 * @fd: from capgov_open()
 * @index: 0, 1, ... until -ENOENT
 * @policy: the answer
 * Return: 0 or a negative errno
 */
int capgov_policy_get(int fd, __u32 index, struct capgov_policy_info *policy)
{
	*policy = (struct capgov_policy_info){
		.size = sizeof(*policy),
		.index = index,
	};
	return request(fd, CAPGOV_IOC_POLICY_GET, policy);
}

/**
 * capgov_group_get() - ask about the group of a name
 * @fd: from capgov_open()
 * @name: the name
 * @group: the answer
 * Return: 0 or a negative errno
 */
int capgov_group_get(int fd, const char *name, struct capgov_group_info *group)
{
	*group = (struct capgov_group_info){ .size = sizeof(*group) };
	return put_name(group->name, name) ?:
	       request(fd, CAPGOV_IOC_GROUP_GET, group);
}

/**
 * capgov_group_next() - one group after the other
 * @fd: from capgov_open()
 * @id: of the one before, 0 for the first
 * @group: the answer
 * Return: 0, -ENOENT after the last, or another negative errno
 */
int capgov_group_next(int fd, __u32 id, struct capgov_group_info *group)
{
	*group = (struct capgov_group_info){
		.size = sizeof(*group),
		.flags = CAPGOV_GET_NEXT,
		.id = id,
	};
	return request(fd, CAPGOV_IOC_GROUP_GET, group);
}

/**
 * capgov_group_create() - make a group
 * @fd: from capgov_open()
 * @config: what it is to be; its id is filled in
 * Return: 0 or a negative errno
 */
int capgov_group_create(int fd, struct capgov_group_config *config)
{
	config->size = sizeof(*config);
	return request(fd, CAPGOV_IOC_GROUP_CREATE, config);
}

/**
 * capgov_group_set() - change a group
 * @fd: from capgov_open()
 * @config: what is to change; its id is filled in
 * Return: 0 or a negative errno
 */
int capgov_group_set(int fd, struct capgov_group_config *config)
{
	config->size = sizeof(*config);
	return request(fd, CAPGOV_IOC_GROUP_SET, config);
}

/**
 * capgov_group_destroy() - remove a group; its tasks go on in its parent
 * @fd: from capgov_open()
 * @name: of the group
 * Return: 0 or a negative errno
 */
int capgov_group_destroy(int fd, const char *name)
{
	struct capgov_group_destroy op = { .size = sizeof(op) };

	return put_name(op.name, name) ?:
	       request(fd, CAPGOV_IOC_GROUP_DESTROY, &op);
}

/**
 * capgov_attach() - put tasks into a group
 * @fd: from capgov_open()
 * @name: of the group
 * @pid: the task, 0 for the caller
 * @flags: CAPGOV_TASK_*
 * Return: how many threads are new in it, or a negative errno
 */
int capgov_attach(int fd, const char *name, pid_t pid, __u32 flags)
{
	struct capgov_task_op op = {
		.size = sizeof(op),
		.flags = flags,
		.pid = pid,
	};

	return put_name(op.name, name) ?:
	       request(fd, CAPGOV_IOC_ATTACH, &op) ?: (int)op.nr_tasks;
}

/**
 * capgov_detach() - take tasks out of their group
 * @fd: from capgov_open()
 * @pid: the task, 0 for the caller
 * @flags: CAPGOV_TASK_*
 * Return: how many threads left, or a negative errno
 */
int capgov_detach(int fd, pid_t pid, __u32 flags)
{
	struct capgov_task_op op = {
		.size = sizeof(op),
		.flags = flags,
		.pid = pid,
	};

	return request(fd, CAPGOV_IOC_DETACH, &op) ?: (int)op.nr_tasks;
}

/**
 * capgov_release_all() - every task leaves its group
 * @fd: from capgov_open()
 * Return: how many threads left, or a negative errno
 */
int capgov_release_all(int fd)
{
	struct capgov_release_all op = { .size = sizeof(op) };

	return request(fd, CAPGOV_IOC_RELEASE_ALL, &op) ?: (int)op.nr_tasks;
}
