// SPDX-License-Identifier: GPL-2.0
/* DOC: Groups as rows, and what of them list, stat and show print. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "error.h"
#include "groups.h"
#include "libcapgov/capgov.h"
#include "libcapgov/parse.h"

#define COLUMN(member, key, kind, title, views) \
	OUT_COLUMN(struct group_row, member, key, kind, title, views)
#define STAT	(VIEW_STAT | VIEW_SHOW)
#define LIST	(VIEW_LIST | VIEW_SHOW)

static const struct out_column columns[] = {
	COLUMN(info.name, "name", OUT_TEXT, "NAME", LIST | STAT),
	COLUMN(info.id, "id", OUT_COUNT, "ID", LIST | OUT_JSON_ONLY),
	COLUMN(info.parent, "parent", OUT_TEXT, "PARENT", LIST),
	COLUMN(info.policy, "policy", OUT_TEXT, "POLICY", LIST),
	COLUMN(cap_cpus, "cap_cpus", OUT_CPUS, "CAP", LIST),
	COLUMN(info.quota_us, "quota_us", OUT_QUOTA, "QUOTA",
	       LIST | OUT_JSON_ONLY),
	COLUMN(period_us, "period_us", OUT_US, "PERIOD", LIST),
	COLUMN(info.burst_us, "burst_us", OUT_US, "BURST", LIST),
	COLUMN(info.sys_weight_permille, "sys_weight_permille", OUT_COUNT,
	       "WEIGHT", LIST),
	COLUMN(accounting, "accounting", OUT_STRING, "ACCOUNTING", LIST),
	COLUMN(info.auto_destroy, "auto", OUT_YESNO, "AUTO",
	       LIST | OUT_JSON_ONLY),
	COLUMN(info.nr_tasks, "nr_tasks", OUT_COUNT, "TASKS", LIST | STAT),
	COLUMN(info.nr_joining, "nr_joining", OUT_COUNT, "JOINING", VIEW_SHOW),
	COLUMN(info.nr_parked, "nr_parked", OUT_COUNT, "PARKED", LIST | STAT),
	COLUMN(info.usr_ns, "usr_ns", OUT_NS, "USR", STAT),
	COLUMN(info.sys_ns, "sys_ns", OUT_NS, "SYS", STAT),
	COLUMN(info.sys_error_ns, "sys_error_ns", OUT_NS, "ERROR", VIEW_SHOW),
	COLUMN(info.charged_ns, "charged_ns", OUT_NS, "CHARGED", STAT),
	COLUMN(info.exempt_ns, "exempt_ns", OUT_NS, "EXEMPT", STAT),
	COLUMN(info.denied_ns, "denied_ns", OUT_NS, "DENIED", STAT),
	COLUMN(info.forgiven_ns, "forgiven_ns", OUT_NS, "FORGIVEN", STAT),
	COLUMN(info.debt_ns, "debt_ns", OUT_NS, "DEBT", STAT),
	COLUMN(info.nr_throttled, "nr_throttled", OUT_NUMBER, "THROTTLED", STAT),
	COLUMN(info.max_stall_ns, "max_stall_ns", OUT_NS, "MAX STALL", STAT),
	COLUMN(info.wait_hist, "wait_hist", OUT_WAITS, "WAITS", VIEW_SHOW),
};

const struct out_shape group_shape = {
	columns, ARRAY_SIZE(columns), sizeof(struct group_row)
};

/**
 * group_row_init() - derive what is shown from what the module says
 * @row: its info is there, the rest is filled in
 */
void group_row_init(struct group_row *row)
{
	row->accounting = capgov_accounting_name(row->info.accounting);
	row->period_us = row->info.period_us;
	row->cap_cpus = row->info.quota_us == CAPGOV_QUOTA_MAX ? NAN :
			(double)row->info.quota_us / row->info.period_us;
}

static struct group_row *add_row(struct group_row **rows, size_t *nr)
{
	struct group_row *all;

	/* It doubles at 0, 1, 2, 4, ... */
	if (!(*nr & (*nr - 1)) || !*nr) {
		all = realloc(*rows, (*nr ? *nr * 2 : 1) * sizeof(*all));
		if (!all)
			return NULL;
		*rows = all;
	}
	return &(*rows)[(*nr)++];
}

static int get_all(int fd, struct group_row **rows, size_t *nr)
{
	struct capgov_group_info info;
	struct group_row *row;
	__u32 id = 0;
	int err;

	while (!(err = capgov_group_next(fd, id, &info))) {
		row = add_row(rows, nr);
		if (!row)
			return fail_errno(-ENOMEM, NULL);
		row->info = info;
		group_row_init(row);
		id = info.id;
	}
	return err == -ENOENT ? DONE : fail_errno(err, NULL);
}

/**
 * groups_get() - ask about groups
 * @fd: from capgov_open()
 * @names: of the groups
 * @nr_names: how many; 0 for all groups there are
 * @rows: the answers, to be freed whatever is returned
 * @nr: how many
 * Return: the exit status; that of the first failure
 */
int groups_get(int fd, char * const *names, int nr_names,
	       struct group_row **rows, size_t *nr)
{
	int i, err, status = DONE;

	*rows = NULL;
	*nr = 0;
	if (!nr_names)
		return get_all(fd, rows, nr);
	*rows = calloc(nr_names, sizeof(**rows));
	if (!*rows)
		return fail_errno(-ENOMEM, NULL);
	for (i = 0; i < nr_names; i++) {
		struct group_row *row = &(*rows)[*nr];

		err = capgov_group_get(fd, names[i], &row->info);
		if (err) {
			err = fail_errno(err, names[i]);
			status = status ?: err;
			continue;
		}
		group_row_init(row);
		(*nr)++;
	}
	return status;
}
