// SPDX-License-Identifier: GPL-2.0
/*
 * DOC: A worker's pets: born, changed, killed, chosen as the subject of a
 * request, and at the end seen to run. A pet and what it has started is a
 * process group; what it leaves behind falls to the worker.
 */
#include <dirent.h>
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <linux/sched.h>

#include "fuzz.h"

static struct account *account(const struct worker *w)
{
	return &shared->account[w->n];
}

static struct pet *any_pet(struct worker *w)
{
	return &w->pets[rng_below(&w->rng, PETS_MAX)];
}

static void set_pid(struct worker *w, struct pet *pet, pid_t pid)
{
	pet->pid = pid;
	atomic_store(&account(w)->pets[pet - w->pets], pid);
}

/**
 * pets_start() - have one more, if there is room
 * @w: the worker
 */
void pets_start(struct worker *w)
{
	struct pet *pet = any_pet(w);
	enum pet_kind kind = rng_below(&w->rng, NR_PET_KINDS);
	pid_t pid;

	if (pet->pid || w->is_pet)
		return;
	pid = fork();
	if (!pid)
		petlife(w, kind);
	fuzz_count(w, OP_START, pid < 0 ? errno : 0);
	if (pid < 0)
		return;
	/* It may have done so itself. */
	setpgid(pid, pid);
	pet->kind = kind;
	set_pid(w, pet, pid);
}

/* One of the threads of @pid, if they can be listed. */
static pid_t any_thread(struct worker *w, pid_t pid)
{
	struct dirent *entry;
	unsigned int n = 0;
	char path[32];
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%d/task", pid);
	dir = opendir(path);
	while (dir && (entry = readdir(dir)))
		if (*entry->d_name != '.' && !rng_below(&w->rng, ++n))
			pid = atoi(entry->d_name);
	if (dir)
		closedir(dir);
	return pid;
}

/**
 * pets_pick() - a process id for a request
 * @w: the worker
 * Return: a pet's, or a thread's of it, of this worker or another; one of
 * nobody; in a pet also 0
 */
pid_t pets_pick(struct worker *w)
{
	unsigned int n = rng_below(&w->rng, 2) ? w->n :
			 rng_below(&w->rng, shared->workers);
	unsigned int pet = rng_below(&w->rng, PETS_MAX);
	pid_t pid = atomic_load(&shared->account[n].pets[pet]);

	if (w->is_pet && rng_below(&w->rng, 2))
		return 0;
	if (!pid || !rng_below(&w->rng, 32))
		return PID_NOBODY;
	return rng_below(&w->rng, 4) ? pid : any_thread(w, pid);
}

/* A tenth of a CPU; its children are ordinary. */
static int set_deadline(pid_t pid)
{
	const struct {
		__u32 size, policy;
		__u64 flags;
		__s32 nice;
		__u32 priority;
		__u64 runtime_ns, deadline_ns, period_ns;
	} attr = {
		.size = sizeof(attr),
		.policy = SCHED_DEADLINE,
		.flags = SCHED_FLAG_RESET_ON_FORK,
		.runtime_ns = 1000000,
		.deadline_ns = 10000000,
		.period_ns = 10000000,
	};

	return syscall(SYS_sched_setattr, pid, &attr, 0);
}

static int set_policy(struct worker *w, pid_t pid)
{
	static const int policies[] = {
		SCHED_OTHER, SCHED_BATCH, SCHED_IDLE, SCHED_FIFO, SCHED_RR
	};
	int policy = policies[rng_below(&w->rng, ARRAY_SIZE(policies))];
	struct sched_param param = {
		.sched_priority = policy == SCHED_FIFO || policy == SCHED_RR,
	};

	if (!rng_below(&w->rng, 6))
		return set_deadline(pid);
	return sched_setscheduler(pid, policy, &param);
}

static int set_cpus(struct worker *w, pid_t pid)
{
	unsigned int cpus = rng_below(&w->rng, 4);
	cpu_set_t set;

	CPU_ZERO(&set);
	if (cpus & 1)
		CPU_SET(0, &set);
	if (cpus & 2)
		CPU_SET(1, &set);
	return sched_setaffinity(pid, sizeof(set), &set);
}

/**
 * pets_change() - stop one, let it go on, signal it, schedule it differently
 * @w: the worker
 */
void pets_change(struct worker *w)
{
	static const int signals[] = { SIGSTOP, SIGCONT, SIGCONT, SIGUSR1 };
	struct pet *pet = any_pet(w);
	int ret;

	if (!pet->pid)
		return;
	switch (rng_below(&w->rng, 4)) {
	case 0:
		ret = set_policy(w, any_thread(w, pet->pid));
		break;
	case 1:
		ret = set_cpus(w, any_thread(w, pet->pid));
		break;
	case 2:
		ret = setpriority(PRIO_PROCESS, pet->pid,
				  rng_below(&w->rng, 20));
		break;
	default:
		ret = kill(pet->pid,
			   signals[rng_below(&w->rng, ARRAY_SIZE(signals))]);
	}
	fuzz_count(w, OP_CHANGE, ret ? errno : 0);
}

static void reaped(struct worker *w, pid_t pid)
{
	int i;

	for (i = 0; i < PETS_MAX; i++) {
		if (w->pets[i].pid != pid)
			continue;
		/* What it has left must not pile up. */
		kill(-pid, SIGKILL);
		set_pid(w, &w->pets[i], 0);
	}
}

/**
 * pets_reap() - bury who has died, and what those have left
 * @w: the worker
 */
void pets_reap(struct worker *w)
{
	pid_t pid;

	while ((pid = waitpid(-1, NULL, WNOHANG)) > 0)
		reaped(w, pid);
}

/*
 * Real-time pets may leave a killed one of SCHED_IDLE no time to end: it comes
 * before them now. Whoever is not runnable stays what it is.
 */
static void prefer(pid_t pid)
{
	struct sched_param param = { .sched_priority = 2 };
	struct dirent *entry;
	char path[32];
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%d/task", pid);
	dir = opendir(path);
	while (dir && (entry = readdir(dir)))
		if (*entry->d_name != '.')
			sched_setscheduler(atoi(entry->d_name), SCHED_RR, &param);
	if (dir)
		closedir(dir);
}

/* R, S, D...; ? if it has gone. */
static char state_of(pid_t pid)
{
	char path[32], state = '?';
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	f = fopen(path, "re");
	if (f) {
		if (fscanf(f, "%*d (%*[^)]) %c", &state) != 1)
			state = '?';
		fclose(f);
	}
	return state;
}

static void kill_pet(struct worker *w, struct pet *pet)
{
	long long end = gov_now(CLOCK_MONOTONIC) + BOUND_NS;
	long long late = end - BOUND_NS / 2;
	pid_t pid = pet->pid;

	kill(-pid, SIGKILL);
	kill(pid, SIGKILL);
	while (pet->pid == pid) {
		pets_reap(w);
		if (gov_now(CLOCK_MONOTONIC) > late)
			prefer(pid);
		if (gov_now(CLOCK_MONOTONIC) < end) {
			fuzz_pause();
			continue;
		}
		fuzz_failed(w, "pet %d of kind %d survives SIGKILL, %c", pid,
			    pet->kind, state_of(pid));
		return;
	}
}

/**
 * pets_kill() - kill one, which has to die in bounded time
 * @w: the worker
 */
void pets_kill(struct worker *w)
{
	struct pet *pet = any_pet(w);

	if (!pet->pid)
		return;
	kill_pet(w, pet);
	fuzz_count(w, OP_KILL, 0);
}

/**
 * pets_hold() - the end is near: nobody is stopped or makes requests any more
 * @w: the worker
 */
void pets_hold(struct worker *w)
{
	struct sched_param param = { 0 };
	struct pet *pet;
	cpu_set_t set;
	int cpu;

	CPU_ZERO(&set);
	for (cpu = 0; cpu < CPU_SETSIZE; cpu++)
		CPU_SET(cpu, &set);
	for (pet = w->pets; pet < w->pets + PETS_MAX; pet++) {
		if (!pet->pid)
			continue;
		if (pet->kind != PET_SPIN) {
			kill_pet(w, pet);
			continue;
		}
		kill(pet->pid, SIGCONT);
		sched_setscheduler(pet->pid, SCHED_OTHER, &param);
		sched_setaffinity(pet->pid, sizeof(set), &set);
	}
}

/**
 * pets_check() - who spins has to run, now that everybody has been released
 * @w: the worker
 */
void pets_check(struct worker *w)
{
	long long end = gov_now(CLOCK_MONOTONIC) + BOUND_NS;
	struct pet *pet;

	for (pet = w->pets; pet < w->pets + PETS_MAX; pet++) {
		long long start = fuzz_cpu_ns(pet->pid);
		long long now = start;

		while (now >= 0 && now < start + 20000000) {
			fuzz_pause();
			pets_reap(w);
			now = fuzz_cpu_ns(pet->pid);
			if (gov_now(CLOCK_MONOTONIC) < end)
				continue;
			fuzz_failed(w, "pet %d does not run", pet->pid);
			return;
		}
	}
}

/**
 * pets_end() - kill all
 * @w: the worker
 */
void pets_end(struct worker *w)
{
	long long end = gov_now(CLOCK_MONOTONIC) + BOUND_NS;
	struct pet *pet;
	pid_t pid;

	for (pet = w->pets; pet < w->pets + PETS_MAX; pet++)
		if (pet->pid)
			kill_pet(w, pet);
	while ((pid = waitpid(-1, NULL, WNOHANG)) >= 0) {
		if (pid)
			continue;
		fuzz_pause();
		if (gov_now(CLOCK_MONOTONIC) > end) {
			fuzz_failed(w, "a pet's child does not end");
			return;
		}
	}
}
