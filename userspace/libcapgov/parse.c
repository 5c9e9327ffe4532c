// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "parse.h"
#include "util.h"

#define PPB_DIGITS	9
#define PID_MAX		4194304	/* the kernel's PID_MAX_LIMIT */

static const char * const accountings[] = {
	[CAPGOV_ACCT_EXACT] = "exact",
	[CAPGOV_ACCT_SAMPLED] = "sampled",
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Digits at *@s, which is moved past them. Above @max it is -ERANGE. */
static int parse_number(const char **s, __u64 max, __u64 *value)
{
	const char *p = *s;
	__u64 sum = 0;
	int err = 0;

	if (!is_digit(*p))
		return -EINVAL;
	for (; is_digit(*p); p++) {
		__u64 digit = *p - '0';

		if (digit > max || sum > (max - digit) / 10)
			err = -ERANGE;
		else
			sum = sum * 10 + digit;
	}
	*s = p;
	*value = sum;
	return err;
}

/* What follows the decimal point at *@s, in parts per billion. */
static int parse_fraction(const char **s, __u64 *ppb)
{
	const char *start = *s;
	__u64 sum = 0;
	int digits;

	while (is_digit(**s))
		(*s)++;
	if (*s == start || *s - start > PPB_DIGITS)
		return -EINVAL;
	for (digits = 0; digits < PPB_DIGITS; digits++)
		sum = sum * 10 + (start + digits < *s ? start[digits] - '0' : 0);
	*ppb = sum;
	return 0;
}

/* A well-formed word of printable ASCII that fits @room with its NUL. */
static int parse_word(const char *s, size_t room)
{
	size_t len = strlen(s);
	size_t i;

	if (!len || len >= room)
		return -EINVAL;
	for (i = 0; i < len; i++)
		if (s[i] <= ' ' || s[i] > '~')
			return -EINVAL;
	return 0;
}

/**
 * capgov_parse_name() - is this a group's name?
 * @s: the text
 * Return: 0, or -EINVAL
 */
int capgov_parse_name(const char *s)
{
	if (!strcmp(s, ".") || !strcmp(s, "..") || strchr(s, '/'))
		return -EINVAL;
	return parse_word(s, CAPGOV_NAME_LEN);
}

/**
 * capgov_parse_policy() - can this be a policy's name?
 * @s: the text
 * Return: 0, or -EINVAL
 */
int capgov_parse_policy(const char *s)
{
	return parse_word(s, CAPGOV_POLICY_LEN);
}

/**
 * capgov_parse_cpus() - read a cap
 * @s: "0.5", "50%", "1.5" or "max"
 * @ppb: the CPUs, in parts per billion; CAPGOV_QUOTA_MAX for "max"
 *
 * Return: 0; -EINVAL if it is not a number, or has more digits than parts per
 * billion hold; -ERANGE if it is zero or more than CAPGOV_CPUS_MAX
 */
int capgov_parse_cpus(const char *s, __u64 *ppb)
{
	const __u64 max = CAPGOV_CPUS_MAX * CAPGOV_PPB;
	__u64 whole, part = 0, value;
	int err, range;

	if (!strcmp(s, "max")) {
		*ppb = CAPGOV_QUOTA_MAX;
		return 0;
	}
	range = parse_number(&s, CAPGOV_CPUS_MAX * 100, &whole);
	if (range == -EINVAL)
		return range;
	if (*s == '.') {
		s++;
		err = parse_fraction(&s, &part);
		if (err)
			return err;
	}
	value = whole * CAPGOV_PPB + part;
	if (*s == '%') {
		s++;
		if (value % 100)
			return -EINVAL;
		value /= 100;
	}
	if (*s)
		return -EINVAL;
	if (range || !value || value > max)
		return -ERANGE;
	*ppb = value;
	return 0;
}

/**
 * capgov_cpus_to_quota() - a cap as runtime a period
 * @ppb: CPUs, from capgov_parse_cpus()
 * @period_us: the period, us, at most CAPGOV_PERIOD_US_MAX
 * @quota_us: the runtime, us, rounded to the nearest; CAPGOV_QUOTA_MAX for no cap
 *
 * Return: 0, or -ERANGE if it is less than CAPGOV_QUOTA_US_MIN
 */
int capgov_cpus_to_quota(__u64 ppb, __u32 period_us, __u64 *quota_us)
{
	if (ppb == CAPGOV_QUOTA_MAX) {
		*quota_us = CAPGOV_QUOTA_MAX;
		return 0;
	}
	*quota_us = (ppb * period_us + CAPGOV_PPB / 2) / CAPGOV_PPB;
	return *quota_us < CAPGOV_QUOTA_US_MIN ? -ERANGE : 0;
}

/**
 * capgov_parse_duration() - read a time
 * @s: a whole number with its unit, "100ms", "5000us", "1s"; or "0"
 * @us: the time, us
 * Return: 0; -EINVAL if it is not a time; -ERANGE if it does not fit
 */
int capgov_parse_duration(const char *s, __u64 *us)
{
	static const struct {
		const char *unit;
		__u64 us;
	} units[] = { { "us", 1 }, { "ms", 1000 }, { "s", 1000000 } };
	__u64 value;
	size_t i;
	int err;

	if (!strcmp(s, "0")) {
		*us = 0;
		return 0;
	}
	err = parse_number(&s, ~0ULL, &value);
	if (err == -EINVAL)
		return err;
	for (i = 0; i < ARRAY_SIZE(units); i++) {
		if (strcmp(s, units[i].unit))
			continue;
		if (err || value > ~0ULL / units[i].us)
			return -ERANGE;
		*us = value * units[i].us;
		return 0;
	}
	return -EINVAL;
}

/* The whole of @s is a number from @min to @max. */
static int parse_whole(const char *s, __u64 min, __u64 max, __u64 *value)
{
	int err = parse_number(&s, max, value);

	if (err == -EINVAL || *s)
		return -EINVAL;
	return err || *value < min ? -ERANGE : 0;
}

/**
 * capgov_parse_permille() - read a weight
 * @s: 0 to 1000
 * @permille: the weight, permille
 * Return: 0; -EINVAL if it is not a number; -ERANGE if it is more than 1000
 */
int capgov_parse_permille(const char *s, __u32 *permille)
{
	__u64 value;
	int err = parse_whole(s, 0, CAPGOV_WEIGHT_MAX, &value);

	if (!err)
		*permille = value;
	return err;
}

/**
 * capgov_parse_pid() - read a process id
 * @s: a number above 0
 * @pid: the process id
 * Return: 0; -EINVAL if it is not a number; -ERANGE if no process can have it
 */
int capgov_parse_pid(const char *s, pid_t *pid)
{
	__u64 value;
	int err = parse_whole(s, 1, PID_MAX, &value);

	if (!err)
		*pid = value;
	return err;
}

/**
 * capgov_parse_accounting() - read a kind of accounting
 * @s: "exact" or "sampled"
 * @accounting: enum capgov_accounting
 * Return: 0, or -EINVAL
 */
int capgov_parse_accounting(const char *s, __u32 *accounting)
{
	__u32 i;

	for (i = 0; i < ARRAY_SIZE(accountings); i++) {
		if (!strcmp(s, accountings[i])) {
			*accounting = i;
			return 0;
		}
	}
	return -EINVAL;
}

/**
 * capgov_accounting_name() - a kind of accounting as users know it
 * @accounting: enum capgov_accounting
 * Return: its name, "unknown" for one that is newer than this library
 */
const char *capgov_accounting_name(__u32 accounting)
{
	if (accounting >= ARRAY_SIZE(accountings))
		return "unknown";
	return accountings[accounting];
}
