// SPDX-License-Identifier: GPL-2.0
#include <fcntl.h>
#include <unistd.h>

#include "commands.h"

struct versions {
	const char *govctl;
	const char *module;
	__u32 api;
	__u32 module_api;
};

static const struct out_column columns[] = {
	OUT_COLUMN(struct versions, govctl, "govctl", OUT_STRING, "govctl", 1),
	OUT_COLUMN(struct versions, api, "api_version", OUT_COUNT,
		   "  interface", 1),
	OUT_COLUMN(struct versions, module, "module", OUT_STRING, "module", 1),
	OUT_COLUMN(struct versions, module_api, "module_api_version", OUT_COUNT,
		   "  interface", 2),
};

static const struct out_shape shape = {
	columns, ARRAY_SIZE(columns), sizeof(struct versions)
};

static int version_run(const struct args *args)
{
	struct versions versions = {
		.govctl = CAPGOV_VERSION,
		.api = CAPGOV_API_VERSION,
	};
	struct capgov_info info;
	int fd, err;

	fd = capgov_open(O_RDONLY);
	if (fd < 0 && !capgov_is_absent(fd))
		return fail_open(fd);
	if (fd >= 0) {
		err = capgov_info(fd, &info);
		close(fd);
		if (err)
			return fail_errno(err, NULL);
		versions.module = info.version;
		versions.module_api = info.api_version;
	} else if (out_format() == OUT_TABLE) {
		versions.module = "not loaded";
	}
	out_object(&shape, &versions, fd < 0 ? 1 : 3);
	return DONE;
}

const struct command cmd_version = {
	.name = "version",
	.usage = "",
	.summary = "the versions of govctl and of the module",
	.help = "The module's is null in JSON when it is not loaded.\n",
	.run = version_run,
};
