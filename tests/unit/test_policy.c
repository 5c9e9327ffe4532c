// SPDX-License-Identifier: GPL-2.0
/* The linear policies: names and weights. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <linux/capgov.h>

#include "libcapgov/util.h"
#include "policy.h"
#include "policy_cases.h"

static void weights_follow_the_table(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(policy_weights); i++) {
		const struct policy_weight *row = &policy_weights[i];
		const struct capgov_policy *p = capgov_policy_find(row->policy);

		assert_non_null(p);
		assert_int_equal(p->weight(&row->params, row->cpus),
				 row->weight);
	}
}

static void charges_sys_by_weight(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(policy_charges);
	     i++) {
		const struct policy_charge *row = &policy_charges[i];

		assert_int_equal(capgov_policy_charge_sys(row->sys_ns,
							  row->weight),
				 row->charge_ns);
	}
}

static void container_is_the_articles_figure(void **state)
{
	const struct capgov_policy *p = capgov_policy_find("container");

	for (size_t i = 0; i < ARRAY_SIZE(policy_figures);
	     i++) {
		const struct policy_figure *row = &policy_figures[i];
		struct capgov_params params = {
			.quota_us = row->cap_us, .period_us = 100000,
		};
		__u32 w = p->weight(&params, 1);
		__u64 usr = row->cap_us - capgov_policy_charge_sys(30000, w);

		assert_in_range(usr, row->usr_us, row->usr_us + 1);
	}
}

static void names_are_found_and_distinct(void **state)
{
	const struct capgov_policy *p;
	unsigned int i;

	for (i = 0; (p = capgov_policy_nth(i)); i++) {
		assert_ptr_equal(capgov_policy_find(p->name), p);
		assert_true(strlen(p->name) < CAPGOV_POLICY_LEN);
		assert_true(strlen(p->description) < 96);
	}
	assert_int_equal(i, 5);
	assert_null(capgov_policy_find("cfs?"));
	assert_null(capgov_policy_find(""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(weights_follow_the_table),
		cmocka_unit_test(charges_sys_by_weight),
		cmocka_unit_test(container_is_the_articles_figure),
		cmocka_unit_test(names_are_found_and_distinct),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
