/* SPDX-License-Identifier: GPL-2.0 */
/*
 * DOC: The experiments, and how their rows are shown. An experiment makes a
 * list of rows, objects of one kind; a report needs the rows and nothing else.
 */
#ifndef LAB_LAB_H
#define LAB_LAB_H

#include <jansson.h>
#include <stdbool.h>

#include "libcapgov/util.h"

/**
 * struct lab_options - the command line
 * @command: what to do
 * @operands: what follows it, ends with NULL
 * @json: print the rows as JSON
 * @module: file of the module, NULL if none is given
 * @ns_per_insn: length of an instruction, 0 if it is not known
 * @window_s: how long a row is measured, 0 for what is usual
 * @groups: among how many groups to measure too, 0 for no more than needed
 * @tasks: how many sleep in each of these
 * @sampled: in groups with sampled accounting
 */
struct lab_options {
	const char *command;
	char **operands;
	bool json;
	const char *module;
	double ns_per_insn;
	double window_s;
	unsigned int groups;
	unsigned int tasks;
	bool sampled;
};

void lab_options_parse(struct lab_options *opt, int argc, char **argv);
void lab_progress(const char *format, ...) __printf(1, 2);

/* Each returns the list of its rows, to be released. */
json_t *lab_figure(const struct lab_options *opt);
json_t *lab_bench(const struct lab_options *opt);
json_t *lab_accuracy(const struct lab_options *opt);
json_t *lab_threads(const struct lab_options *opt);

/**
 * struct lab_report - how the rows of one experiment are shown
 * @key: a member that no row of another experiment has
 * @print: print them on standard output
 * @row_ok: is this row what it should be?
 * @verdict: what is said of rows that are; NULL if rows are not judged
 */
struct lab_report {
	const char *key;
	void (*print)(json_t *rows);
	bool (*row_ok)(json_t *row);
	const char *verdict;
};

extern const struct lab_report lab_report_figure;
extern const struct lab_report lab_report_bench;
extern const struct lab_report lab_report_accuracy;
extern const struct lab_report lab_report_threads;

bool lab_report_rows(json_t *rows, const char *name, bool print);

#endif /* LAB_LAB_H */
