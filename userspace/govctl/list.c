// SPDX-License-Identifier: GPL-2.0
/* DOC: list, stat and show: groups as they are now. */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "commands.h"
#include "groups.h"

/* Get what is asked for and print it, as one object or as a list. */
static int print(const struct command *command, const struct args *args,
		 unsigned int view)
{
	struct group_row *rows;
	int fd, i, status = DONE;
	size_t nr;

	for (i = 0; i < args->nr_operands; i++)
		status |= args_check_name(command, args->operands[i]);
	if (status)
		return status;
	fd = capgov_open(O_RDONLY);
	if (fd < 0)
		return fail_open(fd);
	status = groups_get(fd, args->operands, args->nr_operands, &rows, &nr);
	close(fd);
	if (!status && view == VIEW_SHOW)
		out_object(&group_shape, rows, view);
	else if (!status)
		out_rows(&group_shape, rows, nr, view);
	free(rows);
	return status;
}

static int list_run(const struct args *args)
{
	return print(&cmd_list, args, VIEW_LIST);
}

static int stat_run(const struct args *args)
{
	return print(&cmd_stat, args, VIEW_STAT);
}

static int show_run(const struct args *args)
{
	return print(&cmd_show, args, VIEW_SHOW);
}

const struct command cmd_list = {
	.name = "list",
	.usage = "",
	.summary = "the groups and how they are set",
	.help = "CAP is in CPUs; WEIGHT, permille, is how much of SYS is charged.\n",
	.run = list_run,
};

const struct command cmd_stat = {
	.name = "stat",
	.usage = "[NAME]...",
	.summary = "what groups used and were denied, until now",
	.help = "Of all groups if none is named. USR and SYS include groups below; CHARGED\n"
		"was taken from the bucket, EXEMPT is SYS that was not, FORGIVEN what should\n"
		"have been. DENIED is how long runnable tasks were parked, MAX STALL the\n"
		"longest time of one, THROTTLED how often; DEBT is what the bucket lacks.\n",
	.max = -1,
	.run = stat_run,
};

const struct command cmd_show = {
	.name = "show",
	.usage = "NAME",
	.summary = "everything about one group",
	.help = "How it is set, what it used and was denied, and how long its tasks were\n"
		"parked, as a histogram; each line of it counts waits of up to twice its time.\n",
	.min = 1,
	.max = 1,
	.run = show_run,
};
