// SPDX-License-Identifier: GPL-2.0
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "load.h"
#include "spawn.h"

static char *calibration;

static int exec_argv(const void *arg)
{
	char *const *argv = arg;

	execvp(argv[0], argv);
	warn("%s", argv[0]);
	return 1;
}

/**
 * load_calibrate() - measure, where nothing caps it, what the work costs
 *
 * Every run after it uses these costs, so that all are comparable.
 */
void load_calibrate(void)
{
	static const char *const argv[] = { "govload", "--calibrate-only", NULL };
	struct cage none = { .kind = CAGE_NONE };

	free(calibration);
	calibration = spawn_run(&none, exec_argv, argv, argv[0]);
}

/**
 * load_run() - one run
 * @cage: where; made for it and removed after
 * @warmup_s: not measured, seconds
 * @window_s: measured, seconds
 * @args: what to do, for govload, NULL at the end
 * Return: what govload says, a new reference
 */
json_t *load_run(struct cage *cage, double warmup_s, double window_s,
		 const char *const *args)
{
	const char *argv[LOAD_ARGS_MAX + 9] = { "govload", "-j" };
	char warmup[32], window[32];
	json_error_t error;
	json_t *result;
	char *text;
	int i, n = 2;

	snprintf(warmup, sizeof(warmup), "%.0fus", warmup_s * 1e6);
	snprintf(window, sizeof(window), "%.0fus", window_s * 1e6);
	argv[n++] = "--warmup";
	argv[n++] = warmup;
	argv[n++] = "--duration";
	argv[n++] = window;
	argv[n++] = "--calibration";
	argv[n++] = calibration;
	for (i = 0; args[i] && i < LOAD_ARGS_MAX; i++)
		argv[n++] = args[i];
	text = spawn_run(cage, exec_argv, argv, argv[0]);
	result = json_loads(text, 0, &error);
	if (!result)
		errx(1, "govload: not JSON: %s", error.text);
	free(text);
	return result;
}

/**
 * load_number() - a figure of a result
 * @result: from load_run()
 * @path: an object in it, or NULL
 * @name: of the figure
 * Return: the figure
 */
double load_number(const json_t *result, const char *path, const char *name)
{
	const json_t *value = path ? json_object_get(result, path) : result;

	value = json_object_get(value, name);
	if (!json_is_number(value))
		errx(1, "govload: no %s in its result", name);
	return json_number_value(value);
}
