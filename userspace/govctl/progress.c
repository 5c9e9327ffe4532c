// SPDX-License-Identifier: GPL-2.0
#include <stdbool.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "progress.h"

#define QUIET_NS	2000000000LL
#define BETWEEN_NS	200000000LL

static long long next_ns;
static bool shown;

static long long now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000LL + ts.tv_nsec;
}

/**
 * progress() - show that work goes on, to people only, and if it takes long
 * @what: is counted
 * @count: how many so far
 */
void progress(const char *what, unsigned long count)
{
	long long now = now_ns();

	if (!next_ns)
		next_ns = now + QUIET_NS;
	if (now < next_ns || !isatty(STDERR_FILENO))
		return;
	fprintf(stderr, "\r%lu %s", count, what);
	next_ns = now + BETWEEN_NS;
	shown = true;
}

/**
 * progress_end() - clear the line away
 */
void progress_end(void)
{
	if (shown)
		fprintf(stderr, "\r\033[K");
	shown = false;
	next_ns = 0;
}
