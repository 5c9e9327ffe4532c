/* SPDX-License-Identifier: GPL-2.0 */
/* DOC: A list of objects as a table. */
#ifndef LAB_TABLE_H
#define LAB_TABLE_H

#include <jansson.h>

/**
 * struct table_column - one member of the rows
 * @key: its name
 * @title: of the column
 * @digits: after the point; not used for what is not a number
 */
struct table_column {
	const char *key;
	const char *title;
	int digits;
};

void table_print(json_t *rows, const struct table_column *columns, size_t n);

#endif /* LAB_TABLE_H */
