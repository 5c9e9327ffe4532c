// SPDX-License-Identifier: GPL-2.0
/* DOC: Costs, accuracy and delays, beside those of the kernel's own cpu.max. */
#include <err.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "bench.h"
#include "table.h"

/**
 * bench_add() - add a row
 * @b: the run
 * @name: what has been measured
 * @unit: in what
 * @value: the result
 * @peer: what it is compared with, NULL for nothing
 * @peer_value: the peer's result
 *
 * The strings but for @name are kept.
 */
void bench_add(struct bench *b, const char *name, const char *unit,
	       double value, const char *peer, double peer_value)
{
	struct bench_row *row = &b->rows[b->nr_rows++];

	if (b->nr_rows > BENCH_ROWS_MAX)
		errx(1, "bench: more than %d rows", BENCH_ROWS_MAX);
	snprintf(row->name, sizeof(row->name), "%s", name);
	row->unit = unit;
	row->value = value;
	row->peer = peer;
	row->peer_value = peer_value;
}

static json_t *row_json(const struct bench *b, const struct bench_row *row)
{
	bool comparable = row->peer && row->peer_value;

	return json_pack("{s:s, s:s, s:f, s:s?, s:o, s:o, s:s, s:s}",
			 "name", row->name, "unit", row->unit,
			 "value", row->value, "peer", row->peer,
			 "peer_value", row->peer ? json_real(row->peer_value) :
						   json_null(),
			 "ratio", comparable ?
				  json_real(row->value / row->peer_value) :
				  json_null(),
			 "kernel", b->kernel.release, "mode", b->mode);
}

/* A fork takes random numbers, which are dear until the kernel has got a seed. */
static void wait_for_seed(void)
{
	char byte;

	if (getrandom(&byte, 1, 0) != 1)
		err(1, "getrandom");
}

/**
 * lab_bench() - measure costs, accuracy and delays
 * @opt: the command line
 * Return: the rows
 */
json_t *lab_bench(const struct lab_options *opt)
{
	static struct bench b;
	json_t *rows = json_array();
	unsigned int i;

	/* All of it is there from the start. */
	memset(&b, 0, sizeof(b));
	b.unit_ns = opt->ns_per_insn ?: 1;
	b.unit = opt->ns_per_insn ? "insns" : "ns";
	b.mode = opt->ns_per_insn ? "icount" : "clock";
	uname(&b.kernel);
	wait_for_seed();
	bench_costs(&b, opt->module);
	if (opt->groups)
		bench_growth(&b, opt);
	bench_caps(&b);
	for (i = 0; i < b.nr_rows; i++)
		json_array_append_new(rows, row_json(&b, &b.rows[i]));
	return rows;
}

static void print_bench(json_t *rows)
{
	static const struct table_column columns[] = {
		{ "name", "NAME", 0 },
		{ "value", "VALUE", 2 },
		{ "unit", "UNIT", 0 },
		{ "peer", "PEER", 0 },
		{ "peer_value", "ITS VALUE", 2 },
		{ "ratio", "RATIO", 3 },
	};
	json_t *first = json_array_get(rows, 0);

	table_print(rows, columns, ARRAY_SIZE(columns));
	printf("Linux %s, %s\n",
	       json_string_value(json_object_get(first, "kernel")) ?: "?",
	       json_string_value(json_object_get(first, "mode")) ?: "?");
}

const struct lab_report lab_report_bench = {
	.key = "peer_value",
	.print = print_bench,
};
