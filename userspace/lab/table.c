// SPDX-License-Identifier: GPL-2.0
#include <err.h>
#include <libsmartcols.h>
#include <stdio.h>

#include "table.h"

static void put(struct libscols_line *line, size_t n, json_t *value, int digits)
{
	char text[64];
	int ret;

	if (json_is_number(value)) {
		snprintf(text, sizeof(text), "%.*f", digits,
			 json_number_value(value));
		ret = scols_line_set_data(line, n, text);
	} else {
		ret = scols_line_set_data(line, n, json_is_string(value) ?
					  json_string_value(value) : "-");
	}
	if (ret)
		errx(1, "table: out of memory");
}

/* Numbers are at the right; a column without any number holds words. */
static int flags_of(json_t *rows, const char *key)
{
	json_t *row;
	size_t i;

	json_array_foreach(rows, i, row)
		if (json_is_number(json_object_get(row, key)))
			return SCOLS_FL_RIGHT;
	return 0;
}

/**
 * table_print() - print rows on standard output
 * @rows: a list of objects; null and what a row lacks are shown as "-"
 * @columns: which members, in which order
 * @n: how many columns
 */
void table_print(json_t *rows, const struct table_column *columns, size_t n)
{
	struct libscols_table *table = scols_new_table();
	json_t *row;
	size_t i, c;

	if (!table)
		errx(1, "table: out of memory");
	for (c = 0; c < n; c++)
		if (!scols_table_new_column(table, columns[c].title, 0,
					    flags_of(rows, columns[c].key)))
			errx(1, "table: out of memory");
	json_array_foreach(rows, i, row) {
		struct libscols_line *line = scols_table_new_line(table, NULL);

		if (!line)
			errx(1, "table: out of memory");
		for (c = 0; c < n; c++)
			put(line, c, json_object_get(row, columns[c].key),
			    columns[c].digits);
	}
	scols_print_table(table);
	scols_unref_table(table);
}
