// SPDX-License-Identifier: GPL-2.0
/* DOC: The files below /sys/kernel/capgov: read, and written with anything. */
#include <dirent.h>
#include <errno.h>

#include "fuzz.h"

#define ROOT	"/sys/kernel/capgov"

/* The path of an entry of @dir, chosen at random. Return: whether there is. */
static bool pick_entry(struct rng *rng, const char *dir, char *path, size_t size)
{
	unsigned int n = 0;
	struct dirent *entry;
	DIR *d = opendir(dir);

	if (!d)
		return false;
	while ((entry = readdir(d)))
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, "..") &&
		    !rng_below(rng, ++n))
			snprintf(path, size, "%s/%s", dir, entry->d_name);
	closedir(d);
	return n;
}

/* Text for a file of a group. Return: its length */
static size_t text(struct rng *rng, char *to, size_t size)
{
	static const char * const words[] = {
		"max", "exact", "sampled", "", "\n", "-1", "0x10", "1 1",
		"18446744073709551616", "99999999999999999999999999",
	};

	switch (rng_below(rng, 6)) {
	case 0:
		return snprintf(to, size, "%s", value_name(rng));
	case 1:
		return snprintf(to, size, "%s\n", value_policy(rng));
	case 2:
		return snprintf(to, size, "%s%s",
				words[rng_below(rng, ARRAY_SIZE(words))],
				rng_below(rng, 2) ? "\n" : "");
	case 3:
		size = rng_below(rng, 8) ? rng_below(rng, 80) :
		       PAGE - 2 + rng_below(rng, 8);
		rng_bytes(rng, to, size);
		return size;
	default:
		return snprintf(to, size, "%llu\n",
				(unsigned long long)value_number(rng));
	}
}

static bool write_may_fail(int error)
{
	static const int all[] = {
		EINVAL, ERANGE, EOPNOTSUPP, ENOENT, ELOOP, EINTR,
		ENODEV,	/* the group has gone */
	};
	size_t i;

	if (error == ENOMEM)
		return shared->faulty;
	for (i = 0; i < ARRAY_SIZE(all); i++)
		if (all[i] == error)
			return true;
	return false;
}

static void write_to(struct worker *w, int fd, const char *path)
{
	char buf[2 * PAGE];
	size_t len = text(&w->rng, buf, sizeof(buf));
	ssize_t ret = pwrite(fd, buf, len, 0);
	int error = ret < 0 ? errno : 0;

	fuzz_count(w, OP_WRITE, error);
	if (error && !write_may_fail(error))
		fuzz_failed(w, "%s: write: %s", path, strerror(error));
	/* More than a page is cut there. */
	if (!error && (size_t)ret != (len < PAGE ? len : PAGE))
		fuzz_failed(w, "%s: %zd of %zu bytes", path, ret, len);
}

static void read_from(struct worker *w, int fd, const char *path)
{
	char buf[2 * PAGE];
	ssize_t len = pread(fd, buf, sizeof(buf), 0);
	int error = len < 0 ? errno : 0;

	fuzz_count(w, OP_READ, error);
	if (error) {
		if (error != ENODEV && error != EINTR &&
		    !(error == ENOMEM && shared->faulty))
			fuzz_failed(w, "%s: read: %s", path, strerror(error));
	} else if (!len || len > PAGE || buf[len - 1] != '\n' ||
		   memchr(buf, '\n', len) != buf + len - 1) {
		fuzz_failed(w, "%s: not one line", path);
	}
}

static int open_file(struct worker *w, const char *path, bool to_write)
{
	int fd = open(path, (to_write ? O_WRONLY : O_RDONLY) | O_CLOEXEC);
	int error = fd < 0 ? errno : 0;

	if (error) {
		fuzz_count(w, to_write ? OP_WRITE : OP_READ, error);
		if (error != EACCES && error != ENOENT && error != EINTR &&
		    error != ENODEV &&
		    !((error == ENOMEM || error == ENFILE) && shared->faulty))
			fuzz_failed(w, "%s: open: %s", path, strerror(error));
	}
	return fd;
}

/**
 * files_step() - read or write one, or one that was opened long ago
 * @w: the worker
 */
void files_step(struct worker *w)
{
	bool to_write = rng_below(&w->rng, 3);
	char dir[512] = ROOT, path[1024];
	int fd;

	if (w->file >= 0 && !rng_below(&w->rng, 4)) {
		write_to(w, w->file, "(a file opened before)");
		close(w->file);
		w->file = -1;
		return;
	}
	if (rng_below(&w->rng, 16) &&
	    !pick_entry(&w->rng, ROOT "/groups", dir, sizeof(dir)))
		return;
	if (!pick_entry(&w->rng, dir, path, sizeof(path)) ||
	    !strcmp(path, ROOT "/groups"))
		return;
	fd = open_file(w, path, to_write);
	if (fd < 0)
		return;
	if (to_write)
		write_to(w, fd, path);
	else
		read_from(w, fd, path);
	if (to_write && w->file < 0)
		w->file = fd;
	else
		close(fd);
}
