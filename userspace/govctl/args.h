/* SPDX-License-Identifier: GPL-2.0 */
/*
 * DOC: Commands and their options. An option means the same wherever it is
 * taken, so there is one table of them; a command says which it takes.
 */
#ifndef GOVCTL_ARGS_H
#define GOVCTL_ARGS_H

#include <stdbool.h>
#include <sys/types.h>

#include "libcapgov/util.h"

enum option_id {
	OPT_JSON,
	OPT_PRETTY,
	OPT_HELP,
	OPT_VERSION,
	OPT_CAP,
	OPT_POLICY,
	OPT_WEIGHT,
	OPT_PERIOD,
	OPT_BURST,
	OPT_PARENT,
	OPT_ACCOUNTING,
	OPT_PID,
	OPT_CGROUP,
	OPT_GROUP,
	NR_OPTIONS
};

#define TAKES(id)	BIT(id)
#define TAKES_GLOBAL	(TAKES(OPT_JSON) | TAKES(OPT_PRETTY) | \
			 TAKES(OPT_HELP) | TAKES(OPT_VERSION))
#define TAKES_CONFIG	(TAKES(OPT_CAP) | TAKES(OPT_POLICY) | \
			 TAKES(OPT_WEIGHT) | TAKES(OPT_PERIOD) | \
			 TAKES(OPT_BURST) | TAKES(OPT_PARENT) | \
			 TAKES(OPT_ACCOUNTING))

/**
 * struct args - a command line, taken apart
 * @value: of each option, NULL where it was not given, "" where it has none
 * @operands: what is not an option
 * @nr_operands: how many
 * @pids: what was given with --pid
 * @nr_pids: how many
 */
struct args {
	const char *value[NR_OPTIONS];
	char **operands;
	int nr_operands;
	pid_t *pids;
	int nr_pids;
};

/**
 * struct command - one subcommand
 * @name: what it is called
 * @usage: what follows its name, one line
 * @summary: what it does, half a line
 * @help: its options and what else there is to know
 * @takes: its options, TAKES()
 * @min: how many operands it needs
 * @max: how many it takes, -1 for any number
 * @tail: the first operand ends the options, as what follows is a command line
 * @run: does it. Return: the exit status
 */
struct command {
	const char *name;
	const char *usage;
	const char *summary;
	const char *help;
	unsigned int takes;
	int min;
	int max;
	bool tail;
	int (*run)(const struct args *args);
};

int args_parse(struct args *args, const struct command *command,
	       int argc, char **argv);
__printf(3, 4) int args_usage(const struct command *command,
			      const char *object, const char *format, ...);
int args_check_name(const struct command *command, const char *name);
void args_free(struct args *args);

#endif /* GOVCTL_ARGS_H */
