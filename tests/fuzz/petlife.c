// SPDX-License-Identifier: GPL-2.0
/*
 * DOC: What pets do until they are killed. Allocations may fail, so whatever
 * goes wrong is taken as it comes.
 */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>

#include "fuzz.h"

#define BURN_NS	1000000

static void spin(void)
{
	gov_burn(0);
}

static void calls(void)
{
	for (;;) {
		int i;

		for (i = 0; i < 100; i++)
			syscall(SYS_getppid);
		gov_burn(BURN_NS / 20);
	}
}

static void sleeper(void)
{
	for (;;) {
		gov_burn(BURN_NS / 2);
		usleep(1000);
	}
}

static void forker(void)
{
	for (;;) {
		pid_t pid = fork();

		if (!pid) {
			gov_burn(BURN_NS);
			_exit(0);
		}
		if (pid < 0)
			usleep(1000);
		else
			waitpid(pid, NULL, 0);
	}
}

static void *thread_burn(void *unused)
{
	gov_burn(BURN_NS);
	return NULL;
}

static void threads(void)
{
	pthread_t thread[3];
	size_t i, n;

	for (;;) {
		for (n = 0; n < ARRAY_SIZE(thread); n++)
			if (pthread_create(&thread[n], NULL, thread_burn, NULL))
				break;
		for (i = 0; i < n; i++)
			pthread_join(thread[i], NULL);
		gov_burn(BURN_NS / 10);
	}
}

/* Ends in the same life, in a new program. */
static void exec_again(enum pet_kind kind)
{
	char number[16];

	snprintf(number, sizeof(number), "%d", kind);
	execl("/proc/self/exe", "govfuzz", "--pet", number, (char *)NULL);
	_exit(1);
}

static void execer(void)
{
	gov_burn(BURN_NS);
	exec_again(PET_EXEC);
}

static void *thread_exec(void *unused)
{
	gov_burn(BURN_NS);
	exec_again(PET_THREAD_EXEC);
	return NULL;
}

static void *thread_spin(void *unused)
{
	gov_burn(0);
	return NULL;
}

static void thread_execer(void)
{
	pthread_t thread;

	pthread_create(&thread, NULL, thread_spin, NULL);
	pthread_create(&thread, NULL, thread_exec, NULL);
	gov_burn(0);
}

static void vforker(void)
{
	for (;;) {
		pid_t pid = vfork();

		if (!pid) {
			gov_burn(BURN_NS);
			_exit(0);
		}
		if (pid > 0)
			waitpid(pid, NULL, 0);
		gov_burn(BURN_NS / 10);
	}
}

/* What the worker does, as a task that may be governed. */
static void requests(struct worker *w)
{
	for (;;) {
		request_step(w);
		if (!rng_below(&w->rng, 64))
			usleep(1000);
	}
}

/* The process goes on without its first thread. */
static void leader_gone(void)
{
	pthread_t thread;

	pthread_create(&thread, NULL, thread_spin, NULL);
	pthread_exit(NULL);
}

static void caught(int sig)
{
}

static void signalled(void)
{
	struct sigaction act = { .sa_handler = caught };
	struct itimerval often = { { 0, 1000 }, { 0, 1000 } };

	sigaction(SIGALRM, &act, NULL);
	sigaction(SIGUSR1, &act, NULL);
	setitimer(ITIMER_REAL, &often, NULL);
	gov_burn(0);
}

static void crasher(void)
{
	gov_burn(BURN_NS * 10);
	signal(SIGSEGV, SIG_DFL);
	raise(SIGSEGV);
}

/**
 * petlife() - live as a pet
 * @w: the worker's; NULL after exec
 * @kind: what to do
 *
 * A real-time pet that never sleeps is ended by its limit, so that it cannot
 * keep a CPU for itself.
 */
void petlife(struct worker *w, enum pet_kind kind)
{
	void (* const lives[NR_PET_KINDS])(void) = {
		[PET_SPIN] = spin,
		[PET_CALLS] = calls,
		[PET_SLEEP] = sleeper,
		[PET_FORK] = forker,
		[PET_THREADS] = threads,
		[PET_EXEC] = execer,
		[PET_THREAD_EXEC] = thread_execer,
		[PET_VFORK] = vforker,
		[PET_LEADER_GONE] = leader_gone,
		[PET_SIGNALS] = signalled,
		[PET_CRASH] = crasher,
	};
	const struct rlimit none = { 0, 0 }, rttime = { 50000, 50000 };

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	setpgid(0, 0);
	setpriority(PRIO_PROCESS, 0, 10);
	setrlimit(RLIMIT_CORE, &none);
	setrlimit(RLIMIT_RTTIME, &rttime);
	if (kind == PET_REQUESTS && w) {
		w->is_pet = true;
		requests(w);
	} else if (lives[kind]) {
		lives[kind]();
	}
	_exit(0);
}
