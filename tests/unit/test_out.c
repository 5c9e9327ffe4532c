// SPDX-License-Identifier: GPL-2.0
/* One row model, seen as text, as a table and as JSON. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "govctl/groups.h"
#include "govctl/out.h"

struct row {
	const char *string;
	char text[8];
	__u32 count;
	__u32 yes;
	__u64 number;
	double cpus;
	__u64 waits[CAPGOV_HIST_SLOTS];
};

static const struct out_column columns[] = {
	OUT_COLUMN(struct row, string, "string", OUT_STRING, "STRING", BIT(0)),
	OUT_COLUMN(struct row, text, "text", OUT_TEXT, "TEXT", BIT(1)),
	OUT_COLUMN(struct row, count, "count", OUT_COUNT, "COUNT", BIT(0)),
	OUT_COLUMN(struct row, yes, "yes", OUT_YESNO, "YES",
		   BIT(0) | OUT_JSON_ONLY),
	OUT_COLUMN(struct row, number, "number", OUT_NUMBER, "NUMBER", BIT(1)),
	OUT_COLUMN(struct row, cpus, "cpus", OUT_CPUS, "CPUS", BIT(0)),
	OUT_COLUMN(struct row, waits, "waits", OUT_WAITS, "WAITS", BIT(2)),
};

static const struct out_shape shape = {
	columns, ARRAY_SIZE(columns), sizeof(struct row)
};

static char *buffer;
static size_t length;
static FILE *stream;

static void start(enum out_format format)
{
	stream = open_memstream(&buffer, &length);
	assert_non_null(stream);
	out_init(stream, format);
}

static void finish(const char *expected)
{
	fclose(stream);
	assert_string_equal(buffer, expected);
	free(buffer);
}

/* JSON is easier to read in a string when ' stands for ". */
static void finish_json(const char *expected)
{
	char *text = strdup(expected);
	char *p;

	for (p = text; *p; p++)
		if (*p == '\'')
			*p = '"';
	finish(text);
	free(text);
}

static void quotes_are_escaped(void **state)
{
	struct row row = { .text = "a\"b\\" };

	start(OUT_JSON);
	out_object(&shape, &row, BIT(1));
	finish("{\"text\":\"a\\\"b\\\\\",\"number\":0}\n");
}

static const struct number_case {
	enum out_kind kind;
	__u64 value;
	const char *text;
} number_cases[] = {
	{ OUT_NUMBER, 0, "0" },
	{ OUT_NUMBER, ~0ULL, "18446744073709551615" },
	{ OUT_NS, 0, "0 ns" },
	{ OUT_NS, 999, "999 ns" },
	{ OUT_NS, 1000, "1.000 us" },
	{ OUT_NS, 1234567, "1.235 ms" },
	{ OUT_NS, 2500000000, "2.500 s" },
	{ OUT_US, 0, "0" },
	{ OUT_US, 1, "1us" },
	{ OUT_US, 1500, "1500us" },
	{ OUT_US, 100000, "100ms" },
	{ OUT_US, 2000000, "2s" },
	{ OUT_QUOTA, 50000, "50ms" },
	{ OUT_QUOTA, CAPGOV_QUOTA_MAX, "max" },
};

static void numbers_for_people(void **state)
{
	char text[64];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(number_cases); i++) {
		struct out_column column = { .kind = number_cases[i].kind };

		out_text(&column, &number_cases[i].value, text, sizeof(text));
		assert_string_equal(text, number_cases[i].text);
	}
}

static void a_list_of_rows(void **state)
{
	struct row rows[] = {
		{ .string = "a", .count = 4000000000u, .yes = 1, .cpus = 0.3 },
		{ .cpus = NAN },
	};

	start(OUT_PRETTY);
	out_rows(&shape, rows, 2, BIT(0));
	finish_json("[\n"
		    "  {\n"
		    "    'string': 'a',\n"
		    "    'count': 4000000000,\n"
		    "    'yes': true,\n"
		    "    'cpus': 0.3\n"
		    "  },\n"
		    "  {\n"
		    "    'string': null,\n"
		    "    'count': 0,\n"
		    "    'yes': false,\n"
		    "    'cpus': null\n"
		    "  }\n"
		    "]\n");
}

static void an_empty_list(void **state)
{
	start(OUT_JSON);
	out_rows(&shape, NULL, 0, 0);
	finish("[]\n");
}

static void an_indented_object(void **state)
{
	struct row row = { .text = "x", .number = 7 };

	start(OUT_PRETTY);
	out_object(&shape, &row, BIT(1));
	finish("{\n  \"text\": \"x\",\n  \"number\": 7\n}\n");
}

static void a_table(void **state)
{
	struct row rows[] = {
		{ .string = "long one", .count = 1, .yes = 1, .cpus = 1.5 },
		{ .count = 100, .cpus = NAN },
	};

	start(OUT_TABLE);
	out_rows(&shape, rows, 2, BIT(0));
	finish("STRING   COUNT CPUS\n"
	       "long one     1  1.5\n"
	       "-          100  max\n");
}

static void a_list_of_pairs(void **state)
{
	struct row row = { .text = "x", .number = 7 };

	start(OUT_TABLE);
	out_object(&shape, &row, BIT(1));
	finish("TEXT   x\n"
	       "NUMBER 7\n");
}

static void waits_as_json(void **state)
{
	static const char * const expected[] = {
		"{\"from_ns\":0,\"to_ns\":1,\"count\":1}",
		"{\"from_ns\":1024,\"to_ns\":2047,\"count\":2}",
		"{\"from_ns\":549755813888,\"to_ns\":null,\"count\":3}",
	};
	struct row row = { .waits = { [0] = 1, [10] = 2 } };
	json_t *waits;
	char *text;
	size_t i;

	row.waits[CAPGOV_HIST_SLOTS - 1] = 3;
	waits = out_json_row(&shape, &row, BIT(2));
	for (i = 0; i < ARRAY_SIZE(expected); i++) {
		json_t *slot = json_array_get(json_object_get(waits, "waits"),
					      i);

		text = json_dumps(slot, JSON_COMPACT);
		assert_string_equal(text, expected[i]);
		free(text);
	}
	assert_int_equal(json_array_size(json_object_get(waits, "waits")), i);
	json_decref(waits);
}

static void waits_as_bars(void **state)
{
	struct row row = { .waits = { [20] = 1, [21] = 4000000000 } };

	start(OUT_TABLE);
	out_object(&shape, &row, BIT(2));
	finish("WAITS 4000000001\n"
	       "  from   1.049 ms  #                                        1\n"
	       "  from   2.097 ms  ######################################## 4000000000\n");
}

static void a_number_is_for_programs_only(void **state)
{
	start(OUT_TABLE);
	out_number("nr_tasks", 3);
	finish("");
	start(OUT_JSON);
	out_number("nr_tasks", 3);
	finish("{\"nr_tasks\":3}\n");
}

/* The fields that show -j promises, and the types programs rely on. */
static void a_group(void **state)
{
	static const char * const keys[] = {
		"name", "id", "parent", "policy", "quota_us", "period_us",
		"burst_us", "sys_weight_permille", "accounting", "nr_tasks",
		"nr_parked", "usr_ns", "sys_ns", "charged_ns", "exempt_ns",
		"denied_ns", "forgiven_ns", "debt_ns", "nr_throttled",
		"max_stall_ns", "cap_cpus", "nr_joining", "auto", "wait_hist",
		"sys_error_ns",
	};
	struct group_row row = {
		.info = {
			.name = "web", .policy = "total", .id = 3,
			.quota_us = 50000, .period_us = 100000,
		},
	};
	json_t *group;
	size_t i;

	group_row_init(&row);
	group = out_json_row(&group_shape, &row, VIEW_SHOW);
	for (i = 0; i < ARRAY_SIZE(keys); i++)
		if (!json_object_get(group, keys[i]))
			fail_msg("no %s", keys[i]);
	assert_true(json_is_null(json_object_get(group, "parent")));
	assert_true(json_is_false(json_object_get(group, "auto")));
	assert_int_equal(json_integer_value(json_object_get(group, "quota_us")),
			 50000);
	assert_true(json_real_value(json_object_get(group, "cap_cpus")) == 0.5);
	json_decref(group);

	row.info.quota_us = CAPGOV_QUOTA_MAX;
	group_row_init(&row);
	group = out_json_row(&group_shape, &row, VIEW_SHOW);
	assert_string_equal(json_string_value(json_object_get(group,
							      "quota_us")),
			    "max");
	assert_true(json_is_null(json_object_get(group, "cap_cpus")));
	json_decref(group);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_for_people),
		cmocka_unit_test(a_list_of_rows),
		cmocka_unit_test(quotes_are_escaped),
		cmocka_unit_test(an_empty_list),
		cmocka_unit_test(an_indented_object),
		cmocka_unit_test(a_table),
		cmocka_unit_test(a_list_of_pairs),
		cmocka_unit_test(waits_as_json),
		cmocka_unit_test(waits_as_bars),
		cmocka_unit_test(a_number_is_for_programs_only),
		cmocka_unit_test(a_group),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
