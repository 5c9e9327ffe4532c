// SPDX-License-Identifier: GPL-2.0
/*
 * DOC: What the governor costs, beside what the kernel's own cpu.max costs, in
 * instructions where virtual time counts them.
 */
#include <err.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "lab.h"
#include "load.h"
#include "model.h"
#include "spawn.h"

#define NULL_CALLS	20000
#define ROUND_TRIPS	5000
/* A limit that one CPU does not reach. */
#define LOOSE_CAP	2.0

static json_t *rows;
static const struct lab_options *opt;
static char kernel[sizeof(((struct utsname *)0)->release)];

static double now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1e9 + t.tv_nsec;
}

static void null_calls(int n)
{
	while (n--)
		syscall(SYS_getppid);
}

static int null_main(const void *arg)
{
	double start;

	null_calls(NULL_CALLS / 10);
	start = now_ns();
	null_calls(NULL_CALLS);
	printf("%f\n", (now_ns() - start) / NULL_CALLS);
	return 0;
}

static void echo(int from, int to)
{
	char c;

	while (read(from, &c, 1) == 1 && write(to, &c, 1) == 1)
		;
	_exit(0);
}

static void round_trips(int to, int from, int n)
{
	char c = 0;

	while (n--)
		if (write(to, &c, 1) != 1 || read(from, &c, 1) != 1)
			err(1, "pipe");
}

static int pipe_main(const void *arg)
{
	int there[2], back[2];
	double start;
	pid_t pid;

	if (pipe(there) || pipe(back))
		return 1;
	pid = fork();
	if (pid < 0)
		return 1;
	if (!pid) {
		close(there[1]);
		close(back[0]);
		echo(there[0], back[1]);
	}
	close(there[0]);
	close(back[1]);
	round_trips(there[1], back[0], ROUND_TRIPS / 10);
	start = now_ns();
	round_trips(there[1], back[0], ROUND_TRIPS);
	printf("%f\n", (now_ns() - start) / ROUND_TRIPS);
	close(there[1]);
	waitpid(pid, NULL, 0);
	return 0;
}

static int idle_main(const void *arg)
{
	puts("governed");
	fflush(stdout);
	pause();
	return 0;
}

static double measure(enum cage_kind kind, double cap, spawn_fn fn)
{
	struct cage cage = { .kind = kind, .policy = "total", .cap = cap };
	char *text = spawn_run(&cage, fn, NULL, "bench");
	double ns = atof(text);

	free(text);
	return opt->ns_per_insn ? ns / opt->ns_per_insn : ns;
}

/* An outsider, while a task that sleeps is governed. */
static double measure_outside(spawn_fn fn)
{
	struct cage cage = {
		.kind = CAGE_GROUP, .policy = "total", .cap = LOOSE_CAP,
	};
	struct spawn idle;
	double value;
	char c;

	cage_open(&cage);
	spawn_start(&idle, &cage, idle_main, NULL);
	if (read(idle.out, &c, 1) != 1)
		errx(1, "bench: the governed task did not start");
	value = measure(CAGE_NONE, 0, fn);
	spawn_stop(&idle);
	cage_close(&cage);
	return value;
}

static void add(const char *name, const char *unit, double value,
		const char *peer, double peer_value)
{
	double ratio = peer && peer_value ? value / peer_value : NAN;

	json_array_append_new(rows,
		json_pack("{ss ss sf ss? so so ss ss}", "name", name,
			  "unit", unit, "value", value, "peer", peer,
			  "peer_value",
			  peer ? json_real(peer_value) : json_null(),
			  "ratio",
			  isnan(ratio) ? json_null() : json_real(ratio),
			  "kernel", kernel, "mode",
			  opt->ns_per_insn ? "icount" : "time"));
}

static int insmod_main(const void *arg)
{
	execlp("insmod", "insmod", opt->module, NULL);
	warn("insmod");
	return 1;
}

static void load_module(void)
{
	struct cage none = { .kind = CAGE_NONE };

	if (opt->module)
		free(spawn_run(&none, insmod_main, NULL, opt->module));
}

/* What each end adds to the same work by the same program. */
static void costs(void)
{
	const char *unit = opt->ns_per_insn ? "instructions" : "ns";
	double null_bare = measure(CAGE_NONE, 0, null_main);
	double pipe_bare = measure(CAGE_NONE, 0, pipe_main);
	double pipe_cgroup, pipe_max, value;

	lab_progress("bench: cgroups");
	pipe_cgroup = measure(CAGE_CGROUP, INFINITY, pipe_main);
	pipe_max = measure(CAGE_CGROUP, LOOSE_CAP, pipe_main);
	lab_progress("bench: with the module");
	load_module();
	add("null, no module", unit, null_bare, NULL, 0);
	add("null, no group", unit, measure(CAGE_NONE, 0, null_main),
	    "no module", null_bare);
	add("null, outsider", unit, measure_outside(null_main), "no module",
	    null_bare);
	value = measure(CAGE_GROUP, LOOSE_CAP, null_main);
	add("null, governed", unit, value, "no module", null_bare);
	add("null, governed adds", unit, value - null_bare, NULL, 0);
	add("pipe, no cgroup", unit, pipe_bare, NULL, 0);
	add("pipe, cgroup", unit, pipe_cgroup, "no cgroup", pipe_bare);
	add("pipe, cpu.max", unit, pipe_max, "no cgroup", pipe_bare);
	value = measure(CAGE_GROUP, LOOSE_CAP, pipe_main);
	add("pipe, both governed", unit, value, "cpu.max", pipe_max);
	add("pipe, both governed adds", unit, value - pipe_bare,
	    "cpu.max adds", pipe_max - pipe_bare);
}

static json_t *run_capped(enum cage_kind kind, double cap, const char *mode)
{
	const char *const args[] = { "--mode", mode, NULL };
	struct cage cage = { .kind = kind, .policy = "total", .cap = cap };

	return load_run(&cage, model_warmup_s(cap, 1), model_window_s(cap, 1),
			args);
}

/* Error of the cap, and how late SYS work of the figure's kind starts. */
static void capped(double cap)
{
	double value[2][2];
	char name[64];
	json_t *r;
	int peer;

	lab_progress("bench: cap %.2f", cap);
	for (peer = 0; peer < 2; peer++) {
		enum cage_kind kind = peer ? CAGE_CGROUP : CAGE_GROUP;

		r = run_capped(kind, cap, "usr");
		value[0][peer] =
			fabs(load_number(r, NULL, "cpu_cpus") / cap - 1) * 100;
		json_decref(r);
		r = run_capped(kind, cap, "open");
		value[1][peer] = load_number(r, "lag_ns", "max") / 1e6;
		json_decref(r);
	}
	snprintf(name, sizeof(name), "cap %.2f, error", cap);
	add(name, "%", value[0][0], "cpu.max", value[0][1]);
	snprintf(name, sizeof(name), "cap %.2f, worst delay", cap);
	add(name, "ms", value[1][0], "cpu.max", value[1][1]);
}

/**
 * bench_run() - costs, and accuracy and delay under caps, beside cpu.max
 * @options: module to load after the rows without it; what time is
 * Return: a list of rows
 */
json_t *bench_run(const struct lab_options *options)
{
	static const double caps[] = { 0.05, 0.1, 0.3, 0.5, 0.9 };
	struct utsname name;
	size_t i;

	rows = json_array();
	opt = options;
	uname(&name);
	strcpy(kernel, name.release);
	lab_progress("bench: without the module");
	costs();
	load_calibrate();
	for (i = 0; i < sizeof(caps) / sizeof(caps[0]); i++)
		capped(caps[i]);
	return rows;
}
