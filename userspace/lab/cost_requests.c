// SPDX-License-Identifier: GPL-2.0
/* DOC: Requests to the module, as operations. */
#include <fcntl.h>
#include <string.h>

#include "cost.h"
#include "libcapgov/util.h"

#define OWN	"govlab-own"

static int device;

/* It goes with the descriptor, should we be ended. */
static int create(const char *name)
{
	struct capgov_group_config config = { .flags = CAPGOV_GROUP_AUTO };

	strcpy(config.name, name);
	return capgov_group_create(device, &config);
}

static int request_start(void)
{
	device = capgov_open(O_RDWR);
	return device < 0 || create(OWN);
}

static int create_batch(int n)
{
	while (n--)
		if (create("govlab-new") ||
		    capgov_group_destroy(device, "govlab-new"))
			return 1;
	return 0;
}

static int attach_batch(int n)
{
	while (n--)
		if (capgov_attach(device, OWN, 0, 0) != 1 ||
		    capgov_detach(device, 0, 0) != 1)
			return 1;
	return 0;
}

const struct cost_op cost_requests[] = {
	{ "create + delete", request_start, create_batch, 200 },
	{ "attach + detach", request_start, attach_batch, 1000 },
};

const unsigned int cost_nr_requests = ARRAY_SIZE(cost_requests);

_Static_assert(ARRAY_SIZE(cost_requests) <= COST_REQUESTS_MAX, "too many");
