// SPDX-License-Identifier: GPL-2.0
#include <err.h>
#include <stdio.h>

#include "lab.h"

static const struct lab_report * const reports[] = {
	&lab_report_figure,
	&lab_report_bench,
	&lab_report_accuracy,
	&lab_report_threads,
};

static const struct lab_report *find(json_t *rows)
{
	json_t *first = json_array_get(rows, 0);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(reports); i++)
		if (json_object_get(first, reports[i]->key))
			return reports[i];
	return NULL;
}

/**
 * lab_report_rows() - show rows and judge them
 * @rows: what an experiment made
 * @name: where they are from
 * @print: show them, and what is thought of them; if not, judge only
 * Return: whether all are what they should be
 */
bool lab_report_rows(json_t *rows, const char *name, bool print)
{
	const struct lab_report *report = find(rows);
	size_t i, off = 0;
	json_t *row;

	if (!report)
		errx(1, "%s: not a list of rows of an experiment", name);
	if (print)
		report->print(rows);
	if (!report->verdict)
		return true;
	json_array_foreach(rows, i, row)
		off += !report->row_ok(row);
	if (print)
		printf("%zu of %zu rows are %s%s\n", i - off, i,
		       report->verdict, off ? ": NOT ALL" : "");
	return !off;
}
