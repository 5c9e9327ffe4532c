// SPDX-License-Identifier: GPL-2.0
/* DOC: /sys/kernel/capgov/groups. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "abi.h"

#define GROUPS	"/sys/kernel/capgov/groups"

#define OFFSET(member)	offsetof(struct capgov_group_info, member)

/* @width: bytes of a number, 0 for a text, -1 for accounting */
static const struct sysfs_file {
	const char *name;
	unsigned int mode;
	size_t offset;
	int width;
} files[] = {
	{ "policy", 0644, OFFSET(policy), 0 },
	{ "parent", 0644, OFFSET(parent), 0 },
	{ "quota_us", 0644, OFFSET(quota_us), 8 },
	{ "period_us", 0644, OFFSET(period_us), 4 },
	{ "burst_us", 0644, OFFSET(burst_us), 8 },
	{ "sys_weight_permille", 0644, OFFSET(sys_weight_permille), 4 },
	{ "accounting", 0644, OFFSET(accounting), -1 },
	{ "id", 0444, OFFSET(id), 4 },
	{ "nr_tasks", 0444, OFFSET(nr_tasks), 4 },
	{ "nr_joining", 0444, OFFSET(nr_joining), 4 },
	{ "nr_parked", 0444, OFFSET(nr_parked), 4 },
	{ "usr_ns", 0444, OFFSET(usr_ns), 8 },
	{ "sys_ns", 0444, OFFSET(sys_ns), 8 },
	{ "sys_error_ns", 0444, OFFSET(sys_error_ns), 8 },
	{ "charged_ns", 0444, OFFSET(charged_ns), 8 },
	{ "exempt_ns", 0444, OFFSET(exempt_ns), 8 },
	{ "denied_ns", 0444, OFFSET(denied_ns), 8 },
	{ "forgiven_ns", 0444, OFFSET(forgiven_ns), 8 },
	{ "debt_ns", 0444, OFFSET(debt_ns), 8 },
	{ "max_stall_ns", 0444, OFFSET(max_stall_ns), 8 },
	{ "nr_throttled", 0444, OFFSET(nr_throttled), 8 },
};

#define NINES	"99999999999999999999"

/* Written to "spare", which has no cap and the policy "total". */
static const struct write_case {
	const char *file;
	const char *text;
	int want;
	const char *reads;	/* what is read then, if not what was written */
} writes[] = {
	{ "quota_us", "50000", 0, NULL },
	{ "quota_us", "100\n", 0, "100" },
	{ "quota_us", "max\n", 0, "max" },
	{ "quota_us", "max", 0, NULL },
	{ "quota_us", "819200000", 0, NULL },
	{ "quota_us", "99", ERANGE, NULL },
	{ "quota_us", "0", ERANGE, NULL },
	{ "quota_us", "819200001", ERANGE, NULL },
	{ "quota_us", "18446744073709551615", ERANGE, NULL },
	{ "quota_us", "18446744073709551616", ERANGE, NULL },
	{ "quota_us", NINES, ERANGE, NULL },
	{ "quota_us", "MAX", EINVAL, NULL },
	{ "quota_us", "maximum", EINVAL, NULL },
	{ "quota_us", "max\nmax", EINVAL, NULL },
	{ "quota_us", "-1", EINVAL, NULL },
	{ "period_us", "1000", 0, NULL },
	{ "period_us", "1000000\n", 0, "1000000" },
	{ "period_us", "999", ERANGE, NULL },
	{ "period_us", "1000001", ERANGE, NULL },
	{ "period_us", "4294967296", ERANGE, NULL },
	{ "period_us", "4294968296", ERANGE, NULL },
	{ "period_us", NINES, ERANGE, NULL },
	{ "period_us", "max", EINVAL, NULL },
	{ "burst_us", "0", 0, NULL },
	{ "burst_us", "1000000000", 0, NULL },
	{ "burst_us", "1000000001", ERANGE, NULL },
	{ "burst_us", NINES, ERANGE, NULL },
	{ "burst_us", "max", EINVAL, NULL },
	{ "sys_weight_permille", "1000", EINVAL, NULL },
	{ "sys_weight_permille", "", 0, "1000" },
	{ "policy", "weighted", 0, NULL },
	{ "policy", "exempt\n", 0, "exempt" },
	{ "policy", "fair", EOPNOTSUPP, NULL },
	{ "policy", "total ", EOPNOTSUPP, NULL },
	{ "policy", "\n", EINVAL, NULL },
	{ "policy", "total\nnone", EINVAL, NULL },
	{ "policy", "a-name-much-too-long", EINVAL, NULL },
	{ "parent", "ref", 0, NULL },
	{ "parent", "ref\n", 0, "ref" },
	{ "parent", "\n", 0, "" },
	{ "parent", "nobody", ENOENT, NULL },
	{ "parent", "spare", ELOOP, NULL },
	{ "parent", "..", EINVAL, NULL },
	{ "parent", "a/b", EINVAL, NULL },
	{ "parent", "ref ", EINVAL, NULL },
	{ "parent", "ref\nref", EINVAL, NULL },
	{ "accounting", "exact", 0, NULL },
	{ "accounting", "sampled", 0, NULL },
	{ "accounting", "sampled\n", 0, "sampled" },
	{ "accounting", "guessed", EINVAL, NULL },
	{ "accounting", "0", EINVAL, NULL },
};

/* For every number. */
static const char * const garbage[] = {
	"x", "5000x", "x5000", "5000 ", " 5000", "5000 6000", "5000\n6000",
	"5000\n\n", "\n", "0x1388", "5000.5", "-5000", "5e3", "\377",
};

static void path_of(char *path, size_t size, const char *group,
		    const char *file)
{
	snprintf(path, size, GROUPS "/%s/%s", group, file);
}

/* Return: 0 or an errno; what was read is without its newline */
static int read_value(const char *group, const char *file, char *to,
		      size_t size)
{
	char path[256];
	int fd, err = 0;
	ssize_t len;

	path_of(path, sizeof(path), group, file);
	*to = 0;
	fd = open(path, O_RDONLY);
	if (fd < 0)
		return errno;
	len = read(fd, to, size - 1);
	close(fd);
	if (len < 1 || to[len - 1] != '\n')
		err = EIO;
	else
		to[len - 1] = 0;
	return err;
}

static int write_value(const char *group, const char *file, const void *text,
		       size_t len)
{
	char path[256];
	int fd, err;

	path_of(path, sizeof(path), group, file);
	fd = open(path, O_WRONLY);
	if (fd < 0)
		return errno;
	err = write(fd, text, len) == (ssize_t)len ? 0 : errno;
	close(fd);
	return err;
}

static void value_of(const struct sysfs_file *f,
		     const struct capgov_group_info *info, char *to,
		     size_t size)
{
	const char *at = (const char *)info + f->offset;
	__u64 value;

	memcpy(&value, at, sizeof(value));
	if (f->width < 0)
		snprintf(to, size, info->accounting ? "sampled" : "exact");
	else if (!f->width)
		snprintf(to, size, "%s", at);
	else if (f->width == 4)
		snprintf(to, size, "%u", (__u32)value);
	else if (!strcmp(f->name, "quota_us") && value == CAPGOV_QUOTA_MAX)
		snprintf(to, size, "max");
	else
		snprintf(to, size, "%llu", value);
}

static void check_values(const char *group)
{
	char path[256], got[128], want[128];
	struct capgov_group_info info;
	struct stat st;
	unsigned int i;

	abi_get(group, &info);
	for (i = 0; i < ARRAY_SIZE(files); i++) {
		path_of(path, sizeof(path), group, files[i].name);
		st.st_mode = 0;
		stat(path, &st);
		tap((st.st_mode & 07777) == files[i].mode, "got another mode",
		    "sysfs: %s/%s: mode %04o", group, files[i].name,
		    files[i].mode);
		value_of(&files[i], &info, want, sizeof(want));
		read_value(group, files[i].name, got, sizeof(got));
		tap(!strcmp(got, want), got, "sysfs: %s/%s is '%s'", group,
		    files[i].name, want);
	}
}

/* In one line of TAP, whatever it is. */
static const char *printable(const char *text)
{
	static char to[64];
	size_t i, len = strlen(text);

	for (i = 0; i < len && i < sizeof(to) - 1; i++)
		to[i] = text[i] < ' ' || text[i] == 127 ? '?' : text[i];
	to[i] = 0;
	return to;
}

static void check_write(const char *group, const struct write_case *c)
{
	const char *reads = c->reads ? c->reads : c->text;
	struct abi_snap *before = abi_snap();
	int got = write_value(group, c->file, c->text, strlen(c->text));
	bool changed = abi_changed(before) && c->want;
	char now[128];

	tap_errno(got, c->want, changed, "sysfs: '%s' to %s/%s",
		  printable(c->text), group, c->file);
	if (changed)
		abi_reset();
	if (c->want)
		return;
	read_value(group, c->file, now, sizeof(now));
	tap(!strcmp(now, reads), now, "sysfs: '%s' to %s/%s: read back",
	    printable(c->text), group, c->file);
	abi_reset();
}

static void check_bytes(const char *file, const char *text, size_t len,
			const char *what)
{
	struct abi_snap *before = abi_snap();
	int got = write_value("ref", file, text, len);

	tap_errno(got, EINVAL, abi_changed(before), "sysfs: %s to ref/%s",
		  what, file);
}

/* What no file takes, on a group whose weight may be set. */
static void check_garbage(const struct sysfs_file *f)
{
	struct write_case c = { .file = f->name, .want = EINVAL };
	unsigned int i;

	if (f->mode == 0444) {
		/* Nobody but root may write, and root finds no way to. */
		c.text = "1";
		c.want = EACCES;
		check_write("ref", &c);
		return;
	}
	check_bytes(f->name, "\0", 1, "NUL");
	check_bytes(f->name, "5000\0", 5, "5000 and NUL");
	check_bytes(f->name, "exact\0", 6, "exact and NUL");
	check_bytes(f->name, "ref\0total", 9, "NUL inside");
	for (i = 0; f->width > 0 && i < ARRAY_SIZE(garbage); i++) {
		c.text = garbage[i];
		check_write("ref", &c);
	}
}

static void as_nobody(void)
{
	char path[256], value[128];
	unsigned int i;
	int fd, rw;

	path_of(path, sizeof(path), "ref", "burst_us");
	rw = open(path, O_WRONLY);
	if (setresgid(NOBODY, NOBODY, NOBODY) ||
	    setresuid(NOBODY, NOBODY, NOBODY))
		_exit(1);
	for (i = 0; i < ARRAY_SIZE(files); i++) {
		path_of(path, sizeof(path), "ref", files[i].name);
		fd = open(path, O_WRONLY);
		tap_errno(fd < 0 ? errno : 0, EACCES, false,
			  "sysfs: %s: writing as nobody", files[i].name);
		tap_errno(read_value("ref", files[i].name, value,
				     sizeof(value)), 0, false,
			  "sysfs: %s: reading as nobody", files[i].name);
	}
	fd = write(rw, "5", 1) == 1 ? 0 : errno;
	tap_errno(fd, EPERM, false, "sysfs: burst_us: descriptor of root's");
	read_value("ref", "burst_us", value, sizeof(value));
	tap(!strcmp(value, "1234"), value, "sysfs: burst_us: as it was");
}

/* Root's user, who may open the file, without root's capabilities. */
static void in_user_namespace(void)
{
	char path[256], value[128];
	int fd;

	if (unshare(CLONE_NEWUSER)) {
		tap_errno(errno, 0, false, "unshare");
		return;
	}
	path_of(path, sizeof(path), "ref", "burst_us");
	fd = open(path, O_WRONLY);
	tap(fd >= 0, "cannot be opened", "sysfs: in a user namespace: opened");
	tap_errno(write(fd, "5", 1) == 1 ? 0 : errno, EPERM, false,
		  "sysfs: burst_us: in a user namespace");
	read_value("ref", "burst_us", value, sizeof(value));
	tap(!strcmp(value, "1234"), value, "sysfs: burst_us: still as it was");
}

void test_sysfs(void)
{
	static const struct write_case weights[] = {
		{ "sys_weight_permille", "0", 0, NULL },
		{ "sys_weight_permille", "1000", 0, NULL },
		{ "sys_weight_permille", "1001", ERANGE, NULL },
		{ "sys_weight_permille", "4294967296", ERANGE, NULL },
		{ "parent", "sub", ELOOP, NULL },
		{ "period_us", "25000", 0, NULL },
	};
	unsigned int i;

	check_values("ref");
	check_values("sub");
	check_values("spare");
	for (i = 0; i < ARRAY_SIZE(writes); i++)
		check_write("spare", &writes[i]);
	for (i = 0; i < ARRAY_SIZE(weights); i++)
		check_write("ref", &weights[i]);
	for (i = 0; i < ARRAY_SIZE(files); i++)
		check_garbage(&files[i]);
	child_run(as_nobody);
	child_run(in_user_namespace);
	abi_destroy("spare");
	tap(access(GROUPS "/spare", F_OK) && errno == ENOENT,
	    "got a directory", "sysfs: no directory after GROUP_DESTROY");
}
