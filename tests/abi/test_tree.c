// SPDX-License-Identifier: GPL-2.0
/* DOC: Groups in groups. */
#include <errno.h>
#include <stdio.h>

#include "abi.h"

static void expect_parent(const char *name, const char *parent, int want)
{
	struct capgov_group_config cfg = {
		.size = sizeof(cfg),
		.fields = CAPGOV_FIELD_PARENT,
	};

	abi_name(cfg.name, name);
	abi_name(cfg.parent, parent);
	abi_expect(abi_rw, CAPGOV_IOC_GROUP_SET, &cfg, want,
		   "GROUP_SET: %s below '%s'", name, parent);
}

static void expect_create(const char *name, const char *parent, int want)
{
	struct capgov_group_config cfg = {
		.size = sizeof(cfg),
		.fields = CAPGOV_FIELD_PARENT,
	};

	abi_name(cfg.name, name);
	abi_name(cfg.parent, parent);
	abi_expect(abi_rw, CAPGOV_IOC_GROUP_CREATE, &cfg, want,
		   "GROUP_CREATE: %s below '%s'", name, parent);
}

static void expect_destroy(const char *name, int want)
{
	struct capgov_group_destroy req = { .size = sizeof(req) };

	abi_name(req.name, name);
	abi_expect(abi_rw, CAPGOV_IOC_GROUP_DESTROY, &req, want,
		   "GROUP_DESTROY: %s", name);
}

/* d1 is above d2, and so on. */
static void make_chain(void)
{
	char name[] = "d1", parent[] = "d0";
	int i;

	expect_create(name, "", 0);
	for (i = 2; i <= CAPGOV_DEPTH_MAX; i++) {
		name[1] = '0' + i;
		parent[1] = '0' + i - 1;
		expect_create(name, parent, 0);
	}
}

void test_tree(void)
{
	make_chain();
	expect_create("d9", "d8", ELOOP);
	expect_parent("spare", "d8", ELOOP);
	expect_parent("spare", "d7", 0);
	expect_parent("spare", "", 0);
	expect_parent("ref", "d8", ELOOP);
	expect_parent("ref", "d7", ELOOP);
	expect_parent("ref", "d6", 0);
	expect_create("below", "sub", ELOOP);
	expect_parent("ref", "", 0);
	expect_create("below", "sub", 0);
	expect_parent("ref", "d6", ELOOP);
	expect_parent("d1", "spare", ELOOP);
	expect_parent("d2", "spare", 0);
	expect_parent("d2", "d1", 0);

	expect_parent("spare", "spare", ELOOP);
	expect_parent("ref", "ref", ELOOP);
	expect_parent("ref", "sub", ELOOP);
	expect_parent("ref", "below", ELOOP);
	expect_parent("d1", "d8", ELOOP);
	expect_parent("d4", "d5", ELOOP);
	expect_create("self", "self", ENOENT);
	expect_create("lost", "nobody", ENOENT);
	expect_parent("spare", "nobody", ENOENT);

	expect_destroy("ref", ENOTEMPTY);
	expect_destroy("d1", ENOTEMPTY);
	expect_destroy("d7", ENOTEMPTY);
	expect_destroy("d8", 0);
	expect_destroy("d8", ENOENT);
	expect_destroy("d7", 0);
	expect_parent("below", "", 0);
	expect_parent("sub", "", 0);
	expect_destroy("ref", 0);
}
