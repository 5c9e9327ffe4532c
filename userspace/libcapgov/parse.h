/* SPDX-License-Identifier: GPL-2.0 */
/*
 * DOC: What users write, turned into what the kernel takes. Pure: no I/O, no
 * state, no allocation. Numbers are decimal and exact; nothing may follow them.
 */
#ifndef LIBCAPGOV_PARSE_H
#define LIBCAPGOV_PARSE_H

#include <sys/types.h>

#include <linux/capgov.h>

/* One CPU, in the parts per billion of capgov_parse_cpus(). */
#define CAPGOV_PPB	1000000000ULL

int capgov_parse_name(const char *s);
int capgov_parse_policy(const char *s);
int capgov_parse_cpus(const char *s, __u64 *ppb);
int capgov_cpus_to_quota(__u64 ppb, __u32 period_us, __u64 *quota_us);
int capgov_parse_duration(const char *s, __u64 *us);
int capgov_parse_permille(const char *s, __u32 *permille);
int capgov_parse_pid(const char *s, pid_t *pid);
int capgov_parse_accounting(const char *s, __u32 *accounting);
const char *capgov_accounting_name(__u32 accounting);

#endif /* LIBCAPGOV_PARSE_H */
