// SPDX-License-Identifier: GPL-2.0
#include <err.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "spawn.h"

#define OUTPUT_MAX	65536
#define CHILDREN_MAX	4

static sigset_t ending, before;
static int signals = -1;
static pid_t children[CHILDREN_MAX];

/**
 * spawn_init() - from now on the signals that may end us wait until we do
 *
 * Then exit() is called, whose handlers clean up, with the status a shell
 * gives a command that the signal ended.
 */
void spawn_init(void)
{
	sigemptyset(&ending);
	sigaddset(&ending, SIGINT);
	sigaddset(&ending, SIGTERM);
	sigaddset(&ending, SIGHUP);
	sigaddset(&ending, SIGQUIT);
	sigaddset(&ending, SIGPIPE);
	sigprocmask(SIG_BLOCK, &ending, &before);
	signals = signalfd(-1, &ending, SFD_CLOEXEC | SFD_NONBLOCK);
	if (signals < 0)
		err(1, "signalfd");
}

static void check_signals(void)
{
	struct signalfd_siginfo info;

	if (read(signals, &info, sizeof(info)) == sizeof(info))
		exit(128 + info.ssi_signo);
}

static void replace(pid_t old, pid_t new)
{
	int i;

	for (i = 0; i < CHILDREN_MAX; i++) {
		if (children[i] == old) {
			children[i] = new;
			return;
		}
	}
}

/* Exit handlers have nothing to undo here, nor need they be called. */
static void child_main(int out, int error, const struct cage *cage,
		       spawn_fn fn, const void *arg)
{
	int ret;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	sigprocmask(SIG_SETMASK, &before, NULL);
	dup2(out, STDOUT_FILENO);
	dup2(error, STDERR_FILENO);
	ret = cage_join(cage);
	if (ret)
		warnx("cannot join: %s", strerror(-ret));
	else
		ret = fn(arg);
	fflush(NULL);
	_exit(ret ? 1 : 0);
}

/**
 * spawn_start() - start a child
 * @s: filled in; to be passed to spawn_finish() or spawn_stop()
 * @cage: where it runs from its first own instruction on
 * @fn: what it does
 * @arg: for @fn
 */
void spawn_start(struct spawn *s, const struct cage *cage, spawn_fn fn,
		 const void *arg)
{
	int out[2];

	check_signals();
	fflush(NULL);
	if (pipe2(out, O_CLOEXEC))
		err(1, "pipe");
	s->out = out[0];
	/* Not a terminal, so that nobody reports progress there. */
	s->err = memfd_create("stderr", MFD_CLOEXEC);
	s->pid = s->err < 0 ? -1 : fork();
	if (s->pid < 0)
		err(1, "fork");
	if (!s->pid)
		child_main(out[1], s->err, cage, fn, arg);
	replace(0, s->pid);
	close(out[1]);
}

/* As read(), but a signal that asks us to end does not wait for it. */
static ssize_t collect_some(int fd, char *text, size_t size)
{
	struct pollfd fds[] = {
		{ .fd = fd, .events = POLLIN },
		{ .fd = signals, .events = POLLIN },
	};

	if (poll(fds, 2, -1) < 0)
		err(1, "poll");
	check_signals();
	return read(fd, text, size);
}

static void collect(int fd, char *text)
{
	ssize_t n = 1, used = 0;

	while (n > 0) {
		n = collect_some(fd, text + used, OUTPUT_MAX - used - 1);
		used += n > 0 ? n : 0;
	}
	text[used] = '\0';
}

static void forget(struct spawn *s)
{
	replace(s->pid, 0);
	close(s->out);
	close(s->err);
}

static void show(int fd)
{
	char text[4096];
	ssize_t n = pread(fd, text, sizeof(text), 0);

	if (n > 0)
		fwrite(text, 1, n, stderr);
}

/**
 * spawn_finish() - wait for a child's end
 * @s: from spawn_start()
 * @what: its name, should it fail
 * Return: what it printed, to be freed
 */
char *spawn_finish(struct spawn *s, const char *what)
{
	char *text = malloc(OUTPUT_MAX);
	int status;

	if (!text)
		err(1, NULL);
	collect(s->out, text);
	if (waitpid(s->pid, &status, 0) < 0)
		err(1, "%s", what);
	if (status)
		show(s->err);
	forget(s);
	check_signals();
	if (WIFSIGNALED(status))
		errx(1, "%s: %s", what, strsignal(WTERMSIG(status)));
	if (status)
		errx(1, "%s: exit status %d", what, WEXITSTATUS(status));
	return text;
}

/**
 * spawn_line() - wait until a child says that it is ready
 * @s: from spawn_start()
 * @line: what it says, at once
 * @size: room in @line
 * @what: its name, should it fail
 */
void spawn_line(struct spawn *s, char *line, size_t size, const char *what)
{
	ssize_t n = collect_some(s->out, line, size - 1);

	if (n <= 0)
		free(spawn_finish(s, what));
	line[n > 0 ? n : 0] = '\0';
}

/**
 * spawn_run() - a child in a cage made for it
 * @cage: opened before and closed after
 * @fn: what it does
 * @arg: for @fn
 * @what: its name, should it fail
 * Return: what it printed, to be freed
 */
char *spawn_run(struct cage *cage, spawn_fn fn, const void *arg,
		const char *what)
{
	struct spawn s;
	char *text;

	cage_open(cage);
	spawn_start(&s, cage, fn, arg);
	text = spawn_finish(&s, what);
	cage_close(cage);
	return text;
}

/**
 * spawn_number() - the same, of a child that prints a number
 * @cage: opened before and closed after
 * @fn: what it does
 * @arg: for @fn
 * @what: its name, should it fail
 * Return: the number
 */
double spawn_number(struct cage *cage, spawn_fn fn, const void *arg,
		    const char *what)
{
	char *text = spawn_run(cage, fn, arg, what);
	double number = strtod(text, NULL);

	free(text);
	return number;
}

static void end(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

/**
 * spawn_stop() - end a child
 * @s: from spawn_start()
 */
void spawn_stop(struct spawn *s)
{
	end(s->pid);
	forget(s);
}

/**
 * spawn_stop_all() - end every child there is
 */
void spawn_stop_all(void)
{
	int i;

	for (i = 0; i < CHILDREN_MAX; i++)
		if (children[i])
			end(children[i]);
}
