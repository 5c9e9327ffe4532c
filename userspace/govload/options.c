// SPDX-License-Identifier: GPL-2.0
/*
 * DOC: What is wrong with the command line ends the program with status 2 and
 * one line, "govload: OBJECT: what". What --calibration says of the work may
 * be repeated by other options but not contradicted, so that no row of an
 * experiment can be run with the costs of another workload.
 */
#include <ctype.h>
#include <err.h>
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "govload/options.h"
#include "govload/result.h"
#include "libcapgov/parse.h"

#define USAGE		2
/* Progress is shown for anything longer. */
#define QUIET_NS	2000000000ull
/* Keeps every sum of nanoseconds far from the end of its type. */
#define DURATION_MAX_US	(100000ull * 1000000)

#define BURST_MAX	1000000

/* Long options without a letter; with those that have one, indices of given. */
enum {
	OPT_BURST = 128,
	OPT_CALIBRATE_ONLY,
	OPT_CALIBRATION,
	OPT_DURATION,
	OPT_MIX,
	OPT_MODE,
	OPT_SIZE,
	OPT_STRETCH,
	OPT_SYS,
	OPT_THREADS,
	OPT_WARMUP,
	OPT_WORK,
	OPT_END
};

static const struct option long_options[] = {
	{ "burst", required_argument, NULL, OPT_BURST },
	{ "calibrate-only", no_argument, NULL, OPT_CALIBRATE_ONLY },
	{ "calibration", required_argument, NULL, OPT_CALIBRATION },
	{ "duration", required_argument, NULL, OPT_DURATION },
	{ "help", no_argument, NULL, 'h' },
	{ "json", no_argument, NULL, 'j' },
	{ "mix", required_argument, NULL, OPT_MIX },
	{ "mode", required_argument, NULL, OPT_MODE },
	{ "pretty", no_argument, NULL, 'p' },
	{ "size", required_argument, NULL, OPT_SIZE },
	{ "stretch", required_argument, NULL, OPT_STRETCH },
	{ "sys", required_argument, NULL, OPT_SYS },
	{ "threads", required_argument, NULL, OPT_THREADS },
	{ "verbose", no_argument, NULL, 'v' },
	{ "version", no_argument, NULL, 'V' },
	{ "warmup", required_argument, NULL, OPT_WARMUP },
	{ "work", required_argument, NULL, OPT_WORK },
	{ }
};

static const char help[] =
"Usage: govload [OPTION]...\n"
"Do a known mix of SYS and USR work; say how much got done and how late.\n"
"\n"
"  --mode MODE        open: SYS work is due by the clock, USR fills the rest\n"
"                     (default); usr, sys: only that; mix: both in proportion\n"
"  --sys CPUS         open: SYS demand of all threads, 0.3 or 30% (0.3)\n"
"  --mix SHARE        mix: share of SYS, between 0 and 100% (50%)\n"
"  --burst N          mix: N arrivals in a row, at random from 1 to 2N-1 (1)\n"
"  --work KIND        SYS work: zero getrandom pipe udp null (zero)\n"
"  --size BYTES       what one unit of it moves, K M G allowed\n"
"  --stretch D        SYS time of one arrival, as whole units (one unit)\n"
"  --threads N        share it among N threads (1)\n"
"  --duration D       measure for 100ms, 5000us, 1s (2s)\n"
"  --warmup D         run this long before measuring (200ms)\n"
"  --calibrate-only   print what the work costs here, as JSON, and exit\n"
"  --calibration C    use these costs: that JSON, or a file that holds it\n"
"  -j, --json         print JSON; -p, --pretty indents it\n"
"  -v, --verbose      say every second on stderr how far it is\n"
"  -h, --help; -V, --version\n"
"\n"
"Calibrate where no cap holds, then run under the cap with --calibration.\n";

static void bad_value(const char *option, const char *value, const char *what)
{
	errx(USAGE, "%s: \"%s\": %s", option, value, what);
}

static __u64 duration_ns(const char *option, const char *value)
{
	__u64 us;

	if (capgov_parse_duration(value, &us))
		bad_value(option, value, "not a duration like 100ms or 1s");
	if (us > DURATION_MAX_US)
		bad_value(option, value, "more than 100000s");
	return us * 1000;
}

static double cpus(const char *option, const char *value)
{
	__u64 ppb;

	if (!strcmp(value, "max") || capgov_parse_cpus(value, &ppb))
		bad_value(option, value, "not a rate above 0 like 0.3 or 30%");
	return (double)ppb / CAPGOV_PPB;
}

static __u64 count(const char *option, const char *value, __u64 max,
		   const char *suffixes)
{
	unsigned long long n;
	const char *suffix;
	char *end;

	errno = 0;
	n = strtoull(value, &end, 10);
	if (!isdigit((unsigned char)value[0]) || errno)
		bad_value(option, value, "not a whole number");
	suffix = *end ? strchr(suffixes, *end) : NULL;
	if (*end && (!suffix || end[1]))
		bad_value(option, value, "not a whole number");
	if (!n || n > max >> (suffix ? 10 * (suffix - suffixes + 1) : 0))
		errx(USAGE, "%s: \"%s\": not between 1 and %llu", option, value,
		     (unsigned long long)max);
	return suffix ? n << 10 * (suffix - suffixes + 1) : n;
}

static enum load_mode mode_of(const char *value)
{
	int i;

	for (i = 0; load_mode_names[i]; i++)
		if (!strcmp(value, load_mode_names[i]))
			return i;
	bad_value("--mode", value, "none of open usr sys mix");
	return LOAD_OPEN;
}

static void load_calibration(struct calibration *cal, const char *value)
{
	json_error_t error = { .text = "" };
	json_t *json;

	if (*value == '{') {
		json = json_loads(value, JSON_REJECT_DUPLICATES, &error);
		value = "--calibration";
	} else {
		if (access(value, R_OK))
			err(1, "%s", value);
		json = json_load_file(value, JSON_REJECT_DUPLICATES, &error);
	}
	if (!json || calibration_from_json(cal, json, &error))
		errx(USAGE, "%s: not a calibration: %s", value, error.text);
	json_decref(json);
}

static void settle_load(struct load *load, const char *const *given)
{
	const char *value;

	load->mode = given[OPT_MODE] ? mode_of(given[OPT_MODE]) : LOAD_OPEN;
	if (given[OPT_SYS] && load->mode != LOAD_OPEN)
		errx(USAGE, "--sys: for --mode open only");
	if (given[OPT_MIX] && load->mode != LOAD_MIX)
		errx(USAGE, "--mix: for --mode mix only");
	if (given[OPT_BURST] && load->mode != LOAD_MIX)
		errx(USAGE, "--burst: for --mode mix only");
	load->demand = cpus("--sys", given[OPT_SYS] ? given[OPT_SYS] : "0.3");
	load->share = cpus("--mix", given[OPT_MIX] ? given[OPT_MIX] : "0.5");
	if (load->share >= 1)
		bad_value("--mix", given[OPT_MIX], "not below 100%");
	value = given[OPT_BURST] ? given[OPT_BURST] : "1";
	load->burst = count("--burst", value, BURST_MAX, "");
	value = given[OPT_THREADS] ? given[OPT_THREADS] : "1";
	load->threads = count("--threads", value, CREW_MAX_THREADS, "");
	value = given[OPT_DURATION] ? given[OPT_DURATION] : "2s";
	load->duration_ns = duration_ns("--duration", value);
	if (!load->duration_ns)
		bad_value("--duration", value, "nothing to measure");
	value = given[OPT_WARMUP] ? given[OPT_WARMUP] : "200ms";
	load->warmup_ns = duration_ns("--warmup", value);
	load->progress = given['v'] ||
		(isatty(STDERR_FILENO) &&
		 load->warmup_ns + load->duration_ns > QUIET_NS);
}

/* The work comes from the calibration, else from options and defaults. */
static void settle_work(struct options *opt, const char *const *given)
{
	struct calibration *cal = &opt->load.cal;
	const struct work_kind *kind = work_find("zero");
	size_t size;

	opt->calibrated = given[OPT_CALIBRATION];
	opt->calibrate_only = given[OPT_CALIBRATE_ONLY];
	if (opt->calibrated && (opt->calibrate_only || given[OPT_STRETCH]))
		errx(USAGE, "--calibration: not together with %s",
		     given[OPT_STRETCH] ? "--stretch" : "--calibrate-only");
	if (opt->calibrated)
		load_calibration(cal, given[OPT_CALIBRATION]);
	if (given[OPT_STRETCH])
		opt->stretch_ns = duration_ns("--stretch", given[OPT_STRETCH]);
	if (opt->calibrated)
		kind = cal->kind;
	if (given[OPT_WORK])
		kind = work_find(given[OPT_WORK]);
	if (!kind)
		bad_value("--work", given[OPT_WORK],
			  "none of zero getrandom pipe udp null");
	if (given[OPT_SIZE] && !kind->max_size)
		errx(USAGE, "--size: %s moves no bytes", kind->name);
	size = opt->calibrated ? cal->size : kind->size;
	if (given[OPT_SIZE])
		size = count("--size", given[OPT_SIZE], kind->max_size, "KMG");
	if (opt->calibrated && (kind != cal->kind || size != cal->size))
		errx(USAGE, "--calibration: is for --work %s --size %zu",
		     cal->kind->name, cal->size);
	cal->kind = kind;
	cal->size = size;
}

static void take_options(const char **given, int argc, char **argv)
{
	int option;

	for (;;) {
		int at = optind;

		option = getopt_long(argc, argv, "+:hjpvV", long_options, NULL);
		if (option < 0)
			break;
		if (option == ':')
			errx(USAGE, "%s: needs a value", argv[at]);
		if (option == '?')
			errx(USAGE, "%s: %s", argv[at],
			     optopt && argv[at][1] == '-' ?
			     "takes no value" : "unknown option");
		given[option] = optarg ? optarg : "";
	}
	if (argv[optind])
		errx(USAGE, "%s: unexpected argument", argv[optind]);
}

/**
 * options_parse - read the command line
 * @opt: filled in
 * @argc: as main() has it
 * @argv: as main() has it
 *
 * Returns only if there is something to run: --help and --version end the
 * program with status 0, anything wrong with the command line with status 2,
 * a calibration file that cannot be read with status 1.
 */
void options_parse(struct options *opt, int argc, char **argv)
{
	const char *given[OPT_END] = { NULL };

	take_options(given, argc, argv);
	if (given['h'])
		fputs(help, stdout);
	else if (given['V'])
		puts("govload " CAPGOV_VERSION);
	if (given['h'] || given['V'])
		exit(0);
	*opt = (struct options){
		.json = given['j'] || given['p'],
		.pretty = given['p'],
	};
	settle_load(&opt->load, given);
	settle_work(opt, given);
}
