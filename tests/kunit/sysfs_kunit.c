// SPDX-License-Identifier: GPL-2.0
/* DOC: What may be written to a group's files, and what it means. */
#include "suites.h"

#define TEXT64	"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

struct parse_row {
	u32 field;
	const char *text;
	size_t len;	/* 0: that of @text */
	int err;
	u64 value;	/* of a number */
	const char *string;
};

#define CAP	CAPGOV_FIELD_CAP
#define PERIOD	CAPGOV_FIELD_PERIOD
#define BURST	CAPGOV_FIELD_BURST
#define POLICY	CAPGOV_FIELD_POLICY
#define WEIGHT	CAPGOV_FIELD_WEIGHT
#define ACCT	CAPGOV_FIELD_ACCT
#define PARENT	CAPGOV_FIELD_PARENT

static const struct parse_row parse_rows[] = {
	{ CAP, "50000\n", .value = 50000 },
	{ CAP, "50000", .value = 50000 },
	{ CAP, "max\n", .value = CAPGOV_QUOTA_MAX },
	{ CAP, "max", .value = CAPGOV_QUOTA_MAX },
	{ CAP, "0", .value = 0 },
	{ CAP, "18446744073709551614", .value = CAPGOV_QUOTA_MAX - 1 },
	{ CAP, "18446744073709551615", .err = -ERANGE },
	{ CAP, "18446744073709551616", .err = -ERANGE },
	{ CAP, "-1", .err = -EINVAL },
	{ CAP, "", .err = -EINVAL },
	{ CAP, "\n", .err = -EINVAL },
	{ CAP, " 5", .err = -EINVAL },
	{ CAP, "5 ", .err = -EINVAL },
	{ CAP, "5\n\n", .err = -EINVAL },
	{ CAP, "0x10", .err = -EINVAL },
	{ CAP, "5\0006", .len = 3, .err = -EINVAL },
	{ CAP, "MAX", .err = -EINVAL },
	{ CAP, "maximum", .err = -EINVAL },
	{ PERIOD, "4294967295", .value = U32_MAX },
	{ PERIOD, "4294967296", .err = -ERANGE },
	{ PERIOD, "max", .err = -EINVAL },
	{ BURST, "18446744073709551615\n", .value = U64_MAX },
	{ BURST, "1e3", .err = -EINVAL },
	{ WEIGHT, "1000\n", .value = 1000 },
	{ WEIGHT, "4294967296", .err = -ERANGE },
	{ WEIGHT, "0.5", .err = -EINVAL },
	{ ACCT, "exact\n", .value = CAPGOV_ACCT_EXACT },
	{ ACCT, "sampled", .value = CAPGOV_ACCT_SAMPLED },
	{ ACCT, "exac", .err = -EINVAL },
	{ ACCT, "", .err = -EINVAL },
	{ POLICY, "total\n", .string = "total" },
	{ POLICY, "", .string = "" },
	{ POLICY, "0123456789abcde", .string = "0123456789abcde" },
	{ POLICY, "0123456789abcde\n", .string = "0123456789abcde" },
	{ POLICY, "0123456789abcdef", .err = -EINVAL },
	{ POLICY, "total\n\n", .err = -EINVAL },
	{ POLICY, "to\ntal", .err = -EINVAL },
	{ POLICY, "to\0tal", .len = 6, .err = -EINVAL },
	{ PARENT, "web\n", .string = "web" },
	{ PARENT, "\n", .string = "" },
	{ PARENT, "", .string = "" },
	{ PARENT, TEXT64 + 1, .string = TEXT64 + 1 },
	{ PARENT, TEXT64, .err = -EINVAL },
	{ PARENT, TEXT64 "\n", .err = -EINVAL },
};

static void parse_desc(const struct parse_row *row, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "field %u %*pEhp", row->field,
		 (int)(row->len ?: strlen(row->text)), row->text);
}

KUNIT_ARRAY_PARAM(parse, parse_rows, parse_desc);

/* The request that the row stands for: what is not named stays zero. */
static void expected(const struct parse_row *row,
		     struct capgov_group_config *cfg)
{
	memset(cfg, 0, sizeof(*cfg));
	if (row->field == CAP)
		cfg->quota_us = row->value;
	else if (row->field == PERIOD)
		cfg->period_us = row->value;
	else if (row->field == BURST)
		cfg->burst_us = row->value;
	else if (row->field == WEIGHT)
		cfg->sys_weight_permille = row->value;
	else if (row->field == ACCT)
		cfg->accounting = row->value;
	else if (row->field == POLICY)
		strscpy(cfg->policy, row->string, sizeof(cfg->policy));
	else
		strscpy(cfg->parent, row->string, sizeof(cfg->parent));
}

static void a_line_is_a_value_or_an_error(struct kunit *test)
{
	const struct parse_row *row = test->param_value;
	size_t len = row->len ?: strlen(row->text);
	struct capgov_group_config *cfg, *want;
	char *buf;

	/* As long as it must be, so that who reads too far is caught. */
	buf = kunit_kzalloc(test, len + 1, GFP_KERNEL);
	cfg = kunit_kzalloc(test, sizeof(*cfg), GFP_KERNEL);
	want = kunit_kzalloc(test, sizeof(*want), GFP_KERNEL);
	KUNIT_ASSERT_TRUE(test, buf && cfg && want);
	memcpy(buf, row->text, len);
	KUNIT_ASSERT_EQ(test, capgov_sysfs_parse(row->field, buf, len, cfg),
			row->err);
	if (row->err)
		return;
	expected(row, want);
	KUNIT_EXPECT_EQ(test, memcmp(cfg, want, sizeof(*cfg)), 0);
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(a_line_is_a_value_or_an_error, parse_gen_params),
	{}
};

struct kunit_suite capgov_sysfs_suite = {
	.name = "capgov_sysfs",
	.test_cases = cases,
};
