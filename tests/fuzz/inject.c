// SPDX-License-Identifier: GPL-2.0
/*
 * DOC: Failing allocations, of slabs and of pages, for the workers and their
 * pets alone. How often is varied, so that there are times when work gets done.
 */
#include <errno.h>

#include "fuzz.h"

#define DEBUG	"/sys/kernel/debug/"
#define TIMES	2000000000L

static const char * const faults_of[] = { "failslab", "fail_page_alloc" };

static bool set(const char *fault, const char *name, long value)
{
	char path[80], text[24];
	int fd, len;
	bool ok;

	snprintf(path, sizeof(path), DEBUG "%s/%s", fault, name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	len = snprintf(text, sizeof(text), "%ld", value);
	ok = write(fd, text, len) == len;
	close(fd);
	return ok;
}

static void must_set(const char *fault, const char *name, long value)
{
	if (!set(fault, name, value))
		err(1, "%s: %s", fault, name);
}

/* How many more may fail: what is missing has failed. */
static long get_times(const char *fault)
{
	char path[80], text[24] = "";
	int fd;

	snprintf(path, sizeof(path), DEBUG "%s/times", fault);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || read(fd, text, sizeof(text) - 1) <= 0)
		err(1, "%s", path);
	close(fd);
	return atol(text);
}

static void set_probability(long percent)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(faults_of); i++)
		must_set(faults_of[i], "probability", percent);
}

/**
 * inject_start() - let allocations fail from now on
 * Return: whether this kernel can do that
 */
bool inject_start(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(faults_of); i++) {
		const char *fault = faults_of[i];

		if (!set(fault, "probability", 0))
			return false;
		must_set(fault, "task-filter", 1);
		must_set(fault, "interval", 1);
		must_set(fault, "space", 0);
		must_set(fault, "verbose", 0);
		/* Those that may sleep too. */
		must_set(fault, "ignore-gfp-wait", 0);
		/* "For ever" would not be counted. */
		must_set(fault, "times", TIMES);
	}
	must_set("fail_page_alloc", "min-order", 0);
	return true;
}

/**
 * inject_me() - the caller's allocations fail, and those of who it starts
 */
void inject_me(void)
{
	int fd;

	if (!shared->faulty)
		return;
	fd = open("/proc/self/make-it-fail", O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, "1", 1) != 1)
		err(1, "make-it-fail");
	close(fd);
}

/**
 * inject_vary() - choose anew how many fail
 * @rng: the supervisor's
 */
void inject_vary(struct rng *rng)
{
	static const long percent[] = { 0, 1, 1, 2, 5, 20 };

	if (shared->faulty)
		set_probability(percent[rng_below(rng, ARRAY_SIZE(percent))]);
}

/**
 * inject_stop() - nothing fails any more
 * @faults: how many allocations of slabs and of pages have failed
 */
void inject_stop(long faults[2])
{
	size_t i;

	if (!shared->faulty)
		return;
	set_probability(0);
	for (i = 0; i < ARRAY_SIZE(faults_of); i++)
		faults[i] = TIMES - get_times(faults_of[i]);
}
