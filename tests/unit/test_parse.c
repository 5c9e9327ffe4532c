// SPDX-License-Identifier: GPL-2.0
/* What users may write and what they may not, value by value. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "libcapgov/parse.h"
#include "libcapgov/util.h"

#define UNTOUCHED	0xdeadULL

static const struct cpus_case {
	const char *text;
	int err;
	__u64 ppb;
} cpus_cases[] = {
	{ "max", 0, CAPGOV_QUOTA_MAX },
	{ "1", 0, CAPGOV_PPB },
	{ "0.5", 0, 500000000 },
	{ "1.5", 0, 1500000000 },
	{ "50%", 0, 500000000 },
	{ "0.1%", 0, 1000000 },
	{ "150%", 0, 1500000000 },
	{ "0.29", 0, 290000000 },
	{ "007", 0, 7000000000 },
	{ "0.000000001", 0, 1 },
	{ "0.0000001%", 0, 1 },
	{ "8192", 0, 8192000000000 },
	{ "819200%", 0, 8192000000000 },
	{ "8192.000000001", -ERANGE, 0 },
	{ "8193", -ERANGE, 0 },
	{ "819200.1%", -ERANGE, 0 },
	{ "0", -ERANGE, 0 },
	{ "0.0", -ERANGE, 0 },
	{ "0%", -ERANGE, 0 },
	{ "18446744073709551616", -ERANGE, 0 },
	{ "99999999999999999999999999999999%", -ERANGE, 0 },
	{ "0.0000000001", -EINVAL, 0 },
	{ "0.000000001%", -EINVAL, 0 },
	{ "", -EINVAL, 0 },
	{ " 1", -EINVAL, 0 },
	{ "1 ", -EINVAL, 0 },
	{ "+1", -EINVAL, 0 },
	{ "-1", -EINVAL, 0 },
	{ "-0.5", -EINVAL, 0 },
	{ ".5", -EINVAL, 0 },
	{ "5.", -EINVAL, 0 },
	{ "5.%", -EINVAL, 0 },
	{ "%", -EINVAL, 0 },
	{ "50%%", -EINVAL, 0 },
	{ "50 %", -EINVAL, 0 },
	{ "1.2.3", -EINVAL, 0 },
	{ "1,5", -EINVAL, 0 },
	{ "0x1", -EINVAL, 0 },
	{ "1e1", -EINVAL, 0 },
	{ "nan", -EINVAL, 0 },
	{ "inf", -EINVAL, 0 },
	{ "MAX", -EINVAL, 0 },
	{ "max%", -EINVAL, 0 },
	{ "maximum", -EINVAL, 0 },
	{ "1\n", -EINVAL, 0 },
	{ "99999999999999999999999999999999x", -EINVAL, 0 },
};

static void cpus(void **state)
{
	__u64 ppb;
	size_t i;
	int err;

	for (i = 0; i < ARRAY_SIZE(cpus_cases); i++) {
		const struct cpus_case *c = &cpus_cases[i];

		ppb = UNTOUCHED;
		err = capgov_parse_cpus(c->text, &ppb);
		if (err != c->err || ppb != (err ? UNTOUCHED : c->ppb))
			fail_msg("'%s': %d, %llu", c->text, err, ppb);
	}
}

static const struct quota_case {
	const char *cpus;
	__u32 period_us;
	int err;
	__u64 quota_us;
} quota_cases[] = {
	{ "max", 100000, 0, CAPGOV_QUOTA_MAX },
	{ "0.5", 100000, 0, 50000 },
	{ "0.29", 100000, 0, 29000 },
	{ "0.57", 100000, 0, 57000 },
	{ "1.15", 1000, 0, 1150 },
	{ "0.3333", 1000, 0, 333 },
	{ "0.3335", 1000, 0, 334 },
	{ "0.001", 100000, 0, 100 },
	{ "0.000995", 100000, 0, 100 },
	{ "0.000994", 100000, -ERANGE, 0 },
	{ "0.000000001", 1000000, -ERANGE, 0 },
	{ "8192", 1000000, 0, 8192000000 },
};

static void quota(void **state)
{
	__u64 ppb, quota_us = 0;
	size_t i;
	int err;

	for (i = 0; i < ARRAY_SIZE(quota_cases); i++) {
		const struct quota_case *c = &quota_cases[i];

		assert_int_equal(capgov_parse_cpus(c->cpus, &ppb), 0);
		err = capgov_cpus_to_quota(ppb, c->period_us, &quota_us);
		if (err != c->err || (!err && quota_us != c->quota_us))
			fail_msg("%s of %u us: %d, %llu", c->cpus,
				 c->period_us, err, quota_us);
	}
}

/* Whatever a cap has in whole microseconds comes back the same. */
static void every_percent_is_exact(void **state)
{
	__u64 ppb, quota_us;
	char text[16];
	int n;

	for (n = 1; n <= 10000; n++) {
		snprintf(text, sizeof(text), "%d.%02d%%", n / 100, n % 100);
		assert_int_equal(capgov_parse_cpus(text, &ppb), 0);
		assert_int_equal(capgov_cpus_to_quota(ppb, 1000000, &quota_us),
				 0);
		assert_int_equal(quota_us, n * 100);
	}
}

static const struct duration_case {
	const char *text;
	int err;
	__u64 us;
} duration_cases[] = {
	{ "0", 0, 0 },
	{ "0us", 0, 0 },
	{ "100ms", 0, 100000 },
	{ "5000us", 0, 5000 },
	{ "1s", 0, 1000000 },
	{ "18446744073709551615us", 0, ~0ULL },
	{ "18446744073709s", 0, 18446744073709000000ULL },
	{ "18446744073710s", -ERANGE, 0 },
	{ "18446744073709551616us", -ERANGE, 0 },
	{ "99999999999999999999999s", -ERANGE, 0 },
	{ "", -EINVAL, 0 },
	{ "100", -EINVAL, 0 },
	{ "ms", -EINVAL, 0 },
	{ "00", -EINVAL, 0 },
	{ "1.5ms", -EINVAL, 0 },
	{ "-1ms", -EINVAL, 0 },
	{ "+1ms", -EINVAL, 0 },
	{ "1 ms", -EINVAL, 0 },
	{ "1ms ", -EINVAL, 0 },
	{ "1mss", -EINVAL, 0 },
	{ "1m", -EINVAL, 0 },
	{ "1ns", -EINVAL, 0 },
	{ "1S", -EINVAL, 0 },
	{ "0x10us", -EINVAL, 0 },
	{ "1e3us", -EINVAL, 0 },
};

static void durations(void **state)
{
	__u64 us;
	size_t i;
	int err;

	for (i = 0; i < ARRAY_SIZE(duration_cases); i++) {
		const struct duration_case *c = &duration_cases[i];

		us = UNTOUCHED;
		err = capgov_parse_duration(c->text, &us);
		if (err != c->err || us != (err ? UNTOUCHED : c->us))
			fail_msg("'%s': %d, %llu", c->text, err, us);
	}
}

static const struct whole_case {
	const char *text;
	int permille_err;
	int pid_err;
	long value;
} whole_cases[] = {
	{ "1", 0, 0, 1 },
	{ "1000", 0, 0, 1000 },
	{ "0", 0, -ERANGE, 0 },
	{ "1001", -ERANGE, 0, 1001 },
	{ "4194304", -ERANGE, 0, 4194304 },
	{ "4194305", -ERANGE, -ERANGE, 0 },
	{ "4294967297", -ERANGE, -ERANGE, 0 },
	{ "18446744073709551617", -ERANGE, -ERANGE, 0 },
	{ "", -EINVAL, -EINVAL, 0 },
	{ "-1", -EINVAL, -EINVAL, 0 },
	{ "+1", -EINVAL, -EINVAL, 0 },
	{ " 1", -EINVAL, -EINVAL, 0 },
	{ "1.0", -EINVAL, -EINVAL, 0 },
	{ "1x", -EINVAL, -EINVAL, 0 },
	{ "0x1", -EINVAL, -EINVAL, 0 },
	{ "self", -EINVAL, -EINVAL, 0 },
	{ "99999999999999999999x", -EINVAL, -EINVAL, 0 },
};

static void whole_numbers(void **state)
{
	__u32 permille = 0;
	pid_t pid = 0;
	size_t i;
	int err;

	for (i = 0; i < ARRAY_SIZE(whole_cases); i++) {
		const struct whole_case *c = &whole_cases[i];

		err = capgov_parse_permille(c->text, &permille);
		if (err != c->permille_err || (!err && permille != c->value))
			fail_msg("permille '%s': %d, %u", c->text, err,
				 permille);
		err = capgov_parse_pid(c->text, &pid);
		if (err != c->pid_err || (!err && pid != c->value))
			fail_msg("pid '%s': %d, %d", c->text, err, pid);
	}
}

static void names(void **state)
{
	static const char * const good[] = {
		"a", "web-1", "run-12.2", "...", ".a", "$(x)", "~", "-x",
		"123456789012345678901234567890123456789012345678901234567890123",
	};
	static const char * const bad[] = {
		"", ".", "..", "a/b", "/", "with space", "a\tb", "a\n", "\x7f", "\xc3\xa9",
		"1234567890123456789012345678901234567890123456789012345678901234",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(good); i++)
		if (capgov_parse_name(good[i]))
			fail_msg("'%s' is a name", good[i]);
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		if (capgov_parse_name(bad[i]) != -EINVAL)
			fail_msg("'%s' is no name", bad[i]);
}

static void policies(void **state)
{
	assert_int_equal(capgov_parse_policy("total"), 0);
	assert_int_equal(capgov_parse_policy("fifteen-letters"), 0);
	assert_int_equal(capgov_parse_policy("sixteen--letters"), -EINVAL);
	assert_int_equal(capgov_parse_policy(""), -EINVAL);
	assert_int_equal(capgov_parse_policy("a\x01"), -EINVAL);
}

static void accounting(void **state)
{
	__u32 kind = 99;

	assert_int_equal(capgov_parse_accounting("Exact", &kind), -EINVAL);
	assert_int_equal(capgov_parse_accounting("", &kind), -EINVAL);
	assert_int_equal(kind, 99);
	assert_int_equal(capgov_parse_accounting("sampled", &kind), 0);
	assert_int_equal(kind, CAPGOV_ACCT_SAMPLED);
	assert_string_equal(capgov_accounting_name(CAPGOV_ACCT_EXACT), "exact");
	assert_string_equal(capgov_accounting_name(7), "unknown");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cpus),
		cmocka_unit_test(quota),
		cmocka_unit_test(every_percent_is_exact),
		cmocka_unit_test(durations),
		cmocka_unit_test(whole_numbers),
		cmocka_unit_test(names),
		cmocka_unit_test(policies),
		cmocka_unit_test(accounting),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
