/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the tests of the interface share. There are always three groups when a
 * test begins: "ref", with every setting away from its default, "sub" below
 * it, and "spare", with the defaults.
 */
#ifndef TESTS_ABI_H
#define TESTS_ABI_H

#include <linux/capgov.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define NOBODY		65534

union abi_request {
	struct {
		__u32 size;
		__u32 flags;
	};
	struct capgov_info info;
	struct capgov_policy_info policy;
	struct capgov_group_info group;
	struct capgov_group_config config;
	struct capgov_group_destroy destroy;
	struct capgov_task_op task;
	struct capgov_release_all release;
	__u64 align;
};

/**
 * struct abi_op - one request
 * @cmd: its number
 * @name: its name
 * @size: of its structure
 * @first: of its structure's first version
 * @change: whether it changes something
 * @fill: fill in, but for the size, a request that succeeds after abi_reset()
 */
struct abi_op {
	unsigned int cmd;
	const char *name;
	size_t size;
	size_t first;
	bool change;
	void (*fill)(union abi_request *req);
};

extern const struct abi_op abi_ops[];
extern const unsigned int abi_nr_ops;

extern int abi_rw, abi_ro;	/* /dev/capgov, open both ways */
extern bool abi_few;		/* no room and time for 65,536 groups */

/* tap.c */
void tap_init(void);
int tap_end(void);
void tap(bool ok, const char *detail, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
void tap_errno(int got, int want, bool changed, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/* abi.c */
int abi_call(int fd, unsigned int cmd, void *arg);
void abi_reset(void);
struct abi_snap *abi_snap(void);
bool abi_changed(struct abi_snap *before);
void abi_expect(int fd, unsigned int cmd, void *arg, int want,
		const char *fmt, ...) __attribute__((format(printf, 5, 6)));
void abi_name(char *to, const char *name);
int abi_create(int fd, const char *name, const char *parent, __u32 flags);
int abi_destroy(const char *name);
int abi_parent(const char *name, const char *parent);
int abi_get(const char *name, struct capgov_group_info *info);
int abi_attach(const char *name, pid_t pid);
int abi_detach(pid_t pid);

/* child.c */
pid_t child_sleeper(void);
void child_end(pid_t pid);
void child_run(void (*fn)(void));

/* the tests */
void test_size(void);
void test_request(void);
void test_name(void);
void test_config(void);
void test_tree(void);
void test_task(void);
void test_limit(void);
void test_perm(void);
void test_ns(void);
void test_auto(void);
void test_sysfs(void);
void test_busy(void);

#endif /* TESTS_ABI_H */
