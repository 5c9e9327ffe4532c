// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>

#include "error.h"
#include "libcapgov/capgov.h"
#include "out.h"

static json_t *errors;

/* A word of the command line need not be UTF-8, as JSON must be. */
static json_t *json_word(const char *word)
{
	json_t *value = word ? json_string(word) : json_null();
	char ascii[256];
	char *p;

	if (value)
		return value;
	snprintf(ascii, sizeof(ascii), "%s", word);
	for (p = ascii; *p; p++)
		if (*p & 0x80)
			*p = '?';
	return json_string(ascii);
}

/* Keep it: only at the end is it known whether it is to be shown as JSON. */
static void keep(enum status status, const char *object, const char *hint,
		 const char *text)
{
	if (!errors)
		errors = json_array();
	json_array_append_new(errors,
			      json_pack("{s:s, s:o, s:s?, s:i}", "error", text,
					"object", json_word(object),
					"hint", hint, "status", status));
}

/**
 * fail() - say what went wrong
 * @status: what kind of failure it is
 * @object: what it is about, or NULL
 * @hint: what to do about it, or NULL
 * @format: what went wrong, as printf() has it
 * Return: @status
 */
int fail(enum status status, const char *object, const char *hint,
	 const char *format, ...)
{
	char text[512];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	keep(status, object, hint, text);
	return status;
}

/**
 * error_status() - the exit status for an error of a request
 * @err: a negative errno
 * Return: the status
 */
enum status error_status(int err)
{
	switch (-err) {
	case ENOENT:
	case ESRCH:
		return NOT_FOUND;
	case EPERM:
	case EACCES:
	case EBADF:
		return NOT_PERMITTED;
	case EOPNOTSUPP:
	case ENOTTY:
	case E2BIG:
		return UNSUPPORTED;
	default:
		return FAILED;
	}
}

/**
 * fail_errno() - say that the module refused a request
 * @err: a negative errno
 * @object: the group or task it is about, or NULL
 * Return: the exit status
 */
int fail_errno(int err, const char *object)
{
	const char *hint = NULL;

	if (err == -EPERM || err == -EACCES)
		hint = "changes need root (CAP_SYS_ADMIN)";
	else if (err == -ENOSPC)
		hint = "/sys/module/capgov/parameters/max_tasks is the limit of tasks";
	else if (err == -ENOTTY || err == -E2BIG)
		hint = "'govctl version' compares the tool with the module";
	return fail(error_status(err), object, hint, "%s", capgov_strerror(err));
}

/**
 * fail_open() - say that the device cannot be opened
 * @err: a negative errno of capgov_open()
 * Return: the exit status
 */
int fail_open(int err)
{
	if (capgov_is_absent(err))
		return fail(NOT_LOADED, CAPGOV_DEVICE,
			    "modprobe capgov, or insmod capgov.ko",
			    "the module is not loaded");
	return fail_errno(err, CAPGOV_DEVICE);
}

static void show(json_t *error)
{
	const char *object = json_string_value(json_object_get(error, "object"));
	const char *hint = json_string_value(json_object_get(error, "hint"));

	fprintf(stderr, "govctl: %s%s%s\n", object ?: "", object ? ": " : "",
		json_string_value(json_object_get(error, "error")));
	if (hint)
		fprintf(stderr, "  %s\n", hint);
}

/**
 * error_flush() - show the errors there were
 *
 * As text on standard error. Or, when JSON is asked for, as one object on
 * standard output: the first, with the others, if any, as its member "more".
 */
void error_flush(void)
{
	json_t *first, *error;
	size_t i;

	if (!errors)
		return;
	if (out_format() == OUT_TABLE) {
		json_array_foreach(errors, i, error)
			show(error);
	} else {
		first = json_incref(json_array_get(errors, 0));
		json_array_remove(errors, 0);
		if (json_array_size(errors))
			json_object_set(first, "more", errors);
		out_json(first);
	}
	json_decref(errors);
	errors = NULL;
}
