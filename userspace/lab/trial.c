// SPDX-License-Identifier: GPL-2.0
#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "spawn.h"
#include "trial.h"

#define GOVLOAD		"govload"
#define ARGS_MAX	24
#define NUMBER_SIZE	32

static int execute(const void *argv)
{
	execvp(GOVLOAD, (char *const *)argv);
	warn(GOVLOAD);
	return 1;
}

/**
 * trial_calibrate() - measure what the work costs
 * @size: bytes a unit moves, as govload's --size has it
 * @stretch_us: how long SYS work of an arrival is, in whole units; 0 for one
 * @cage: where, NULL for where nothing holds it back
 * Return: the calibration, to be freed
 */
char *trial_calibrate(const char *size, unsigned int stretch_us,
		      struct cage *cage)
{
	char stretch[NUMBER_SIZE];
	const char *argv[ARGS_MAX] = {
		GOVLOAD, "--calibrate-only", "--size", size,
		stretch_us ? "--stretch" : NULL, stretch,
	};
	struct cage nowhere = { .kind = CAGE_NONE };

	snprintf(stretch, sizeof(stretch), "%uus", stretch_us);
	return spawn_run(cage ?: &nowhere, execute, argv, GOVLOAD);
}

static void seconds(char *text, double s)
{
	snprintf(text, NUMBER_SIZE, "%ldus", lround(s * 1e6));
}

/**
 * trial_run() - run govload in a cage
 * @t: what and where
 * Return: its result, as its man page has it; to be released
 */
json_t *trial_run(struct trial *t)
{
	char warmup[NUMBER_SIZE], window[NUMBER_SIZE], amount[NUMBER_SIZE];
	char threads[NUMBER_SIZE], burst[NUMBER_SIZE], *text;
	const char *argv[ARGS_MAX] = {
		GOVLOAD, "--json", "--calibration", t->calibration,
		"--mode", t->mode, "--warmup", warmup, "--duration", window,
		"--threads", threads,
		/* Another mode has no amount, or no bursts: the list ends here. */
		!strcmp(t->mode, "open") ? "--sys" :
		!strcmp(t->mode, "mix") ? "--mix" : NULL, amount,
		t->burst ? "--burst" : NULL, burst,
	};
	json_error_t error;
	json_t *result;

	seconds(warmup, t->warmup_s);
	seconds(window, t->window_s);
	snprintf(amount, sizeof(amount), "%.6f", t->amount);
	snprintf(burst, sizeof(burst), "%u", t->burst);
	snprintf(threads, sizeof(threads), "%u", t->threads ?: 1);
	text = spawn_run(&t->cage, execute, argv, GOVLOAD);
	result = json_loads(text, 0, &error);
	if (!result)
		errx(1, GOVLOAD ": not JSON: %s", error.text);
	free(text);
	return result;
}

/**
 * trial_value() - a number of a result
 * @result: an object
 * @key: its name
 * Return: the number
 */
double trial_value(json_t *result, const char *key)
{
	json_t *value = json_object_get(result, key);

	if (!json_is_number(value))
		errx(1, GOVLOAD ": no %s in its result", key);
	return json_number_value(value);
}

/**
 * trial_lag_ms() - how late SYS work was started
 * @result: of an open loop
 * @which: "p50", "p99", "p999", "max"; the last knows of work that was still
 *	waiting at the end, too
 * Return: ms
 */
double trial_lag_ms(json_t *result, const char *which)
{
	json_t *lag = json_object_get(result, "lag_ns");
	double ns = json_is_null(lag) ? 0 : trial_value(lag, which);

	if (!strcmp(which, "max"))
		ns = fmax(ns, trial_value(result, "backlog_oldest_ns"));
	return ns / 1e6;
}
