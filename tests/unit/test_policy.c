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

#include "policy.h"

#define ONE	CAPGOV_WEIGHT_ONE

static void weights_follow_the_table(void **state)
{
	static const struct {
		const char *policy;
		struct capgov_params params;
		unsigned int cpus;
		__u32 weight;
	} rows[] = {
		{ "none", { .quota_us = 1, .period_us = 2 }, 1, ONE },
		{ "total", { .quota_us = 1, .period_us = 2 }, 1, ONE },
		{ "exempt", { .quota_us = 1, .period_us = 2 }, 1, 0 },
		{ "container", { .quota_us = 50000, .period_us = 100000 }, 1,
		  ONE / 2 },
		{ "container", { .quota_us = 50000, .period_us = 100000 }, 2,
		  ONE / 4 },
		{ "container", { .quota_us = 100000, .period_us = 100000 }, 1,
		  ONE },
		{ "container", { .quota_us = 800000, .period_us = 100000 }, 2,
		  ONE },
		{ "container", { .quota_us = CAPGOV_QUOTA_MAX,
				 .period_us = 100000 }, 4, ONE },
		{ "weighted", { .sys_weight_permille = 0 }, 1, 0 },
		{ "weighted", { .sys_weight_permille = 250 }, 1, ONE / 4 },
		{ "weighted", { .sys_weight_permille = 1000 }, 1, ONE },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct capgov_policy *p =
			capgov_policy_find(rows[i].policy);

		assert_non_null(p);
		assert_int_equal(p->weight(&rows[i].params, rows[i].cpus),
				 rows[i].weight);
	}
}

static void charges_sys_by_weight(void **state)
{
	assert_int_equal(capgov_policy_charge_sys(0, ONE), 0);
	assert_int_equal(capgov_policy_charge_sys(UINT64_MAX, ONE), UINT64_MAX);
	assert_int_equal(capgov_policy_charge_sys(UINT64_MAX, 0), 0);
	assert_int_equal(capgov_policy_charge_sys(1000, ONE / 4), 250);
}

/* The article: 7 slots of USR become 3.5 at 0.5 CPU and 2.1 at 0.3. */
static void container_is_the_articles_figure(void **state)
{
	static const __u64 caps_us[] = { 50000, 30000 };
	static const __u64 usr_us[] = { 35000, 21000 };
	const struct capgov_policy *p = capgov_policy_find("container");

	for (size_t i = 0; i < 2; i++) {
		struct capgov_params params = {
			.quota_us = caps_us[i], .period_us = 100000,
		};
		__u32 w = p->weight(&params, 1);
		__u64 usr = caps_us[i] - capgov_policy_charge_sys(30000, w);

		assert_in_range(usr, usr_us[i], usr_us[i] + 1);
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
