// SPDX-License-Identifier: GPL-2.0
/* DOC: How structures come in and out: size, alignment, memory. */
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "abi.h"

#define CANARY	0x5a

/**
 * struct size_case - a size that is not, or not just, the structure's
 * @what: to say
 * @base: BASE_SIZE to count from the structure's, BASE_FIRST from that of its
 *	first version, BASE_PAGE from the page's
 * @add: to that
 * @garbage: set the byte so many past the structure, 0 for none
 * @want: errno
 */
struct size_case {
	const char *what;
	enum { BASE_NONE, BASE_SIZE, BASE_FIRST, BASE_PAGE } base;
	long add;
	unsigned int garbage;
	int want;
};

static const struct size_case size_cases[] = {
	{ "exact size", BASE_SIZE, 0, 0, 0 },
	{ "size 0", BASE_NONE, 0, 0, EINVAL },
	{ "size 4", BASE_NONE, 4, 0, EINVAL },
	{ "size of the first version", BASE_FIRST, 0, 0, 0 },
	{ "8 bytes short of that", BASE_FIRST, -8, 0, EINVAL },
	{ "1 byte short of that", BASE_FIRST, -1, 0, EINVAL },
	{ "1 zero byte long", BASE_SIZE, 1, 0, 0 },
	{ "8 zero bytes long", BASE_SIZE, 8, 0, 0 },
	{ "8 bytes long, first not zero", BASE_SIZE, 8, 1, E2BIG },
	{ "8 bytes long, last not zero", BASE_SIZE, 8, 8, E2BIG },
	{ "8 bytes long, garbage past them", BASE_SIZE, 8, 9, 0 },
	{ "a page, zero tail", BASE_PAGE, 0, 0, 0 },
	{ "a page, garbage in its tail", BASE_PAGE, 0, 100, E2BIG },
	{ "a page and a byte", BASE_PAGE, 1, 0, E2BIG },
	{ "size UINT_MAX", BASE_NONE, UINT_MAX, 0, E2BIG },
};

static char *pages;	/* two that can be written, one that is not there */
static long page;

/* A valid request at @at, in memory that is zero. */
static union abi_request *place(const struct abi_op *op, char *at)
{
	union abi_request req;

	abi_reset();
	memset(&req, 0, sizeof(req));
	op->fill(&req);
	req.size = op->size;
	mprotect(pages, 2 * page, PROT_READ | PROT_WRITE);
	memset(pages, 0, 2 * page);
	memcpy(at, &req, op->size);
	return (union abi_request *)at;
}

static void check_size(const struct abi_op *op, const struct size_case *c)
{
	union abi_request *req = place(op, pages);
	size_t size = c->add;

	if (c->base == BASE_SIZE)
		size += op->size;
	else if (c->base == BASE_FIRST)
		size += op->first;
	else if (c->base == BASE_PAGE)
		size += page;
	req->size = size;
	if (c->garbage)
		pages[op->size + c->garbage - 1] = CANARY;
	abi_expect(abi_rw, op->cmd, req, c->want, "%s: %s", op->name, c->what);
	if (c->want)
		return;
	tap(req->size == size, "size was overwritten",
	    "%s: %s: size stays", op->name, c->what);
}

/* Nothing is written past the structure. */
static void check_canary(const struct abi_op *op)
{
	union abi_request *req = place(op, pages);
	bool ok = true;
	int i;

	memset(pages + op->size, CANARY, 64);
	abi_call(abi_rw, op->cmd, req);
	for (i = 0; i < 64; i++)
		ok &= pages[op->size + i] == CANARY;
	tap(ok, "got other bytes", "%s: nothing written past it", op->name);
}

static void check_memory(const struct abi_op *op)
{
	char *end = pages + 2 * page;
	int i;

	for (i = 1; i < 8; i += i)
		abi_expect(abi_rw, op->cmd, place(op, pages + i), EINVAL,
			   "%s: misaligned by %d", op->name, i);
	place(op, pages);
	abi_expect(abi_rw, op->cmd, NULL, EFAULT, "%s: NULL", op->name);
	abi_expect(abi_rw, op->cmd, end, EFAULT, "%s: unmapped", op->name);
	abi_expect(abi_rw, op->cmd, (void *)-4096L, EFAULT,
		   "%s: a kernel's address", op->name);
	memset(end - 8, 0, 8);
	((union abi_request *)(end - 8))->size = op->size;
	abi_expect(abi_rw, op->cmd, end - 8, EFAULT, "%s: half unmapped",
		   op->name);
	place(op, pages);
	mprotect(pages, 2 * page, PROT_READ);
	abi_expect(abi_rw, op->cmd, pages, EFAULT, "%s: mapped read-only",
		   op->name);
}

void test_size(void)
{
	unsigned int i, j;

	page = sysconf(_SC_PAGESIZE);
	pages = mmap(NULL, 3 * page, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	munmap(pages + 2 * page, page);
	for (i = 0; i < abi_nr_ops; i++) {
		for (j = 0; j < ARRAY_SIZE(size_cases); j++)
			check_size(&abi_ops[i], &size_cases[j]);
		check_canary(&abi_ops[i]);
		check_memory(&abi_ops[i]);
	}
	munmap(pages, 2 * page);
}
