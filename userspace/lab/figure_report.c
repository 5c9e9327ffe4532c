// SPDX-License-Identifier: GPL-2.0
/* DOC: The figure on a terminal of 80 columns. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "bars.h"
#include "lab.h"
#include "model.h"

/* What stands above the rows of a policy, and whether the article has them. */
static const struct section {
	const char *policy;
	const char *title;
	bool article;
} sections[] = {
	{ "none", "full speed, no cap", true },
	{ "total", "a hypervisor's arithmetic (total): USR + SYS <= cap", true },
	{ "container", "a container (container): USR + cap * SYS <= cap", true },
	{ "exempt", "SYS runs free (exempt): USR <= cap", false },
	{ "cpu.max", "the kernel's own cpu.max: USR + SYS <= cap", false },
};

static double number(json_t *row, const char *key)
{
	json_t *value = json_object_get(row, key);

	return json_is_number(value) ? json_number_value(value) : NAN;
}

static const char *policy_of(json_t *row)
{
	return json_string_value(json_object_get(row, "policy")) ?: "?";
}

static const struct section *find(const char *policy)
{
	static const struct section unknown = { "", "another policy", false };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(sections); i++)
		if (!strcmp(sections[i].policy, policy))
			return &sections[i];
	return &unknown;
}

static bool row_ok(json_t *row)
{
	return model_near(number(row, "usr_cpus"), number(row, "expected_usr")) &&
	       model_near(number(row, "sys_cpus"), number(row, "expected_sys"));
}

static double lag_of(json_t *rows, const char *policy, double cap)
{
	json_t *row;
	size_t i;

	json_array_foreach(rows, i, row)
		if (!strcmp(policy_of(row), policy) && number(row, "cap") == cap)
			return number(row, "max_lag_ms");
	return NAN;
}

static void print_row(json_t *row, const struct section *section)
{
	double usr = number(row, "usr_cpus"), sys = number(row, "sys_cpus");
	double want_usr = number(row, "expected_usr");
	double want_sys = number(row, "expected_sys");
	char measured[BARS_SIZE], wanted[BARS_SIZE], cap[16] = "-";

	if (json_is_number(json_object_get(row, "cap")))
		snprintf(cap, sizeof(cap), "%.1f", number(row, "cap"));
	bars_draw(measured, sys, usr, true);
	bars_draw(wanted, want_sys, want_usr, !section->article);
	printf("  %-5s%s  %6.3f %6.3f   %s  %5.2f %5.2f   %9.1f ms%s\n", cap,
	       measured, sys, usr, wanted, want_sys, want_usr,
	       number(row, "max_lag_ms"), row_ok(row) ? "" : "  OFF");
}

static void print_figure(json_t *rows)
{
	const struct section *section, *last = NULL;
	json_t *row;
	size_t i;

	puts("■ 0.1 CPU of SYS, □ of USR (▮ ▯ half); "
	     "SYS wants 0.3, USR the rest of one CPU\n");
	puts("  cap  measured       SYS    USR   article *    SYS   USR   worst SYS delay");
	json_array_foreach(rows, i, row) {
		section = find(policy_of(row));
		if (section != last)
			puts(section->title);
		print_row(row, section);
		last = section;
	}
	if (lag_of(rows, "cpu.max", 0.5) / lag_of(rows, "total", 0.5) > 1)
		printf("\nAt 0.5 the worst SYS delay is 1/%.0f of that under cpu.max.\n",
		       lag_of(rows, "cpu.max", 0.5) /
		       lag_of(rows, "total", 0.5));
	puts("* squares as the article draws them, numbers by its formula USR = cap - w * SYS;\n"
	     "  exempt and cpu.max are not in the article: squares by the formula");
}

const struct lab_report lab_report_figure = {
	.key = "expected_usr",
	.print = print_figure,
	.row_ok = row_ok,
	.verdict = "within 0.02 CPU of what the formula says",
};
