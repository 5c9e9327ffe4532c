// SPDX-License-Identifier: GPL-2.0
/*
 * DOC: govload, a workload with a known share of SYS time. Calibrate once
 * where nothing holds it back, then run with that calibration under any cap:
 * what it gets done is then comparable, whoever accounts for its time.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "govload/options.h"
#include "govload/result.h"

/* Less of a CPU than this while calibrating deserves a word. */
#define FREE_SHARE	0.9

static void print_json(json_t *json, const struct options *opt)
{
	size_t flags = JSON_REAL_PRECISION(9) |
		       (opt->pretty ? JSON_INDENT(2) : JSON_COMPACT);

	if (!json)
		errx(1, "result: out of memory");
	json_dumpf(json, stdout, flags);
	putchar('\n');
	json_decref(json);
}

static void get_calibration(struct options *opt)
{
	struct calibration *cal = &opt->load.cal;
	int error;

	if (opt->calibrated)
		return;
	if (opt->load.progress)
		fputs("govload: calibrating\n", stderr);
	error = calibrate(cal, cal->kind, cal->size, opt->stretch_ns);
	if (error)
		errx(1, "%s: %s", cal->kind->name, strerror(-error));
	if (cal->cpu_share < FREE_SHARE)
		warnx("calibration: got only %.2f of a CPU (under a cap, use --calibration)",
		      cal->cpu_share);
}

static void run(const struct options *opt)
{
	struct result *res = malloc(sizeof(*res));
	int error;

	if (!res)
		errx(1, "result: out of memory");
	error = crew_run(&opt->load, res);
	if (error)
		errx(1, "%s: %s", opt->load.cal.kind->name, strerror(-error));
	if (opt->json)
		print_json(result_to_json(&opt->load, res), opt);
	else
		result_print(stdout, &opt->load, res);
	free(res);
}

int main(int argc, char **argv)
{
	struct options opt;

	options_parse(&opt, argc, argv);
	get_calibration(&opt);
	if (opt.calibrate_only)
		print_json(calibration_to_json(&opt.load.cal), &opt);
	else
		run(&opt);
	if (fflush(stdout) || ferror(stdout))
		err(1, "standard output");
	return 0;
}
