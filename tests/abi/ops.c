// SPDX-License-Identifier: GPL-2.0
/* DOC: One of each request that succeeds. */
#include "abi.h"

static void fill_info(union abi_request *req)
{
	req->info.flags = 0;
}

static void fill_policy_get(union abi_request *req)
{
	req->policy.index = 1;
}

static void fill_group_get(union abi_request *req)
{
	abi_name(req->group.name, "ref");
}

static void fill_group_create(union abi_request *req)
{
	abi_name(req->config.name, "made");
}

static void fill_group_set(union abi_request *req)
{
	abi_name(req->config.name, "ref");
	req->config.fields = CAPGOV_FIELD_BURST;
	req->config.burst_us = 4321;
}

static void fill_group_destroy(union abi_request *req)
{
	abi_name(req->destroy.name, "spare");
}

static void fill_attach(union abi_request *req)
{
	abi_name(req->task.name, "ref");
}

/* There must be something to leave. */
static void fill_leave(union abi_request *req)
{
	req->task.pid = 0;
	abi_attach("ref", 0);
}

#define OP(n, type, change_, fill_) \
	OP_GROWN(n, type, sizeof(struct type), change_, fill_)

/* Its structure has grown since its first version. */
#define OP_GROWN(n, type, first_, change_, fill_) { \
		.cmd = CAPGOV_IOC_##n, \
		.name = #n, \
		.size = sizeof(struct type), \
		.first = first_, \
		.change = change_, \
		.fill = fill_, \
	}

const struct abi_op abi_ops[] = {
	OP(INFO, capgov_info, false, fill_info),
	OP(POLICY_GET, capgov_policy_info, false, fill_policy_get),
	OP_GROWN(GROUP_GET, capgov_group_info,
		 offsetof(struct capgov_group_info, sys_error_ns), false,
		 fill_group_get),
	OP(GROUP_CREATE, capgov_group_config, true, fill_group_create),
	OP(GROUP_SET, capgov_group_config, true, fill_group_set),
	OP(GROUP_DESTROY, capgov_group_destroy, true, fill_group_destroy),
	OP(ATTACH, capgov_task_op, true, fill_attach),
	OP(DETACH, capgov_task_op, true, fill_leave),
	OP(RELEASE_ALL, capgov_release_all, true, fill_leave),
};

const unsigned int abi_nr_ops = ARRAY_SIZE(abi_ops);
