/* SPDX-License-Identifier: GPL-2.0 */
/*
 * DOC: Errors, as people and as programs read them, and the exit status.
 */
#ifndef GOVCTL_ERROR_H
#define GOVCTL_ERROR_H

#include "libcapgov/util.h"

/**
 * enum status - what govctl exits with
 * @DONE: everything was done
 * @FAILED: something else went wrong
 * @USAGE: the command line is wrong; nothing was tried
 * @NOT_LOADED: the module is not there
 * @NOT_FOUND: no such group or task
 * @NOT_PERMITTED: the caller may not do this
 * @UNSUPPORTED: this module or kernel cannot do this
 * @CANNOT_EXECUTE: run: the command is not a program
 * @NO_COMMAND: run: the command is not found
 */
enum status {
	DONE		= 0,
	FAILED		= 1,
	USAGE		= 2,
	NOT_LOADED	= 3,
	NOT_FOUND	= 4,
	NOT_PERMITTED	= 5,
	UNSUPPORTED	= 6,
	CANNOT_EXECUTE	= 126,
	NO_COMMAND	= 127,
};

__printf(4, 5) int fail(enum status status, const char *object,
			const char *hint, const char *format, ...);
int fail_errno(int err, const char *object);
int fail_open(int err);
enum status error_status(int err);
void error_flush(void);

#endif /* GOVCTL_ERROR_H */
