// SPDX-License-Identifier: GPL-2.0
/*
 * DOC: govctl's command line, with any words. What is taken is what the command
 * takes, and the configuration made of it is within the module's limits; the
 * same words always mean the same.
 */
#include <errno.h>
#include <stdarg.h>
#include <string.h>

#include "govctl/config.h"
#include "govctl/error.h"
#include "libcapgov/capgov.h"
#include "libcapgov/parse.h"
#include "property.h"

#define WORDS_MAX	24
#define TEXT_MAX	1024
#define PID_MAX		4194304

static const struct command commands[] = {
	{ .name = "create", .usage = "NAME", .takes = TAKES_CONFIG,
	  .min = 1, .max = 1 },
	{ .name = "run", .usage = "COMMAND", .min = 1, .max = -1, .tail = true,
	  .takes = TAKES_CONFIG | TAKES(OPT_GROUP) },
	{ .name = "attach", .usage = "NAME", .min = 1, .max = 1,
	  .takes = TAKES(OPT_PID) | TAKES(OPT_CGROUP) },
	{ .name = "list", .usage = "", .max = 0 },
};

/* In place of error.c, which keeps what is said until the end. */
int fail(enum status status, const char *object, const char *hint,
	 const char *format, ...)
{
	char text[512];
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	HOLDS(status != DONE && len > 0);
	HOLDS(!object || *object);
	return status;
}

int fail_errno(int err, const char *object)
{
	return fail(FAILED, object, NULL, "%s", strerror(-err));
}

/* In place of request.c: there is no module here. */
int capgov_group_get(int fd, const char *name, struct capgov_group_info *group)
{
	return -ENOENT;
}

static int split(char *text, size_t size, char **words)
{
	char *end = text + size;
	int n = 0;

	while (text < end && n < WORDS_MAX) {
		words[n++] = text;
		text += strlen(text) + 1;
	}
	words[n] = NULL;
	return n;
}

static void check_taken(const struct args *args, const struct command *command)
{
	unsigned int takes = command->takes | TAKES_GLOBAL;
	int i;

	for (i = 0; i < NR_OPTIONS; i++)
		HOLDS(!args->value[i] || takes & TAKES(i));
	if (args->value[OPT_HELP] || args->value[OPT_VERSION])
		return;
	HOLDS(args->nr_operands >= command->min);
	HOLDS(command->max < 0 || args->nr_operands <= command->max);
}

static void check_same(const struct args *args, const struct args *again)
{
	int i;

	HOLDS(!memcmp(args->value, again->value, sizeof(args->value)));
	HOLDS(args->nr_operands == again->nr_operands);
	HOLDS(args->nr_pids == again->nr_pids);
	for (i = 0; i < args->nr_operands; i++)
		HOLDS(args->operands[i] == again->operands[i]);
	for (i = 0; i < args->nr_pids; i++) {
		HOLDS(args->pids[i] == again->pids[i]);
		HOLDS(args->pids[i] > 0 && args->pids[i] <= PID_MAX);
	}
}

/* What the module would refuse with EINVAL or ERANGE. */
static void check_group(const struct capgov_group_config *group)
{
	__u32 period_us = group->period_us ?: CONFIG_PERIOD_US;
	__u32 fields = group->fields;

	HOLDS(!!(fields & CAPGOV_FIELD_PERIOD) == !!group->period_us);
	HOLDS(!!(fields & CAPGOV_FIELD_POLICY) == !!*group->policy);
	HOLDS(!!(fields & CAPGOV_FIELD_CAP) == !!group->quota_us);
	HOLDS(fields & CAPGOV_FIELD_PARENT || !*group->parent);
	HOLDS(fields & CAPGOV_FIELD_BURST || !group->burst_us);
	HOLDS(fields & CAPGOV_FIELD_WEIGHT || !group->sys_weight_permille);
	HOLDS(period_us >= CAPGOV_PERIOD_US_MIN);
	HOLDS(period_us <= CAPGOV_PERIOD_US_MAX);
	HOLDS(group->burst_us <= CAPGOV_BURST_US_MAX);
	HOLDS(group->sys_weight_permille <= CAPGOV_WEIGHT_MAX);
	HOLDS(strnlen(group->parent, CAPGOV_NAME_LEN) < CAPGOV_NAME_LEN);
	HOLDS(strnlen(group->policy, CAPGOV_POLICY_LEN) < CAPGOV_POLICY_LEN);
	HOLDS(!*group->name && !group->flags && !group->reserved);
	if (!group->quota_us || group->quota_us == CAPGOV_QUOTA_MAX)
		return;
	HOLDS(group->quota_us >= CAPGOV_QUOTA_US_MIN);
	HOLDS(group->quota_us <= (__u64)CAPGOV_CPUS_MAX * period_us);
}

static void check_config(const struct args *args, const struct command *command)
{
	struct config config;

	if (config_parse(&config, command, args))
		return;
	if (!config_complete(&config))
		check_group(&config.group);
	strcpy(config.group.name, "web");
	config_fail(-1, -EINVAL, &config.group);
}

/* The first byte chooses the command; each line is a word. */
int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	char text[TEXT_MAX] = "", name[] = "govctl";
	char *words[WORDS_MAX + 2] = { name };
	struct args args = { 0 }, again = { 0 };
	const struct command *command;
	int n, status;
	size_t i;

	if (!size || size >= sizeof(text))
		return -1;
	command = &commands[data[0] % ARRAY_SIZE(commands)];
	for (i = 1; i < size; i++)
		text[i - 1] = data[i] == '\n' ? '\0' : data[i];
	n = split(text, size - 1, words + 1) + 1;
	status = args_parse(&args, command, n, words);
	HOLDS(status == DONE || status == USAGE);
	HOLDS(args_parse(&again, command, n, words) == status);
	check_same(&args, &again);
	if (!status) {
		check_taken(&args, command);
		check_config(&args, command);
	}
	args_free(&args);
	args_free(&again);
	return 0;
}
