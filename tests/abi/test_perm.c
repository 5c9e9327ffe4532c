// SPDX-License-Identifier: GPL-2.0
/* DOC: Who may do what. */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "abi.h"

/* Every request by @fd: those that change something are refused. */
static void check_all(int fd, int want, const char *who)
{
	unsigned int i;

	for (i = 0; i < abi_nr_ops; i++) {
		const struct abi_op *op = &abi_ops[i];
		union abi_request req;

		memset(&req, 0, sizeof(req));
		op->fill(&req);
		req.size = op->size;
		abi_expect(fd, op->cmd, &req, op->change ? want : 0, "%s: %s",
			   op->name, who);
		abi_detach(0);
	}
}

/* A refusal for want of a right comes before the structure is looked at. */
static void check_first(int fd, int want, const char *who)
{
	unsigned int i;

	for (i = 0; i < abi_nr_ops; i++)
		if (abi_ops[i].change)
			abi_expect(fd, abi_ops[i].cmd, NULL, want,
				   "%s: %s, NULL", abi_ops[i].name, who);
}

static void check_open(int flags, int want, const char *what)
{
	int fd = open("/dev/capgov", flags | O_CLOEXEC);

	tap_errno(fd < 0 ? errno : 0, want, false, "open: %s", what);
	if (fd >= 0)
		close(fd);
}

static void become_nobody(void)
{
	if (setgroups(0, NULL) || setresgid(NOBODY, NOBODY, NOBODY) ||
	    setresuid(NOBODY, NOBODY, NOBODY))
		_exit(1);
}

static void as_nobody(void)
{
	struct capgov_group_info info = {
		.size = sizeof(info),
		.name = "ref",
	};
	int fd;

	become_nobody();
	check_all(abi_rw, EPERM, "as nobody");
	check_first(abi_rw, EPERM, "as nobody");
	check_all(abi_ro, EBADF, "as nobody, read-only");
	check_open(O_RDWR, EACCES, "as nobody, both ways");
	check_open(O_WRONLY, EACCES, "as nobody, write-only");
	check_open(O_RDONLY, 0, "as nobody, read-only");
	fd = open("/dev/capgov", O_RDONLY | O_CLOEXEC);
	abi_expect(fd, CAPGOV_IOC_GROUP_GET, &info, 0,
		   "GROUP_GET: as nobody, own descriptor");
	tap(!strcmp(info.name, "ref") && info.quota_us == 70000,
	    "got something else", "GROUP_GET: as nobody, what it says");
}

static void in_user_namespace(void)
{
	if (unshare(CLONE_NEWUSER)) {
		tap_errno(errno, 0, false, "unshare");
		return;
	}
	check_all(abi_rw, EPERM, "in a user namespace");
	check_first(abi_rw, EPERM, "in a user namespace");
	check_open(O_RDONLY, 0, "in a user namespace, read-only");
}

static void nobody_in_user_namespace(void)
{
	become_nobody();
	in_user_namespace();
}

void test_perm(void)
{
	struct stat st;
	int fd;

	check_all(abi_ro, EBADF, "read-only");
	check_first(abi_ro, EBADF, "read-only");
	fd = open("/dev/capgov", O_WRONLY | O_CLOEXEC);
	check_all(fd, 0, "write-only, as root");
	close(fd);
	abi_reset();
	stat("/dev/capgov", &st);
	tap((st.st_mode & 07777) == 0644 && !st.st_uid,
	    "got another mode or owner", "/dev/capgov: root's, 0644");
	child_run(as_nobody);
	child_run(in_user_namespace);
	child_run(nobody_in_user_namespace);
}
