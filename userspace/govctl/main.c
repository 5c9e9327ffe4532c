// SPDX-License-Identifier: GPL-2.0
/* DOC: govctl: the table of commands, and the way to one of them. */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "commands.h"

static const struct command * const commands[] = {
	&cmd_create, &cmd_set, &cmd_delete, &cmd_list, &cmd_show, &cmd_stat,
	&cmd_attach, &cmd_detach, &cmd_run, &cmd_release_all, &cmd_policies,
	&cmd_features, &cmd_doctor, &cmd_version,
};

static int find_command(const struct args *args);

/* What there is before a command is known. */
static const struct command cmd_top = {
	.name = "",
	.usage = "[-j|-p] COMMAND [ARG]...",
	.max = -1,
	.tail = true,
	.run = find_command,
};

/* What follows an unknown command may still say how to show the error. */
static const struct command cmd_unknown = {
	.name = "",
	.usage = "[-j|-p] COMMAND [ARG]...",
	.takes = ~0U,
	.max = -1,
};

#define GLOBAL_HELP \
	"  -j, --json           JSON, errors too; -p, --pretty: indented\n" \
	"  -h, --help           this;             -V, --version\n"

static void help_top(void)
{
	size_t i;

	printf("Usage: govctl %s\n\n", cmd_top.usage);
	for (i = 0; i < ARRAY_SIZE(commands); i++)
		printf("  %-12s  %s\n", commands[i]->name, commands[i]->summary);
	printf("\n" GLOBAL_HELP
	       "\n'govctl COMMAND --help' says more. Exit status: 0 done, 1 failed, 2 usage,\n"
	       "3 module not loaded, 4 no such group or task, 5 not permitted, 6 unsupported\n");
}

static void help(const struct command *command)
{
	if (!command->help) {
		help_top();
		return;
	}
	printf("Usage: govctl %s%s%s\n%c%s.\n\n%s\n" GLOBAL_HELP,
	       command->name, *command->usage ? " " : "", command->usage,
	       command->summary[0] - 'a' + 'A', command->summary + 1,
	       command->help);
}

/* Take what every command has. Return: whether that was all. */
static bool take_global(const struct args *args, const struct command *command)
{
	if (args->value[OPT_PRETTY])
		out_init(stdout, OUT_PRETTY);
	else if (args->value[OPT_JSON] && out_format() == OUT_TABLE)
		out_init(stdout, OUT_JSON);
	if (command == &cmd_unknown)
		return true;
	if (args->value[OPT_HELP])
		help(command);
	else if (args->value[OPT_VERSION])
		printf("govctl " CAPGOV_VERSION "\n");
	else
		return false;
	return true;
}

static int run_command(const struct command *command, int argc, char **argv)
{
	struct args args = { 0 };
	int status = args_parse(&args, command, argc, argv);

	if (!take_global(&args, command) && !status)
		status = command->run(&args);
	args_free(&args);
	return status;
}

static int find_command(const struct args *args)
{
	char **argv = args->operands;
	size_t i;

	if (!args->nr_operands)
		return args_usage(&cmd_top, NULL, "missing command");
	for (i = 0; i < ARRAY_SIZE(commands); i++)
		if (!strcmp(commands[i]->name, argv[0]))
			return run_command(commands[i], args->nr_operands, argv);
	args_usage(&cmd_top, argv[0], "unknown command");
	run_command(&cmd_unknown, args->nr_operands, argv);
	return USAGE;
}

int main(int argc, char **argv)
{
	int status;

	out_init(stdout, OUT_TABLE);
	status = run_command(&cmd_top, argc, argv);
	error_flush();
	if (fflush(stdout) || ferror(stdout)) {
		out_init(stdout, OUT_TABLE);
		status = fail(FAILED, "standard output", NULL, "%s",
			      strerror(errno));
		error_flush();
	}
	return status;
}
