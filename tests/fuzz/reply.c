// SPDX-License-Identifier: GPL-2.0
/* DOC: What is true of every reply, and of the list of groups. */
#include <errno.h>

#include "fuzz.h"

static bool ends(const char *s, size_t size)
{
	return strnlen(s, size) < size;
}

static bool name_is_good(const char *s)
{
	const char *c;

	if (!*s || !ends(s, CAPGOV_NAME_LEN) || !strcmp(s, ".") ||
	    !strcmp(s, ".."))
		return false;
	for (c = s; *c; c++)
		if (*c <= ' ' || *c > '~' || *c == '/')
			return false;
	return true;
}

static bool config_is_good(const struct capgov_group_info *g)
{
	if (g->period_us < CAPGOV_PERIOD_US_MIN ||
	    g->period_us > CAPGOV_PERIOD_US_MAX ||
	    g->burst_us > CAPGOV_BURST_US_MAX ||
	    g->sys_weight_permille > CAPGOV_WEIGHT_MAX ||
	    g->accounting > CAPGOV_ACCT_SAMPLED)
		return false;
	return g->quota_us == CAPGOV_QUOTA_MAX ||
	       (g->quota_us >= CAPGOV_QUOTA_US_MIN &&
		g->quota_us <= (__u64)CAPGOV_CPUS_MAX * g->period_us);
}

/* What is read under one lock agrees with itself. */
static bool group_is_good(const struct capgov_group_info *g)
{
	__u64 waits = 0;
	size_t i;

	for (i = 0; i < CAPGOV_HIST_SLOTS; i++)
		waits += g->wait_hist[i];
	return g->id && g->auto_destroy <= 1 && name_is_good(g->name) &&
	       (!*g->parent || name_is_good(g->parent)) &&
	       ends(g->policy, CAPGOV_POLICY_LEN) && *g->policy &&
	       config_is_good(g) && g->nr_joining <= g->nr_tasks &&
	       waits == g->nr_throttled && g->max_stall_ns <= g->denied_ns;
}

/**
 * reply_check() - is it a reply the header allows?
 * @w: the worker
 * @kind: to which request
 * @reply: the reply
 */
void reply_check(struct worker *w, const struct kind *kind, const void *reply)
{
	const union fuzz_request *r = reply;
	bool good = true;

	switch (kind->cmd) {
	case CAPGOV_IOC_INFO:
		good = r->info.api_version == CAPGOV_API_VERSION &&
		       ends(r->info.version, sizeof(r->info.version));
		break;
	case CAPGOV_IOC_POLICY_GET:
		good = *r->policy.name && ends(r->policy.name,
					       CAPGOV_POLICY_LEN) &&
		       r->policy.weight_settable <= 1 &&
		       ends(r->policy.description,
			    sizeof(r->policy.description));
		break;
	case CAPGOV_IOC_GROUP_GET:
		good = group_is_good(&r->group);
		break;
	case CAPGOV_IOC_GROUP_CREATE:
	case CAPGOV_IOC_GROUP_SET:
		good = r->config.id && name_is_good(r->config.name);
		break;
	case CAPGOV_IOC_ATTACH:
		good = name_is_good(r->task.name);
		break;
	case CAPGOV_IOC_DETACH:
		good = r->task.nr_tasks;
	}
	if (!good)
		fuzz_failed(w, "request %u: a bad reply", _IOC_NR(kind->cmd));
}

/**
 * reply_walk() - go through all groups: the numbers rise, and it ends
 * @w: the worker
 */
void reply_walk(struct worker *w)
{
	struct capgov_group_info info = { 0 };
	unsigned int n = 0;
	__u32 last;
	int error;

	do {
		last = info.id;
		memset(&info, 0, sizeof(info));
		info.size = sizeof(info);
		info.flags = CAPGOV_GET_NEXT;
		info.id = last;
		error = ioctl(w->ro, CAPGOV_IOC_GROUP_GET, &info) ? errno : 0;
		if (!error && (info.id <= last || !group_is_good(&info)))
			fuzz_failed(w, "group %u after %u", info.id, last);
		/* Those that come meanwhile have higher numbers. */
		if (n++ > 1000)
			fuzz_failed(w, "the list of groups does not end");
	} while (!error && n <= 1001);
	fuzz_count(w, OP_WALK, error);
	if (w->ro >= 0 && error && error != ENOENT && error != EINTR &&
	    !(error == ENOMEM && shared->faulty))
		fuzz_failed(w, "list of groups: %s", strerror(error));
}
