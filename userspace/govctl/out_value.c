// SPDX-License-Identifier: GPL-2.0
/* DOC: One value of a row, as text and as JSON. */
#include <math.h>
#include <string.h>

#include <linux/capgov.h>

#include "out.h"

#define NS_PER_US	1000ULL
#define NS_PER_MS	1000000ULL
#define NS_PER_S	1000000000ULL

static const void *value_at(const struct out_column *column, const void *row)
{
	return (const char *)row + column->offset;
}

static __u64 number(const struct out_column *column, const void *row)
{
	const void *at = value_at(column, row);

	if (column->kind == OUT_COUNT || column->kind == OUT_YESNO)
		return *(const __u32 *)at;
	return *(const __u64 *)at;
}

/* NULL for none */
static const char *string(const struct out_column *column, const void *row)
{
	const char *at = value_at(column, row);

	if (column->kind == OUT_STRING)
		return *(const char * const *)at;
	return *at ? at : NULL;
}

static void text_ns(__u64 ns, char *text, size_t size)
{
	if (ns >= NS_PER_S)
		snprintf(text, size, "%.3f s", (double)ns / NS_PER_S);
	else if (ns >= NS_PER_MS)
		snprintf(text, size, "%.3f ms", (double)ns / NS_PER_MS);
	else if (ns >= NS_PER_US)
		snprintf(text, size, "%.3f us", (double)ns / NS_PER_US);
	else
		snprintf(text, size, "%llu ns", ns);
}

/* The largest unit it is whole in, so that it reads as it was written. */
static void text_us(__u64 us, char *text, size_t size)
{
	if (!us)
		snprintf(text, size, "0");
	else if (us % 1000000 == 0)
		snprintf(text, size, "%llus", us / 1000000);
	else if (us % 1000 == 0)
		snprintf(text, size, "%llums", us / 1000);
	else
		snprintf(text, size, "%lluus", us);
}

static __u64 wait_from_ns(size_t slot)
{
	return slot ? 1ULL << slot : 0;
}

static void text_waits(const __u64 *counts, char *text, size_t size)
{
	__u64 sum = 0;
	size_t slot;

	for (slot = 0; slot < CAPGOV_HIST_SLOTS; slot++)
		sum += counts[slot];
	snprintf(text, size, "%llu", sum);
}

/**
 * out_text() - a value for people
 * @column: which
 * @row: of this row
 * @text: the result
 * @size: room in @text, bytes
 */
void out_text(const struct out_column *column, const void *row,
	      char *text, size_t size)
{
	const void *at = value_at(column, row);

	switch (column->kind) {
	case OUT_STRING:
	case OUT_TEXT:
		snprintf(text, size, "%s", string(column, row) ?: "-");
		break;
	case OUT_COUNT:
	case OUT_NUMBER:
		snprintf(text, size, "%llu", number(column, row));
		break;
	case OUT_YESNO:
		snprintf(text, size, number(column, row) ? "yes" : "no");
		break;
	case OUT_NS:
		text_ns(number(column, row), text, size);
		break;
	case OUT_QUOTA:
		if (number(column, row) == CAPGOV_QUOTA_MAX)
			snprintf(text, size, "max");
		else
			text_us(number(column, row), text, size);
		break;
	case OUT_US:
		text_us(number(column, row), text, size);
		break;
	case OUT_CPUS:
		snprintf(text, size, isnan(*(const double *)at) ? "max" : "%.6g",
			 *(const double *)at);
		break;
	case OUT_WAITS:
		text_waits(at, text, size);
		break;
	}
}

/* The slots that counted something; the last one has no upper end. */
static json_t *json_waits(const __u64 *counts)
{
	json_t *list = json_array();
	json_t *to;
	size_t slot;

	for (slot = 0; slot < CAPGOV_HIST_SLOTS; slot++) {
		if (!counts[slot])
			continue;
		to = slot + 1 == CAPGOV_HIST_SLOTS ? json_null() :
		     json_integer(wait_from_ns(slot + 1) - 1);
		json_array_append_new(list,
				      json_pack("{s:I, s:o, s:I}", "from_ns",
						(json_int_t)wait_from_ns(slot),
						"to_ns", to, "count",
						(json_int_t)counts[slot]));
	}
	return list;
}

static json_t *json_value(const struct out_column *column, const void *row)
{
	const void *at = value_at(column, row);
	const char *s;

	switch (column->kind) {
	case OUT_STRING:
	case OUT_TEXT:
		s = string(column, row);
		return s ? json_string(s) : json_null();
	case OUT_YESNO:
		return json_boolean(number(column, row));
	case OUT_QUOTA:
		if (number(column, row) == CAPGOV_QUOTA_MAX)
			return json_string("max");
		break;
	case OUT_CPUS:
		if (isnan(*(const double *)at))
			return json_null();
		return json_real(*(const double *)at);
	case OUT_WAITS:
		return json_waits(at);
	default:
		break;
	}
	return json_integer(number(column, row));
}

/**
 * out_json_row() - a row for programs
 * @shape: what the row looks like
 * @row: the row
 * @view: which of its columns; 0 for all
 * Return: an object, which the caller owns; NULL without memory
 */
json_t *out_json_row(const struct out_shape *shape, const void *row,
		     unsigned int view)
{
	json_t *object = json_object();
	size_t i;

	for (i = 0; i < shape->nr_columns; i++) {
		const struct out_column *column = &shape->columns[i];

		if (!view || column->views & view)
			json_object_set_new(object, column->key,
					    json_value(column, row));
	}
	return object;
}
