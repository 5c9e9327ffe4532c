/* SPDX-License-Identifier: GPL-2.0 */
#ifndef GOVCTL_PROGRESS_H
#define GOVCTL_PROGRESS_H

void progress(const char *what, unsigned long count);
void progress_end(void);

#endif /* GOVCTL_PROGRESS_H */
