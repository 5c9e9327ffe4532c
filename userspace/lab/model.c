// SPDX-License-Identifier: GPL-2.0
#include <math.h>
#include <string.h>

#include "model.h"

/* What sums of rounded numbers are off by without being wrong. */
#define EPSILON		0.000001

/**
 * model_weight() - what a policy charges of SYS
 * @policy: its name; "cpu.max" charges as "total" does
 * @cap: in CPUs
 * @cpus: how many are online
 * Return: the weight of SYS, 0 to 1
 */
double model_weight(const char *policy, double cap, int cpus)
{
	if (!strcmp(policy, "exempt"))
		return 0;
	if (!strcmp(policy, "container"))
		return fmin(cap / cpus, 1);
	return 1;
}

/**
 * model_usr() - the USR time a cap leaves on one CPU: C - w * S
 * @policy: its name; "none" does not cap
 * @cap: in CPUs
 * @cpus: how many are online
 * @demand: SYS demand, in CPUs; done before any USR work
 * Return: USR, in CPUs
 */
double model_usr(const char *policy, double cap, int cpus, double demand)
{
	double usr = 1;

	if (strcmp(policy, "none"))
		usr = cap - model_weight(policy, cap, cpus) * demand;
	return fmax(0, fmin(usr, 1 - demand));
}

/**
 * model_sys() - the SYS time a cap leaves on one CPU
 * @policy: its name; "none" does not cap
 * @cap: in CPUs
 * @cpus: how many are online
 * @demand: SYS demand, in CPUs
 * Return: SYS, in CPUs
 */
double model_sys(const char *policy, double cap, int cpus, double demand)
{
	double weight = model_weight(policy, cap, cpus);

	if (!strcmp(policy, "none") || !weight)
		return demand;
	return fmin(demand, cap / weight);
}

/**
 * model_mix_share() - a mixture that any policy's cap holds back
 * @cap: in CPUs, below 1
 *
 * Half of what the cap leaves of the CPU is SYS; USR wants more than the cap.
 *
 * Return: the share of SYS, 0 to 1
 */
double model_mix_share(double cap)
{
	return (1 - cap) / 2;
}

/**
 * model_warmup_s() - until the first bucket is spent, and half as long again
 * @cap: in CPUs
 * @charged: what the workload would be charged if nothing held it, in CPUs
 * Return: seconds, at least two periods
 */
double model_warmup_s(double cap, double charged)
{
	double period_s = MODEL_PERIOD_US / 1e6;

	if (charged <= cap)
		return 2 * period_s;
	return 2 * period_s + 1.5 * cap * period_s / (charged - cap);
}

/**
 * model_window_s() - how long to measure, in whole periods
 * @cpus: what the workload will use
 * @cpu_s: CPU time that must be in the window, so that its edges do not count
 * Return: seconds
 */
double model_window_s(double cpus, double cpu_s)
{
	double period_s = MODEL_PERIOD_US / 1e6;

	return ceil(cpu_s / cpus / period_s - EPSILON) * period_s;
}

/**
 * model_near() - is this figure what it should be?
 * @measured: in CPUs
 * @expected: in CPUs
 * Return: true if within MODEL_TOLERANCE
 */
bool model_near(double measured, double expected)
{
	return fabs(measured - expected) <= MODEL_TOLERANCE + EPSILON;
}
