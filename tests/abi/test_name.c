// SPDX-License-Identifier: GPL-2.0
/* DOC: Names, wherever a request has one. */
#include <errno.h>
#include <string.h>

#include "abi.h"

#define SIXTY	"abcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcdefghij"

static const struct {
	const char *what;
	const char *name;
} bad[] = {
	{ "empty", "" },
	{ ".", "." },
	{ "..", ".." },
	{ "a slash", "/" },
	{ "a slash first", "/a" },
	{ "a slash inside", "a/b" },
	{ "a slash last", "a/" },
	{ "a space", "a b" },
	{ "a newline", "a\n" },
	{ "a tab", "\ta" },
	{ "a control character", "a\001" },
	{ "DEL", "a\177" },
	{ "Latin-1", "caf\351" },
	{ "UTF-8", "caf\303\251" },
	{ "byte 255", "\377" },
	{ "64 bytes without NUL", SIXTY "klmn" },
};

static const char * const good[] = {
	"a", "...", "..a", ".a", "-", "a.b", "%s", "!", "~", "A_b-9", "\\",
	"\"'", SIXTY, SIXTY "klm",
};

/* Put @name into a request that would else succeed. */
static void check_bad(const struct abi_op *op, const char *what,
		      const char *name)
{
	union abi_request req;
	char *at = req.config.name;

	memset(&req, 0, sizeof(req));
	if (op->cmd == CAPGOV_IOC_GROUP_GET)
		at = req.group.name;
	else if (op->cmd == CAPGOV_IOC_GROUP_DESTROY)
		at = req.destroy.name;
	else if (op->cmd == CAPGOV_IOC_ATTACH)
		at = req.task.name;
	abi_name(at, name);
	req.size = op->size;
	abi_expect(abi_rw, op->cmd, &req, EINVAL, "%s: name: %s", op->name,
		   what);
}

static void check_bad_parent(unsigned int cmd, const char *what,
			     const char *name)
{
	struct capgov_group_config cfg = {
		.size = sizeof(cfg),
		.fields = CAPGOV_FIELD_PARENT,
	};
	bool set = cmd == CAPGOV_IOC_GROUP_SET;

	abi_name(cfg.name, set ? "spare" : "made");
	abi_name(cfg.parent, name);
	abi_expect(abi_rw, cmd, &cfg, EINVAL, "%s: parent: %s",
		   set ? "GROUP_SET" : "GROUP_CREATE", what);
}

static void check_good(const char *name)
{
	struct capgov_group_info info;
	struct abi_snap *before;
	int got;

	tap_errno(abi_create(abi_rw, name, NULL, 0), 0, false,
		  "GROUP_CREATE: name %s", name);
	tap_errno(abi_get(name, &info), 0, false, "GROUP_GET: name %s", name);
	tap(!strcmp(info.name, name), info.name, "the name is %s", name);
	before = abi_snap();
	got = abi_create(abi_rw, name, NULL, 0);
	tap_errno(got, EEXIST, abi_changed(before),
		  "GROUP_CREATE: name %s again", name);
	tap_errno(abi_parent("sub", name), 0, false, "GROUP_SET: parent %s",
		  name);
	tap_errno(abi_parent("sub", "ref"), 0, false, "GROUP_SET: not %s",
		  name);
	tap_errno(abi_destroy(name), 0, false, "GROUP_DESTROY: name %s", name);
	tap_errno(abi_get(name, &info), ENOENT, false, "GROUP_GET: no %s",
		  name);
}

/* Names that nobody has. */
static void check_missing(void)
{
	static const unsigned int cmds[] = {
		CAPGOV_IOC_GROUP_GET, CAPGOV_IOC_GROUP_SET,
		CAPGOV_IOC_GROUP_DESTROY, CAPGOV_IOC_ATTACH,
	};
	union abi_request req;
	unsigned int i, j;

	for (i = 0; i < ARRAY_SIZE(cmds); i++) {
		for (j = 0; abi_ops[j].cmd != cmds[i]; j++)
			;
		memset(&req, 0, sizeof(req));
		if (cmds[i] == CAPGOV_IOC_GROUP_GET)
			abi_name(req.group.name, "nobody");
		else if (cmds[i] == CAPGOV_IOC_GROUP_SET)
			abi_name(req.config.name, "nobody");
		else if (cmds[i] == CAPGOV_IOC_GROUP_DESTROY)
			abi_name(req.destroy.name, "nobody");
		else
			abi_name(req.task.name, "nobody");
		req.size = abi_ops[j].size;
		abi_expect(abi_rw, cmds[i], &req, ENOENT, "%s: no such group",
			   abi_ops[j].name);
	}
}

void test_name(void)
{
	unsigned int i, j;

	for (i = 0; i < abi_nr_ops; i++) {
		unsigned int cmd = abi_ops[i].cmd;

		if (cmd < CAPGOV_IOC_GROUP_GET || cmd > CAPGOV_IOC_ATTACH)
			continue;
		for (j = 0; j < ARRAY_SIZE(bad); j++)
			check_bad(&abi_ops[i], bad[j].what, bad[j].name);
	}
	for (j = 1; j < ARRAY_SIZE(bad); j++) {
		check_bad_parent(CAPGOV_IOC_GROUP_CREATE, bad[j].what,
				 bad[j].name);
		check_bad_parent(CAPGOV_IOC_GROUP_SET, bad[j].what,
				 bad[j].name);
	}
	for (i = 0; i < ARRAY_SIZE(good); i++)
		check_good(good[i]);
	check_missing();
}
