// SPDX-License-Identifier: GPL-2.0
/*
 * DOC: A file system of one file, whose close does not end any more after
 * SIGUSR1, while this program lives: who exits waits there, deaf to any signal.
 */
#include <errno.h>
#include <linux/fuse.h>
#include <signal.h>
#include <sys/mount.h>

#include "gov.h"

static int dev;
static _Atomic int slow;

static void answer(const struct fuse_in_header *in, int error, const void *data,
		   size_t len)
{
	struct {
		struct fuse_out_header head;
		char data[256];
	} out = {
		.head = {
			.len = sizeof(out.head) + len,
			.error = -error,
			.unique = in->unique,
		},
	};

	memcpy(out.data, data, len);
	if (write(dev, &out, out.head.len) < 0 && errno != ENOENT)
		err(1, "/dev/fuse");
}

static void serve(const struct fuse_in_header *in)
{
	struct fuse_attr_out attr = {
		.attr = { .ino = 1, .mode = S_IFREG | 0644, .nlink = 1 },
	};
	struct fuse_init_out init = {
		.major = FUSE_KERNEL_VERSION,
		.minor = FUSE_KERNEL_MINOR_VERSION,
		.max_write = 4096,
	};
	struct fuse_open_out opened = { };

	switch (in->opcode) {
	case FUSE_INIT:
		answer(in, 0, &init, sizeof(init));
		break;
	case FUSE_GETATTR:
		answer(in, 0, &attr, sizeof(attr));
		break;
	case FUSE_OPEN:
		answer(in, 0, &opened, sizeof(opened));
		break;
	case FUSE_FLUSH:
		if (!slow)
			answer(in, 0, NULL, 0);
		else if (write(1, "closing\n", 8) < 0)
			err(1, "stdout");
		break;
	default:
		answer(in, EOPNOTSUPP, NULL, 0);
	}
}

static void slow_down(int sig __attribute__((unused)))
{
	slow = 1;
}

int main(int argc, char **argv)
{
	struct sigaction action = { .sa_handler = slow_down };
	static char buffer[FUSE_MIN_READ_BUFFER + 65536];
	char options[64];

	if (argc != 2) {
		fputs("Usage: slowclose FILE   mount it there; says when it is closing\n",
		      stderr);
		return 2;
	}
	sigaction(SIGUSR1, &action, NULL);
	dev = open("/dev/fuse", O_RDWR | O_CLOEXEC);
	if (dev < 0)
		err(1, "/dev/fuse");
	snprintf(options, sizeof(options),
		 "fd=%d,rootmode=100644,user_id=0,group_id=0", dev);
	if (mount("slowclose", argv[1], "fuse", 0, options))
		err(1, "%s", argv[1]);
	for (;;) {
		ssize_t got = read(dev, buffer, sizeof(buffer));

		if (got < 0 && errno != EINTR && errno != ENOENT)
			err(1, "/dev/fuse");
		if (got > 0)
			serve((struct fuse_in_header *)buffer);
	}
}
