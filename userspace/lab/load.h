/* SPDX-License-Identifier: GPL-2.0 */
/* DOC: Runs of govload, all with one calibration. Failures end the program. */
#ifndef LAB_LOAD_H
#define LAB_LOAD_H

#include <jansson.h>

#include "cage.h"

#define LOAD_ARGS_MAX	12

void load_calibrate(void);
json_t *load_run(struct cage *cage, double warmup_s, double window_s,
		 const char *const *args);
double load_number(const json_t *result, const char *path, const char *name);

#endif /* LAB_LOAD_H */
