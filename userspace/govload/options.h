/* SPDX-License-Identifier: GPL-2.0 */
/* The command line. */
#ifndef GOVLOAD_OPTIONS_H
#define GOVLOAD_OPTIONS_H

#include <stdbool.h>

#include "govload/crew.h"

/**
 * struct options - what the command line asks for
 * @load: what to run; @load.cal.kind and @load.cal.size always say which work
 * @stretch_ns: SYS time of one arrival; 0 for that of one unit
 * @calibrated: @load.cal is complete, from --calibration
 * @calibrate_only: measure the costs, run nothing
 * @json: print JSON
 * @pretty: indent it
 */
struct options {
	struct load load;
	__u64 stretch_ns;
	bool calibrated;
	bool calibrate_only;
	bool json;
	bool pretty;
};

void options_parse(struct options *opt, int argc, char **argv);

#endif
