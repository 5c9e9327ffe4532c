/* SPDX-License-Identifier: GPL-2.0 */
/*
 * DOC: One cgroup (version 2) of our own, the peer of a group. What was not
 * there before, the mount and the cpu controller included, is taken back.
 * Failures end the program.
 */
#ifndef LAB_CGROUPFS_H
#define LAB_CGROUPFS_H

void cgroupfs_create(double cap, unsigned int period_us, unsigned int levels);
int cgroupfs_join(void);
void cgroupfs_remove(void);
void cgroupfs_restore(void);

#endif /* LAB_CGROUPFS_H */
