// SPDX-License-Identifier: GPL-2.0
/*
 * DOC: The thread that calls crew_run() works like the others and leads them:
 * it alone reads the process's clocks and everybody's counters, once at the
 * beginning and once at the end of the measured interval, and nobody stops
 * before it has. So the figures of all threads are of one interval, and a
 * thread that waits for its turn under a cap at either end skews nothing but
 * by the one pass it is in. No further thread is needed to watch them, which
 * would run under the same cap.
 */
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "govload/clock.h"
#include "govload/crew.h"

/* How long reading all there is may take when nothing comes between. */
#define EDGE_NS		100000
#define EDGE_THREAD_NS	5000
#define EDGE_TRIES	20

/**
 * struct member - one thread
 * @crew: those it belongs to
 * @worker: its loop
 * @thread: its handle; not used for the leader
 * @cpu_clock: its CPU time
 */
struct member {
	struct crew *crew;
	struct worker worker;
	pthread_t thread;
	clockid_t cpu_clock;
};

/**
 * struct crew - all threads of a run
 * @load: what to run
 * @control: what the leader tells the others
 * @gate: held by the leader until everybody is there
 * @size: how many there are
 * @member: the threads, the leader first
 */
struct crew {
	const struct load *load;
	struct control control;
	pthread_mutex_t gate;
	unsigned int size;
	struct member member[];
};

/**
 * struct edge - everything there is to read, at one end of the interval
 * @now_ns: when reading began
 * @end_ns: when it ended
 * @cpu_ns: CPU time of the process
 * @ru: its resource usage
 * @served: arrivals each thread served
 * @usr_passes: USR passes of all threads
 * @thread_cpu_ns: CPU time of each thread
 */
struct edge {
	__u64 now_ns;
	__u64 end_ns;
	__u64 cpu_ns;
	struct rusage ru;
	__u64 served[CREW_MAX_THREADS];
	__u64 usr_passes;
	__u64 thread_cpu_ns[CREW_MAX_THREADS];
};

static void read_edge(struct crew *c, struct edge *e)
{
	unsigned int i;

	e->now_ns = clock_read_ns(CLOCK_MONOTONIC);
	e->cpu_ns = clock_read_ns(CLOCK_PROCESS_CPUTIME_ID);
	getrusage(RUSAGE_SELF, &e->ru);
	e->usr_passes = 0;
	for (i = 0; i < c->size; i++) {
		e->served[i] = worker_count(&c->member[i].worker.served);
		e->usr_passes += worker_count(&c->member[i].worker.usr_passes);
		e->thread_cpu_ns[i] = clock_read_ns(c->member[i].cpu_clock);
	}
	e->end_ns = clock_read_ns(CLOCK_MONOTONIC);
}

/*
 * Reading it all is a dozen system calls, and a cap may stop the leader after
 * any of them while the others go on. What was read in one go is of one time.
 */
static void take_edge(struct crew *c, struct edge *e)
{
	__u64 limit_ns = EDGE_NS + c->size * EDGE_THREAD_NS;
	int tries = EDGE_TRIES;

	do {
		read_edge(c, e);
	} while (e->end_ns - e->now_ns > limit_ns && --tries);
}

static __u64 timeval_ns(const struct timeval *tv)
{
	return tv->tv_sec * NSEC_PER_SEC + tv->tv_usec * 1000ULL;
}

/* What happened between the edges. */
static void settle(struct crew *c, const struct edge *from,
		   const struct edge *to, struct result *r)
{
	const struct costs *costs = &c->load->cal.costs;
	const struct arrivals *a = &c->member[0].worker.arrivals;
	__u64 passes = to->usr_passes - from->usr_passes;
	unsigned int i;

	r->wall_ns = to->now_ns - from->now_ns;
	r->cpu_ns = to->cpu_ns - from->cpu_ns;
	r->rusage_usr_ns = timeval_ns(&to->ru.ru_utime) -
			   timeval_ns(&from->ru.ru_utime);
	r->rusage_sys_ns = timeval_ns(&to->ru.ru_stime) -
			   timeval_ns(&from->ru.ru_stime);
	r->voluntary = to->ru.ru_nvcsw - from->ru.ru_nvcsw;
	r->involuntary = to->ru.ru_nivcsw - from->ru.ru_nivcsw;
	for (i = 0; i < c->size; i++) {
		r->thread_cpu_ns[i] = to->thread_cpu_ns[i] -
				      from->thread_cpu_ns[i];
		r->served += to->served[i] - from->served[i];
	}
	r->due = arrivals_count(a, to->now_ns) -
		 arrivals_count(a, from->now_ns);
	r->sys_ns = r->served * costs->sys_ns;
	r->usr_ns = passes * costs->usr_ns + r->served * costs->sys_usr_ns;
}

/* What was waiting at the end; only an open loop has any. */
static void settle_backlog(struct crew *c, const struct edge *to,
			   struct result *r)
{
	const struct arrivals *a = &c->member[0].worker.arrivals;
	unsigned int i;
	__u64 due_ns;

	/* By the later time: what had been served by then was due by then. */
	r->backlog = arrivals_count(a, to->end_ns);
	for (i = 0; i < c->size; i++) {
		r->backlog -= to->served[i];
		due_ns = arrivals_due_ns(a, i + to->served[i] * c->size);
		if (due_ns < to->end_ns && to->end_ns - due_ns > r->oldest_ns)
			r->oldest_ns = to->end_ns - due_ns;
	}
}

/* The leader works until then; to be told every second costs a write(2). */
static void lead(struct crew *c, __u64 from_ns, __u64 until_ns,
		 const char *what)
{
	struct worker *w = &c->member[0].worker;
	__u64 tick_ns = from_ns + NSEC_PER_SEC;

	for (; c->load->progress && tick_ns < until_ns &&
	     !atomic_load(&c->control.stop); tick_ns += NSEC_PER_SEC) {
		worker_run(w, tick_ns);
		fprintf(stderr, "govload: %s: %llu of %.3g s\n", what,
			(tick_ns - from_ns) / NSEC_PER_SEC,
			(double)(until_ns - from_ns) / NSEC_PER_SEC);
	}
	worker_run(w, until_ns);
}

static void measure(struct crew *c, struct result *r)
{
	__u64 now_ns = clock_read_ns(CLOCK_MONOTONIC);
	struct edge from, to;

	if (c->load->warmup_ns)
		lead(c, now_ns, now_ns + c->load->warmup_ns, "warm-up");
	atomic_store(&c->control.measuring, true);
	take_edge(c, &from);
	lead(c, from.now_ns, from.now_ns + c->load->duration_ns, "measuring");
	take_edge(c, &to);
	atomic_store(&c->control.measuring, false);
	atomic_store(&c->control.stop, true);
	settle(c, &from, &to, r);
	if (c->load->mode == LOAD_OPEN)
		settle_backlog(c, &to, r);
}

static void *member_main(void *arg)
{
	struct member *m = arg;

	pthread_mutex_lock(&m->crew->gate);
	pthread_mutex_unlock(&m->crew->gate);
	if (!atomic_load(&m->crew->control.stop))
		worker_run(&m->worker, ~0ULL);
	return NULL;
}

/* The arrivals begin when everybody is there to serve them. */
static void schedule(struct crew *c)
{
	const struct load *load = c->load;
	__u64 start_ns = clock_read_ns(CLOCK_MONOTONIC);
	__u64 interval_ps = arrivals_interval_ps(load->cal.costs.sys_ns,
						 load->demand);
	struct arrivals arrivals;
	unsigned int i;

	for (i = 0; i < c->size; i++) {
		arrivals_init(&arrivals, start_ns, interval_ps, i, c->size);
		worker_schedule(&c->member[i].worker, load->mode, &arrivals);
	}
}

static int member_start(struct crew *c, struct member *m)
{
	struct worker *w = &m->worker;
	int err;

	m->crew = c;
	w->costs = c->load->cal.costs;
	w->share = c->load->share;
	w->burst = c->load->burst;
	w->random = 1 + (m - c->member);
	w->control = &c->control;
	err = work_open(&w->work, c->load->cal.kind, c->load->cal.size);
	if (!err && m == c->member)
		m->cpu_clock = CLOCK_THREAD_CPUTIME_ID;
	else if (!err)
		err = -pthread_create(&m->thread, NULL, member_main, m);
	if (err)
		work_close(&w->work);
	else if (m != c->member)
		pthread_getcpuclockid(m->thread, &m->cpu_clock);
	return err;
}

/* Ends every thread but the leader's; the first error is the run's. */
static int finish(struct crew *c, struct result *r)
{
	unsigned int i;
	int err = 0;

	for (i = 0; i < c->size; i++) {
		struct worker *w = &c->member[i].worker;

		if (i)
			pthread_join(c->member[i].thread, NULL);
		hist_merge(&r->lag, &w->lag);
		hist_merge(&r->latency, &w->latency);
		work_close(&w->work);
		if (!err)
			err = w->error;
	}
	return err;
}

/**
 * crew_run - run the workload and measure it
 * @load: what to run
 * @res: filled in
 *
 * Return: 0; -ENOMEM or -EAGAIN when not all threads could be had; the -errno
 * of SYS work that failed.
 */
int crew_run(const struct load *load, struct result *res)
{
	struct crew *c = calloc(1, sizeof(*c) +
				load->threads * sizeof(c->member[0]));
	int err = 0, end;

	if (!c)
		return -ENOMEM;
	memset(res, 0, sizeof(*res));
	c->load = load;
	pthread_mutex_init(&c->gate, NULL);
	pthread_mutex_lock(&c->gate);
	while (c->size < load->threads && !err) {
		err = member_start(c, &c->member[c->size]);
		c->size += !err;
	}
	schedule(c);
	atomic_store(&c->control.stop, err);
	pthread_mutex_unlock(&c->gate);
	if (!err)
		measure(c, res);
	end = finish(c, res);
	free(c);
	return err ? err : end;
}
