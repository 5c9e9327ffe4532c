/* SPDX-License-Identifier: GPL-2.0 */
#ifndef GOVCTL_DOCTOR_H
#define GOVCTL_DOCTOR_H

/**
 * struct check - what one look at the host found
 * @name: what was looked at
 * @result: "ok", "warn" or "fail"
 * @found: what was found
 * @advice: what to do about it, NULL if there is nothing to do
 */
struct check {
	const char *name;
	const char *result;
	char found[96];
	const char *advice;
};

void doctor_kernel(struct check *check);
void doctor_headers(struct check *check);
void doctor_signature(struct check *check);
void doctor_cgroup(struct check *check);

#endif /* GOVCTL_DOCTOR_H */
