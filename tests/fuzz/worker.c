// SPDX-License-Identifier: GPL-2.0
/* DOC: A worker: one random step after another until it is told to end. */
#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/time.h>

#include "fuzz.h"

static void caught(int sig)
{
}

/* A signal comes while the step runs, or after it. */
static void alarm_soon(struct rng *rng)
{
	struct itimerval once = {
		.it_value.tv_usec = 1 + rng_below(rng, 3000),
	};

	setitimer(ITIMER_REAL, &once, NULL);
}

static void step(struct worker *w)
{
	w->rng.state = shared->seed ^ ((__u64)(w->n + 1) << 56) ^
		       w->step * 0xd6e8feb86659fd93ULL;
	if (!rng_below(&w->rng, 16))
		alarm_soon(&w->rng);
	switch (rng_below(&w->rng, 32)) {
	case 0:
		request_open(w);
		break;
	case 1:
		reply_walk(w);
		break;
	case 2:
		request_race(w);
		break;
	case 3 ... 5:
		request_random(w);
		break;
	case 6 ... 10:
		files_step(w);
		break;
	case 11 ... 13:
		pets_start(w);
		break;
	case 14 ... 16:
		pets_change(w);
		break;
	case 17:
		pets_kill(w);
		break;
	default:
		request_step(w);
	}
	pets_reap(w);
}

static void wait_for(struct worker *w, enum fuzz_phase phase)
{
	atomic_store(&shared->account[w->n].held, phase);
	while (atomic_load(&shared->phase) < (int)phase)
		fuzz_pause();
}

/* Touch the stack that will be needed: it cannot grow without memory. */
static void grow_stack(void)
{
	unsigned char stack[256 * 1024];

	memset(stack, 1, sizeof(stack));
	asm volatile("" : : "r" (stack) : "memory");
}

/**
 * worker_run() - be a worker
 * @n: its number
 */
void worker_run(unsigned int n)
{
	struct worker w = { .n = n, .rw = -1, .ro = -1, .file = -1 };
	struct sigaction act = { .sa_handler = caught };

	sigaction(SIGALRM, &act, NULL);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	setpriority(PRIO_PROCESS, 0, -10);
	grow_stack();
	w.rw = gov_open();
	w.ro = open("/dev/capgov", O_RDONLY | O_CLOEXEC);
	if (w.ro < 0 || frame_init(&w))
		err(1, "worker");
	inject_me();
	while (atomic_load(&shared->phase) == PHASE_RUN &&
	       !(shared->steps && w.step >= shared->steps)) {
		step(&w);
		atomic_store(&shared->account[n].step, ++w.step);
	}
	wait_for(&w, PHASE_HOLD);
	pets_hold(&w);
	wait_for(&w, PHASE_CHECK);
	pets_check(&w);
	wait_for(&w, PHASE_END);
	pets_end(&w);
	_exit(0);
}
