/* SPDX-License-Identifier: GPL-2.0 */
/* DOC: One run of govload in a cage. Failures end the program. */
#ifndef LAB_TRIAL_H
#define LAB_TRIAL_H

#include <jansson.h>

#include "cage.h"

/**
 * struct trial - what is run, and where
 * @cage: where
 * @calibration: the work's costs, from trial_calibrate()
 * @mode: govload's --mode: open usr sys mix
 * @amount: open: the SYS demand; mix: the share of SYS
 * @burst: mix: arrivals in a row in the mean, 0 for one
 * @threads: how many, 0 for one
 * @warmup_s: how long to run before measuring
 * @window_s: how long to measure
 */
struct trial {
	struct cage cage;
	const char *calibration;
	const char *mode;
	double amount;
	unsigned int burst;
	unsigned int threads;
	double warmup_s;
	double window_s;
};

char *trial_calibrate(const char *size, unsigned int stretch_us,
		      struct cage *cage);
json_t *trial_run(struct trial *t);
double trial_value(json_t *result, const char *key);
double trial_lag_ms(json_t *result, const char *which);

#endif /* LAB_TRIAL_H */
