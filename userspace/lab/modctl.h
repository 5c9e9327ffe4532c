/* SPDX-License-Identifier: GPL-2.0 */
/* DOC: Load and unload the module. Failures end the program. */
#ifndef LAB_MODCTL_H
#define LAB_MODCTL_H

void modctl_unload(const char *file);
void modctl_load(const char *file);
void modctl_restore(void);

#endif /* LAB_MODCTL_H */
