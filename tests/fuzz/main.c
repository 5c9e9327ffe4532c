// SPDX-License-Identifier: GPL-2.0
/*
 * DOC: govfuzz's supervisor. It starts the workers, sees that they get on, has
 * everybody released at the end, and says in one line of JSON what was done.
 * No request of a worker means it, and it comes before all of them.
 */
#include <errno.h>
#include <getopt.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/wait.h>

#include "fuzz.h"

static const char * const op_names[NR_OPS] = {
	[OP_VALID] = "valid",
	[OP_MUTATED] = "mutated",
	[OP_FRAMED] = "framed",
	[OP_RACED] = "raced",
	[OP_RANDOM] = "random",
	[OP_WALK] = "walk",
	[OP_OPEN] = "open",
	[OP_READ] = "read",
	[OP_WRITE] = "write",
	[OP_START] = "start",
	[OP_CHANGE] = "change",
	[OP_KILL] = "kill",
};

/* So many valid requests must be of use. */
#define SENSE_MIN	500

struct shared *shared;

static pid_t workers[WORKERS_MAX];

/**
 * fuzz_failed() - a check has failed: say so, and how to see it again
 * @w: the worker, NULL for the supervisor
 * @format: what is wrong, as printf() has it
 */
void fuzz_failed(const struct worker *w, const char *format, ...)
{
	char text[256];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	atomic_fetch_add(&shared->failures, 1);
	if (w)
		dprintf(2, "govfuzz: seed %llu, worker %u%s, step %llu: %s\n",
			(unsigned long long)shared->seed, w->n,
			w->is_pet ? " (a pet)" : "",
			(unsigned long long)w->step, text);
	else
		dprintf(2, "govfuzz: seed %llu: %s\n",
			(unsigned long long)shared->seed, text);
}

/**
 * fuzz_count() - something has been done
 * @w: by whom
 * @op: what
 * @error: the errno, 0 if it succeeded
 */
void fuzz_count(struct worker *w, enum fuzz_op op, int error)
{
	struct account *account = &shared->account[w->n];

	atomic_fetch_add(&account->ops[op], 1);
	if (error > 0 && error < ERRNO_MAX)
		atomic_fetch_add(&account->errors[error], 1);
	if (!error && op == OP_VALID)
		atomic_fetch_add(&account->succeeded, 1);
}

/**
 * fuzz_pause() - let others run a while
 */
void fuzz_pause(void)
{
	usleep(5000);
}

/**
 * fuzz_cpu_ns() - how long a process has run
 * @pid: the process
 * Return: ns; -1 if it is not there
 */
long long fuzz_cpu_ns(pid_t pid)
{
	struct timespec ts;
	clockid_t clock;

	if (pid <= 0 || clock_getcpuclockid(pid, &clock) ||
	    clock_gettime(clock, &ts))
		return -1;
	return ts.tv_sec * 1000000000LL + ts.tv_nsec;
}

static void start_workers(void)
{
	unsigned int n;

	for (n = 0; n < shared->workers; n++) {
		workers[n] = fork();
		if (workers[n] < 0)
			err(1, "fork");
		if (!workers[n])
			worker_run(n);
	}
}

static void show_file(pid_t pid, const char *name)
{
	char path[48], text[2048];
	ssize_t len;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	len = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
	if (len > 0)
		dprintf(2, "%s:\n%.*s\n", path, (int)len, text);
	if (fd >= 0)
		close(fd);
}

/* A worker that has ended before its time. Return: whether there is one. */
static bool lost_worker(void)
{
	unsigned int n;
	int status;

	for (n = 0; n < shared->workers; n++) {
		if (waitpid(workers[n], &status, WNOHANG) <= 0)
			continue;
		fuzz_failed(NULL, "worker %u ended at step %llu: status %#x", n,
			    (unsigned long long)shared->account[n].step,
			    status);
		return true;
	}
	return false;
}

/* A worker that has not taken a step for long. */
static bool stuck_worker(long long now)
{
	static __u64 last[WORKERS_MAX];
	static long long since[WORKERS_MAX];
	unsigned int n;

	for (n = 0; n < shared->workers; n++) {
		struct account *account = &shared->account[n];

		if (!since[n] || account->step != last[n] || account->held) {
			last[n] = account->step;
			since[n] = now;
		}
		if (now - since[n] < 2 * BOUND_NS)
			continue;
		fuzz_failed(NULL, "worker %u is stuck in step %llu", n,
			    (unsigned long long)last[n]);
		show_file(workers[n], "status");
		show_file(workers[n], "stack");
		return true;
	}
	return false;
}

static bool all_held(int phase)
{
	unsigned int n;

	for (n = 0; n < shared->workers; n++)
		if (shared->account[n].held < phase)
			return false;
	return true;
}

/* Let them fuzz. Return: whether all workers are well. */
static bool supervise(long seconds)
{
	long long now = gov_now(CLOCK_MONOTONIC);
	long long end = now + seconds * 1000000000LL, vary = 0;
	struct rng rng = { shared->seed };

	while (now < end && !all_held(PHASE_HOLD) && !shared->failures) {
		if (lost_worker() || stuck_worker(now))
			return false;
		if (now >= vary) {
			inject_vary(&rng);
			vary = now + 1000000000LL;
		}
		usleep(20000);
		now = gov_now(CLOCK_MONOTONIC);
	}
	return true;
}

/* Tell the workers to go on to @phase, and wait until they have. */
static bool advance(enum fuzz_phase phase)
{
	long long end = gov_now(CLOCK_MONOTONIC) + 4 * BOUND_NS;

	atomic_store(&shared->phase, phase);
	while (!all_held(phase + 1)) {
		if (lost_worker())
			return false;
		if (gov_now(CLOCK_MONOTONIC) > end) {
			fuzz_failed(NULL, "a worker does not reach phase %d",
				    phase + 1);
			return false;
		}
		fuzz_pause();
	}
	return true;
}

/* The workers kill their pets and end; if they do not, they are killed. */
static void end_workers(bool well)
{
	long long end = gov_now(CLOCK_MONOTONIC) + 2 * BOUND_NS;
	unsigned int n;
	int status;

	atomic_store(&shared->phase, PHASE_END);
	for (n = 0; !well && n < shared->workers; n++)
		kill(workers[n], SIGKILL);
	/* What lost workers have left comes to us. */
	while (waitpid(-1, &status, WNOHANG) >= 0) {
		if (well && status)
			fuzz_failed(NULL, "a worker ends with %#x", status);
		if (gov_now(CLOCK_MONOTONIC) > end) {
			fuzz_failed(NULL, "somebody does not end");
			return;
		}
		fuzz_pause();
	}
}

static void print_counts(const char *name, const char * const *names,
			 const __u64 *counts, unsigned int nr)
{
	const char *comma = "";
	unsigned int i;

	printf(", \"%s\": {", name);
	for (i = 0; i < nr; i++) {
		const char *key = names ? names[i] : strerrorname_np(i);

		if (!key || !counts[i])
			continue;
		printf("%s\"%s\": %llu", comma, key,
		       (unsigned long long)counts[i]);
		comma = ", ";
	}
	printf("}");
}

/* What nothing comes through to, or nothing fails in, proves nothing. */
static void check_sense(__u64 valid, __u64 succeeded, const long *faults)
{
	if (valid < SENSE_MIN)
		return;
	if (succeeded * 10 < valid)
		fuzz_failed(NULL, "only %llu of %llu valid requests were granted",
			    (unsigned long long)succeeded,
			    (unsigned long long)valid);
	if (shared->faulty && (!faults[0] || !faults[1]))
		fuzz_failed(NULL, "no allocation has failed");
}

static void summary(long long ns, const long *faults)
{
	__u64 ops[NR_OPS] = { 0 }, errors[ERRNO_MAX] = { 0 }, total = 0;
	__u64 succeeded = 0;
	unsigned int n, i;

	for (n = 0; n < shared->workers; n++) {
		for (i = 0; i < NR_OPS; i++)
			ops[i] += shared->account[n].ops[i];
		for (i = 0; i < ERRNO_MAX; i++)
			errors[i] += shared->account[n].errors[i];
		succeeded += shared->account[n].succeeded;
	}
	for (i = 0; i < NR_OPS; i++)
		total += ops[i];
	check_sense(ops[OP_VALID], succeeded, faults);
	printf("{\"seed\": %llu, \"workers\": %u, \"seconds\": %.1f, ",
	       (unsigned long long)shared->seed, shared->workers, ns / 1e9);
	printf("\"operations\": %llu", (unsigned long long)total);
	print_counts("by_kind", op_names, ops, NR_OPS);
	printf(", \"granted\": %llu", (unsigned long long)succeeded);
	if (shared->faulty)
		printf(", \"faults\": {\"failslab\": %ld, \"fail_page_alloc\": %ld}",
		       faults[0], faults[1]);
	else
		printf(", \"faults\": null");
	print_counts("errors", NULL, errors, ERRNO_MAX);
	printf(", \"failures\": %d}\n", shared->failures);
}

static void usage(int status)
{
	fprintf(status ? stderr : stdout,
		"Usage: govfuzz [--seed N] [--workers N] [--seconds S] [--steps N]\n"
		"Misuse capgov for S seconds (60), or until each of N workers (4) has\n"
		"taken N steps. Only where nothing is lost: it releases everybody and\n"
		"destroys all groups.\n");
	exit(status);
}

static unsigned long long number(const char *text, unsigned long long max)
{
	unsigned long long value;
	char *end;

	errno = 0;
	value = strtoull(text, &end, 0);
	if (errno || end == text || *end || *text == '-' || value > max)
		usage(2);
	return value;
}

static void options(int argc, char **argv, long *seconds)
{
	static const struct option known[] = {
		{ "seed", required_argument, NULL, 's' },
		{ "workers", required_argument, NULL, 'w' },
		{ "seconds", required_argument, NULL, 't' },
		{ "steps", required_argument, NULL, 'n' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 }
	};
	int code;

	while ((code = getopt_long(argc, argv, "", known, NULL)) != -1) {
		switch (code) {
		case 's':
			shared->seed = number(optarg, ~0ULL);
			break;
		case 'w':
			shared->workers = number(optarg, WORKERS_MAX);
			break;
		case 't':
			*seconds = number(optarg, 1000000);
			break;
		case 'n':
			shared->steps = number(optarg, ~0ULL);
			break;
		default:
			usage(code == 'h' ? 0 : 2);
		}
	}
	if (optind < argc || !shared->workers)
		usage(2);
}

static unsigned long long random_seed(void)
{
	unsigned int seed;

	if (getrandom(&seed, sizeof(seed), GRND_INSECURE) != sizeof(seed))
		err(1, "getrandom");
	return seed;
}

static bool fuzz(long seconds)
{
	start_workers();
	return supervise(seconds) && advance(PHASE_HOLD);
}

int main(int argc, char **argv)
{
	struct sched_param first = { .sched_priority = 50 };
	long faults[2] = { 0 }, seconds = 60;
	long long start;
	bool well;

	/* A pet that has made exec, perhaps with no memory for more. */
	if (argc == 3 && !strcmp(argv[1], "--pet"))
		petlife(NULL, atoi(argv[2]) % NR_PET_KINDS);
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	if (shared == MAP_FAILED)
		err(1, "memory");
	shared->seed = random_seed();
	shared->workers = 4;
	options(argc, argv, &seconds);
	printf("govfuzz: seed %llu\n", (unsigned long long)shared->seed);
	shared->faulty = inject_start();
	if (!shared->faulty)
		puts("govfuzz: no allocation fails: this kernel cannot do that");
	fflush(stdout);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK, &first);
	start = gov_now(CLOCK_MONOTONIC);
	well = fuzz(seconds);
	inject_stop(faults);
	final_release();
	well = well && advance(PHASE_CHECK);
	end_workers(well);
	final_check();
	summary(gov_now(CLOCK_MONOTONIC) - start, faults);
	return shared->failures > 0;
}
