// SPDX-License-Identifier: GPL-2.0
/* DOC: govlab: experiments that compare cap policies. */
#include <err.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cgroupfs.h"
#include "lab.h"
#include "spawn.h"

static const struct {
	const char *name;
	json_t *(*run)(const struct lab_options *options);
} experiments[] = {
	{ "figure", figure_run },
	{ "bench", bench_run },
	{ "accuracy", accuracy_run },
	{ "threads", threads_run },
};

#define EXPERIMENTS	(sizeof(experiments) / sizeof(experiments[0]))

static void __attribute__((noreturn)) help(void)
{
	fputs("Usage: govlab [-j] EXPERIMENT [OPTION]...\n"
	      "       govlab report FILE...\n"
	      "Run an experiment with capgov and the kernel's own cpu.max, as root.\n\n"
	      "  figure     SYS and USR under caps, beside the formula; one CPU\n"
	      "  bench      costs of system calls and switches, error and delay; one CPU\n"
	      "  accuracy   error of caps from 0.05 to 0.95; one CPU\n"
	      "  threads    eight threads on two CPUs: error and fairness\n"
	      "  report     print the rows that an experiment printed with -j\n\n"
	      "  --module FILE      bench: load this module after the rows without it\n"
	      "  --ns-per-insn N    bench: an instruction takes N ns; count those\n"
	      "  -j, --json         print the rows as JSON\n"
	      "  -h, --help; -V, --version\n\n"
	      "Exit status: 0, 1 when a row is beyond its limit or something failed,\n"
	      "2 usage. Progress goes to standard error.\n", stdout);
	exit(0);
}

static void __attribute__((noreturn)) usage(const char *object,
					    const char *what)
{
	fprintf(stderr, "govlab: %s: %s\nTry 'govlab --help'.\n", object, what);
	exit(2);
}

/**
 * lab_progress() - say on standard error what is going on
 * @format: as for printf()
 */
void lab_progress(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fputs("govlab: ", stderr);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
}

static int report_files(char **files)
{
	json_error_t error;
	int status = 0;
	json_t *rows;

	if (!*files)
		usage("report", "which file?");
	for (; *files; files++) {
		rows = json_load_file(*files, 0, &error);
		if (!rows)
			errx(1, "%s: %s", *files, error.text);
		status |= report_rows(rows);
		json_decref(rows);
	}
	return status;
}

static bool all_ok(const json_t *rows)
{
	const json_t *row;
	size_t i;

	json_array_foreach(rows, i, row)
		if (json_is_false(json_object_get(row, "ok")))
			return false;
	return true;
}

static int run(const char *name, const struct lab_options *options)
{
	json_t *rows;
	size_t i;

	for (i = 0; i < EXPERIMENTS; i++)
		if (!strcmp(experiments[i].name, name))
			break;
	if (i == EXPERIMENTS)
		usage(name, "no such experiment");
	spawn_init();
	atexit(cgroupfs_restore);
	atexit(spawn_stop_all);
	rows = experiments[i].run(options);
	if (!options->json)
		return report_rows(rows);
	json_dumpf(rows, stdout, JSON_INDENT(1) | JSON_REAL_PRECISION(9));
	putchar('\n');
	return all_ok(rows) ? 0 : 1;
}

int main(int argc, char **argv)
{
	static const struct option longs[] = {
		{ "json", no_argument, NULL, 'j' },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'V' },
		{ "module", required_argument, NULL, 'm' },
		{ "ns-per-insn", required_argument, NULL, 'n' },
		{ NULL }
	};
	struct lab_options options = { 0 };
	char *end;
	int c;

	while ((c = getopt_long(argc, argv, "jhV", longs, NULL)) != -1) {
		switch (c) {
		case 'j':
			options.json = true;
			break;
		case 'h':
			help();
		case 'V':
			puts("govlab " CAPGOV_VERSION);
			return 0;
		case 'm':
			options.module = optarg;
			break;
		case 'n':
			options.ns_per_insn = strtod(optarg, &end);
			if (*end || !(options.ns_per_insn > 0))
				usage(optarg, "not a number of ns");
			break;
		default:
			fputs("Try 'govlab --help'.\n", stderr);
			return 2;
		}
	}
	if (optind == argc)
		usage("no experiment", "which one?");
	if (!strcmp(argv[optind], "report"))
		return report_files(&argv[optind + 1]);
	if (argc > optind + 1)
		usage(argv[optind + 1], "one experiment at a time");
	return run(argv[optind], &options);
}
