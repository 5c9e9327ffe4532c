/* SPDX-License-Identifier: GPL-2.0 */
/* DOC: What an experiment should come to, and how long it must run. Pure. */
#ifndef LAB_MODEL_H
#define LAB_MODEL_H

#include <stdbool.h>

/* The figure's SYS demand, in CPUs. */
#define MODEL_DEMAND		0.3
/* How far a row of the figure may be off, in CPUs. */
#define MODEL_TOLERANCE		0.02
#define MODEL_PERIOD_US		100000

double model_weight(const char *policy, double cap, int cpus);
double model_usr(const char *policy, double cap, int cpus, double demand);
double model_sys(const char *policy, double cap, int cpus, double demand);
double model_mix_share(double cap);
double model_warmup_s(double cap, double charged);
double model_window_s(double cpus, double cpu_s);
bool model_near(double measured, double expected);

#endif /* LAB_MODEL_H */
