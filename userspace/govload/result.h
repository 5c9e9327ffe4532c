/* SPDX-License-Identifier: GPL-2.0 */
/* A result, for programs and for people. */
#ifndef GOVLOAD_RESULT_H
#define GOVLOAD_RESULT_H

#include <jansson.h>
#include <stdio.h>

#include "govload/crew.h"

extern const char *const load_mode_names[];

json_t *result_to_json(const struct load *load, const struct result *res);
void result_print(FILE *out, const struct load *load,
		  const struct result *res);

#endif
