// SPDX-License-Identifier: GPL-2.0
#include <fcntl.h>
#include <unistd.h>

#include "commands.h"
#include "progress.h"

static int delete_run(const struct args *args)
{
	int fd, i, err, status = DONE;

	for (i = 0; i < args->nr_operands; i++)
		status |= args_check_name(&cmd_delete, args->operands[i]);
	if (status)
		return status;
	fd = capgov_open(O_RDWR);
	if (fd < 0)
		return fail_open(fd);
	for (i = 0; i < args->nr_operands; i++) {
		progress("groups deleted", i);
		err = capgov_group_destroy(fd, args->operands[i]);
		if (!err)
			continue;
		err = fail_errno(err, args->operands[i]);
		status = status ?: err;
	}
	progress_end();
	close(fd);
	if (!status)
		out_number("nr_groups", args->nr_operands);
	return status;
}

const struct command cmd_delete = {
	.name = "delete",
	.usage = "NAME...",
	.summary = "remove groups; their tasks go on in the parent",
	.help = "Tasks of a group without a parent go on uncapped; who is parked is\n"
		"released. All NAMEs are tried; the exit status is that of the first that\n"
		"fails. A group that has child groups stays.\n",
	.min = 1,
	.max = -1,
	.run = delete_run,
};
