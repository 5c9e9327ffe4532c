// SPDX-License-Identifier: GPL-2.0
/* DOC: Groups: names, requests, life, and the tree they form. */
#include "suites.h"

struct name_row {
	const char *name;
	bool ok;
};

#define LONG62	"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcd"

static const struct name_row name_rows[] = {
	{ "a", true }, { "web.slice", true }, { "...", true }, { "~!@#", true },
	{ LONG62 "e", true }, { LONG62 "ef", false }, { "", false },
	{ ".", false }, { "..", false }, { "a/b", false }, { "a b", false },
	{ "a\n", false }, { "\x7f", false }, { "\xc3\xa4", false },
};

static void name_desc(const struct name_row *row, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%*pEhp",
		 (int)strlen(row->name), row->name);
}

KUNIT_ARRAY_PARAM(names, name_rows, name_desc);

static void names_are_judged(struct kunit *test)
{
	const struct name_row *row = test->param_value;
	char name[CAPGOV_NAME_LEN] = "";

	memcpy(name, row->name, strlen(row->name));
	KUNIT_EXPECT_EQ(test, capgov_config_name_ok(name), row->ok);
}

struct request_row {
	struct capgov_group_config cfg;
	int err;
};

#define CAP(us)		.fields = CAPGOV_FIELD_CAP, .quota_us = (us)
#define PERIOD(us)	.fields = CAPGOV_FIELD_PERIOD, .period_us = (us)
#define BURST(us)	.fields = CAPGOV_FIELD_BURST, .burst_us = (us)

/* The group that "web" would become; "web" itself is there when it is set. */
static const struct request_row request_rows[] = {
	{ { .name = "web" }, 0 },
	{ { .name = "web", CAP(CAPGOV_QUOTA_US_MIN) }, 0 },
	{ { .name = "web", CAP(CAPGOV_QUOTA_US_MIN - 1) }, -ERANGE },
	{ { .name = "web", CAP(100000ULL * CAPGOV_CPUS_MAX) }, 0 },
	{ { .name = "web", CAP(100000ULL * CAPGOV_CPUS_MAX + 1) }, -ERANGE },
	{ { .name = "web", CAP(CAPGOV_QUOTA_MAX) }, 0 },
	{ { .name = "web", PERIOD(CAPGOV_PERIOD_US_MIN) }, 0 },
	{ { .name = "web", PERIOD(CAPGOV_PERIOD_US_MIN - 1) }, -ERANGE },
	{ { .name = "web", PERIOD(CAPGOV_PERIOD_US_MAX) }, 0 },
	{ { .name = "web", PERIOD(CAPGOV_PERIOD_US_MAX + 1) }, -ERANGE },
	{ { .name = "web", BURST(CAPGOV_BURST_US_MAX) }, 0 },
	{ { .name = "web", BURST(CAPGOV_BURST_US_MAX + 1) }, -ERANGE },
	{ { .name = "web", .quota_us = 5000 }, -EINVAL },
	{ { .name = "web", .reserved = 1 }, -EINVAL },
	{ { .name = "web", .flags = 1U << 31 }, -EOPNOTSUPP },
	{ { .name = "web", .fields = 1U << 31 }, -EOPNOTSUPP },
	{ { .name = "a/b" }, -EINVAL },
	{ { .name = "web", .fields = CAPGOV_FIELD_POLICY, .policy = "total" },
	  0 },
	{ { .name = "web", .fields = CAPGOV_FIELD_POLICY, .policy = "nix" },
	  -EOPNOTSUPP },
	{ { .name = "web", .fields = CAPGOV_FIELD_POLICY }, -EINVAL },
	{ { .name = "web", .policy = "total" }, -EINVAL },
	{ { .name = "web", .fields = CAPGOV_FIELD_WEIGHT,
	    .sys_weight_permille = 500 }, -EINVAL },
	{ { .name = "web", .fields = CAPGOV_FIELD_WEIGHT | CAPGOV_FIELD_POLICY,
	    .policy = "weighted", .sys_weight_permille = 1000 }, 0 },
	{ { .name = "web", .fields = CAPGOV_FIELD_WEIGHT | CAPGOV_FIELD_POLICY,
	    .policy = "weighted", .sys_weight_permille = 1001 }, -ERANGE },
	{ { .name = "web", .fields = CAPGOV_FIELD_ACCT,
	    .accounting = CAPGOV_ACCT_SAMPLED + 1 }, -EOPNOTSUPP },
	{ { .name = "web", .fields = CAPGOV_FIELD_PARENT, .parent = "nix" },
	  -ENOENT },
	{ { .name = "web", .fields = CAPGOV_FIELD_PARENT, .parent = "a/b" },
	  -EINVAL },
	{ { .name = "web", .fields = CAPGOV_FIELD_PARENT, .parent = "top" }, 0 },
};

static void request_desc(const struct request_row *row, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "row %zu, errno %d",
		 row - request_rows, -row->err);
}

KUNIT_ARRAY_PARAM(requests, request_rows, request_desc);

static void create_takes_or_refuses(struct kunit *test)
{
	const struct request_row *row = test->param_value;
	struct capgov_group_config cfg = row->cfg;

	suites_group(test, "top", NULL, "total", 50000);
	KUNIT_EXPECT_EQ(test, capgov_group_create(&cfg, NULL), row->err);
	KUNIT_EXPECT_EQ(test, capgov_registry_count(), row->err ? 1 : 2);
	KUNIT_EXPECT_EQ(test, !suites_find("web"), !!row->err);
}

/* A change that is refused changes nothing. */
static void set_takes_or_refuses(struct kunit *test)
{
	const struct request_row *row = test->param_value;
	struct capgov_group_config cfg = row->cfg;
	const struct capgov_policy *policy;
	struct capgov_group *group, *parent;
	struct capgov_params params;

	suites_group(test, "top", NULL, "total", 50000);
	group = suites_group(test, "web", NULL, "exempt", 60000);
	params = group->params;
	policy = group->policy;
	parent = rcu_access_pointer(group->parent);
	KUNIT_EXPECT_EQ(test, suites_set(&cfg), row->err);
	if (!row->err)
		return;
	KUNIT_EXPECT_EQ(test, memcmp(&params, &group->params, sizeof(params)), 0);
	KUNIT_EXPECT_PTR_EQ(test, group->policy, policy);
	KUNIT_EXPECT_PTR_EQ(test, rcu_access_pointer(group->parent), parent);
}

static void a_period_alone_keeps_the_rate(struct kunit *test)
{
	struct capgov_group *group = suites_group(test, "web", NULL, "total", 50000);
	struct capgov_group_config cfg = { .name = "web", PERIOD(10000) };

	KUNIT_EXPECT_EQ(test, suites_set(&cfg), 0);
	KUNIT_EXPECT_EQ(test, group->params.quota_us, 5000);
	KUNIT_EXPECT_EQ(test, group->bucket.rate, 1ULL << (CAPGOV_RATE_SHIFT - 1));
}

static void a_name_is_taken_and_free_again(struct kunit *test)
{
	struct capgov_group_config cfg = { .name = "web" };
	u32 id;

	KUNIT_EXPECT_EQ(test, capgov_group_destroy("web"), -ENOENT);
	KUNIT_EXPECT_EQ(test, capgov_group_create(&cfg, NULL), 0);
	id = cfg.id;
	KUNIT_EXPECT_EQ(test, capgov_group_create(&cfg, NULL), -EEXIST);
	KUNIT_EXPECT_EQ(test, capgov_group_destroy("web"), 0);
	KUNIT_EXPECT_EQ(test, capgov_group_destroy("web"), -ENOENT);
	KUNIT_EXPECT_EQ(test, suites_set(&cfg), -ENOENT);
	KUNIT_EXPECT_EQ(test, capgov_group_create(&cfg, NULL), 0);
	KUNIT_EXPECT_GT(test, cfg.id, id);
}

static void all_are_found_in_order_of_their_numbers(struct kunit *test)
{
	struct capgov_group *groups[3], *group;
	unsigned int n = 0;
	u32 gone;

	groups[0] = suites_group(test, "z", NULL, "total", 50000);
	groups[1] = suites_group(test, "y", NULL, "total", 50000);
	groups[2] = suites_group(test, "x", NULL, "total", 50000);
	gone = groups[1]->id;
	KUNIT_EXPECT_EQ(test, capgov_group_destroy("y"), 0);
	groups[1] = groups[2];
	mutex_lock(&capgov_mutex);
	for (group = capgov_registry_by_id(0, true); group && n < 2;
	     group = capgov_registry_by_id(group->id, true))
		KUNIT_EXPECT_PTR_EQ(test, group, groups[n++]);
	KUNIT_EXPECT_NULL(test, group);
	KUNIT_EXPECT_NULL(test, capgov_registry_by_id(gone, false));
	KUNIT_EXPECT_PTR_EQ(test, capgov_registry_by_id(groups[0]->id, false),
			    groups[0]);
	KUNIT_EXPECT_NULL(test, capgov_registry_by_id(U32_MAX, true));
	mutex_unlock(&capgov_mutex);
	KUNIT_EXPECT_EQ(test, n, 2);
}

static int reparent(const char *name, const char *parent)
{
	struct capgov_group_config cfg;

	suites_config(&cfg, name);
	cfg.fields = CAPGOV_FIELD_PARENT;
	strscpy(cfg.parent, parent, sizeof(cfg.parent));
	return suites_set(&cfg);
}

static void a_tree_has_neither_loop_nor_tower(struct kunit *test)
{
	char name[2] = "a", parent[2] = "";
	struct capgov_group_config cfg;
	unsigned int i;

	for (i = 0; i < CAPGOV_DEPTH_MAX; i++) {
		suites_group(test, name, i ? parent : NULL, "total", 50000);
		parent[0] = name[0]++;
	}
	suites_config(&cfg, name);
	cfg.fields = CAPGOV_FIELD_PARENT;
	strscpy(cfg.parent, parent, sizeof(cfg.parent));
	KUNIT_EXPECT_EQ(test, capgov_group_create(&cfg, NULL), -ELOOP);
	KUNIT_EXPECT_EQ(test, reparent("a", "a"), -ELOOP);
	KUNIT_EXPECT_EQ(test, reparent("a", "c"), -ELOOP);
	/* What hangs below counts too. */
	suites_group(test, "top", NULL, "total", 50000);
	KUNIT_EXPECT_EQ(test, reparent("a", "top"), -ELOOP);
	KUNIT_EXPECT_EQ(test, reparent("b", "top"), 0);
	KUNIT_EXPECT_EQ(test, capgov_group_destroy("b"), -ENOTEMPTY);
	KUNIT_EXPECT_EQ(test, capgov_group_destroy("a"), 0);
}

static int create_in(const char *name, const char *parent, int accounting)
{
	struct capgov_group_config cfg;

	suites_config(&cfg, name);
	cfg.fields = CAPGOV_FIELD_PARENT;
	strscpy(cfg.parent, parent, sizeof(cfg.parent));
	if (accounting >= 0) {
		cfg.fields |= CAPGOV_FIELD_ACCT;
		cfg.accounting = accounting;
	}
	return capgov_group_create(&cfg, NULL);
}

static int account(const char *name, u32 accounting)
{
	struct capgov_group_config cfg;

	suites_config(&cfg, name);
	cfg.fields = CAPGOV_FIELD_ACCT;
	cfg.accounting = accounting;
	return suites_set(&cfg);
}

static void a_tree_is_accounted_for_in_one_way(struct kunit *test)
{
	struct capgov_group *top = suites_group(test, "top", NULL, "total", 50000);

	suites_group(test, "exact", NULL, "total", 50000);
	KUNIT_EXPECT_FALSE(test, top->sampled);
	KUNIT_EXPECT_EQ(test, account("top", CAPGOV_ACCT_SAMPLED), 0);
	KUNIT_EXPECT_TRUE(test, top->sampled);
	KUNIT_EXPECT_EQ(test, create_in("leaf", "top", CAPGOV_ACCT_EXACT), -EINVAL);
	KUNIT_EXPECT_EQ(test, create_in("leaf", "top", -1), 0);
	KUNIT_EXPECT_TRUE(test, suites_find("leaf")->sampled);
	KUNIT_EXPECT_EQ(test, create_in("twig", "top", CAPGOV_ACCT_SAMPLED), 0);
	KUNIT_EXPECT_EQ(test, account("leaf", CAPGOV_ACCT_EXACT), -EINVAL);
	KUNIT_EXPECT_EQ(test, account("top", CAPGOV_ACCT_EXACT), -EINVAL);
	KUNIT_EXPECT_EQ(test, account("top", CAPGOV_ACCT_SAMPLED), 0);
	KUNIT_EXPECT_EQ(test, reparent("leaf", "exact"), -EINVAL);
	KUNIT_EXPECT_EQ(test, reparent("leaf", ""), 0);
	KUNIT_EXPECT_EQ(test, account("leaf", CAPGOV_ACCT_EXACT), 0);
	KUNIT_EXPECT_EQ(test, reparent("leaf", "exact"), 0);
}

static void a_parent_counts_its_children(struct kunit *test)
{
	struct capgov_group *one = suites_group(test, "one", NULL, "total", 50000);
	struct capgov_group *two = suites_group(test, "two", NULL, "total", 50000);
	int refs = refcount_read(&one->refs);

	suites_group(test, "leaf", "one", "total", 50000);
	KUNIT_EXPECT_EQ(test, suites_length(&one->children), 1);
	KUNIT_EXPECT_EQ(test, refcount_read(&one->refs), refs + 1);
	KUNIT_EXPECT_EQ(test, reparent("leaf", "one"), 0);
	KUNIT_EXPECT_EQ(test, suites_length(&one->children), 1);
	KUNIT_EXPECT_EQ(test, reparent("leaf", "two"), 0);
	KUNIT_EXPECT_EQ(test, suites_length(&one->children), 0);
	KUNIT_EXPECT_EQ(test, refcount_read(&one->refs), refs);
	KUNIT_EXPECT_EQ(test, suites_length(&two->children), 1);
	KUNIT_EXPECT_EQ(test, capgov_group_destroy("leaf"), 0);
	KUNIT_EXPECT_EQ(test, suites_length(&two->children), 0);
	suites_settle();
	KUNIT_EXPECT_EQ(test, refcount_read(&two->refs), refs);
}

/* On every CPU, though nobody of its runs there any more. */
static void what_a_child_has_not_settled_is_its_parents(struct kunit *test)
{
	struct capgov_group *up = suites_group(test, "up", NULL, "total", 50000);
	struct capgov_group *leaf = suites_group(test, "leaf", "up", "total", 50000);
	struct capgov_group_info info = { 0 };
	int cpu;

	for_each_possible_cpu(cpu) {
		per_cpu_ptr(leaf->pcpu, cpu)->ns[0] = NSEC_PER_MSEC;
		per_cpu_ptr(leaf->pcpu, cpu)->ns[1] = NSEC_PER_USEC;
	}
	KUNIT_EXPECT_EQ(test, capgov_group_destroy("leaf"), 0);
	suites_settle();
	mutex_lock(&capgov_mutex);
	capgov_stats_read(up, &info);
	mutex_unlock(&capgov_mutex);
	KUNIT_EXPECT_EQ(test, info.usr_ns, num_possible_cpus() * NSEC_PER_MSEC);
	KUNIT_EXPECT_EQ(test, info.sys_ns, num_possible_cpus() * NSEC_PER_USEC);
	KUNIT_EXPECT_EQ(test, info.charged_ns, info.usr_ns + info.sys_ns);
}

/* An empty one goes with its descriptor; it cannot be a parent. */
static void an_automatic_group_goes_by_itself(struct kunit *test)
{
	struct capgov_group_config cfg = {
		.name = "auto", .flags = CAPGOV_GROUP_AUTO,
	};
	LIST_HEAD(autos);

	KUNIT_EXPECT_EQ(test, capgov_group_create(&cfg, &autos), 0);
	suites_group(test, "web", NULL, "total", 50000);
	KUNIT_EXPECT_EQ(test, reparent("web", "auto"), -EINVAL);
	capgov_group_drop_autos(&autos);
	capgov_group_wait_reaped();
	KUNIT_EXPECT_TRUE(test, list_empty(&autos));
	KUNIT_EXPECT_NULL(test, suites_find("auto"));
	KUNIT_EXPECT_EQ(test, capgov_registry_count(), 1);
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(names_are_judged, names_gen_params),
	KUNIT_CASE_PARAM(create_takes_or_refuses, requests_gen_params),
	KUNIT_CASE_PARAM(set_takes_or_refuses, requests_gen_params),
	KUNIT_CASE(a_period_alone_keeps_the_rate),
	KUNIT_CASE(a_name_is_taken_and_free_again),
	KUNIT_CASE(all_are_found_in_order_of_their_numbers),
	KUNIT_CASE(a_tree_has_neither_loop_nor_tower),
	KUNIT_CASE(a_tree_is_accounted_for_in_one_way),
	KUNIT_CASE(a_parent_counts_its_children),
	KUNIT_CASE(what_a_child_has_not_settled_is_its_parents),
	KUNIT_CASE(an_automatic_group_goes_by_itself),
	{}
};

struct kunit_suite capgov_group_suite = {
	.name = "capgov_group",
	.exit = suites_exit,
	.test_cases = cases,
};
