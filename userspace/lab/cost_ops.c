// SPDX-License-Identifier: GPL-2.0
/* DOC: The operations; what they keep is their process's own. */
#include <err.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cost.h"
#include "libcapgov/util.h"

#define RING_MAX	256
#define PAGES		512

static int ring[RING_MAX][2], ring_size;
static pid_t helpers[RING_MAX];
static int nr_helpers;
static char *pages;
static long page_size;

static int null_batch(int n)
{
	while (n--)
		syscall(SYS_getppid);
	return 0;
}

static int pass_on(int from, int to)
{
	char c;

	return read(ring[from][0], &c, 1) != 1 ||
	       write(ring[to][1], &c, 1) != 1;
}

static void helper(int i)
{
	while (!pass_on(i, (i + 1) % ring_size))
		;
	_exit(1);
}

/* A pipe to each; whoever has got a byte passes it on. */
static int ring_start(int size)
{
	int i;

	ring_size = size;
	for (i = 0; i < size; i++)
		if (pipe(ring[i]))
			return 1;
	for (i = 1; i < size; i++) {
		pid_t pid = cost_helper();

		if (pid < 0)
			return 1;
		if (!pid)
			helper(i);
	}
	return 0;
}

static int start_2(void)
{
	return ring_start(2);
}

static int start_16(void)
{
	return ring_start(16);
}

static int start_256(void)
{
	return ring_start(256);
}

static int lap(void)
{
	char c = 0;

	return write(ring[1][1], &c, 1) != 1 || read(ring[0][0], &c, 1) != 1;
}

static int pipe_batch(int n)
{
	while (n--)
		if (lap())
			return 1;
	return 0;
}

static int switch_batch(int n)
{
	return pipe_batch(n / ring_size);
}

static int fork_batch(int n)
{
	while (n--) {
		pid_t pid = fork();

		if (!pid)
			_exit(0);
		if (pid < 0 || waitpid(pid, NULL, 0) != pid)
			return 1;
	}
	return 0;
}

static void *nothing(void *unused)
{
	return NULL;
}

static int thread_batch(int n)
{
	pthread_t thread;

	while (n--)
		if (pthread_create(&thread, NULL, nothing, NULL) ||
		    pthread_join(thread, NULL))
			return 1;
	return 0;
}

static int fault_start(void)
{
	page_size = sysconf(_SC_PAGESIZE);
	pages = mmap(NULL, PAGES * page_size, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (pages == MAP_FAILED)
		return 1;
	madvise(pages, PAGES * page_size, MADV_NOHUGEPAGE);
	return 0;
}

static int fault_batch(int n)
{
	while (n--) {
		pages[n % PAGES * page_size] = 1;
		if (n % PAGES == 0 &&
		    madvise(pages, PAGES * page_size, MADV_DONTNEED))
			return 1;
	}
	return 0;
}

static int timer_start(void)
{
	return prctl(PR_SET_TIMERSLACK, 1);
}

static int timer_batch(int n)
{
	static const struct timespec soon = { .tv_nsec = 1 };

	while (n--)
		if (clock_nanosleep(CLOCK_MONOTONIC, 0, &soon, NULL))
			return 1;
	return 0;
}

const struct cost_op cost_ops[] = {
	{ "null", NULL, null_batch, 20000 },
	{ "pipe", start_2, pipe_batch, 600 },
	{ "switch among 2", start_2, switch_batch, 1200 },
	{ "switch among 16", start_16, switch_batch, 1280 },
	{ "switch among 256", start_256, switch_batch, 1280 },
	{ "fork + exit", NULL, fork_batch, 60 },
	{ "thread", NULL, thread_batch, 480 },
	{ "page fault", fault_start, fault_batch, 6 * PAGES },
	{ "hackbench", hackbench_start, hackbench_batch, 5120 },
	{ "timer", timer_start, timer_batch, 800 },
};

const unsigned int cost_nr_ops = ARRAY_SIZE(cost_ops);

_Static_assert(ARRAY_SIZE(cost_ops) <= COST_OPS_MAX, "too many");

/**
 * cost_helper() - fork a process that takes part
 * Return: as fork(2) has it; RING_MAX at most
 */
pid_t cost_helper(void)
{
	pid_t pid = fork();

	if (!pid)
		prctl(PR_SET_PDEATHSIG, SIGKILL);
	else if (pid > 0)
		helpers[nr_helpers++] = pid;
	return pid;
}

/**
 * cost_end_helpers() - end the processes that cost_helper() made
 */
void cost_end_helpers(void)
{
	int i;

	for (i = 0; i < nr_helpers; i++)
		kill(helpers[i], SIGKILL);
	while (nr_helpers)
		waitpid(helpers[--nr_helpers], NULL, 0);
}
