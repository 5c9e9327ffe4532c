// SPDX-License-Identifier: GPL-2.0
/* DOC: The policies as the kernel compiles them, by the tables of tests/unit. */
#include "policy_cases.h"
#include "suites.h"

static void weight_desc(const struct policy_weight *row, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%s on %u", row->policy,
		 row->cpus);
}

KUNIT_ARRAY_PARAM(weights, policy_weights, weight_desc);

static void weights_follow_the_table(struct kunit *test)
{
	const struct policy_weight *row = test->param_value;
	const struct capgov_policy *p = capgov_policy_find(row->policy);

	KUNIT_ASSERT_NOT_NULL(test, p);
	KUNIT_EXPECT_EQ(test, p->weight(&row->params, row->cpus), row->weight);
}

static void charges_sys_by_weight(struct kunit *test)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(policy_charges); i++) {
		const struct policy_charge *row = &policy_charges[i];

		KUNIT_EXPECT_EQ(test, capgov_policy_charge_sys(row->sys_ns,
							       row->weight),
				row->charge_ns);
	}
}

static void container_is_the_articles_figure(struct kunit *test)
{
	const struct capgov_policy *p = capgov_policy_find("container");
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, p);
	for (i = 0; i < ARRAY_SIZE(policy_figures); i++) {
		const struct policy_figure *row = &policy_figures[i];
		struct capgov_params params = {
			.quota_us = row->cap_us, .period_us = 100000,
		};
		u32 w = p->weight(&params, 1);
		u64 usr = row->cap_us - capgov_policy_charge_sys(30000, w);

		KUNIT_EXPECT_GE(test, usr, row->usr_us);
		KUNIT_EXPECT_LE(test, usr, row->usr_us + 1);
	}
}

static void names_are_found_and_distinct(struct kunit *test)
{
	const struct capgov_policy *p;
	unsigned int i;

	for (i = 0; (p = capgov_policy_nth(i)); i++)
		KUNIT_EXPECT_PTR_EQ(test, capgov_policy_find(p->name), p);
	KUNIT_EXPECT_EQ(test, i, capgov_nr_policies_linear);
	KUNIT_EXPECT_NULL(test, capgov_policy_find("tota"));
	KUNIT_EXPECT_NULL(test, capgov_policy_find(""));
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(weights_follow_the_table, weights_gen_params),
	KUNIT_CASE(charges_sys_by_weight),
	KUNIT_CASE(container_is_the_articles_figure),
	KUNIT_CASE(names_are_found_and_distinct),
	{}
};

struct kunit_suite capgov_policy_suite = {
	.name = "capgov_policy",
	.test_cases = cases,
};
