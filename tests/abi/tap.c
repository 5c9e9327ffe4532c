// SPDX-License-Identifier: GPL-2.0
/* DOC: TAP, counted in shared memory so that children can report too. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "abi.h"

static struct {
	unsigned int nr;
	unsigned int failed;
} *count;

void tap_init(void)
{
	count = mmap(NULL, sizeof(*count), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (count == MAP_FAILED)
		exit(2);
	setvbuf(stdout, NULL, _IOLBF, 0);
}

int tap_end(void)
{
	printf("1..%u\n", count->nr);
	return count->failed > 0;
}

static void tap_line(bool ok, const char *detail, const char *what)
{
	count->nr++;
	if (!ok)
		count->failed++;
	printf("%sok %u - %s%s%s\n", ok ? "" : "not ", count->nr, what,
	       !ok && detail ? " # " : "", !ok && detail ? detail : "");
	fflush(stdout);
}

/* One check; @detail is for those that fail. */
void tap(bool ok, const char *detail, const char *fmt, ...)
{
	char what[256];
	va_list args;

	va_start(args, fmt);
	vsnprintf(what, sizeof(what), fmt, args);
	va_end(args);
	tap_line(ok, detail, what);
}

static const char *name_of(int err)
{
	const char *name = err ? strerrorname_np(err) : "success";

	return name ? name : "an unknown error";
}

/* One check of an error, 0 for success, and that nothing has changed. */
void tap_errno(int got, int want, bool changed, const char *fmt, ...)
{
	char what[256], detail[128];
	va_list args;

	va_start(args, fmt);
	vsnprintf(what, sizeof(what), fmt, args);
	va_end(args);
	snprintf(detail, sizeof(detail), "got %s%s wanted %s%s", name_of(got),
		 changed ? " and changed groups" : "", name_of(want),
		 changed ? " and the same groups" : "");
	tap_line(got == want && !changed, detail, what);
}
