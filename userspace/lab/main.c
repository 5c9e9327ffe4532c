// SPDX-License-Identifier: GPL-2.0
/*
 * DOC: govlab, the experiments. Whatever ends it, exit handlers end its
 * children and take its cgroup and what it did to the module back; groups go
 * by themselves.
 */
#include <err.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cage.h"
#include "cgroupfs.h"
#include "lab.h"
#include "modctl.h"
#include "spawn.h"

#define DIGITS	8

/* @judges: its rows are judged even if nobody looks at them. */
static const struct experiment {
	const char *name;
	json_t *(*run)(const struct lab_options *opt);
	bool judges;
} experiments[] = {
	{ "figure", lab_figure, false },
	{ "bench", lab_bench, false },
	{ "accuracy", lab_accuracy, true },
	{ "threads", lab_threads, true },
};

static const char *command;
static pid_t main_pid;

/**
 * lab_progress() - tell on standard error where we are
 * @format: as printf() has it, without a line's end
 */
void lab_progress(const char *format, ...)
{
	va_list args;

	fprintf(stderr, "govlab: %s: ", command);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
}

/* Nothing of it is a child's, which may end by err(), too. */
static void restore(void)
{
	if (getpid() != main_pid)
		return;
	spawn_stop_all();
	cage_restore();
	cgroupfs_restore();
	modctl_restore();
}

static void print_json(json_t *rows)
{
	json_t *row;
	size_t i;

	json_array_foreach(rows, i, row) {
		fputs(i ? ",\n" : "[\n", stdout);
		json_dumpf(row, stdout, JSON_REAL_PRECISION(DIGITS));
	}
	puts("\n]");
}

static int experiment(const struct experiment *e, const struct lab_options *opt)
{
	json_t *rows;
	bool ok;

	if (geteuid())
		errx(1, "%s: needs root", e->name);
	/* What loads it itself is told which. */
	if (!opt->module)
		close(cage_open_module());
	spawn_init();
	main_pid = getpid();
	atexit(restore);
	rows = e->run(opt);
	if (opt->json)
		print_json(rows);
	ok = lab_report_rows(rows, e->name, !opt->json);
	json_decref(rows);
	return ok || (opt->json && !e->judges) ? 0 : 1;
}

static int report(char **files)
{
	bool ok = true;

	for (; *files; files++) {
		bool standard = !strcmp(*files, "-");
		json_error_t error;
		json_t *rows = standard ? json_loadf(stdin, 0, &error) :
			       json_load_file(*files, 0, &error);

		if (!rows)
			errx(1, "%s: %s", *files, error.text);
		ok &= lab_report_rows(rows, *files, true);
		json_decref(rows);
	}
	return ok ? 0 : 1;
}

int main(int argc, char **argv)
{
	struct lab_options opt;
	int status = -1;
	size_t i;

	lab_options_parse(&opt, argc, argv);
	command = opt.command;
	if (!strcmp(command, "report"))
		status = report(opt.operands);
	for (i = 0; i < ARRAY_SIZE(experiments); i++)
		if (!strcmp(command, experiments[i].name))
			status = experiment(&experiments[i], &opt);
	if (status < 0)
		errx(2, "%s: unknown command, see govlab --help", command);
	if (fflush(stdout) || ferror(stdout))
		err(1, "standard output");
	return status;
}
