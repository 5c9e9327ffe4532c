/* SPDX-License-Identifier: GPL-2.0 */
/*
 * DOC: Output. A row is a C structure, and columns, which are data, say where in
 * it a value is, what it is and what it is called. The same rows and columns
 * make a table for people and JSON for programs.
 */
#ifndef GOVCTL_OUT_H
#define GOVCTL_OUT_H

#include <stddef.h>
#include <stdio.h>

#include <jansson.h>
#include <linux/types.h>

#include "libcapgov/util.h"

/**
 * enum out_kind - what a value is
 * @OUT_STRING: const char *, NULL for none
 * @OUT_TEXT: char[], "" for none
 * @OUT_COUNT: __u32
 * @OUT_NUMBER: __u64
 * @OUT_YESNO: __u32
 * @OUT_NS: __u64, a measured time
 * @OUT_US: __u64, a time that was set; people may copy it
 * @OUT_QUOTA: __u64, as OUT_US, CAPGOV_QUOTA_MAX is "max"
 * @OUT_CPUS: double, NAN is no cap
 * @OUT_WAITS: __u64[CAPGOV_HIST_SLOTS], a log2 histogram of ns
 */
enum out_kind {
	OUT_STRING,
	OUT_TEXT,
	OUT_COUNT,
	OUT_NUMBER,
	OUT_YESNO,
	OUT_NS,
	OUT_US,
	OUT_QUOTA,
	OUT_CPUS,
	OUT_WAITS,
};

/* Bits of out_column.views; the others are the caller's. */
#define OUT_JSON_ONLY	BIT(31)

/**
 * struct out_column - one value of every row
 * @key: its name in JSON
 * @title: its name for people
 * @kind: what it is
 * @offset: where it is in the row
 * @views: in which views it is shown
 */
struct out_column {
	const char *key;
	const char *title;
	enum out_kind kind;
	size_t offset;
	unsigned int views;
};

#define OUT_COLUMN(row, member, k, kind_, title_, views_) { \
	.key = (k), .title = (title_), .kind = (kind_), \
	.offset = offsetof(row, member), .views = (views_) }

/**
 * struct out_shape - what rows look like
 * @columns: what is in them
 * @nr_columns: how many
 * @row_size: bytes from one row to the next
 */
struct out_shape {
	const struct out_column *columns;
	size_t nr_columns;
	size_t row_size;
};

enum out_format { OUT_TABLE, OUT_JSON, OUT_PRETTY };

void out_init(FILE *file, enum out_format format);
enum out_format out_format(void);
void out_rows(const struct out_shape *shape, const void *rows, size_t nr,
	      unsigned int view);
void out_object(const struct out_shape *shape, const void *row,
		unsigned int view);
void out_json(json_t *value);
void out_number(const char *key, __u64 value);

json_t *out_json_row(const struct out_shape *shape, const void *row,
		     unsigned int view);
void out_text(const struct out_column *column, const void *row,
	      char *text, size_t size);

#endif /* GOVCTL_OUT_H */
