// SPDX-License-Identifier: GPL-2.0
/* DOC: What doctor looks at without asking the module. */
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "doctor.h"
#include "libcapgov/capgov.h"
#include "libcapgov/util.h"

/* A pipe for /proc/config.gz, a file for the others. */
static FILE *open_config(bool *is_pipe)
{
	static const char * const paths[] = {
		"/boot/config-%s", "/lib/modules/%s/config",
		"/lib/modules/%s/build/.config",
	};
	char path[PATH_MAX];
	struct utsname host;
	FILE *f = NULL;
	size_t i;

	uname(&host);
	*is_pipe = !access("/proc/config.gz", R_OK);
	if (*is_pipe)
		return popen("zcat /proc/config.gz", "re");
	for (i = 0; i < ARRAY_SIZE(paths) && !f; i++) {
		snprintf(path, sizeof(path), paths[i], host.release);
		f = fopen(path, "re");
	}
	return f;
}

/**
 * doctor_kernel() - does the kernel have what the module is built on?
 * @check: the result
 */
void doctor_kernel(struct check *check)
{
	static const char * const needed[] = {
		"CONFIG_MODULES=y\n", "CONFIG_TRACEPOINTS=y\n",
		"CONFIG_HAVE_SYSCALL_TRACEPOINTS=y\n",
		"CONFIG_PREEMPT_NOTIFIERS=y\n",
	};
	bool found[ARRAY_SIZE(needed)] = { false };
	char line[256];
	bool is_pipe;
	FILE *f = open_config(&is_pipe);
	size_t i;

	check->name = "kernel configuration";
	if (!f) {
		check->result = "warn";
		strcpy(check->found, "unknown");
		check->advice = "put it at /boot/config-$(uname -r)";
		return;
	}
	while (fgets(line, sizeof(line), f))
		for (i = 0; i < ARRAY_SIZE(needed); i++)
			found[i] |= !strcmp(line, needed[i]);
	if (is_pipe)
		pclose(f);
	else
		fclose(f);
	check->result = "ok";
	strcpy(check->found, "complete");
	for (i = 0; i < ARRAY_SIZE(needed); i++) {
		if (found[i])
			continue;
		check->result = "fail";
		snprintf(check->found, sizeof(check->found), "no %.*s",
			 (int)strcspn(needed[i], "\n"), needed[i]);
		check->advice = "take a kernel that has it, as Debian's";
	}
}

/**
 * doctor_headers() - can the module be built for the running kernel?
 * @check: the result
 */
void doctor_headers(struct check *check)
{
	char path[PATH_MAX];
	struct utsname host;

	uname(&host);
	check->name = "kernel headers";
	snprintf(path, sizeof(path), "/lib/modules/%s/build/Makefile",
		 host.release);
	check->result = access(path, R_OK) ? "warn" : "ok";
	snprintf(check->found, sizeof(check->found), "%s for %.60s",
		 access(path, R_OK) ? "none" : "installed", host.release);
	if (access(path, R_OK))
		check->advice = "to build: apt install linux-headers-$(uname -r)";
}

/* Lockdown, as of a machine that has booted securely: "[none] integrity ..." */
static bool locked_down(void)
{
	FILE *f = fopen("/sys/kernel/security/lockdown", "re");
	bool locked = false;
	char line[64];

	if (!f)
		return false;
	if (fgets(line, sizeof(line), f))
		locked = !strstr(line, "[none]");
	fclose(f);
	return locked;
}

/**
 * doctor_signature() - does the kernel load modules that are not signed?
 * @check: the result
 */
void doctor_signature(struct check *check)
{
	FILE *f = fopen("/sys/module/module/parameters/sig_enforce", "re");
	bool enforced = (f && fgetc(f) == 'Y') || locked_down();

	if (f)
		fclose(f);
	check->name = "module signatures";
	check->result = enforced ? "warn" : "ok";
	strcpy(check->found, enforced ? "enforced" : "not enforced");
	if (enforced)
		check->advice = "sign capgov.ko with a key the kernel trusts";
}

/* Return: whether the caller's cgroup, in cgroup v2, is known. */
static bool own_cgroup(char *path, size_t size)
{
	FILE *f = fopen("/proc/self/cgroup", "re");
	char line[PATH_MAX];
	bool found = false;

	while (f && !found && fgets(line, sizeof(line), f)) {
		line[strcspn(line, "\n")] = 0;
		found = !strncmp(line, "0::", 3) &&
			!capgov_cgroup_path(line + 3, path, size);
	}
	if (f)
		fclose(f);
	return found;
}

/* Return: whether @folder has a cpu.max with a limit, which is put to @limit. */
static bool has_limit(const char *folder, char *limit, size_t size)
{
	char path[PATH_MAX + 16];
	bool limited;
	FILE *f;

	snprintf(path, sizeof(path), "%s/cpu.max", folder);
	f = fopen(path, "re");
	if (!f)
		return false;
	limited = fgets(limit, size, f) && strncmp(limit, "max", 3);
	limit[strcspn(limit, "\n")] = 0;
	fclose(f);
	return limited;
}

/**
 * doctor_cgroup() - is the caller under a cpu.max as well?
 * @check: the result
 */
void doctor_cgroup(struct check *check)
{
	char path[PATH_MAX], limit[64] = "";

	check->name = "cpu.max";
	check->result = "ok";
	strcpy(check->found, "no limit on this cgroup");
	if (!own_cgroup(path, sizeof(path)))
		return;
	while (strlen(path) > strlen(CAPGOV_CGROUP_ROOT)) {
		if (has_limit(path, limit, sizeof(limit))) {
			check->result = "warn";
			snprintf(check->found, sizeof(check->found),
				 "%.30s at %.60s", limit,
				 path + strlen(CAPGOV_CGROUP_ROOT));
			check->advice = "both limits hold: measure outside of it";
			return;
		}
		*strrchr(path, '/') = 0;
	}
}
