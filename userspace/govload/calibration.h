/* SPDX-License-Identifier: GPL-2.0 */
/* What the work costs on this machine when nothing holds it back. */
#ifndef GOVLOAD_CALIBRATION_H
#define GOVLOAD_CALIBRATION_H

#include <jansson.h>
#include <stdbool.h>

#include "govload/worker.h"

/**
 * struct calibration - a workload's costs, measured once for many runs
 * @kind: the kind of SYS work
 * @size: bytes a unit moves
 * @costs: what was measured
 * @clock_is_syscall: reading the time enters the kernel here
 * @cpu_share: how much of a CPU there was while calibrating; well below 1
 *	means a cap or a busy machine
 */
struct calibration {
	const struct work_kind *kind;
	size_t size;
	struct costs costs;
	bool clock_is_syscall;
	double cpu_share;
};

int calibrate(struct calibration *cal, const struct work_kind *kind,
	      size_t size, __u64 stretch_ns);
json_t *calibration_to_json(const struct calibration *cal);
int calibration_from_json(struct calibration *cal, json_t *json,
			  json_error_t *err);

#endif
