// SPDX-License-Identifier: GPL-2.0
/* DOC: Requests that are not known, flags, and ends of lists. */
#include <errno.h>
#include <limits.h>
#include <string.h>

#include "abi.h"

static const struct {
	const char *what;
	unsigned int cmd;
} unknown[] = {
	{ "the next number", _IO(CAPGOV_IOC_TYPE, 9) },
	{ "number 255", _IO(CAPGOV_IOC_TYPE, 255) },
	{ "another type", _IO(0xC8, 0) },
	{ "INFO as a read", _IOR(CAPGOV_IOC_TYPE, 0, struct capgov_info) },
	{ "CREATE as a write",
	  _IOW(CAPGOV_IOC_TYPE, 3, struct capgov_group_config) },
	{ "RELEASE_ALL both ways",
	  _IOWR(CAPGOV_IOC_TYPE, 8, struct capgov_release_all) },
	{ "TCGETS", 0x5401 },
};

static void check_flags(const struct abi_op *op)
{
	unsigned int bit, known = 0;

	if (op->cmd == CAPGOV_IOC_GROUP_GET)
		known = CAPGOV_GET_BY_ID | CAPGOV_GET_NEXT;
	else if (op->cmd == CAPGOV_IOC_GROUP_CREATE)
		known = CAPGOV_GROUP_AUTO;
	else if (op->cmd == CAPGOV_IOC_ATTACH || op->cmd == CAPGOV_IOC_DETACH)
		known = CAPGOV_TASK_THREAD;
	for (bit = 0; bit < 32; bit++) {
		union abi_request req;

		if (known & (1U << bit))
			continue;
		memset(&req, 0, sizeof(req));
		op->fill(&req);
		req.size = op->size;
		req.flags = 1U << bit;
		abi_expect(abi_rw, op->cmd, &req, EOPNOTSUPP, "%s: flag %u",
			   op->name, bit);
	}
	abi_detach(0);
}

static void check_ends(void)
{
	static const __u32 ids[] = { 0x7ffffffe, 0x7fffffff, UINT_MAX };
	struct capgov_policy_info policy = { .size = sizeof(policy) };
	struct capgov_group_info info;
	unsigned int i;

	while (!abi_call(abi_ro, CAPGOV_IOC_POLICY_GET, &policy))
		policy.index++;
	tap(policy.index == 5, "got another number", "five policies");
	abi_expect(abi_ro, CAPGOV_IOC_POLICY_GET, &policy, ENOENT,
		   "POLICY_GET: past the last");
	policy.index = UINT_MAX;
	abi_expect(abi_ro, CAPGOV_IOC_POLICY_GET, &policy, ENOENT,
		   "POLICY_GET: index UINT_MAX");
	for (i = 0; i < 2 * ARRAY_SIZE(ids); i++) {
		memset(&info, 0, sizeof(info));
		info.size = sizeof(info);
		info.id = ids[i / 2];
		info.flags = i % 2 ? CAPGOV_GET_NEXT : CAPGOV_GET_BY_ID;
		abi_expect(abi_ro, CAPGOV_IOC_GROUP_GET, &info, ENOENT,
			   "GROUP_GET: %s %u", i % 2 ? "above" : "id", info.id);
	}
	abi_get("spare", &info);
	info.flags = CAPGOV_GET_NEXT;
	abi_expect(abi_ro, CAPGOV_IOC_GROUP_GET, &info, ENOENT,
		   "GROUP_GET: above the last");
	info.flags = CAPGOV_GET_BY_ID;
	abi_expect(abi_ro, CAPGOV_IOC_GROUP_GET, &info, 0,
		   "GROUP_GET: the last by its id");
	tap(!strcmp(info.name, "spare"), info.name, "GROUP_GET: its name");
}

static void check_info(void)
{
	struct capgov_info info = { .size = sizeof(info) };

	abi_expect(abi_ro, CAPGOV_IOC_INFO, &info, 0, "INFO");
	tap(info.api_version == CAPGOV_API_VERSION, "got another",
	    "INFO: api_version");
	tap(info.nr_groups == 3, "got another", "INFO: nr_groups");
	tap(info.nr_tasks == 0, "got another", "INFO: nr_tasks");
	tap(info.nr_parked == 0, "got another", "INFO: nr_parked");
	tap(memchr(info.version, 0, sizeof(info.version)) && info.version[0],
	    "not a string", "INFO: version");
}

void test_request(void)
{
	struct capgov_release_all release = {
		.size = sizeof(release),
		.reserved = 1,
	};
	union abi_request req = { .size = sizeof(req) };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(unknown); i++) {
		abi_expect(abi_rw, unknown[i].cmd, &req, ENOTTY, "unknown: %s",
			   unknown[i].what);
		abi_expect(abi_ro, unknown[i].cmd, &req, ENOTTY,
			   "unknown, read-only: %s", unknown[i].what);
	}
	for (i = 0; i < abi_nr_ops; i++)
		check_flags(&abi_ops[i]);
	check_ends();
	abi_reset();
	check_info();
	abi_expect(abi_rw, CAPGOV_IOC_RELEASE_ALL, &release, EINVAL,
		   "RELEASE_ALL: reserved");
}
