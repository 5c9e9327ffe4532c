// SPDX-License-Identifier: GPL-2.0
/* DOC: Test of the interface, as root in a guest with the module loaded. */
#include <fcntl.h>
#include <stdio.h>

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

int main(void)
{
	unsigned int i;

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
