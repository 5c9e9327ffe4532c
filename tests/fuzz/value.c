// SPDX-License-Identifier: GPL-2.0
/* DOC: Numbers, names and configurations, good, at the limits, and bad. */
#include "fuzz.h"

/* Few, so that the workers meet. */
static const char * const names[] = {
	"f0", "f1", "f2", "f3", "f4", "f5", "f6", "f7", "f8", "f9",
	"...", "%s%n",
	"a-name-of-sixty-three-bytes-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
};

static const char * const bad_names[] = {
	"", ".", "..", "/", "a/b", "a b", "a\n", "\001", "\177", "\377",
	"a-name-of-sixty-four-bytes-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
};

static const char * const policies[] = {
	"none", "total", "exempt", "container", "weighted", "vcpu", "cfs",
};

static const __u64 limits[] = {
	0, 1, CAPGOV_QUOTA_US_MIN, CAPGOV_PERIOD_US_MIN, CAPGOV_PERIOD_US_MAX,
	CAPGOV_BURST_US_MAX, CAPGOV_WEIGHT_MAX, CAPGOV_CPUS_MAX,
	CAPGOV_CPUS_MAX * 1000ULL, CAPGOV_CPUS_MAX * 1000000ULL,
	CAPGOV_GROUPS_MAX, CAPGOV_QUOTA_MAX, 1ULL << 31, 1ULL << 32,
	1ULL << 63, PAGE, 100000,
};

/**
 * rng_next() - the next number; SplitMix64
 * @rng: the generator
 * Return: the number
 */
__u64 rng_next(struct rng *rng)
{
	__u64 x = rng->state += 0x9e3779b97f4a7c15ULL;

	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9ULL;
	x = (x ^ x >> 27) * 0x94d049bb133111ebULL;
	return x ^ x >> 31;
}

/**
 * rng_below() - a number below another
 * @rng: the generator
 * @n: above 0
 * Return: 0 to @n - 1
 */
unsigned int rng_below(struct rng *rng, unsigned int n)
{
	return rng_next(rng) % n;
}

/**
 * rng_bytes() - random bytes
 * @rng: the generator
 * @to: where
 * @size: how many
 */
void rng_bytes(struct rng *rng, void *to, size_t size)
{
	unsigned char *p = to;

	while (size--)
		*p++ = rng_next(rng);
}

/**
 * value_number() - a number at or near a limit, or any
 * @rng: the generator
 * Return: the number
 */
__u64 value_number(struct rng *rng)
{
	__u64 limit = limits[rng_below(rng, ARRAY_SIZE(limits))];

	switch (rng_below(rng, 8)) {
	case 0:
		return rng_next(rng);
	case 1:
		return 1ULL << rng_below(rng, 64);
	default:
		return limit + rng_below(rng, 3) - 1;
	}
}

/**
 * value_name() - a group's name
 * @rng: the generator
 * Return: the name, well formed
 */
const char *value_name(struct rng *rng)
{
	return names[rng_below(rng, ARRAY_SIZE(names))];
}

/**
 * value_bad_name() - what is no group's name
 * @rng: the generator
 * @to: CAPGOV_NAME_LEN bytes
 */
void value_bad_name(struct rng *rng, char *to)
{
	const char *name = bad_names[rng_below(rng, ARRAY_SIZE(bad_names))];

	memset(to, 0, CAPGOV_NAME_LEN);
	memcpy(to, name, strnlen(name, CAPGOV_NAME_LEN));
}

/**
 * value_policy() - a policy's name, which need not exist
 * @rng: the generator
 * Return: the name
 */
const char *value_policy(struct rng *rng)
{
	return policies[rng_below(rng, ARRAY_SIZE(policies))];
}

/* Mostly less than is wanted, down to the smallest that may be. */
static __u64 value_quota(struct rng *rng)
{
	static const __u64 quotas[] = {
		CAPGOV_QUOTA_US_MIN, 200, 1000, 5000, 20000, 200000,
		CAPGOV_QUOTA_MAX,
	};

	return quotas[rng_below(rng, ARRAY_SIZE(quotas))];
}

/**
 * value_config() - some members of a configuration, well formed
 * @rng: the generator
 * @cfg: the request; its name is left
 */
void value_config(struct rng *rng, struct capgov_group_config *cfg)
{
	static const __u32 periods[] = {
		CAPGOV_PERIOD_US_MIN, 10000, 100000, CAPGOV_PERIOD_US_MAX,
	};

	cfg->fields = rng_next(rng) & (CAPGOV_FIELD_PARENT * 2 - 1);
	if (cfg->fields & CAPGOV_FIELD_CAP)
		cfg->quota_us = value_quota(rng);
	if (cfg->fields & CAPGOV_FIELD_PERIOD)
		cfg->period_us = periods[rng_below(rng, ARRAY_SIZE(periods))];
	if (cfg->fields & CAPGOV_FIELD_BURST)
		cfg->burst_us = rng_below(rng, 4) ? rng_below(rng, 10000) :
				CAPGOV_BURST_US_MAX;
	if (cfg->fields & CAPGOV_FIELD_WEIGHT)
		cfg->sys_weight_permille = rng_below(rng, CAPGOV_WEIGHT_MAX + 1);
	if (cfg->fields & CAPGOV_FIELD_POLICY)
		strcpy(cfg->policy, cfg->fields & CAPGOV_FIELD_WEIGHT ?
		       "weighted" : value_policy(rng));
	if (cfg->fields & CAPGOV_FIELD_ACCT)
		cfg->accounting = rng_below(rng, 2);
	if (cfg->fields & CAPGOV_FIELD_PARENT && rng_below(rng, 4))
		strcpy(cfg->parent, value_name(rng));
}
