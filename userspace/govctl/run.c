// SPDX-License-Identifier: GPL-2.0
/*
 * DOC: run: a command in a group. govctl joins the group and becomes the
 * command: its signals, exit status and terminal need no passing on, and there
 * is nobody who has to live for the group to be removed. The module does that,
 * once the descriptor and the last task are gone. A child attaches it, so that
 * it has no descriptor open when it is parked: the module could not be removed.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "commands.h"

#define NAMES_MAX	100

/*
 * The name is taken if children of an earlier command outlive it and its pid
 * comes again, or in another pid namespace.
 */
static int create_own(int fd, struct capgov_group_config *group)
{
	int err, n;

	group->flags = CAPGOV_GROUP_AUTO;
	snprintf(group->name, sizeof(group->name), "run-%d", getpid());
	err = capgov_group_create(fd, group);
	for (n = 2; err == -EEXIST && n < NAMES_MAX; n++) {
		snprintf(group->name, sizeof(group->name), "run-%d.%d",
			 getpid(), n);
		err = capgov_group_create(fd, group);
	}
	return err ? config_fail(fd, err, group) : DONE;
}

/*
 * Our first child would be the first process of another namespace of pids, and
 * does not know us there; that one is the command's.
 */
static bool forks_elsewhere(void)
{
	char ours[64] = "", theirs[64] = "";

	/* The second has no name before there is somebody in it. */
	return readlink("/proc/self/ns/pid", ours, sizeof(ours) - 1) > 0 &&
	       (readlink("/proc/self/ns/pid_for_children", theirs,
			 sizeof(theirs) - 1) < 0 || strcmp(ours, theirs));
}

/* If we are stopped at once the descriptor stays open that long. */
static int join_alone(int fd, const char *name)
{
	int err = capgov_attach(fd, name, getpid(), 0);

	close(fd);
	return err < 0 ? err : 0;
}

/* Closes the descriptor. Return: 0 or a negative errno. */
static int join(int fd, const char *name)
{
	struct sigaction was, report = { .sa_handler = SIG_DFL };
	pid_t self = getpid(), child;
	int err = 0, status = 0;

	if (forks_elsewhere())
		return join_alone(fd, name);
	/* If our parent ignores its children's ends we do not have to. */
	sigaction(SIGCHLD, &report, &was);
	child = fork();
	if (!child) {
		err = capgov_attach(fd, name, self, 0);
		_exit(err < 0 ? -err : 0);
	}
	if (child < 0)
		err = -errno;
	close(fd);
	while (!err && waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			err = -errno;
	sigaction(SIGCHLD, &was, NULL);
	if (err)
		return err;
	return WIFEXITED(status) ? -WEXITSTATUS(status) : -EINTR;
}

static int exec(char **argv)
{
	int ret;

	execvp(argv[0], argv);
	ret = errno;
	return fail(ret == ENOENT ? NO_COMMAND : CANNOT_EXECUTE, argv[0], NULL,
		    "%s", ret == ENOENT ? "command not found" : strerror(ret));
}

static int run_run(const struct args *args)
{
	const char *group = args->value[OPT_GROUP];
	struct config config;
	int fd, err, status;

	status = (group ? args_check_name(&cmd_run, group) : DONE) ?:
		 config_parse(&config, &cmd_run, args) ?:
		 config_complete(&config);
	if (status)
		return status;
	if (group && config.group.fields)
		return args_usage(&cmd_run, group,
				  "--group goes with no option of create");
	fd = capgov_open(O_RDWR);
	if (fd < 0)
		return fail_open(fd);
	if (!group) {
		status = create_own(fd, &config.group);
		if (status) {
			close(fd);
			return status;
		}
		group = config.group.name;
	}
	err = join(fd, group);
	return err ? fail_errno(err, group) : exec(args->operands);
}

const struct command cmd_run = {
	.name = "run",
	.usage = "[--group NAME | OPTION...] -- COMMAND [ARG]...",
	.summary = "run a command in a group, its own if none is named",
	.help = "  --group NAME         an existing group\n"
		CONFIG_HELP
		"\n"
		"A group of the command's own goes away with the last of its processes. The\n"
		"exit status is the command's; 127 if it is not found, 126 if it cannot be\n"
		"executed.\n",
	.takes = TAKES_CONFIG | TAKES(OPT_GROUP),
	.min = 1,
	.max = -1,
	.tail = true,
	.run = run_run,
};
