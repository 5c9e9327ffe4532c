// SPDX-License-Identifier: GPL-2.0
/* DOC: Costs, accuracy and delays, beside those of the kernel's own cpu.max. */
#include <stdio.h>

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
 */
void bench_add(struct bench *b, const char *name, const char *unit,
	       double value, const char *peer, double peer_value)
{
	json_t *row = json_pack("{s:s, s:s, s:f, s:s?, s:o, s:o, s:s, s:s}",
				"name", name, "unit", unit, "value", value,
				"peer", peer,
				"peer_value", peer ? json_real(peer_value) :
						     json_null(),
				"ratio", peer && peer_value ?
					 json_real(value / peer_value) :
					 json_null(),
				"kernel", b->kernel.release, "mode", b->mode);

	json_array_append_new(b->rows, row);
}

/**
 * lab_bench() - measure costs, accuracy and delays
 * @opt: the command line
 * Return: the rows
 */
json_t *lab_bench(const struct lab_options *opt)
{
	struct bench b = {
		.rows = json_array(),
		.unit_ns = opt->ns_per_insn ?: 1,
		.unit = opt->ns_per_insn ? "insns" : "ns",
		.mode = opt->ns_per_insn ? "icount" : "clock",
	};

	uname(&b.kernel);
	bench_costs(&b, opt->module);
	if (opt->groups)
		bench_growth(&b, opt);
	bench_caps(&b);
	return b.rows;
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
