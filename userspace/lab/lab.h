/* SPDX-License-Identifier: GPL-2.0 */
/* DOC: The experiments, and what they share. */
#ifndef LAB_LAB_H
#define LAB_LAB_H

#include <stdbool.h>
#include <jansson.h>

/**
 * struct lab_options - from the command line
 * @json: print JSON instead of a report
 * @module: bench: file of the module, which is not loaded yet
 * @ns_per_insn: bench: virtual time of an instruction, 0 to count ns
 */
struct lab_options {
	bool json;
	const char *module;
	double ns_per_insn;
};

void lab_progress(const char *format, ...)
	__attribute__((format(printf, 1, 2)));

json_t *figure_run(const struct lab_options *options);
json_t *bench_run(const struct lab_options *options);
json_t *accuracy_run(const struct lab_options *options);
json_t *threads_run(const struct lab_options *options);

int report_rows(const json_t *rows);

#endif /* LAB_LAB_H */
