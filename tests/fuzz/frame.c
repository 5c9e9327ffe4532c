// SPDX-License-Identifier: GPL-2.0
/*
 * DOC: How a request is put before the kernel: its size, its tail, where it
 * lies, which descriptor it goes to. Where that alone decides, the errno is
 * known. A request that fails changes nothing of the caller's, and none
 * changes a byte outside the size that was given.
 */
#include <errno.h>
#include <sys/mman.h>

#include "fuzz.h"

enum place {
	PLACE_START,	/* of the arena */
	PLACE_END,	/* right before what is not mapped */
	PLACE_ODD,	/* misaligned */
	PLACE_CROSSING,	/* into what is not mapped */
	PLACE_ABSENT,	/* not mapped at all */
	PLACE_READ_ONLY,
	PLACE_NULL,
	PLACE_KERNEL,
};

/**
 * struct frame - how a request is put
 * @place: where it lies
 * @more: bytes its size is longer than known, or, below 0, shorter than its
 *	first version
 * @tail: what the bytes beyond what is known are
 * @error: how it must fail, 0 if the frame does not decide it
 */
struct frame {
	enum place place;
	int more;
	unsigned char tail;
	int error;
};

static const struct frame usual[] = {
	{ PLACE_START, 0, 0, 0 },
	{ PLACE_END, 0, 0, 0 },
	{ PLACE_START, 8, 0, 0 },
	{ PLACE_END, 400, 0, 0 },
};

static const struct frame unusual[] = {
	{ PLACE_START, -8, 0, EINVAL },
	{ PLACE_END, -1, 0, EINVAL },
	{ PLACE_START, -PAGE, 0, EINVAL },
	{ PLACE_START, 8, 1, E2BIG },
	{ PLACE_END, 1000, 0x80, E2BIG },
	{ PLACE_START, PAGE, 0, E2BIG },
	{ PLACE_ODD, 0, 0, EINVAL },
	{ PLACE_CROSSING, 0, 0, EFAULT },
	{ PLACE_ABSENT, 0, 0, EFAULT },
	{ PLACE_READ_ONLY, 0, 0, EFAULT },
	{ PLACE_NULL, 0, 0, EFAULT },
	{ PLACE_KERNEL, 0, 0, EFAULT },
};

#define ABSENT		(2 * PAGE)
#define READ_ONLY	(3 * PAGE)

/**
 * frame_init() - make the arena
 * @w: the worker
 * Return: 0, or -1 and errno
 */
int frame_init(struct worker *w)
{
	w->arena = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	if (w->arena == MAP_FAILED)
		return -1;
	return mprotect(w->arena + ABSENT, PAGE, PROT_NONE) ?:
	       mprotect(w->arena + READ_ONLY, PAGE, PROT_READ);
}

/* Return: whether the request lies where it shall. */
static bool put_read_only(struct worker *w, const void *req, size_t size)
{
	unsigned char *at = w->arena + READ_ONLY;

	if (mprotect(at, PAGE, PROT_READ | PROT_WRITE))
		return false;
	memcpy(at, req, size);
	return !mprotect(at, PAGE, PROT_READ);
}

/* The request at @at, with its size and tail as @frame has them. */
static __u32 put(unsigned char *at, const struct frame *frame,
		 const struct kind *kind, const union fuzz_request *req)
{
	__u32 from = frame->more < 0 ? kind->first : kind->size;
	__u32 size = frame->more > -(int)from ? from + frame->more : 0;

	memcpy(at, req, kind->size);
	memcpy(at, &size, sizeof(size));
	if (size > kind->size)
		memset(at + kind->size, frame->tail, size - kind->size);
	return size;
}

/* Return: where the request lies, NULL if it cannot be put there. */
static void *place(struct worker *w, const struct frame *frame,
		   const struct kind *kind, const union fuzz_request *req,
		   __u32 *size)
{
	unsigned char *end = w->arena + ABSENT;
	__u32 room = kind->size + (frame->more > 0 ? frame->more : 0);
	unsigned char *at = w->arena;

	switch (frame->place) {
	case PLACE_READ_ONLY:
		*size = kind->size;
		return put_read_only(w, req, *size) ? w->arena + READ_ONLY :
						      NULL;
	case PLACE_ABSENT:
		*size = 0;
		return end;
	case PLACE_NULL:
		*size = 0;
		return NULL;
	case PLACE_KERNEL:
		*size = 0;
		return (void *)0xffff888000000000ULL;
	case PLACE_CROSSING:
		at = end - 8;
		*size = 0;
		memcpy(at, req, 8);
		return at;
	case PLACE_END:
		at = end - (room + 7) / 8 * 8;
		break;
	case PLACE_ODD:
		at += 1 + rng_below(&w->rng, 7);
		break;
	default:
		break;
	}
	*size = put(at, frame, kind, req);
	return at;
}

/* Nothing but [@at, @at + @size) of the arena may differ. */
static bool outside_same(const struct worker *w, const unsigned char *at,
			 size_t size)
{
	size_t start = at - w->arena;

	if (!size || start >= sizeof(w->before))
		return !memcmp(w->before, w->arena, sizeof(w->before));
	return !memcmp(w->before, w->arena, start) &&
	       !memcmp(w->before + start + size, at + size,
		       sizeof(w->before) - start - size);
}

static bool error_fits(const struct kind *kind, const struct frame *frame,
		       int error)
{
	if (frame->error || !error)
		return error == frame->error;
	return error != EFAULT && error != E2BIG && error != EBADF &&
	       request_may_fail(kind, error);
}

static void check(struct worker *w, const struct kind *kind,
		  const struct frame *frame, const unsigned char *at,
		  size_t size, int error)
{
	unsigned int nr = _IOC_NR(kind->cmd);
	size_t i;

	if (!outside_same(w, at, error ? 0 : size))
		fuzz_failed(w, "request %u, %s: wrote outside", nr,
			    error ? strerror(error) : "done");
	if (error == EINTR || (error == ENOMEM && shared->faulty))
		return;
	if (!error_fits(kind, frame, error))
		fuzz_failed(w, "request %u, place %d: %s, not %s", nr,
			    frame->place, strerror(error),
			    strerror(frame->error));
	if (error)
		return;
	for (i = kind->size; i < size; i++)
		if (at[i])
			fuzz_failed(w, "request %u: wrote a tail", nr);
	reply_check(w, kind, at);
}

/**
 * frame_call() - make a request and see what comes of it
 * @w: the worker
 * @kind: which request
 * @req: the request
 * @op: OP_FRAMED for a frame that must fail
 */
void frame_call(struct worker *w, const struct kind *kind,
		const union fuzz_request *req, enum fuzz_op op)
{
	struct frame frame = op == OP_FRAMED ?
		unusual[rng_below(&w->rng, ARRAY_SIZE(unusual))] :
		usual[rng_below(&w->rng, ARRAY_SIZE(usual))];
	bool ro = !rng_below(&w->rng, kind->change ? 16 : 2);
	int fd = ro ? w->ro : w->rw;
	__u32 size;
	void *at;
	int ret, error;

	if (fd < 0)
		return;
	memset(w->arena, 0xa5, 2 * PAGE);
	at = place(w, &frame, kind, req, &size);
	if (!at && frame.place != PLACE_NULL)
		return;
	memcpy(w->before, w->arena, sizeof(w->before));
	if (ro && kind->change)
		frame.error = EBADF;
	ret = ioctl(fd, kind->cmd, at);
	error = ret ? errno : 0;
	fuzz_count(w, op, error);
	if (ret != 0 && ret != -1)
		fuzz_failed(w, "request %u: %d", _IOC_NR(kind->cmd), ret);
	check(w, kind, &frame, at, size, error);
}
