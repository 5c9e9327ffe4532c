// SPDX-License-Identifier: GPL-2.0
/*
 * DOC: A unit of SYS work is as few system calls as the kind allows, and all
 * a thread needs for it belongs to that thread: no unit ever waits for another
 * thread. What a signal cuts short is continued, so a unit is always whole.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <unistd.h>

#include "govload/work.h"

#define KIB		1024ul
#define MIB		(1024 * KIB)
/* One long read of zeroes goes to the same buffer again and again. */
#define ZERO_BUF	MIB
#define ZERO_MAX	(IOV_COUNT * ZERO_BUF)
#define IOV_COUNT	1024

static int zero_open(struct work *w)
{
	w->fd[0] = open("/dev/zero", O_RDONLY | O_CLOEXEC);
	return w->fd[0] < 0 ? -errno : 0;
}

static ssize_t zero_read(struct work *w, size_t size)
{
	struct iovec iov[IOV_COUNT];
	int n = 0;

	for (; size; n++) {
		iov[n].iov_base = w->buf;
		iov[n].iov_len = size < ZERO_BUF ? size : ZERO_BUF;
		size -= iov[n].iov_len;
	}
	return readv(w->fd[0], iov, n);
}

static int zero_unit(struct work *w)
{
	size_t left = w->size;
	ssize_t got;

	while (left) {
		got = zero_read(w, left);
		if (got > 0)
			left -= got;
		else if (errno != EINTR)
			return -errno;
	}
	return 0;
}

static int getrandom_unit(struct work *w)
{
	size_t left = w->size;
	ssize_t got;

	while (left) {
		got = getrandom(w->buf, left, 0);
		if (got > 0)
			left -= got;
		else if (errno != EINTR)
			return -errno;
	}
	return 0;
}

static int pipe_open(struct work *w)
{
	return pipe2(w->fd, O_CLOEXEC) ? -errno : 0;
}

static int udp_open(struct work *w)
{
	struct sockaddr_in addr = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	struct timeval patience = { .tv_sec = 5 };
	socklen_t len = sizeof(addr);
	int i;

	for (i = 0; i < 2; i++) {
		w->fd[i] = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
		if (w->fd[i] < 0)
			return -errno;
	}
	/* A lost datagram is then an error, not a wait without end. */
	if (setsockopt(w->fd[0], SOL_SOCKET, SO_RCVTIMEO, &patience,
		       sizeof(patience)) ||
	    bind(w->fd[0], (struct sockaddr *)&addr, sizeof(addr)) ||
	    getsockname(w->fd[0], (struct sockaddr *)&addr, &len) ||
	    connect(w->fd[1], (struct sockaddr *)&addr, sizeof(addr)))
		return -errno;
	return 0;
}

/* A pipe that holds it all, or a datagram: nothing here is ever partial. */
static int pass_unit(struct work *w)
{
	ssize_t n;

	do {
		n = write(w->fd[1], w->buf, w->size);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	do {
		n = read(w->fd[0], w->buf, w->size);
	} while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : 0;
}

static int null_unit(struct work *w)
{
	syscall(SYS_getppid);
	return 0;
}

static const struct work_kind kinds[] = {
	{ "zero", 256 * KIB, ZERO_MAX, zero_open, zero_unit },
	{ "getrandom", 4 * KIB, 256 * MIB, NULL, getrandom_unit },
	{ "pipe", 4 * KIB, 64 * KIB, pipe_open, pass_unit },
	{ "udp", KIB, 60 * KIB, udp_open, pass_unit },
	{ "null", 0, 0, NULL, null_unit },
	{ }
};

/**
 * work_find - look up a kind of SYS work
 * @name: its name
 *
 * Return: the kind, or NULL when there is none of this name.
 */
const struct work_kind *work_find(const char *name)
{
	const struct work_kind *kind;

	for (kind = kinds; kind->name; kind++)
		if (!strcmp(kind->name, name))
			return kind;
	return NULL;
}

/**
 * work_open - get ready to do SYS work
 * @w: filled in; for work_close() whether this succeeds or not
 * @kind: what kind
 * @size: bytes a unit moves, at most @kind->max_size
 *
 * Return: 0; -ENOMEM, or why a descriptor could not be had.
 */
int work_open(struct work *w, const struct work_kind *kind, size_t size)
{
	size_t room = kind->open == zero_open && size > ZERO_BUF ?
		      ZERO_BUF : size;

	*w = (struct work){ .kind = kind, .size = size, .fd = { -1, -1 } };
	w->buf = malloc(room + 1);
	if (!w->buf)
		return -ENOMEM;
	/* Its pages are faulted in now, not while the work is timed. */
	memset(w->buf, 1, room + 1);
	return kind->open ? kind->open(w) : 0;
}

/**
 * work_close - give back what work_open() took
 * @w: the means
 */
void work_close(struct work *w)
{
	int i;

	for (i = 0; i < 2; i++)
		if (w->fd[i] >= 0)
			close(w->fd[i]);
	free(w->buf);
}

/**
 * work_spin - USR work: compute, touching no memory
 * @spins: how long
 * @seed: anything; what the last call returned
 *
 * The empty asm makes a spin the same few instructions whatever the compiler
 * would have liked to make of the whole.
 *
 * Return: the result of the computation.
 */
__u64 work_spin(__u64 spins, __u64 seed)
{
	while (spins--) {
		seed = seed * 6364136223846793005ull + 1442695040888963407ull;
		__asm__ volatile("" : "+r" (seed));
	}
	return seed;
}
