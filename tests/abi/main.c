// SPDX-License-Identifier: GPL-2.0
/*
 * DOC: Test of the interface, as root in a guest with the module loaded. With
 * --few, not of as many groups as there may be: a debug kernel needs 4 GB and
 * many minutes for them.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "abi.h"

static void (* const tests[])(void) = {
	test_size,
	test_request,
	test_name,
	test_config,
	test_tree,
	test_task,
	test_limit,
	test_perm,
	test_ns,
	test_auto,
	test_sysfs,
	test_busy,
};

int main(int argc, char **argv)
{
	unsigned int i;

	abi_few = argc > 1 && !strcmp(argv[1], "--few");
	tap_init();
	abi_rw = open("/dev/capgov", O_RDWR | O_CLOEXEC);
	abi_ro = open("/dev/capgov", O_RDONLY | O_CLOEXEC);
	if (abi_rw < 0 || abi_ro < 0) {
		printf("Bail out! /dev/capgov: %m\n");
		return 2;
	}
	for (i = 0; i < ARRAY_SIZE(tests); i++) {
		abi_reset();
		tests[i]();
	}
	abi_reset();
	return tap_end();
}
