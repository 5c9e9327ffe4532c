// SPDX-License-Identifier: GPL-2.0
/* DOC: Statistics: which slot a wait falls into, and that CPUs are summed. */
#include "suites.h"

struct wait_row {
	u64 ns;
	unsigned int slot;
};

static const struct wait_row wait_rows[] = {
	{ 0, 0 }, { 1, 0 }, { 2, 1 }, { 3, 1 }, { 4, 2 }, { 1023, 9 },
	{ 1024, 10 }, { (1ULL << 38) - 1, 37 }, { (1ULL << 39) - 1, 38 },
	{ 1ULL << 39, 39 }, { 1ULL << 40, 39 }, { U64_MAX, 39 },
};

static void wait_desc(const struct wait_row *row, char *desc)
{
	snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%llu ns", row->ns);
}

KUNIT_ARRAY_PARAM(waits, wait_rows, wait_desc);

static struct capgov_group_info *read_info(struct kunit *test,
					   struct capgov_group *group)
{
	struct capgov_group_info *info;

	info = kunit_kzalloc(test, sizeof(*info), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, info);
	info->size = 12345;
	mutex_lock(&capgov_mutex);
	capgov_stats_read(group, info);
	mutex_unlock(&capgov_mutex);
	KUNIT_EXPECT_EQ(test, info->size, 12345);
	return info;
}

static void wait(struct capgov_group *group, u64 ns)
{
	raw_spin_lock_irq(&group->lock);
	capgov_stats_wait(group, ns);
	raw_spin_unlock_irq(&group->lock);
}

static void a_wait_falls_into_its_slot(struct kunit *test)
{
	const struct wait_row *row = test->param_value;
	struct capgov_group *group = suites_group(test, "g", NULL, "total", 50000);
	struct capgov_group_info *info;
	unsigned int i;

	wait(group, row->ns);
	info = read_info(test, group);
	for (i = 0; i < CAPGOV_HIST_SLOTS; i++)
		KUNIT_EXPECT_EQ(test, info->wait_hist[i], i == row->slot);
	KUNIT_EXPECT_EQ(test, info->denied_ns, row->ns);
}

static void waits_add_up_and_the_longest_stays(struct kunit *test)
{
	struct capgov_group *group = suites_group(test, "g", NULL, "total", 50000);
	struct capgov_group_info *info;

	wait(group, 700);
	wait(group, 900);
	wait(group, 100);
	info = read_info(test, group);
	KUNIT_EXPECT_EQ(test, info->nr_throttled, 3);
	KUNIT_EXPECT_EQ(test, info->denied_ns, 1700);
	KUNIT_EXPECT_EQ(test, info->max_stall_ns, 900);
	KUNIT_EXPECT_EQ(test, info->wait_hist[9], 2);
	KUNIT_EXPECT_EQ(test, info->wait_hist[6], 1);
}

/* Each CPU and each counter has a value of its own. */
static void cpus_are_summed(struct kunit *test)
{
	struct capgov_group *group = suites_group(test, "g", NULL, "total", 50000);
	struct capgov_group_info *info;
	u64 n = 0, sum = 0;
	int cpu;

	for_each_possible_cpu(cpu) {
		struct capgov_pcpu *pcpu = per_cpu_ptr(group->pcpu, cpu);

		sum += ++n;
		*pcpu = (struct capgov_pcpu){
			.ns = { n, n * 100 },
			.below = { n * 10000, n * 1000000 },
			.charged_ns = n * 3,
			.exempt_ns = n * 5,
			.forgiven_ns = n * 7,
		};
	}
	info = read_info(test, group);
	KUNIT_EXPECT_EQ(test, info->usr_ns, sum * 10001);
	KUNIT_EXPECT_EQ(test, info->sys_ns, sum * 1000100);
	KUNIT_EXPECT_EQ(test, info->charged_ns, sum * 3);
	KUNIT_EXPECT_EQ(test, info->exempt_ns, sum * 5);
	KUNIT_EXPECT_EQ(test, info->forgiven_ns, sum * 7);
}

static void debt_is_that_of_a_cap(struct kunit *test)
{
	struct capgov_group *group = suites_group(test, "g", NULL, "total", 50000);
	struct capgov_group *free;

	suites_freeze(group, -3 * MS);
	KUNIT_EXPECT_EQ(test, read_info(test, group)->debt_ns, 3 * MS);
	suites_freeze(group, 3 * MS);
	KUNIT_EXPECT_EQ(test, read_info(test, group)->debt_ns, 0);
	free = suites_group(test, "free", NULL, "total", CAPGOV_QUOTA_MAX);
	suites_freeze(free, -3 * MS);
	KUNIT_EXPECT_EQ(test, read_info(test, free)->debt_ns, 0);
}

/* What was given in permille is read as given, whatever the rounding. */
static void permille_comes_back(struct kunit *test)
{
	struct capgov_group *group = suites_group(test, "g", NULL, "weighted", 50000);
	struct capgov_group_config cfg;
	u32 w;

	for (w = 0; w <= CAPGOV_WEIGHT_MAX; w++) {
		suites_config(&cfg, "g");
		cfg.fields = CAPGOV_FIELD_WEIGHT;
		cfg.sys_weight_permille = w;
		KUNIT_ASSERT_EQ(test, suites_set(&cfg), 0);
		KUNIT_EXPECT_EQ(test, capgov_stats_permille(group), w);
	}
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(a_wait_falls_into_its_slot, waits_gen_params),
	KUNIT_CASE(waits_add_up_and_the_longest_stays),
	KUNIT_CASE(cpus_are_summed),
	KUNIT_CASE(debt_is_that_of_a_cap),
	KUNIT_CASE(permille_comes_back),
	{}
};

struct kunit_suite capgov_stats_suite = {
	.name = "capgov_stats",
	.exit = suites_exit,
	.test_cases = cases,
};
