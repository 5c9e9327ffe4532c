// SPDX-License-Identifier: GPL-2.0
/*
 * DOC: libcapgov's parsers, with any text. What is taken is within its limits,
 * means what the C library's reading of it means, and comes back the same when
 * it is written out and read again; what is refused leaves the output alone.
 */
#include <errno.h>
#include <string.h>

#include "libcapgov/parse.h"
#include "property.h"

#define UNTOUCHED	0x5a5a5a5aULL
#define PID_MAX		4194304
#define TEXT_MAX	128

static void refused(int err)
{
	HOLDS(err == -EINVAL || err == -ERANGE);
}

static void reads_as_cpus(__u64 ppb, const char *format, __u64 whole,
			  __u64 part)
{
	char text[64];
	__u64 again = UNTOUCHED;

	snprintf(text, sizeof(text), format, whole, part);
	HOLDS(!capgov_parse_cpus(text, &again) && again == ppb);
}

static void check_quota(__u64 ppb, __u32 period_us)
{
	__u64 quota_us = UNTOUCHED, exact, taken;
	int err = capgov_cpus_to_quota(ppb, period_us, &quota_us);

	if (ppb == CAPGOV_QUOTA_MAX) {
		HOLDS(!err && quota_us == CAPGOV_QUOTA_MAX);
		return;
	}
	exact = ppb * period_us;
	if (err) {
		HOLDS(err == -ERANGE);
		HOLDS(exact < CAPGOV_QUOTA_US_MIN * CAPGOV_PPB);
		return;
	}
	taken = quota_us * CAPGOV_PPB;
	HOLDS(quota_us >= CAPGOV_QUOTA_US_MIN);
	HOLDS(quota_us <= (__u64)CAPGOV_CPUS_MAX * period_us);
	HOLDS((exact > taken ? exact - taken : taken - exact) <= CAPGOV_PPB / 2);
}

static void check_cpus(const char *text, __u32 period_us)
{
	long double value, error;
	__u64 ppb = UNTOUCHED;
	int err = capgov_parse_cpus(text, &ppb);
	char *end;

	if (err) {
		refused(err);
		HOLDS(ppb == UNTOUCHED);
		return;
	}
	check_quota(ppb, period_us);
	if (ppb == CAPGOV_QUOTA_MAX) {
		HOLDS(!strcmp(text, "max"));
		return;
	}
	HOLDS(ppb && ppb <= CAPGOV_CPUS_MAX * CAPGOV_PPB);
	value = strtold(text, &end) * CAPGOV_PPB;
	if (*end == '%')
		value /= 100;
	error = value - ppb;
	HOLDS(error > -0.01L && error < 0.01L);
	reads_as_cpus(ppb, "%llu.%09llu", ppb / CAPGOV_PPB, ppb % CAPGOV_PPB);
	reads_as_cpus(ppb, "%llu.%07llu%%", ppb / 10000000, ppb % 10000000);
}

static void check_duration(const char *text)
{
	__u64 us = UNTOUCHED, again = UNTOUCHED, number;
	int err = capgov_parse_duration(text, &us);
	char canonical[64];
	char *end;

	if (err) {
		refused(err);
		HOLDS(us == UNTOUCHED);
		return;
	}
	number = strtoull(text, &end, 10);
	if (!strcmp(end, "ms"))
		number *= 1000;
	else if (!strcmp(end, "s"))
		number *= 1000000;
	HOLDS(us == number);
	snprintf(canonical, sizeof(canonical), "%lluus", us);
	HOLDS(!capgov_parse_duration(canonical, &again) && again == us);
}

static void check_whole(const char *text)
{
	__u32 permille = UNTOUCHED;
	pid_t pid = UNTOUCHED;
	int err = capgov_parse_permille(text, &permille);

	if (err) {
		refused(err);
		HOLDS(permille == UNTOUCHED);
	} else {
		HOLDS(permille <= CAPGOV_WEIGHT_MAX);
		HOLDS(permille == strtoull(text, NULL, 10));
	}
	err = capgov_parse_pid(text, &pid);
	if (err) {
		refused(err);
		HOLDS(pid == UNTOUCHED);
	} else {
		HOLDS(pid > 0 && pid <= PID_MAX);
		HOLDS((unsigned long long)pid == strtoull(text, NULL, 10));
	}
}

static void check_word(const char *text, int err, size_t room)
{
	const char *c;

	if (err) {
		HOLDS(err == -EINVAL);
		return;
	}
	HOLDS(*text && strlen(text) < room);
	for (c = text; *c; c++)
		HOLDS(*c >= ' ' && *c <= '~');
}

static void check_words(const char *text)
{
	__u32 accounting = UNTOUCHED;
	int err = capgov_parse_name(text);

	check_word(text, err, CAPGOV_NAME_LEN);
	HOLDS(err || (!strchr(text, '/') && strcmp(text, ".") &&
		      strcmp(text, "..")));
	check_word(text, capgov_parse_policy(text), CAPGOV_POLICY_LEN);
	err = capgov_parse_accounting(text, &accounting);
	HOLDS(err || !strcmp(capgov_accounting_name(accounting), text));
	HOLDS(!err || (err == -EINVAL && accounting == UNTOUCHED));
}

/* Two bytes choose a period, the rest is the text. */
int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	__u32 period_us = CAPGOV_PERIOD_US_MIN;
	char text[TEXT_MAX] = "";

	if (size < 2)
		return 0;
	period_us += (data[0] << 8 | data[1]) * 15;
	size -= 2;
	/* A name that is one too long must fit. */
	if (size >= sizeof(text))
		return -1;
	memcpy(text, data + 2, size);
	check_cpus(text, period_us);
	check_duration(text);
	check_whole(text);
	check_words(text);
	return 0;
}
