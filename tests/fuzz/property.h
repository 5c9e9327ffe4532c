/* SPDX-License-Identifier: GPL-2.0 */
/* DOC: What the parsers' fuzzers share. */
#ifndef FUZZ_PROPERTY_H
#define FUZZ_PROPERTY_H

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

/* libFuzzer keeps the input that comes here. */
#define HOLDS(property) do { \
	if (!(property)) { \
		fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, \
			__LINE__, #property); \
		abort(); \
	} \
} while (0)

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

#endif /* FUZZ_PROPERTY_H */
