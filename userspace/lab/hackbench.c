// SPDX-License-Identifier: GPL-2.0
/*
 * DOC: hackbench's pattern: each of some processes sends small messages to each
 * of as many others, so that many are runnable at a time.
 */
#include <sys/socket.h>
#include <unistd.h>

#include "cost.h"

#define EACH	8
#define BYTES	100

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

	for (n /= EACH * EACH; n > 0; n--) {
		if (write(go[1], bytes, EACH) != EACH)
			return 1;
		for (i = 0; i < EACH; i++)
			if (read(done[0], bytes, 1) != 1)
				return 1;
	}
	return 0;
}
