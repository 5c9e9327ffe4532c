// SPDX-License-Identifier: GPL-2.0
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "modctl.h"

#define NAME	"capgov"

/* What is to be undone: we unloaded it, or loaded it. */
static bool unloaded, loaded;
static int module = -1;

static int unload(void)
{
	/* Groups that go by themselves may be about to. */
	int tries = 100;

	while (syscall(SYS_delete_module, NAME, O_NONBLOCK)) {
		if ((errno != EBUSY && errno != EAGAIN) || !--tries)
			return -1;
		usleep(10000);
	}
	return 0;
}

/**
 * modctl_unload() - the module must not be loaded
 * @file: of the module, with which it will be loaded again; always the same
 */
void modctl_unload(const char *file)
{
	if (module < 0)
		module = open(file, O_RDONLY | O_CLOEXEC);
	if (module < 0)
		err(1, "%s", file);
	if (!unload())
		unloaded = true;
	else if (errno != ENOENT)
		err(1, NAME ": cannot be unloaded");
}

/**
 * modctl_load() - load the module after modctl_unload()
 * @file: its name, should that fail
 */
void modctl_load(const char *file)
{
	if (syscall(SYS_finit_module, module, "", 0))
		err(1, "%s", file);
	loaded |= !unloaded;
	unloaded = false;
}

/**
 * modctl_restore() - leave the module as it was found
 */
void modctl_restore(void)
{
	if (unloaded && syscall(SYS_finit_module, module, "", 0))
		warn(NAME ": cannot be loaded again");
	if (loaded && unload())
		warn(NAME ": cannot be unloaded");
	unloaded = false;
	loaded = false;
}
