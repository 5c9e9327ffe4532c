/* SPDX-License-Identifier: GPL-2.0 */
/* DOC: Many groups, sleeping tasks in each. Failures end the program. */
#ifndef LAB_CROWD_H
#define LAB_CROWD_H

#include "spawn.h"

void crowd_start(struct spawn *s, unsigned int nr, unsigned int nr_tasks,
		 bool sampled, double *group_bytes, double *task_bytes);

#endif /* LAB_CROWD_H */
