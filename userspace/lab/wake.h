/* SPDX-License-Identifier: GPL-2.0 */
/* DOC: How late a task wakes up under a cap. Failures end the program. */
#ifndef LAB_WAKE_H
#define LAB_WAKE_H

#include "cage.h"

double wake_p99_ms(struct cage *cage);

#endif /* LAB_WAKE_H */
