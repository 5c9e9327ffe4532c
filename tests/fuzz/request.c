// SPDX-License-Identifier: GPL-2.0
/* DOC: Requests: which there are, good ones, spoilt ones, and random bytes. */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stddef.h>

#include "fuzz.h"

#define KIND(n, type, ...) \
	{ CAPGOV_IOC_##n, sizeof(struct type), sizeof(struct type), __VA_ARGS__ }

const struct kind kinds[] = {
	KIND(INFO, capgov_info, false, { 0 }),
	KIND(POLICY_GET, capgov_policy_info, false, { ENOENT }),
	{ CAPGOV_IOC_GROUP_GET, sizeof(struct capgov_group_info),
	  offsetof(struct capgov_group_info, sys_error_ns), false, { ENOENT } },
	KIND(GROUP_CREATE, capgov_group_config, true,
	     { ENOENT, EEXIST, ERANGE, ELOOP, ENOSPC }),
	KIND(GROUP_SET, capgov_group_config, true, { ENOENT, ERANGE, ELOOP }),
	KIND(GROUP_DESTROY, capgov_group_destroy, true, { ENOENT, ENOTEMPTY }),
	KIND(ATTACH, capgov_task_op, true, { ENOENT, ESRCH, ENOSPC }),
	KIND(DETACH, capgov_task_op, true, { ESRCH }),
	KIND(RELEASE_ALL, capgov_release_all, true, { 0 }),
};

/* How often each of them is made; releasing all is the end of much. */
static const unsigned char weights[ARRAY_SIZE(kinds)] = {
	4, 2, 8, 20, 16, 10, 30, 9, 1
};

/**
 * request_may_fail() - does the header say so?
 * @kind: the request
 * @error: an errno
 * Return: whether it is one of the request's
 */
bool request_may_fail(const struct kind *kind, int error)
{
	static const int all[] = {
		EFAULT, EINVAL, E2BIG, EOPNOTSUPP, EINTR, 0
	};
	const int *e;

	if (error == ENOMEM)
		return shared->faulty;
	if (error == EBADF)
		return kind->change;
	for (e = all; *e; e++)
		if (*e == error)
			return true;
	for (e = kind->errors; *e; e++)
		if (*e == error)
			return true;
	return false;
}

static void build_get(struct worker *w, struct capgov_group_info *info)
{
	info->flags = rng_below(&w->rng, 4);
	if (info->flags)
		info->id = rng_below(&w->rng, 64);
	else
		strcpy(info->name, value_name(&w->rng));
}

static void build_task(struct worker *w, bool attach,
		       struct capgov_task_op *op)
{
	op->flags = rng_below(&w->rng, 2) ? CAPGOV_TASK_THREAD : 0;
	op->pid = pets_pick(w);
	if (attach)
		strcpy(op->name, value_name(&w->rng));
}

/**
 * request_build() - a well-formed request
 * @w: the worker
 * @req: the request
 * Return: which it is
 */
const struct kind *request_build(struct worker *w, union fuzz_request *req)
{
	unsigned int at = rng_below(&w->rng, 100);
	const struct kind *kind = kinds;
	const unsigned char *weight = weights;

	for (; at >= *weight; at -= *weight++)
		kind++;
	memset(req, 0, sizeof(*req));
	switch (kind->cmd) {
	case CAPGOV_IOC_POLICY_GET:
		req->policy.index = rng_below(&w->rng, 9);
		break;
	case CAPGOV_IOC_GROUP_GET:
		build_get(w, &req->group);
		break;
	case CAPGOV_IOC_GROUP_CREATE:
	case CAPGOV_IOC_GROUP_SET:
		if (kind->cmd == CAPGOV_IOC_GROUP_CREATE &&
		    !rng_below(&w->rng, 4))
			req->flags = CAPGOV_GROUP_AUTO;
		strcpy(req->config.name, value_name(&w->rng));
		value_config(&w->rng, &req->config);
		break;
	case CAPGOV_IOC_GROUP_DESTROY:
		strcpy(req->destroy.name, value_name(&w->rng));
		break;
	case CAPGOV_IOC_ATTACH:
	case CAPGOV_IOC_DETACH:
		build_task(w, kind->cmd == CAPGOV_IOC_ATTACH, &req->task);
	}
	req->size = kind->size;
	return kind;
}

/* Where a request has a process id, which must stay one of ours. */
static bool is_pid(const struct kind *kind, size_t at)
{
	return (kind->cmd == CAPGOV_IOC_ATTACH ||
		kind->cmd == CAPGOV_IOC_DETACH) &&
	       at / sizeof(__u64) ==
	       offsetof(struct capgov_task_op, pid) / sizeof(__u64);
}

static void mutate_word(struct worker *w, const struct kind *kind,
			union fuzz_request *req)
{
	size_t words = kind->size / sizeof(__u32);
	size_t at = (1 + rng_below(&w->rng, words - 1)) * sizeof(__u32);
	__u64 value = value_number(&w->rng);
	size_t size = sizeof(__u32);

	if (!(at % sizeof(value)) && at + sizeof(value) <= kind->size)
		size = sizeof(value);
	if (is_pid(kind, at))
		req->task.pid = rng_below(&w->rng, 2) ? -1 - (value >> 33) :
				PID_NOBODY;
	else
		memcpy(req->bytes + at, &value, size);
}

static void mutate_bit(struct worker *w, const struct kind *kind,
		       union fuzz_request *req)
{
	size_t at = sizeof(__u32) +
		    rng_below(&w->rng, kind->size - sizeof(__u32));

	if (!is_pid(kind, at))
		req->bytes[at] ^= 1 << rng_below(&w->rng, 8);
}

static void mutate_name(struct worker *w, const struct kind *kind,
			union fuzz_request *req)
{
	switch (kind->cmd) {
	case CAPGOV_IOC_GROUP_GET:
		value_bad_name(&w->rng, req->group.name);
		break;
	case CAPGOV_IOC_GROUP_CREATE:
	case CAPGOV_IOC_GROUP_SET:
		value_bad_name(&w->rng, rng_below(&w->rng, 2) ?
			       req->config.name : req->config.parent);
		break;
	case CAPGOV_IOC_GROUP_DESTROY:
		value_bad_name(&w->rng, req->destroy.name);
		break;
	case CAPGOV_IOC_ATTACH:
	case CAPGOV_IOC_DETACH:
		value_bad_name(&w->rng, req->task.name);
	}
}

/**
 * request_mutate() - spoil a member or two
 * @w: the worker
 * @kind: which request it is
 * @req: the request
 */
void request_mutate(struct worker *w, const struct kind *kind,
		    union fuzz_request *req)
{
	void (* const spoil[])(struct worker *w, const struct kind *kind,
			       union fuzz_request *req) = {
		mutate_word, mutate_bit, mutate_name
	};
	unsigned int n = 1 + rng_below(&w->rng, 2);

	while (n--)
		spoil[rng_below(&w->rng, ARRAY_SIZE(spoil))](w, kind, req);
}

/**
 * request_step() - a request, good, spoilt, or strangely put
 * @w: the worker
 */
void request_step(struct worker *w)
{
	static const enum fuzz_op ops[] = {
		OP_VALID, OP_VALID, OP_MUTATED, OP_FRAMED
	};
	enum fuzz_op op = ops[rng_below(&w->rng, ARRAY_SIZE(ops))];
	union fuzz_request req;
	const struct kind *kind = request_build(w, &req);

	if (op == OP_MUTATED)
		request_mutate(w, kind, &req);
	frame_call(w, kind, &req, op);
}

struct race {
	_Atomic bool stop;
	struct rng rng;
	const struct kind *kind;
	unsigned char *at;
};

/* Sizes good and bad come and go, and other members' bytes. */
static void *race_run(void *data)
{
	struct race *race = data;
	_Atomic __u32 *size = (_Atomic __u32 *)race->at;

	while (!atomic_load(&race->stop)) {
		size_t at = sizeof(__u32) + rng_below(&race->rng,
				race->kind->size - sizeof(__u32));

		if (!is_pid(race->kind, at))
			race->at[at] = rng_next(&race->rng);
		atomic_store(size, value_number(&race->rng));
		atomic_store(size, race->kind->size);
	}
	return NULL;
}

/**
 * request_race() - requests that another thread changes meanwhile
 * @w: the worker
 *
 * Only the errno can be checked, and that the next page is left alone.
 */
void request_race(struct worker *w)
{
	struct race race = { .rng = w->rng, .at = w->arena };
	union fuzz_request req;
	pthread_t thread;
	int i, ret, error;

	race.kind = request_build(w, &req);
	memset(w->arena, 0, PAGE);
	memcpy(w->arena, &req, race.kind->size);
	memset(w->arena + PAGE, 0x5a, PAGE);
	memcpy(w->before, w->arena + PAGE, PAGE);
	if (w->rw < 0 || pthread_create(&thread, NULL, race_run, &race))
		return;
	for (i = 0; i < 16; i++) {
		ret = ioctl(w->rw, race.kind->cmd, w->arena);
		error = ret ? errno : 0;
		fuzz_count(w, OP_RACED, error);
		if (ret && !request_may_fail(race.kind, error))
			fuzz_failed(w, "request %u, raced: %s",
				    _IOC_NR(race.kind->cmd), strerror(error));
		sched_yield();
	}
	atomic_store(&race.stop, true);
	pthread_join(thread, NULL);
	if (memcmp(w->before, w->arena + PAGE, PAGE))
		fuzz_failed(w, "request %u, raced: wrote beyond a page",
			    _IOC_NR(race.kind->cmd));
}

/* Numbers that no other driver, and not the VFS, takes for its own. */
static unsigned int random_cmd(struct rng *rng)
{
	static const unsigned char types[] = {
		CAPGOV_IOC_TYPE, CAPGOV_IOC_TYPE, CAPGOV_IOC_TYPE,
		CAPGOV_IOC_TYPE - 1, CAPGOV_IOC_TYPE + 1, 0xff
	};
	unsigned int cmd = types[rng_below(rng, ARRAY_SIZE(types))] << 8;

	cmd |= rng_below(rng, 2) ? rng_below(rng, 16) : rng_below(rng, 256);
	return rng_below(rng, 3) ? cmd : cmd | rng_next(rng) << 16;
}

/**
 * request_random() - any number, any bytes, anywhere
 * @w: the worker
 */
void request_random(struct worker *w)
{
	unsigned int cmd = random_cmd(&w->rng);
	const struct kind *kind = NULL;
	void *arg = w->arena + rng_below(&w->rng, 16) * 8;
	__u32 size = rng_below(&w->rng, 600);
	int ret, error;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++)
		if (kinds[i].cmd == cmd)
			kind = &kinds[i];
	rng_bytes(&w->rng, w->arena, PAGE);
	memcpy(arg, &size, sizeof(size));
	if (kind && is_pid(kind, offsetof(struct capgov_task_op, pid)))
		((struct capgov_task_op *)arg)->pid = pets_pick(w);
	else if (!rng_below(&w->rng, 8))
		arg = (void *)rng_next(&w->rng);
	ret = ioctl(w->rw, cmd, arg);
	error = ret ? errno : 0;
	fuzz_count(w, OP_RANDOM, error);
	if (w->rw >= 0 && ret && (kind ? !request_may_fail(kind, error) :
				  error != ENOTTY))
		fuzz_failed(w, "number %#x: %s", cmd, strerror(error));
	if (!kind && !ret)
		fuzz_failed(w, "number %#x is taken", cmd);
}

/**
 * request_open() - close a descriptor and open another
 * @w: the worker
 */
void request_open(struct worker *w)
{
	bool ro = rng_below(&w->rng, 2);
	int *fd = ro ? &w->ro : &w->rw;
	int error;

	if (*fd >= 0)
		close(*fd);
	*fd = open("/dev/capgov", (ro ? O_RDONLY : O_RDWR) | O_CLOEXEC);
	error = *fd < 0 ? errno : 0;
	fuzz_count(w, OP_OPEN, error);
	if (error && error != EINTR && !(error == ENOMEM && shared->faulty) &&
	    !(error == ENFILE && shared->faulty))
		fuzz_failed(w, "open: %s", strerror(error));
}
