// SPDX-License-Identifier: GPL-2.0
/*
 * DOC: The module loaded with each of its allocations failing once: it is
 * loaded, or it is not and has left nothing. What the kernel's loader allocates
 * until it reads the parameters is not ours and left out. To load and unload
 * takes long: an argument n has only n fail, of the last, which are those of our
 * own init. For a kernel with CONFIG_FAILSLAB and CONFIG_FAULT_INJECTION_DEBUG_FS.
 */
#include <errno.h>
#include <stdbool.h>
#include <sys/syscall.h>

#include "nth.h"

#define MODULE		"/capgov.ko"
#define MANY		100000
/* Of about a hundred of ours every so many-th, if not all. */
#define STEP		9

static int module;

static int load(const char *parameters)
{
	return syscall(SYS_finit_module, module, parameters, 0);
}

static void unload(void)
{
	if (syscall(SYS_delete_module, "capgov", 0))
		err(1, "delete_module");
}

/* How many allocations a load makes, to its end or to a bad parameter. */
static int count(const char *parameters)
{
	int ret, left;

	nth_set(MANY);
	ret = load(parameters);
	left = nth_left();
	nth_set(0);
	if (!ret)
		unload();
	if (!ret == !!*parameters)
		err(1, "finit_module: %s", parameters);
	return MANY - left;
}

/* Return: whether there is nothing to see of the module. */
static bool gone(void)
{
	return access("/sys/kernel/capgov", F_OK) &&
	       access("/dev/capgov", F_OK) &&
	       access("/sys/module/capgov", F_OK);
}

int main(int argc, char **argv)
{
	int n, first, last, ret = 0, error = 0, tried = 0, failed = 0;
	int most = argc > 1 ? atoi(argv[1]) : MANY;
	int step = argc > 1 ? STEP : 1;
	bool ok = most > 0;

	nth_open();
	module = open(MODULE, O_RDONLY | O_CLOEXEC);
	if (module < 0)
		err(1, MODULE);
	unload();
	first = count("max_tasks=none") + 1;
	last = count("");
	for (n = last; n >= first && tried < most && ok; n -= step) {
		nth_set(n);
		ret = load("");
		tried++;
		error = errno;
		nth_set(0);
		if (ret)
			failed++;
		else
			unload();
		ok = gone() && (!ret || error == ENOMEM);
	}
	if (!ok)
		printf("# allocation %d: %s\n", n + step,
		       ret ? strerror(error) : "something is left");
	printf("# %d allocations, %d failures\n", tried, failed);
	ok = ok && failed;
	printf("1..1\n%sok 1 load\n", ok ? "" : "not ");
	return !ok;
}
