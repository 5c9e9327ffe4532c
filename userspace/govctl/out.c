// SPDX-License-Identifier: GPL-2.0
#include <stdbool.h>

#include <libsmartcols.h>
#include <linux/capgov.h>

#include "out.h"

#define TEXT_SIZE	256
#define BAR_LENGTH	40
#define REAL_DIGITS	12

static FILE *out_file;
static enum out_format format_now;

/**
 * out_init() - where output goes, and as what
 * @file: where
 * @format: a table, JSON in a line, or JSON indented
 */
void out_init(FILE *file, enum out_format format)
{
	out_file = file;
	format_now = format;
}

/**
 * out_format() - as what output goes out
 * Return: the format of out_init()
 */
enum out_format out_format(void)
{
	return format_now;
}

/**
 * out_json() - print a value as JSON
 * @value: the value, which is used up
 */
void out_json(json_t *value)
{
	size_t flags = JSON_REAL_PRECISION(REAL_DIGITS);

	flags |= format_now == OUT_PRETTY ? JSON_INDENT(2) : JSON_COMPACT;
	json_dumpf(value, out_file, flags);
	fputc('\n', out_file);
	json_decref(value);
}

static struct libscols_table *new_table(void)
{
	struct libscols_table *table = scols_new_table();

	if (table)
		scols_table_set_stream(table, out_file);
	return table;
}

static bool in_table(const struct out_column *column, unsigned int view)
{
	return !(column->views & OUT_JSON_ONLY) &&
	       (!view || column->views & view);
}

static void print_table(const struct out_shape *shape, const char *rows,
			size_t nr, unsigned int view)
{
	struct libscols_table *table = new_table();
	char text[TEXT_SIZE];
	size_t i, row, cell;

	for (i = 0; i < shape->nr_columns; i++) {
		const struct out_column *column = &shape->columns[i];

		if (in_table(column, view))
			scols_table_new_column(table, column->title, 0,
					       column->kind > OUT_TEXT ?
					       SCOLS_FL_RIGHT : 0);
	}
	for (row = 0; row < nr; row++) {
		struct libscols_line *line = scols_table_new_line(table, NULL);

		for (i = 0, cell = 0; i < shape->nr_columns; i++) {
			if (!in_table(&shape->columns[i], view))
				continue;
			out_text(&shape->columns[i], rows + row * shape->row_size,
				 text, sizeof(text));
			scols_line_set_data(line, cell++, text);
		}
	}
	scols_print_table(table);
	scols_unref_table(table);
}

static void print_waits(const __u64 *counts)
{
	static const char bar[BAR_LENGTH + 1] =
		"########################################";
	const struct out_column ns = { .kind = OUT_NS };
	char text[TEXT_SIZE];
	__u64 from, most = 0;
	size_t slot;
	int length;

	for (slot = 0; slot < CAPGOV_HIST_SLOTS; slot++)
		if (counts[slot] > most)
			most = counts[slot];
	for (slot = 0; slot < CAPGOV_HIST_SLOTS; slot++) {
		if (!counts[slot])
			continue;
		from = slot ? 1ULL << slot : 0;
		out_text(&ns, &from, text, sizeof(text));
		length = 1 + (double)counts[slot] / most * (BAR_LENGTH - 1);
		fprintf(out_file, "  from %10s  %-*.*s %llu\n", text,
			BAR_LENGTH, length, bar, counts[slot]);
	}
}

static void print_pairs(const struct out_shape *shape, const char *row,
			unsigned int view)
{
	struct libscols_table *table = new_table();
	char text[TEXT_SIZE];
	size_t i;

	scols_table_enable_noheadings(table, 1);
	scols_table_new_column(table, "KEY", 0, 0);
	scols_table_new_column(table, "VALUE", 0, 0);
	for (i = 0; i < shape->nr_columns; i++) {
		struct libscols_line *line;

		if (!in_table(&shape->columns[i], view))
			continue;
		line = scols_table_new_line(table, NULL);
		out_text(&shape->columns[i], row, text, sizeof(text));
		scols_line_set_data(line, 0, shape->columns[i].title);
		scols_line_set_data(line, 1, text);
	}
	scols_print_table(table);
	scols_unref_table(table);
	for (i = 0; i < shape->nr_columns; i++)
		if (shape->columns[i].kind == OUT_WAITS &&
		    in_table(&shape->columns[i], view))
			print_waits((const __u64 *)
				    (row + shape->columns[i].offset));
}

/**
 * out_rows() - print rows: a table, or a JSON list of objects
 * @shape: what they look like
 * @rows: the rows
 * @nr: how many
 * @view: which of their columns; 0 for all
 */
void out_rows(const struct out_shape *shape, const void *rows, size_t nr,
	      unsigned int view)
{
	const char *row = rows;
	json_t *list;

	if (format_now == OUT_TABLE) {
		print_table(shape, rows, nr, view);
		return;
	}
	list = json_array();
	for (; nr; nr--, row += shape->row_size)
		json_array_append_new(list, out_json_row(shape, row, view));
	out_json(list);
}

/**
 * out_object() - print one row: a list of what is in it, or a JSON object
 * @shape: what it looks like
 * @row: the row
 * @view: which of its columns; 0 for all
 */
void out_object(const struct out_shape *shape, const void *row,
		unsigned int view)
{
	if (format_now == OUT_TABLE)
		print_pairs(shape, row, view);
	else
		out_json(out_json_row(shape, row, view));
}

/**
 * out_number() - tell a program what was done; people are told by silence
 * @key: what was counted
 * @value: how many
 */
void out_number(const char *key, __u64 value)
{
	const struct out_column column = { .key = key, .kind = OUT_NUMBER };
	const struct out_shape shape = { &column, 1, sizeof(value) };

	if (format_now != OUT_TABLE)
		out_object(&shape, &value, 0);
}
