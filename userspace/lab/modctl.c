// SPDX-License-Identifier: GPL-2.0
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "modctl.h"

#define NAME	"capgov"

/* What is to be undone: we unloaded it, or loaded it. */
static bool unloaded, loaded;
static int module = -1;

/* The module's parameters, as whoever loaded it has them. */
static char parameters[64] = "";

/* Return: the line in a file, without its end; empty if there is no such file. */
static const char *read_line(const char *path)
{
	static char line[32];
	FILE *f = fopen(path, "re");

	line[0] = '\0';
	if (f) {
		if (fgets(line, sizeof(line), f))
			line[strcspn(line, "\n")] = '\0';
		fclose(f);
	}
	return line;
}

/* Groups would lose their tasks. */
static void look_first(void)
{
	const char *groups = read_line("/sys/kernel/capgov/nr_groups");
	const char *max;

	if (*groups && strcmp(groups, "0"))
		errx(1, NAME ": not unloaded while it has groups (%s): see govctl list",
		     groups);
	max = read_line("/sys/module/" NAME "/parameters/max_tasks");
	if (*max)
		snprintf(parameters, sizeof(parameters), "max_tasks=%s", max);
}

static int load(void)
{
	return syscall(SYS_finit_module, module, parameters, 0);
}

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
 *
 * The first time no group may exist.
 */
void modctl_unload(const char *file)
{
	if (module < 0) {
		module = open(file, O_RDONLY | O_CLOEXEC);
		if (module < 0)
			err(1, "%s", file);
		look_first();
	}
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
	if (load())
		err(1, "%s", file);
	loaded |= !unloaded;
	unloaded = false;
}

/**
 * modctl_restore() - leave the module as it was found
 */
void modctl_restore(void)
{
	if (unloaded && load())
		warn(NAME ": cannot be loaded again");
	if (loaded && unload())
		warn(NAME ": cannot be unloaded");
	unloaded = false;
	loaded = false;
}
