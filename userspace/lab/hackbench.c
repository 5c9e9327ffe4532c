// SPDX-License-Identifier: GPL-2.0
/*
 * DOC: hackbench's pattern: each of some processes sends small messages to each
 * of as many others, so that many are runnable at a time.
 */
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cost.h"
#include "govload/clock.h"
#include "model.h"
#include "spawn.h"

#define EACH	8
#define BYTES	100
#define ROUND	(EACH * EACH)
#define RATE_CPU_S	1

static int go[2], done[2], sockets[EACH][2];

static void send_to_all(void)
{
	char message[BYTES] = { };
	int i;

	for (;;) {
		if (read(go[0], message, 1) != 1)
			_exit(1);
		for (i = 0; i < EACH; i++)
			if (send(sockets[i][0], message, BYTES, 0) != BYTES)
				_exit(1);
	}
}

static void receive_from_all(int socket)
{
	char message[BYTES];
	int i;

	for (;;) {
		for (i = 0; i < EACH; i++)
			if (recv(socket, message, BYTES, 0) != BYTES)
				_exit(1);
		if (write(done[1], message, 1) != 1)
			_exit(1);
	}
}

/**
 * hackbench_start() - make the processes
 * Return: 0, or 1 if that fails
 */
int hackbench_start(void)
{
	pid_t pid;
	int i;

	if (pipe(go) || pipe(done))
		return 1;
	for (i = 0; i < EACH; i++)
		if (socketpair(AF_UNIX, SOCK_DGRAM, 0, sockets[i]))
			return 1;
	for (i = 0; i < 2 * EACH; i++) {
		pid = cost_helper();
		if (pid < 0)
			return 1;
		if (!pid && i < EACH)
			send_to_all();
		if (!pid)
			receive_from_all(sockets[i - EACH][1]);
	}
	return 0;
}

/**
 * hackbench_batch() - send messages, and wait until all have got there
 * @n: how many, a multiple of those of a round
 * Return: 0, or 1 if that fails
 */
int hackbench_batch(int n)
{
	char bytes[EACH] = { };
	int i;

	for (n /= ROUND; n > 0; n--) {
		if (write(go[1], bytes, EACH) != EACH)
			return 1;
		for (i = 0; i < EACH; i++)
			if (read(done[0], bytes, 1) != 1)
				return 1;
	}
	return 0;
}

/* Return: messages until then, or -1 */
static long send_until(__u64 end_ns)
{
	long messages = 0;

	while (clock_read_ns(CLOCK_MONOTONIC) < end_ns) {
		if (hackbench_batch(ROUND))
			return -1;
		messages += ROUND;
	}
	return messages;
}

/* Prints how many messages a second there are. */
static int measure_rate(const void *arg)
{
	double cap = *(const double *)arg;
	__u64 warmup_ns = model_warmup_s(cap, 1) * NSEC_PER_SEC;
	__u64 window_ns = model_window_s(cap, RATE_CPU_S) * NSEC_PER_SEC;
	__u64 start = clock_read_ns(CLOCK_MONOTONIC) + warmup_ns;
	long messages = hackbench_start() ? -1 : send_until(start);

	if (messages >= 0) {
		start = clock_read_ns(CLOCK_MONOTONIC);
		messages = send_until(start + window_ns);
		start = clock_read_ns(CLOCK_MONOTONIC) - start;
	}
	cost_end_helpers();
	if (messages < 0)
		return 1;
	printf("%.17g\n", messages / (start / (double)NSEC_PER_SEC));
	return 0;
}

/**
 * hackbench_rate() - how many messages get through under a cap, once the first
 *	bucket is spent
 * @cage: where
 * Return: messages a second
 */
double hackbench_rate(struct cage *cage)
{
	return spawn_number(cage, measure_rate, &cage->cap, "hackbench");
}
