// SPDX-License-Identifier: GPL-2.0
/*
 * DOC: The median of several batches, each of which spans a few timer ticks,
 * so that their cost is in it in proportion.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cost.h"
#include "govload/clock.h"
#include "spawn.h"

#define BATCHES		11
#define NULLS		40000
#define ROUND_TRIPS	1000

struct ends {
	int in;
	int out;
};

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Prints the time of one operation, in ns. The first batch is a warm-up. */
static int measure(int (*batch)(const struct ends *ends),
		   const struct ends *ends, int n)
{
	double ns[BATCHES];
	int i;

	if (batch(ends))
		return 1;
	for (i = 0; i < BATCHES; i++) {
		__u64 start = clock_read_ns(CLOCK_MONOTONIC);

		if (batch(ends))
			return 1;
		ns[i] = (double)(clock_read_ns(CLOCK_MONOTONIC) - start) / n;
	}
	qsort(ns, BATCHES, sizeof(ns[0]), by_value);
	printf("%.17g\n", ns[BATCHES / 2]);
	return 0;
}

static int null_batch(const struct ends *unused)
{
	int i;

	for (i = 0; i < NULLS; i++)
		syscall(SYS_getppid);
	return 0;
}

static int measure_null(const void *unused)
{
	return measure(null_batch, NULL, NULLS);
}

static int pipe_batch(const struct ends *ends)
{
	char c = 0;
	int i;

	for (i = 0; i < ROUND_TRIPS; i++)
		if (write(ends->out, &c, 1) != 1 || read(ends->in, &c, 1) != 1)
			return 1;
	return 0;
}

static void echo(const struct ends *ends)
{
	char c;

	while (read(ends->in, &c, 1) == 1)
		if (write(ends->out, &c, 1) != 1)
			break;
	_exit(0);
}

static int measure_pipe(const void *unused)
{
	int there[2], back[2], ret;
	struct ends ends;
	pid_t pid;

	if (pipe(there) || pipe(back))
		return 1;
	pid = fork();
	if (pid < 0)
		return 1;
	if (!pid) {
		close(there[1]);
		close(back[0]);
		echo(&(struct ends){ .in = there[0], .out = back[1] });
	}
	close(there[0]);
	close(back[1]);
	ends = (struct ends){ .in = back[0], .out = there[1] };
	ret = measure(pipe_batch, &ends, ROUND_TRIPS);
	close(there[1]);
	waitpid(pid, NULL, 0);
	return ret;
}

static double cost(struct cage *cage, spawn_fn fn, const char *what)
{
	char *text = spawn_run(cage, fn, NULL, what);
	double ns = strtod(text, NULL);

	free(text);
	return ns;
}

/**
 * cost_null() - a system call that does next to nothing
 * @cage: where
 * Return: ns
 */
double cost_null(struct cage *cage)
{
	return cost(cage, measure_null, "null system call");
}

/**
 * cost_pipe() - a byte to another process through a pipe, and one back
 * @cage: where both of them are
 * Return: ns
 */
double cost_pipe(struct cage *cage)
{
	return cost(cage, measure_pipe, "pipe round trip");
}
