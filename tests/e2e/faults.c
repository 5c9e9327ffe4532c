// SPDX-License-Identifier: GPL-2.0
/*
 * DOC: Every request with its first, second, third ... allocation failing, by
 * fail-nth: it succeeds, or fails with ENOMEM and nothing has changed. For a
 * kernel with CONFIG_FAILSLAB and CONFIG_FAULT_INJECTION_DEBUG_FS.
 */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/wait.h>

#include "gov.h"
#include "nth.h"

#define TRIES	1000
#define THREADS	4
#define GROUP	"faults"

/**
 * struct request - what is tried over and over
 * @name: of the test
 * @fn: does it; 0, or -1 and errno
 * @undo: undoes it, with all the memory it wants; may be NULL
 * @least: how many failures there must be for the test to mean something
 */
struct request {
	const char *name;
	int (*fn)(void);
	void (*undo)(void);
	int least;
};

static int dev, opened;

static struct capgov_group_config config(void)
{
	return (struct capgov_group_config){
		.size = sizeof(struct capgov_group_config),
		.name = GROUP,
	};
}

static int create(void)
{
	struct capgov_group_config cfg = config();

	return ioctl(dev, CAPGOV_IOC_GROUP_CREATE, &cfg);
}

static int destroy(void)
{
	struct capgov_group_destroy d = {
		.size = sizeof(d),
		.name = GROUP,
	};

	return ioctl(dev, CAPGOV_IOC_GROUP_DESTROY, &d);
}

static int set(void)
{
	struct capgov_group_config cfg = config();

	cfg.fields = CAPGOV_FIELD_CAP | CAPGOV_FIELD_POLICY;
	cfg.quota_us = 50000;
	strcpy(cfg.policy, "exempt");
	return ioctl(dev, CAPGOV_IOC_GROUP_SET, &cfg);
}

static int unset(void)
{
	struct capgov_group_config cfg = config();

	cfg.fields = CAPGOV_FIELD_CAP | CAPGOV_FIELD_POLICY;
	cfg.quota_us = CAPGOV_QUOTA_MAX;
	strcpy(cfg.policy, "total");
	return ioctl(dev, CAPGOV_IOC_GROUP_SET, &cfg);
}

static int account(__u32 kind)
{
	struct capgov_group_config cfg = config();

	cfg.fields = CAPGOV_FIELD_ACCT;
	cfg.accounting = kind;
	return ioctl(dev, CAPGOV_IOC_GROUP_SET, &cfg);
}

/* With a task in it the hooks of system calls must come first. */
static int to_exact(void) { return account(CAPGOV_ACCT_EXACT); }
static int to_sampled(void) { return account(CAPGOV_ACCT_SAMPLED); }

/* The same as set(), by a file. */
static int set_file(void)
{
	int fd = open("/sys/kernel/capgov/groups/" GROUP "/quota_us",
		      O_WRONLY | O_CLOEXEC);
	ssize_t len;
	int error;

	if (fd < 0)
		return -1;
	len = write(fd, "50000\n", 6);
	error = errno;
	close(fd);
	errno = error;
	return len == 6 ? 0 : -1;
}

static int task_op(unsigned long request, const char *name, pid_t pid)
{
	struct capgov_task_op op = { .size = sizeof(op), .pid = pid };

	strcpy(op.name, name);
	return ioctl(dev, request, &op);
}

static int attach(void) { return task_op(CAPGOV_IOC_ATTACH, GROUP, 0); }
static int detach(void) { return task_op(CAPGOV_IOC_DETACH, "", 0); }

/* A process of several threads, who all wait. */
static pid_t crowd;

static int attach_crowd(void)
{
	return task_op(CAPGOV_IOC_ATTACH, GROUP, crowd);
}

static int detach_crowd(void) { return task_op(CAPGOV_IOC_DETACH, "", crowd); }

static int release_all(void)
{
	struct capgov_release_all r = { .size = sizeof(r) };

	return ioctl(dev, CAPGOV_IOC_RELEASE_ALL, &r);
}

static int get_info(struct capgov_info *info)
{
	*info = (struct capgov_info){ .size = sizeof(*info) };
	return ioctl(dev, CAPGOV_IOC_INFO, info);
}

static int get_group(struct capgov_group_info *info)
{
	*info = (struct capgov_group_info){
		.size = sizeof(*info),
		.name = GROUP,
	};
	return ioctl(dev, CAPGOV_IOC_GROUP_GET, info);
}

static int info(void)
{
	struct capgov_info unused;

	return get_info(&unused);
}

static int get(void)
{
	struct capgov_group_info unused;

	return get_group(&unused);
}

static int open_device(void)
{
	opened = open("/dev/capgov", O_RDWR | O_CLOEXEC);
	return opened < 0 ? -1 : 0;
}

static void close_device(void) { close(opened); }

static void must(int ret, const char *what)
{
	if (ret)
		err(1, "%s", what);
}

static void undo_create(void) { must(destroy(), "destroy"); }
static void undo_destroy(void) { must(create(), "create"); }
static void undo_set(void) { must(unset(), "set"); }
static void undo_attach(void) { must(detach(), "detach"); }
static void undo_detach(void) { must(attach(), "attach"); }
static void undo_crowd(void) { must(detach_crowd(), "detach"); }
static void undo_exact(void) { must(to_sampled(), "sampled"); }

/* What a failure must not change. */
struct state {
	__u32 nr_groups;
	__u32 nr_tasks;
	__u32 nr_parked;
	int found;
	char policy[CAPGOV_POLICY_LEN];
	__u64 quota_us;
	__u32 accounting;
};

static struct state state(void)
{
	struct capgov_group_info g;
	struct capgov_info i;
	struct state s;

	memset(&s, 0, sizeof(s));
	must(get_info(&i), "info");
	s.nr_groups = i.nr_groups;
	s.nr_tasks = i.nr_tasks;
	s.nr_parked = i.nr_parked;
	s.found = !get_group(&g);
	if (s.found) {
		memcpy(s.policy, g.policy, sizeof(s.policy));
		s.quota_us = g.quota_us;
		s.accounting = g.accounting;
	}
	return s;
}

/* Return: whether all went as it shall; says what did not. */
static bool each_failure(const struct request *r)
{
	struct state before = state(), after;
	int n, ret, error, left, failed = 0;

	for (n = 1; n < TRIES; n++) {
		nth_set(n);
		ret = r->fn();
		error = errno;
		left = nth_left();
		nth_set(0);
		if (left && ret) {
			printf("# %s\n", strerror(error));
			return false;
		}
		if (ret && error != ENOMEM) {
			printf("# allocation %d: %s\n", n, strerror(error));
			return false;
		}
		failed += !!ret;
		if (!ret && r->undo)
			r->undo();
		after = state();
		if (memcmp(&before, &after, sizeof(before))) {
			printf("# allocation %d: something has changed\n", n);
			return false;
		}
		if (left)
			break;
	}
	printf("# %d allocations, %d failures\n", n - 1, failed);
	return n < TRIES && failed >= r->least;
}

/* A child that waits to be counted. Return: whether all is well. */
static bool child_is_governed(int n, bool *all)
{
	struct capgov_info before, now;
	int go[2], status, left;
	pid_t pid;

	must(get_info(&before), "info");
	must(pipe(go), "pipe");
	nth_set(n);
	pid = fork();
	if (!pid) {
		char c;

		close(go[1]);
		_exit(read(go[0], &c, 1) != 0);
	}
	left = nth_left();
	nth_set(0);
	*all = left;
	must(get_info(&now), "info");
	close(go[1]);
	close(go[0]);
	if (pid < 0)
		return !left && now.nr_tasks == before.nr_tasks;
	if (waitpid(pid, &status, 0) != pid || status)
		return false;
	return now.nr_tasks - before.nr_tasks +
	       now.nr_fork_missed - before.nr_fork_missed == 1;
}

/* Each child is governed, or counted as one that is not. */
static bool each_fork(void)
{
	bool all = false;
	int n;

	for (n = 1; n < TRIES && !all; n++) {
		if (!child_is_governed(n, &all)) {
			printf("# allocation %d: a child escaped\n", n);
			return false;
		}
	}
	printf("# %d allocations\n", n - 2);
	return all && n > 2;
}

static void *idle(void *unused __attribute__((unused)))
{
	while (pause())
		;
	return NULL;
}

static pid_t start_crowd(void)
{
	pthread_t thread;
	int ready[2], i;
	pid_t pid;
	char c;

	must(pipe(ready), "pipe");
	pid = fork();
	if (pid < 0)
		err(1, "fork");
	if (pid) {
		close(ready[1]);
		must(read(ready[0], &c, 1) != 1, "threads");
		close(ready[0]);
		return pid;
	}
	for (i = 1; i < THREADS; i++)
		must(pthread_create(&thread, NULL, idle, NULL), "thread");
	must(write(ready[1], "", 1) != 1, "ready");
	idle(NULL);
	_exit(1);
}

static int number;

static bool report(bool ok, const char *name)
{
	printf("%sok %d %s\n", ok ? "" : "not ", ++number, name);
	fflush(stdout);
	return ok;
}

static bool run(const struct request *requests, int n)
{
	bool ok = true;

	while (n--) {
		ok &= report(each_failure(requests), requests->name);
		requests++;
	}
	return ok;
}

static const struct request without_group[] = {
	{ "open", open_device, close_device, 1 },
	{ "info", info, NULL, 1 },
	{ "create", create, undo_create, 4 },
};

static const struct request with_group[] = {
	{ "get", get, NULL, 1 },
	{ "set", set, undo_set, 1 },
	{ "set by a file", set_file, undo_set, 1 },
	{ "attach", attach, undo_attach, 3 },
	{ "attach several threads", attach_crowd, undo_crowd, 3 + THREADS },
	{ "destroy", destroy, undo_destroy, 1 },
};

static const struct request attached[] = {
	{ "detach", detach, undo_detach, 1 },
	{ "release-all", release_all, undo_detach, 1 },
};

static const struct request sampled[] = {
	{ "to exact accounting", to_exact, undo_exact, 1 },
};

int main(void)
{
	bool ok;

	nth_open();
	dev = gov_open();
	puts("TAP version 13\n1..13");
	ok = run(without_group, 3);
	must(create(), "create");
	crowd = start_crowd();
	ok &= run(with_group, 6);
	kill(crowd, SIGKILL);
	waitpid(crowd, NULL, 0);
	must(attach(), "attach");
	ok &= run(attached, 2);
	ok &= report(each_fork(), "fork");
	undo_exact();
	ok &= run(sampled, 1);
	must(detach(), "detach");
	must(destroy(), "destroy");
	return !ok;
}
