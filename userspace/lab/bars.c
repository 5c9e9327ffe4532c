// SPDX-License-Identifier: GPL-2.0
#include <math.h>
#include <string.h>

#include "bars.h"

#define NEAR_ENOUGH	0.000001

struct glyphs {
	const char *whole;
	const char *half;
};

static const struct glyphs sys_glyphs = { "■", "▮" };
static const struct glyphs usr_glyphs = { "□", "▯" };

static size_t put(char *bar, const char *glyph, size_t columns)
{
	if (columns >= BARS_COLUMNS)
		return columns;
	strcat(bar, glyph);
	return columns + 1;
}

static size_t draw(char *bar, const struct glyphs *glyphs, double cpus,
		   bool halves, size_t columns)
{
	/* The nearest half, or what is there of whole squares. */
	long n = halves ? lround(cpus * 20) :
		 2 * (long)floor(cpus * 10 + NEAR_ENOUGH);

	for (; n >= 2; n -= 2)
		columns = put(bar, glyphs->whole, columns);
	return n == 1 ? put(bar, glyphs->half, columns) : columns;
}

/**
 * bars_draw() - draw a bar, padded with blanks to BARS_COLUMNS
 * @bar: BARS_SIZE bytes
 * @sys: SYS, in CPUs
 * @usr: USR, in CPUs
 * @halves: show halves of squares; if not, only whole ones, as the article does
 * Return: how many columns are not blank
 */
size_t bars_draw(char *bar, double sys, double usr, bool halves)
{
	size_t columns, used;

	*bar = '\0';
	columns = draw(bar, &sys_glyphs, sys, halves, 0);
	columns = draw(bar, &usr_glyphs, usr, halves, columns);
	for (used = columns; columns < BARS_COLUMNS;)
		columns = put(bar, " ", columns);
	return used;
}
