/* SPDX-License-Identifier: GPL-2.0 */
/* DOC: What elementary operations take. Failures end the program. */
#ifndef LAB_COST_H
#define LAB_COST_H

#include "cage.h"

double cost_null(struct cage *cage);
double cost_pipe(struct cage *cage);

#endif /* LAB_COST_H */
