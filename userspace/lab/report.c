// SPDX-License-Identifier: GPL-2.0
/* DOC: Rows of an experiment, for people. Which kind they are shows in them. */
#include <err.h>
#include <libsmartcols.h>
#include <stdio.h>
#include <string.h>

#include "bars.h"
#include "lab.h"
#include "model.h"

static double number(const json_t *row, const char *name)
{
	return json_number_value(json_object_get(row, name));
}

static const char *text(const json_t *row, const char *name)
{
	const char *s = json_string_value(json_object_get(row, name));

	return s ? s : "";
}

/* What a group of rows of the figure stands for. */
static const struct {
	const char *policy;
	const char *title;
} titles[] = {
	{ "none", "full speed" },
	{ "total", "total: USR + SYS, the hypervisor's arithmetic" },
	{ "container", "container: USR + cap x SYS, the article's containers" },
	{ "exempt", "exempt: USR alone" },
	{ "cpu.max", "the kernel's own cpu.max" },
};

static const char *title(const char *policy)
{
	size_t i;

	for (i = 0; i < sizeof(titles) / sizeof(titles[0]); i++)
		if (!strcmp(titles[i].policy, policy))
			return titles[i].title;
	return policy;
}

static bool figure_line(const json_t *row)
{
	double usr = number(row, "usr_cpus"), sys = number(row, "sys_cpus");
	double want_usr = number(row, "expected_usr");
	double want_sys = number(row, "expected_sys");
	bool ok = model_near(usr, want_usr) && model_near(sys, want_sys);
	double cap = number(row, "cap");
	char bar[BARS_SIZE], want[BARS_SIZE];

	bars_draw(bar, sys, usr, true);
	bars_draw(want, want_sys, want_usr, true);
	printf("  %-4.1f %s  %.3f + %.3f   %s  %.3f + %.3f  %7.2f%s\n",
	       cap ? cap : 1.0, bar, sys, usr, want, want_sys, want_usr,
	       number(row, "max_lag_ms"), ok ? "" : "  OFF");
	return ok;
}

static double lag_of(const json_t *rows, const char *policy, double cap)
{
	const json_t *row;
	size_t i;

	json_array_foreach(rows, i, row)
		if (!strcmp(text(row, "policy"), policy) &&
		    number(row, "cap") == cap)
			return number(row, "max_lag_ms");
	return 0;
}

static int report_figure(const json_t *rows)
{
	const char *last = "";
	const json_t *row;
	int off = 0;
	double lag;
	size_t i;

	printf("  ■ SYS  □ USR, 0.1 CPU each; ▮ ▯ half of it\n\n"
	       "  CPUs measured    SYS     USR     formula     SYS     USR   worst delay\n"
	       "                                                             of SYS, ms\n");
	json_array_foreach(rows, i, row) {
		if (strcmp(text(row, "policy"), last)) {
			last = text(row, "policy");
			printf("%s\n", title(last));
		}
		off += !figure_line(row);
	}
	lag = lag_of(rows, "total", 0.5);
	if (lag)
		printf("\nAt 0.5 CPU the worst delay of SYS work is 1/%.1f of that under cpu.max.\n",
		       lag_of(rows, "cpu.max", 0.5) / lag);
	if (off)
		printf("%d of %zu rows are more than %.2f CPU off the formula.\n",
		       off, json_array_size(rows), MODEL_TOLERANCE);
	else
		printf("All %zu rows are within %.2f CPU of the formula.\n",
		       json_array_size(rows), MODEL_TOLERANCE);
	return off ? 1 : 0;
}

static void cell(struct libscols_line *line, size_t column, const json_t *value)
{
	char s[64] = "-";

	if (json_is_integer(value))
		snprintf(s, sizeof(s), "%lld",
			 (long long)json_integer_value(value));
	else if (json_is_real(value))
		snprintf(s, sizeof(s), "%.*f",
			 json_real_value(value) >= 100 ? 1 : 4,
			 json_real_value(value));
	else if (json_is_boolean(value))
		strcpy(s, json_is_true(value) ? "yes" : "NO");
	if (scols_line_set_data(line, column, json_is_string(value) ?
				json_string_value(value) : s))
		err(1, NULL);
}

/* The columns are those of the first row. */
static int report_table(const json_t *rows)
{
	struct libscols_table *table = scols_new_table();
	const json_t *first = json_array_get(rows, 0), *row, *value;
	const char *key;
	size_t i, column;
	int failed = 0;

	if (!table)
		err(1, NULL);
	json_object_foreach((json_t *)first, key, value)
		scols_table_new_column(table, key, 0, json_is_string(value) ?
				       0 : SCOLS_FL_RIGHT);
	json_array_foreach(rows, i, row) {
		struct libscols_line *line = scols_table_new_line(table, NULL);

		column = 0;
		json_object_foreach((json_t *)first, key, value)
			cell(line, column++, json_object_get(row, key));
		failed += json_is_false(json_object_get(row, "ok"));
	}
	scols_print_table(table);
	scols_unref_table(table);
	if (failed)
		printf("%d of %zu rows are beyond their limit.\n", failed,
		       json_array_size(rows));
	return failed ? 1 : 0;
}

/**
 * report_rows() - print the rows of an experiment
 * @rows: a list of objects, at least one
 * Return: exit status: 1 if a row is not what it should be
 */
int report_rows(const json_t *rows)
{
	const json_t *first = json_array_get(rows, 0);

	if (!json_is_object(first))
		errx(1, "no rows to report");
	if (json_object_get(first, "expected_usr"))
		return report_figure(rows);
	return report_table(rows);
}
