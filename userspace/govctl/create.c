// SPDX-License-Identifier: GPL-2.0
/* DOC: create and set: a group's configuration. */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"

struct created {
	const char *name;
	__u32 id;
};

static const struct out_column columns[] = {
	OUT_COLUMN(struct created, name, "name", OUT_STRING, "NAME", 0),
	OUT_COLUMN(struct created, id, "id", OUT_COUNT, "ID", 0),
};

static const struct out_shape shape = {
	columns, ARRAY_SIZE(columns), sizeof(struct created)
};

/* People are told nothing when all went well. */
static int report(int fd, int err, const struct capgov_group_config *group)
{
	struct created created = { group->name, group->id };

	if (err)
		return config_fail(fd, err, group);
	if (out_format() != OUT_TABLE)
		out_object(&shape, &created, 0);
	return DONE;
}

static int parse(struct config *config, const struct command *command,
		 const struct args *args)
{
	int status = args_check_name(command, args->operands[0]) ?:
		     config_parse(config, command, args);

	if (!status)
		strcpy(config->group.name, args->operands[0]);
	return status;
}

static int create_run(const struct args *args)
{
	struct config config;
	int fd, status;

	status = parse(&config, &cmd_create, args) ?:
		 config_complete(&config);
	if (status)
		return status;
	fd = capgov_open(O_RDWR);
	if (fd < 0)
		return fail_open(fd);
	status = report(fd, capgov_group_create(fd, &config.group),
			&config.group);
	close(fd);
	return status;
}

/* A cap alone is one of the group's present period. */
static int set_quota(int fd, struct config *config)
{
	struct capgov_group_info info;
	int err;

	if (!(config->group.fields & CAPGOV_FIELD_CAP) ||
	    config->group.fields & CAPGOV_FIELD_PERIOD)
		return DONE;
	err = capgov_group_get(fd, config->group.name, &info);
	if (err)
		return fail_errno(err, config->group.name);
	return config_quota(config, info.period_us);
}

static int set_run(const struct args *args)
{
	struct config config;
	int fd, status;

	status = parse(&config, &cmd_set, args);
	if (status)
		return status;
	if (!config.group.fields)
		return args_usage(&cmd_set, args->operands[0], "nothing to set");
	fd = capgov_open(O_RDWR);
	if (fd < 0)
		return fail_open(fd);
	status = set_quota(fd, &config);
	if (!status)
		status = report(fd, capgov_group_set(fd, &config.group),
				&config.group);
	close(fd);
	return status;
}

const struct command cmd_create = {
	.name = "create",
	.usage = "NAME [OPTION]...",
	.summary = "make a group",
	.help = CONFIG_HELP
		"\n"
		"Without --cap the group has none. Without --policy it is total, or, with\n"
		"--sys-weight, weighted.\n",
	.takes = TAKES_CONFIG,
	.min = 1,
	.max = 1,
	.run = create_run,
};

const struct command cmd_set = {
	.name = "set",
	.usage = "NAME OPTION...",
	.summary = "change a group",
	.help = CONFIG_HELP
		"\n"
		"What is not given stays; with --period alone the cap stays too. An empty\n"
		"NAME of the parent ('') means none.\n",
	.takes = TAKES_CONFIG,
	.min = 1,
	.max = 1,
	.run = set_run,
};
