// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "doctor.h"

static const struct out_column columns[] = {
	OUT_COLUMN(struct check, name, "check", OUT_STRING, "CHECK", 0),
	OUT_COLUMN(struct check, result, "result", OUT_STRING, "RESULT", 0),
	OUT_COLUMN(struct check, found, "found", OUT_TEXT, "FOUND", 0),
	OUT_COLUMN(struct check, advice, "advice", OUT_STRING, "WHAT TO DO", 0),
};

static const struct out_shape shape = {
	columns, ARRAY_SIZE(columns), sizeof(struct check)
};

static void check_version(struct check *check, int fd)
{
	struct capgov_info info;

	check->name = "version";
	check->result = "fail";
	check->advice = "install module and govctl of one version";
	if (capgov_info(fd, &info)) {
		strcpy(check->found, "the module does not say");
		return;
	}
	snprintf(check->found, sizeof(check->found), "module %.31s, govctl %s",
		 info.version, CAPGOV_VERSION);
	if (info.api_version != CAPGOV_API_VERSION)
		return;
	check->result = "warn";
	if (strcmp(info.version, CAPGOV_VERSION))
		return;
	check->result = "ok";
	check->advice = NULL;
}

static void check_missed(struct check *check, int fd)
{
	struct capgov_info info;

	check->name = "children missed";
	check->result = "ok";
	strcpy(check->found, "none");
	if (capgov_info(fd, &info) || !info.nr_fork_missed)
		return;
	check->result = "warn";
	snprintf(check->found, sizeof(check->found),
		 "%llu, for want of memory", info.nr_fork_missed);
	check->advice = "attach their processes again";
}

/* A request that nobody can be granted is refused for what the caller may not. */
static void check_permission(struct check *check)
{
	int fd = capgov_open(O_RDWR);
	int err;

	check->name = "permission";
	check->result = "warn";
	check->advice = "changes need root (CAP_SYS_ADMIN)";
	strcpy(check->found, "you can look only");
	if (fd < 0)
		return;
	err = capgov_detach(fd, -1, 0);
	close(fd);
	if (err == -EPERM)
		return;
	check->result = "ok";
	check->advice = NULL;
	strcpy(check->found, "you can make changes");
}

/* Return: how many checks were made, 1 without the module. */
static int check_module(struct check *check, int *status)
{
	int fd = capgov_open(O_RDONLY);

	check->name = "module";
	if (fd < 0) {
		*status = capgov_is_absent(fd) ? NOT_LOADED : FAILED;
		check->result = "fail";
		check->advice = *status == NOT_LOADED ?
				"modprobe capgov, or insmod capgov.ko" :
				"chmod 644 " CAPGOV_DEVICE;
		snprintf(check->found, sizeof(check->found), "%s",
			 *status == NOT_LOADED ? "not loaded" :
			 capgov_strerror(fd));
		return 1;
	}
	check->result = "ok";
	strcpy(check->found, "loaded");
	check_version(check + 1, fd);
	check_missed(check + 2, fd);
	check_permission(check + 3);
	close(fd);
	return 4;
}

static int doctor_run(const struct args *args)
{
	static void (* const host[])(struct check *check) = {
		doctor_kernel, doctor_headers, doctor_signature, doctor_cgroup,
	};
	struct check checks[16] = { 0 };
	int i, nr, status = DONE;

	nr = check_module(checks, &status);
	for (i = 0; i < (int)ARRAY_SIZE(host); i++)
		host[i](&checks[nr++]);
	for (i = 0; i < nr; i++)
		if (!strcmp(checks[i].result, "fail"))
			status = status ?: FAILED;
	out_rows(&shape, checks, nr, 0);
	return status;
}

const struct command cmd_doctor = {
	.name = "doctor",
	.usage = "",
	.summary = "is this host ready, and what to do if not",
	.help = "Looks at the module, its version and device, the kernel's configuration,\n"
		"headers, module signatures and the cpu.max of the caller's own cgroup. The\n"
		"exit status is 3 without the module, 1 if another check failed.\n",
	.run = doctor_run,
};
