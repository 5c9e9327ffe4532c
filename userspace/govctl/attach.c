// SPDX-License-Identifier: GPL-2.0
/* DOC: attach and detach: which tasks a group holds. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#include "commands.h"
#include "progress.h"

/* Times to go through a cgroup; only one whose tasks come and go needs many. */
#define PASSES_MAX	100

/**
 * struct move - where tasks are moved
 * @fd: from capgov_open()
 * @name: the group to attach to, NULL to detach
 * @nr_tasks: how many threads were moved
 */
struct move {
	int fd;
	const char *name;
	unsigned long nr_tasks;
};

static int move_task(struct move *move, pid_t pid, __u32 flags)
{
	int ret = move->name ? capgov_attach(move->fd, move->name, pid, flags) :
			       capgov_detach(move->fd, pid, flags);

	if (ret > 0)
		move->nr_tasks += ret;
	return ret < 0 ? ret : 0;
}

static int fail_move(const struct move *move, int err, const char *task)
{
	if (err == -EOPNOTSUPP)
		return fail(UNSUPPORTED, task, NULL, "it is a kernel thread");
	if (err == -ENOENT || err == -ENOSPC)
		return fail_errno(err, move->name);
	if (err == -ESRCH && !move->name)
		return fail(NOT_FOUND, task, NULL,
			    "no such task, or it is in no group");
	return fail_errno(err, task);
}

static int move_pids(struct move *move, const struct args *args)
{
	int i, err, status = DONE;
	char task[32];
	__u32 flags;

	for (i = 0; i < args->nr_pids; i++) {
		progress("processes", i);
		err = capgov_task_flags(args->pids[i], &flags) ?:
		      move_task(move, args->pids[i], flags);
		if (!err)
			continue;
		snprintf(task, sizeof(task), "%d", args->pids[i]);
		err = fail_move(move, err, task);
		status = status ?: err;
	}
	progress_end();
	return status;
}

/* Who has gone meanwhile, is in no group, or is the kernel's is passed over. */
static int move_member(pid_t pid, __u32 flags, void *data)
{
	struct move *move = data;
	int err = move_task(move, pid, flags);

	progress("threads", move->nr_tasks);
	return err == -ESRCH || err == -EOPNOTSUPP ? 0 : err;
}

/* Again until nobody is found who was not moved: processes fork meanwhile. */
static int move_cgroup(struct move *move, const char *cgroup)
{
	struct capgov_group_info group;
	char path[PATH_MAX];
	unsigned long before;
	int err, passes = 0;

	if (move->name) {
		err = capgov_group_get(move->fd, move->name, &group);
		if (err)
			return fail_errno(err, move->name);
	}
	err = capgov_cgroup_path(cgroup, path, sizeof(path));
	if (err)
		return fail(err == -ENOENT ? NOT_FOUND : FAILED, cgroup,
			    "a cgroup is a folder of " CAPGOV_CGROUP_ROOT,
			    "no such cgroup");
	do {
		before = move->nr_tasks;
		err = capgov_cgroup_each(path, move_member, move);
	} while (!err && move->nr_tasks > before && ++passes < PASSES_MAX);
	progress_end();
	if ((err == -ENOENT || err == -ENODEV) && access(path, F_OK))
		return fail(NOT_FOUND, cgroup, NULL, "the cgroup has gone");
	if (err)
		return fail_move(move, err, cgroup);
	if (passes == PASSES_MAX)
		return fail(FAILED, cgroup, "freeze it meanwhile (cgroup.freeze)",
			    "its tasks come faster than they are moved");
	return DONE;
}

static int move_all(const struct command *command, const struct args *args,
		    const char *name)
{
	const char *cgroup = args->value[OPT_CGROUP];
	struct move move = { .name = name };
	int status;

	if (!args->nr_pids == !cgroup)
		return args_usage(command, NULL,
				  "one of --pid and --cgroup is needed");
	if (cgroup && !*cgroup)
		return args_usage(command, "--cgroup",
				  "is empty; / stands for all cgroups");
	move.fd = capgov_open(O_RDWR);
	if (move.fd < 0)
		return fail_open(move.fd);
	status = cgroup ? move_cgroup(&move, cgroup) : move_pids(&move, args);
	close(move.fd);
	if (!status)
		out_number("nr_tasks", move.nr_tasks);
	return status;
}

static int attach_run(const struct args *args)
{
	const char *name = args->operands[0];

	return args_check_name(&cmd_attach, name) ?:
	       move_all(&cmd_attach, args, name);
}

static int detach_run(const struct args *args)
{
	return move_all(&cmd_detach, args, NULL);
}

#define TASKS_HELP \
	"  --pid PID...     processes, with all their threads; or single threads,\n" \
	"                   by the ids of those that are not their process's first\n" \
	"  --cgroup PATH    the processes of a cgroup and of those below it; PATH is\n" \
	"                   in, or relative to, " CAPGOV_CGROUP_ROOT "\n"

const struct command cmd_attach = {
	.name = "attach",
	.usage = "NAME {--pid PID... | --cgroup PATH}",
	.summary = "put tasks into a group, out of any other",
	.help = TASKS_HELP
		"\n"
		"It takes effect when a task next returns to user mode, and its children\n"
		"will be in the group as well. What joins a cgroup later is not.\n",
	.takes = TAKES(OPT_PID) | TAKES(OPT_CGROUP),
	.min = 1,
	.max = 1,
	.run = attach_run,
};

const struct command cmd_detach = {
	.name = "detach",
	.usage = "{--pid PID... | --cgroup PATH}",
	.summary = "take tasks out of their group",
	.help = TASKS_HELP,
	.takes = TAKES(OPT_PID) | TAKES(OPT_CGROUP),
	.run = detach_run,
};
