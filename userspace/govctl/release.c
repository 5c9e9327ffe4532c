// SPDX-License-Identifier: GPL-2.0
#include <fcntl.h>
#include <unistd.h>

#include "commands.h"

static int release_run(const struct args *args)
{
	int fd, ret;

	fd = capgov_open(O_RDWR);
	if (fd < 0)
		return fail_open(fd);
	ret = capgov_release_all(fd);
	close(fd);
	if (ret < 0)
		return fail_errno(ret, NULL);
	out_number("nr_tasks", ret);
	return DONE;
}

const struct command cmd_release_all = {
	.name = "release-all",
	.usage = "",
	.summary = "every task leaves its group; the groups stay",
	.help = "Nobody is capped or parked afterwards.\n",
	.run = release_run,
};
