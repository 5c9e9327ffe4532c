/* SPDX-License-Identifier: GPL-2.0 */
/* DOC: CPU time as the article draws it, one square for 0.1 CPU. Pure. */
#ifndef LAB_BARS_H
#define LAB_BARS_H

#include <stdbool.h>
#include <stddef.h>

/* Columns a bar takes, and room for it: 3 bytes a glyph. */
#define BARS_COLUMNS	10
#define BARS_SIZE	(3 * BARS_COLUMNS + 1)

size_t bars_draw(char *bar, double sys, double usr, bool halves);

#endif /* LAB_BARS_H */
