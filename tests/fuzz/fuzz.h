/* SPDX-License-Identifier: GPL-2.0 */
/*
 * DOC: govfuzz: a supervisor outside every group (main.c, inject.c, final.c)
 * and workers that take random steps: requests (request.c, frame.c, reply.c,
 * value.c), files (files.c) and tasks to be governed, called pets (pets.c,
 * petlife.c). What a step does follows from seed, worker and step alone, as
 * far as the others and the pets let it.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <stdatomic.h>
#include <stdbool.h>

#include "libcapgov/util.h"
#include "../e2e/gov.h"

#define WORKERS_MAX	16
#define PETS_MAX	5
#define ERRNO_MAX	134
#define PAGE		4096
/* How long anything may take that has to happen; a busy host is slow. */
#define BOUND_NS	(120 * 1000000000LL)
/* No task has it, whatever pid_max is. */
#define PID_NOBODY	4194305

enum fuzz_op {
	OP_VALID,
	OP_MUTATED,
	OP_FRAMED,
	OP_RACED,
	OP_RANDOM,
	OP_WALK,
	OP_OPEN,
	OP_READ,
	OP_WRITE,
	OP_START,
	OP_CHANGE,
	OP_KILL,
	NR_OPS
};

enum fuzz_phase { PHASE_RUN, PHASE_HOLD, PHASE_CHECK, PHASE_END };

/**
 * struct rng - where all decisions come from
 * @state: its state
 */
struct rng {
	__u64 state;
};

/**
 * struct account - what one worker and its pets have done, shared
 * @step: the worker's
 * @held: the phase the worker has reached
 * @pets: their process ids, 0 for none
 * @ops: how often each was done
 * @errors: how often each errno came back
 * @succeeded: how many valid requests were granted
 */
struct account {
	_Atomic __u64 step;
	_Atomic int held;
	_Atomic pid_t pets[PETS_MAX];
	_Atomic __u64 ops[NR_OPS];
	_Atomic __u64 errors[ERRNO_MAX];
	_Atomic __u64 succeeded;
};

/**
 * struct shared - memory of all processes
 * @seed: of everything
 * @steps: how many each worker takes, 0 for no end
 * @workers: how many
 * @faulty: whether allocations fail
 * @phase: enum fuzz_phase
 * @failures: how many checks have failed
 * @account: the workers'
 */
struct shared {
	__u64 seed;
	__u64 steps;
	unsigned int workers;
	bool faulty;
	_Atomic int phase;
	_Atomic int failures;
	struct account account[WORKERS_MAX];
};

/**
 * struct pet - a task to be governed
 * @pid: also of its process group; 0 for none
 * @kind: enum pet_kind
 */
struct pet {
	pid_t pid;
	int kind;
};

/**
 * struct worker - one worker; a pet that makes requests has a copy
 * @n: its number
 * @step: its step
 * @rng: of this step
 * @rw: the device, open for writing, or -1
 * @ro: the device, open for reading, or -1
 * @file: a file below /sys/kernel/capgov, open since some step, or -1
 * @is_pet: it may be governed itself
 * @pets: its pets
 * @arena: two pages to read and write, one to read, one not mapped
 * @before: what the first two were before a request
 */
struct worker {
	unsigned int n;
	__u64 step;
	struct rng rng;
	int rw;
	int ro;
	int file;
	bool is_pet;
	struct pet pets[PETS_MAX];
	unsigned char *arena;
	unsigned char before[2 * PAGE];
};

union fuzz_request {
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
	unsigned char bytes[sizeof(struct capgov_group_info)];
};

/**
 * struct kind - a request as the header has it
 * @cmd: its number
 * @size: of its structure
 * @first: of its structure's first version
 * @change: it needs a descriptor open for writing
 * @errors: every errno it may fail with, but for those all have; ends with 0
 */
struct kind {
	unsigned int cmd;
	__u32 size;
	__u32 first;
	bool change;
	int errors[12];
};

extern struct shared *shared;

/* main.c */
__printf(2, 3) void fuzz_failed(const struct worker *w, const char *format, ...);
void fuzz_count(struct worker *w, enum fuzz_op op, int error);
void fuzz_pause(void);
long long fuzz_cpu_ns(pid_t pid);

/* value.c */
__u64 rng_next(struct rng *rng);
unsigned int rng_below(struct rng *rng, unsigned int n);
void rng_bytes(struct rng *rng, void *to, size_t size);
__u64 value_number(struct rng *rng);
const char *value_name(struct rng *rng);
void value_bad_name(struct rng *rng, char *to);
const char *value_policy(struct rng *rng);
void value_config(struct rng *rng, struct capgov_group_config *cfg);

/* request.c */
extern const struct kind kinds[];
const struct kind *request_build(struct worker *w, union fuzz_request *req);
void request_mutate(struct worker *w, const struct kind *kind,
		    union fuzz_request *req);
bool request_may_fail(const struct kind *kind, int error);
void request_step(struct worker *w);
void request_race(struct worker *w);
void request_random(struct worker *w);
void request_open(struct worker *w);

/* frame.c */
int frame_init(struct worker *w);
void frame_call(struct worker *w, const struct kind *kind,
		const union fuzz_request *req, enum fuzz_op op);

/* reply.c */
void reply_check(struct worker *w, const struct kind *kind, const void *reply);
void reply_walk(struct worker *w);

/* files.c */
void files_step(struct worker *w);

/* pets.c */
void pets_start(struct worker *w);
void pets_change(struct worker *w);
void pets_kill(struct worker *w);
void pets_reap(struct worker *w);
pid_t pets_pick(struct worker *w);
void pets_hold(struct worker *w);
void pets_check(struct worker *w);
void pets_end(struct worker *w);

/* petlife.c */
enum pet_kind {
	PET_SPIN,
	PET_CALLS,
	PET_SLEEP,
	PET_FORK,
	PET_THREADS,
	PET_EXEC,
	PET_THREAD_EXEC,
	PET_VFORK,
	PET_REQUESTS,
	PET_LEADER_GONE,
	PET_SIGNALS,
	PET_CRASH,
	NR_PET_KINDS
};

void petlife(struct worker *w, enum pet_kind kind);

/* worker.c */
void worker_run(unsigned int n);

/* inject.c */
bool inject_start(void);
void inject_me(void);
void inject_vary(struct rng *rng);
void inject_stop(long faults[2]);

/* final.c */
void final_release(void);
void final_check(void);

#endif /* FUZZ_H */
