// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "args.h"
#include "error.h"
#include "libcapgov/parse.h"

#define LONG_ONLY	256	/* what getopt gives for an option_id */

static const struct {
	const char *name;
	char letter;
	bool has_value;
} known[NR_OPTIONS] = {
	[OPT_JSON]	 = { "json", 'j', false },
	[OPT_PRETTY]	 = { "pretty", 'p', false },
	[OPT_HELP]	 = { "help", 'h', false },
	[OPT_VERSION]	 = { "version", 'V', false },
	[OPT_CAP]	 = { "cap", 0, true },
	[OPT_POLICY]	 = { "policy", 0, true },
	[OPT_WEIGHT]	 = { "sys-weight", 0, true },
	[OPT_PERIOD]	 = { "period", 0, true },
	[OPT_BURST]	 = { "burst", 0, true },
	[OPT_PARENT]	 = { "parent", 0, true },
	[OPT_ACCOUNTING] = { "accounting", 0, true },
	[OPT_PID]	 = { "pid", 0, true },
	[OPT_CGROUP]	 = { "cgroup", 0, true },
	[OPT_GROUP]	 = { "group", 0, true },
};

/**
 * args_usage() - say that the command line is wrong
 * @command: whose usage is the hint
 * @object: the word that is wrong, which may be empty, or NULL
 * @format: what is wrong, as printf() has it
 * Return: USAGE
 */
int args_usage(const struct command *command, const char *object,
	       const char *format, ...)
{
	char text[256], hint[256];
	va_list values;

	va_start(values, format);
	vsnprintf(text, sizeof(text), format, values);
	va_end(values);
	snprintf(hint, sizeof(hint), "usage: govctl %s%s%s", command->name,
		 *command->name && *command->usage ? " " : "", command->usage);
	if (object && !*object)
		object = "(empty)";
	return fail(USAGE, object, hint, "%s", text);
}

static void long_options(struct option *options, unsigned int takes)
{
	int id;

	for (id = 0; id < NR_OPTIONS; id++) {
		if (!(takes & TAKES(id)))
			continue;
		*options++ = (struct option){
			.name = known[id].name,
			.has_arg = known[id].has_value,
			.val = LONG_ONLY + id,
		};
	}
	*options = (struct option){ 0 };
}

static int option_id(int code)
{
	int id;

	if (code >= LONG_ONLY)
		return code - LONG_ONLY;
	for (id = 0; id < NR_OPTIONS; id++)
		if (known[id].letter == code)
			return id;
	return NR_OPTIONS;
}

/* What getopt stopped at: an option we do not have, or not like this. */
static int bad_option(const struct command *command, int code, char **argv)
{
	const char letter[] = { '-', optopt, 0 };

	if (code == ':')
		return args_usage(command, argv[optind - 1], "needs a value");
	if (optopt >= LONG_ONLY)
		return args_usage(command, argv[optind - 1], "takes no value");
	return args_usage(command, optopt ? letter : argv[optind - 1],
			  "unknown option");
}

/* Return: 0, -EINVAL if @word is no process id */
static int add_pid(struct args *args, const char *word)
{
	pid_t pid;

	if (capgov_parse_pid(word, &pid))
		return -EINVAL;
	args->pids[args->nr_pids++] = pid;
	return 0;
}

static int take_option(struct args *args, const struct command *command,
		       int code)
{
	int id = option_id(code);

	if (id == OPT_CGROUP && args->value[id])
		return args_usage(command, optarg, "is the second --cgroup");
	args->value[id] = optarg ?: "";
	if (id == OPT_PID && add_pid(args, optarg))
		return args_usage(command, optarg, "not a process id");
	return DONE;
}

static int check_operands(const struct args *args,
			  const struct command *command)
{
	if (args->value[OPT_HELP] || args->value[OPT_VERSION])
		return DONE;
	if (args->nr_operands < command->min)
		return args_usage(command, command->name, "missing argument");
	if (command->max >= 0 && args->nr_operands > command->max)
		return args_usage(command, args->operands[command->max],
				  "unexpected argument");
	return DONE;
}

/**
 * args_parse() - take a command line apart
 * @args: the result, to be freed whatever is returned
 * @command: the command
 * @argc: length of @argv
 * @argv: the command's name and what follows it
 *
 * Goes on to the end after an error: --json, which says how to show it, may
 * still come. Numbers that follow a --pid are process ids as well.
 *
 * Return: DONE or USAGE
 */
int args_parse(struct args *args, const struct command *command,
	       int argc, char **argv)
{
	const char *letters = command->tail ? "+:jphV" : "-:jphV";
	struct option options[NR_OPTIONS + 1];
	bool after_pid = false;
	int code, status = DONE;

	args->operands = calloc(argc + 1, sizeof(*args->operands));
	args->pids = calloc(argc + 1, sizeof(*args->pids));
	if (!args->operands || !args->pids)
		return fail_errno(-ENOMEM, NULL);
	long_options(options, command->takes | TAKES_GLOBAL);
	opterr = 0;
	optind = 0;
	while ((code = getopt_long(argc, argv, letters, options, NULL)) != -1) {
		if (code == 1) {
			if (!after_pid || add_pid(args, optarg))
				args->operands[args->nr_operands++] = optarg;
			continue;
		}
		if (code == '?' || code == ':')
			status |= bad_option(command, code, argv);
		else
			status |= take_option(args, command, code);
		after_pid = code == LONG_ONLY + OPT_PID;
	}
	while (optind < argc)
		args->operands[args->nr_operands++] = argv[optind++];
	return status ?: check_operands(args, command);
}

/**
 * args_check_name() - refuse what cannot be a group's name
 * @command: the command it was given to
 * @name: the name
 * Return: DONE or USAGE
 */
int args_check_name(const struct command *command, const char *name)
{
	if (!capgov_parse_name(name))
		return DONE;
	return args_usage(command, name,
			  "not a group's name: 1 to %d characters, no space, no '/'",
			  CAPGOV_NAME_LEN - 1);
}

/**
 * args_free() - give back what args_parse() took
 * @args: the command line
 */
void args_free(struct args *args)
{
	free(args->operands);
	free(args->pids);
}
