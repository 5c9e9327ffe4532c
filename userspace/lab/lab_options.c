// SPDX-License-Identifier: GPL-2.0
/*
 * DOC: What is wrong with the command line ends the program with status 2 and
 * one line, "govlab: OBJECT: what".
 */
#include <err.h>
#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lab.h"
#include "libcapgov/capgov.h"

#define USAGE	2
/* What pids there may be in all, less what else is measured. */
#define TASKS_MAX	4000000
/* What groups there may be, less what else is measured. */
#define GROUPS_MAX	(CAPGOV_GROUPS_MAX - 36)
#define WINDOW_S_MIN	0.1
#define WINDOW_S_MAX	10000

enum {
	OPT_GROUPS = 128,
	OPT_MODULE,
	OPT_NS_PER_INSN,
	OPT_SAMPLED,
	OPT_TASKS,
	OPT_WINDOW,
};

static const struct option long_options[] = {
	{ "groups", required_argument, NULL, OPT_GROUPS },
	{ "help", no_argument, NULL, 'h' },
	{ "json", no_argument, NULL, 'j' },
	{ "module", required_argument, NULL, OPT_MODULE },
	{ "ns-per-insn", required_argument, NULL, OPT_NS_PER_INSN },
	{ "sampled", no_argument, NULL, OPT_SAMPLED },
	{ "tasks", required_argument, NULL, OPT_TASKS },
	{ "version", no_argument, NULL, 'V' },
	{ "window", required_argument, NULL, OPT_WINDOW },
	{ }
};

static const char help[] =
"Usage: govlab [OPTION]... COMMAND\n"
"Experiments with CPU caps. They need root, and the module loaded.\n"
"\n"
"  figure             what a cap leaves of SYS and USR: the article's figure\n"
"  bench              what a cap costs, beside the kernel's own cpu.max; loads\n"
"                     and unloads the module, which --module names\n"
"  accuracy           how well a cap is kept, by policy and workload\n"
"  threads            the same of many threads, and how evenly they share\n"
"  report FILE...     show rows printed by --json; - for standard input\n"
"\n"
"  -j, --json         print the rows as JSON\n"
"      --groups N     bench: measure costs among N groups, too\n"
"      --tasks N      bench: with N sleeping tasks in each of these (1)\n"
"      --module FILE  bench: the module's file\n"
"      --ns-per-insn N  bench: tell costs in instructions, of N ns each (under\n"
"                     QEMU's -icount shift=1 an instruction takes 2 ns)\n"
"      --sampled      figure, accuracy: in groups with sampled accounting\n"
"      --window S     figure, threads, accuracy --sampled: measure each row for\n"
"                     S seconds\n"
"  -h, --help; -V, --version\n"
"\n"
"Workloads are run by govload, which must be in PATH. Progress is told on\n"
"standard error. Status: 0 done, 1 failed or a row is not what it should be\n"
"(with --json only accuracy and threads judge), 2 wrong usage.\n";

static double positive(const char *option, const char *value)
{
	char *end;
	double n = strtod(value, &end);

	if (end == value || *end || !isfinite(n) || n <= 0)
		errx(USAGE, "%s: \"%s\": not a number above 0", option, value);
	return n;
}

static unsigned int whole_number(const char *option, const char *value, int max)
{
	double n = positive(option, value);

	if (n != floor(n) || n > max)
		errx(USAGE, "%s: \"%s\": not a whole number up to %d", option,
		     value, max);
	return n;
}

static double window_s(const char *value)
{
	double s = positive("--window", value);

	if (s < WINDOW_S_MIN || s > WINDOW_S_MAX)
		errx(USAGE, "--window: \"%s\": not from %g to %d s", value,
		     WINDOW_S_MIN, WINDOW_S_MAX);
	return s;
}

static void take(struct lab_options *opt, int option)
{
	switch (option) {
	case 'h':
		fputs(help, stdout);
		exit(0);
	case 'V':
		puts("govlab " CAPGOV_VERSION);
		exit(0);
	case 'j':
		opt->json = true;
		break;
	case OPT_GROUPS:
		opt->groups = whole_number("--groups", optarg, GROUPS_MAX);
		break;
	case OPT_MODULE:
		opt->module = optarg;
		break;
	case OPT_NS_PER_INSN:
		opt->ns_per_insn = positive("--ns-per-insn", optarg);
		break;
	case OPT_SAMPLED:
		opt->sampled = true;
		break;
	case OPT_TASKS:
		opt->tasks = whole_number("--tasks", optarg, TASKS_MAX);
		break;
	case OPT_WINDOW:
		opt->window_s = window_s(optarg);
		break;
	}
}

/* Of a cluster of letters getopt says which, but is not past it yet. */
static void bad_option(const char *word)
{
	if (word[0] == '-' && word[1] == '-')
		errx(USAGE, "%s: %s", word,
		     optopt ? "takes no value" : "unknown option");
	errx(USAGE, "-%c: unknown option", optopt);
}

static void check(const struct lab_options *opt)
{
	bool bench, report, figure, accuracy;

	if (!opt->command)
		errx(USAGE, "command: missing, see govlab --help");
	bench = !strcmp(opt->command, "bench");
	report = !strcmp(opt->command, "report");
	if (opt->tasks && !opt->groups)
		errx(USAGE, "--tasks: needs --groups N");
	if ((double)opt->tasks * opt->groups > TASKS_MAX)
		errx(USAGE, "--tasks: with --groups more than %d in all",
		     TASKS_MAX);
	if (bench && !opt->module)
		errx(USAGE, "bench: needs --module FILE");
	if (!bench && (opt->module || opt->ns_per_insn || opt->groups))
		errx(USAGE, "%s: for bench only", opt->module ? "--module" :
		     opt->groups ? "--groups" : "--ns-per-insn");
	figure = !strcmp(opt->command, "figure");
	accuracy = !strcmp(opt->command, "accuracy");
	if (opt->sampled && !figure && !accuracy)
		errx(USAGE, "--sampled: for figure and accuracy only");
	if (opt->window_s && !figure && strcmp(opt->command, "threads") &&
	    !(accuracy && opt->sampled))
		errx(USAGE, "--window: for figure, threads and accuracy --sampled only");
	if (report && !*opt->operands)
		errx(USAGE, "report: needs a file");
	if (report && opt->json)
		errx(USAGE, "--json: not for report");
	if (!report && *opt->operands)
		errx(USAGE, "%s: unexpected argument", *opt->operands);
}

/**
 * lab_options_parse() - read the command line
 * @opt: filled in
 * @argc: as main() has it
 * @argv: as main() has it
 *
 * Returns only if there is something to do. Whether the command exists is left
 * to the caller.
 */
void lab_options_parse(struct lab_options *opt, int argc, char **argv)
{
	int option;

	*opt = (struct lab_options){ };
	opterr = 0;
	for (;;) {
		option = getopt_long(argc, argv, ":hjV", long_options, NULL);
		if (option < 0)
			break;
		if (option == ':')
			errx(USAGE, "%s: needs a value", argv[optind - 1]);
		if (option == '?')
			bad_option(argv[optind - 1]);
		take(opt, option);
	}
	opt->operands = argv + optind;
	if (*opt->operands)
		opt->command = *opt->operands++;
	check(opt);
	opt->tasks = opt->tasks ?: 1;
}
