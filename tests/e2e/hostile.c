// SPDX-License-Identifier: GPL-2.0
/*
 * DOC: Programs that try to get more than their cap, or that are awkward to
 * stop. Each goes on for ever.
 */
#include <errno.h>
#include <linux/filter.h>
#include <linux/io_uring.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "gov.h"

#define US 1000LL
#define MS 1000000LL

static void handler(int sig __attribute__((unused)))
{
}

/* Compute under a storm of signals; by its name it says that it is ready. */
static void storm(const char *how)
{
	signal(SIGALRM, strcmp(how, "handled") ? SIG_IGN : handler);
	prctl(PR_SET_NAME, "storm");
	gov_burn(0);
}

/* Have the kernel send the own process a signal at this interval. */
static void remind(int sig, long interval_ns, long first_ns)
{
	struct sigevent event = {
		.sigev_notify = SIGEV_SIGNAL, .sigev_signo = sig
	};
	struct itimerspec when = {
		.it_interval.tv_nsec = interval_ns, .it_value.tv_nsec = first_ns
	};
	timer_t timer;

	if (timer_create(CLOCK_MONOTONIC, &event, &timer) ||
	    timer_settime(timer, 0, &when, NULL))
		err(1, "timer %d", sig);
}

/*
 * Compute while timers of one's own stop the process and let it go on, or would
 * stop it, if there were a shell to look after it. Whoever is stopped for a cap
 * has to get out for that.
 */
static void stops(const char *how)
{
	if (!strcmp(how, "none")) {
		if (setsid() < 0)
			err(1, "setsid");
		remind(SIGTSTP, 200 * US, 200 * US);
	} else {
		remind(SIGSTOP, 400 * US, 400 * US);
		remind(SIGCONT, 400 * US, 600 * US);
	}
	gov_burn(0);
}

/*
 * Such a storm. It comes from outside, since a timer of one's own waits until its
 * last signal has been taken. Ends when it cannot keep the rate.
 */
static void pelt(pid_t pid, long hz)
{
	long long step = 1000 * MS / hz;
	long long due = gov_now(CLOCK_MONOTONIC), next = due;

	for (;;) {
		long long now = gov_now(CLOCK_MONOTONIC);

		if (now - due > 1000 * MS)
			errx(1, "cannot send %ld signals a second", hz);
		if (now < next)
			continue;
		if (kill(pid, SIGALRM))
			err(1, "%d", pid);
		due += step;
		/* In step with the tick, that might never see user mode. */
		next = due + random() % step;
	}
}

/* Compute until just before each tick, and be away when it comes. */
static void dodge(int yield, long long tick_ns)
{
	/* Back soon: it wants more than its cap. */
	prctl(PR_SET_TIMERSLACK, 1);
	for (;;) {
		long long now = gov_now(CLOCK_MONOTONIC);
		long long tick = now - now % tick_ns + tick_ns;
		struct timespec rest = { .tv_nsec = tick_ns / 8 };

		while (gov_now(CLOCK_MONOTONIC) < tick - tick_ns / 16)
			;
		if (yield)
			sched_yield();
		else
			nanosleep(&rest, NULL);
	}
}

/*
 * Compute, then make a call that a filter refuses, over and over: of such a call
 * only the end is seen. It must not make SYS of what was computed.
 */
static void refused(void)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS,
			 offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getppid, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog filter = { .len = 4, .filter = code };
	int i;

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter))
		err(1, "seccomp");
	while (syscall(SYS_getppid) < 0)
		for (i = 0; i < 50000; i++)
			__asm__ volatile("" : "+r" (i));
}

static void *short_thread(void *unused __attribute__((unused)))
{
	gov_burn(200 * US);
	return NULL;
}

/* Threads that live for a moment, two at a time. */
static void threads(void)
{
	for (;;) {
		pthread_t a, b;

		if (pthread_create(&a, NULL, short_thread, NULL) ||
		    pthread_create(&b, NULL, short_thread, NULL))
			errx(1, "pthread_create");
		pthread_join(a, NULL);
		pthread_join(b, NULL);
	}
}

static void *migrate(void *pid)
{
	cpu_set_t set;
	int i;

	for (i = 0;; i++) {
		struct timespec rest = { .tv_nsec = MS };

		CPU_ZERO(&set);
		CPU_SET(i % 2, &set);
		sched_setaffinity(*(pid_t *)pid, sizeof(set), &set);
		nanosleep(&rest, NULL);
	}
	return NULL;
}

/* Compute while a thread moves it to the other CPU every millisecond. */
static void hop(void)
{
	static pid_t pid;
	pthread_t thread;

	pid = getpid();
	if (pthread_create(&thread, NULL, migrate, &pid))
		errx(1, "pthread_create");
	gov_burn(0);
}

/* Outside every group: move @pid between two groups, 1,000 times a second. */
static void shuttle(pid_t pid, const char *one, const char *other)
{
	int i, fd = gov_open();

	for (i = 0;; i++) {
		struct timespec rest = { .tv_nsec = MS };

		gov_attach(fd, i % 2 ? one : other, pid, 0);
		nanosleep(&rest, NULL);
	}
}

/* io_uring, as far as it is needed here. */
static struct {
	_Atomic unsigned int *sq_tail, *cq_head, *cq_tail;
	struct io_uring_sqe *sqes;
	int fd;
} ring;

static void ring_setup(unsigned int entries)
{
	struct io_uring_params p = { 0 };
	unsigned int *array;
	size_t size;
	char *at;

	ring.fd = syscall(SYS_io_uring_setup, entries, &p);
	if (ring.fd < 0)
		err(1, "io_uring_setup");
	/* Both queues lie in the one mapping (IORING_FEAT_SINGLE_MMAP). */
	size = p.sq_off.array + p.sq_entries * sizeof(__u32);
	if (size < p.cq_off.cqes + p.cq_entries * sizeof(struct io_uring_cqe))
		size = p.cq_off.cqes + p.cq_entries * sizeof(struct io_uring_cqe);
	at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, ring.fd,
		  IORING_OFF_SQ_RING);
	ring.sqes = mmap(NULL, p.sq_entries * sizeof(*ring.sqes),
			 PROT_READ | PROT_WRITE, MAP_SHARED, ring.fd,
			 IORING_OFF_SQES);
	if (at == MAP_FAILED || ring.sqes == MAP_FAILED)
		err(1, "mmap");
	ring.sq_tail = (void *)(at + p.sq_off.tail);
	ring.cq_head = (void *)(at + p.cq_off.head);
	ring.cq_tail = (void *)(at + p.cq_off.tail);
	array = (unsigned int *)(at + p.sq_off.array);
	while (entries) {
		entries--;
		array[entries] = entries;
	}
}

/* Submit the first @nr and wait for one. */
static void ring_enter(unsigned int nr)
{
	atomic_fetch_add(ring.sq_tail, nr);
	if (syscall(SYS_io_uring_enter, ring.fd, nr, 1, IORING_ENTER_GETEVENTS,
		    NULL, 0) < 0)
		err(1, "io_uring_enter");
	atomic_store(ring.cq_head, atomic_load(ring.cq_tail));
}

/* Compute and keep a worker of io_uring busy with long reads. */
static void uring_worker(void)
{
	static char buf[1 << 20];

	ring_setup(4);
	ring.sqes[0] = (struct io_uring_sqe){
		.opcode = IORING_OP_READ,
		.flags = IOSQE_ASYNC,
		.fd = open("/dev/zero", O_RDONLY | O_CLOEXEC),
		.addr = (unsigned long)buf,
		.len = sizeof(buf),
	};
	for (;;) {
		ring_enter(1);
		gov_burn(MS);
	}
}

/* Nearly always in a call, which runs whatever work is queued. */
static void uring_calls(void)
{
	ring_setup(1024);
	for (;;)
		ring_enter(1024);
}

/* Never in a call again. */
static void uring_spin(void)
{
	ring_setup(4);
	gov_burn(0);
}

static void usage(void)
{
	fputs("Usage: hostile storm handled|ignored      computes under signals\n"
	      "       hostile pelt PID HZ                sends it so many\n"
	      "       hostile stops none|short           would stop, or does\n"
	      "       hostile dodge sleep|yield NS       away at every tick of NS\n"
	      "       hostile refused                    calls that are not made\n"
	      "       hostile threads                    that live 0.2 ms\n"
	      "       hostile hop                        from CPU to CPU\n"
	      "       hostile shuttle PID GROUP GROUP    move PID to and fro\n"
	      "       hostile uring worker|calls|spin    with io_uring\n",
	      stderr);
	exit(2);
}

int main(int argc, char **argv)
{
	const char *kind = argc > 1 ? argv[1] : "";

	if (argc == 3 && !strcmp(kind, "storm"))
		storm(argv[2]);
	else if (argc == 4 && !strcmp(kind, "pelt"))
		pelt(atoi(argv[2]), atol(argv[3]));
	else if (argc == 3 && !strcmp(kind, "stops"))
		stops(argv[2]);
	else if (argc == 4 && !strcmp(kind, "dodge"))
		dodge(!strcmp(argv[2], "yield"), atoll(argv[3]));
	else if (argc == 2 && !strcmp(kind, "refused"))
		refused();
	else if (argc == 2 && !strcmp(kind, "threads"))
		threads();
	else if (argc == 2 && !strcmp(kind, "hop"))
		hop();
	else if (argc == 5 && !strcmp(kind, "shuttle"))
		shuttle(atoi(argv[2]), argv[3], argv[4]);
	else if (argc == 3 && !strcmp(kind, "uring"))
		!strcmp(argv[2], "worker") ? uring_worker() :
		!strcmp(argv[2], "calls") ? uring_calls() : uring_spin();
	usage();
}
