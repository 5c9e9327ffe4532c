// SPDX-License-Identifier: GPL-2.0
/*
 * DOC: What must be true at the end: nobody is governed once all have been
 * released, no group is left once all have been destroyed, and who was parked
 * runs again after either.
 */
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <sys/wait.h>

#include "fuzz.h"

#define GROUP	"final"
#define RUNS_NS	20000000

static struct capgov_info info(int dev)
{
	struct capgov_info i = { .size = sizeof(i) };

	gov_request(dev, CAPGOV_IOC_INFO, &i, "info");
	return i;
}

static void release_all(int dev)
{
	struct capgov_release_all r = { .size = sizeof(r) };

	gov_request(dev, CAPGOV_IOC_RELEASE_ALL, &r, "release-all");
}

static void destroy(int dev, const char *name)
{
	struct capgov_group_destroy d = { .size = sizeof(d) };

	snprintf(d.name, sizeof(d.name), "%s", name);
	gov_request(dev, CAPGOV_IOC_GROUP_DESTROY, &d, name);
}

/* Wait until @fn is true of the module. Return: whether it is in time. */
static bool becomes(int dev, bool (*fn)(const struct capgov_info *i))
{
	long long end = gov_now(CLOCK_MONOTONIC) + BOUND_NS;
	struct capgov_info i;

	do {
		i = info(dev);
		if (fn(&i))
			return true;
		fuzz_pause();
	} while (gov_now(CLOCK_MONOTONIC) < end);
	return false;
}

static bool nobody(const struct capgov_info *i)
{
	return !i->nr_tasks && !i->nr_parked;
}

static bool somebody_parked(const struct capgov_info *i)
{
	return i->nr_parked;
}

static bool nothing(const struct capgov_info *i)
{
	return nobody(i) && !i->nr_groups;
}

static long long ns_below(pid_t pid, long long target)
{
	long long end = gov_now(CLOCK_MONOTONIC) + BOUND_NS;
	long long ns;

	do {
		fuzz_pause();
		ns = fuzz_cpu_ns(pid);
	} while (ns >= 0 && ns < target && gov_now(CLOCK_MONOTONIC) < end);
	return target - ns;
}

static void create(int dev)
{
	struct capgov_group_config cfg = {
		.size = sizeof(cfg),
		.fields = CAPGOV_FIELD_CAP | CAPGOV_FIELD_PERIOD,
		.name = GROUP,
		.quota_us = CAPGOV_QUOTA_US_MIN,
		.period_us = CAPGOV_PERIOD_US_MAX,
	};

	gov_request(dev, CAPGOV_IOC_GROUP_CREATE, &cfg, "create");
}

/* A program that spins in a group with the smallest cap is parked, and runs
 * when it has been let out.
 */
static void check_spinner(int dev, bool by_release)
{
	const char *how = by_release ? "release-all" : "destroy";
	pid_t pid;

	create(dev);
	pid = fork();
	if (pid < 0)
		err(1, "fork");
	if (!pid)
		gov_burn(0);
	gov_attach(dev, GROUP, pid, 0);
	if (!becomes(dev, somebody_parked))
		fuzz_failed(NULL, "who spins over its cap is not parked");
	if (by_release)
		release_all(dev);
	else
		destroy(dev, GROUP);
	if (ns_below(pid, fuzz_cpu_ns(pid) + RUNS_NS) > 0)
		fuzz_failed(NULL, "who spins does not run after %s", how);
	if (!becomes(dev, nobody))
		fuzz_failed(NULL, "somebody is governed after %s", how);
	if (by_release)
		destroy(dev, GROUP);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

/* Destroy whoever has no child, once. Return: whether there were groups. */
static bool destroy_leaves(int dev)
{
	struct capgov_group_info g = { 0 };
	bool any = false;
	int error;

	for (;;) {
		struct capgov_group_destroy d = { .size = sizeof(d) };
		__u32 id = g.id;

		memset(&g, 0, sizeof(g));
		g.size = sizeof(g);
		g.flags = CAPGOV_GET_NEXT;
		g.id = id;
		if (ioctl(dev, CAPGOV_IOC_GROUP_GET, &g))
			return any;
		any = true;
		memcpy(d.name, g.name, sizeof(d.name));
		error = ioctl(dev, CAPGOV_IOC_GROUP_DESTROY, &d) ? errno : 0;
		if (error && error != ENOTEMPTY)
			fuzz_failed(NULL, "%s: destroy: %s", g.name,
				    strerror(error));
	}
}

static bool no_directories(void)
{
	DIR *dir = opendir("/sys/kernel/capgov/groups");
	struct dirent *entry;
	bool none = dir;

	while (dir && (entry = readdir(dir)))
		none &= *entry->d_name == '.' && strcmp(entry->d_name, "...");
	if (dir)
		closedir(dir);
	return none;
}

/**
 * final_release() - release everybody: nobody is governed
 */
void final_release(void)
{
	int dev = gov_open();

	release_all(dev);
	if (!becomes(dev, nobody))
		fuzz_failed(NULL, "somebody is governed after release-all");
	close(dev);
}

/**
 * final_check() - destroy every group: nothing is left; then see it all work
 */
void final_check(void)
{
	int dev = gov_open();
	int levels = 0;

	while (destroy_leaves(dev))
		if (levels++ > CAPGOV_DEPTH_MAX) {
			fuzz_failed(NULL, "groups cannot be destroyed");
			break;
		}
	if (!becomes(dev, nothing) || !no_directories())
		fuzz_failed(NULL, "something is left");
	check_spinner(dev, true);
	check_spinner(dev, false);
	if (!becomes(dev, nothing) || !no_directories())
		fuzz_failed(NULL, "something is left in the end");
	close(dev);
}
