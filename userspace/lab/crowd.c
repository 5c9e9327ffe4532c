// SPDX-License-Identifier: GPL-2.0
#include <err.h>
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "crowd.h"
#include "lab.h"
#include "model.h"

#define STACK_BYTES	(16 << 10)

/**
 * struct crowd - what a child is to make
 * @nr: how many groups
 * @tasks: in each
 * @accounting: their kind
 */
struct crowd {
	unsigned int nr;
	unsigned int tasks;
	__u32 accounting;
};

static sem_t attach, done;
static int device, failed;

static void name_of(unsigned long number, char *name)
{
	snprintf(name, CAPGOV_NAME_LEN, "govlab-crowd-%lu", number);
}

/* A thread that sleeps in a group; they take turns. */
static void *member(void *number)
{
	char name[CAPGOV_NAME_LEN];
	int ret;

	sem_post(&done);
	sem_wait(&attach);
	name_of((unsigned long)number, name);
	ret = capgov_attach(device, name, 0, CAPGOV_TASK_THREAD);
	if (ret < 0)
		failed = ret;
	sem_post(&done);
	pause();
	return NULL;
}

/*
 * Their stacks in one piece: a process may have only so many mappings. Each has
 * run when we return, and has what memory it needs.
 */
static void start_threads(const struct crowd *c)
{
	unsigned long i, nr = (unsigned long)c->nr * c->tasks;
	pthread_attr_t attr;
	pthread_t thread;
	char *stacks;

	sem_init(&attach, 0, 0);
	sem_init(&done, 0, 0);
	stacks = mmap(NULL, nr * STACK_BYTES, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (stacks == MAP_FAILED)
		err(1, "stacks of %lu threads", nr);
	pthread_attr_init(&attr);
	for (i = 0; i < nr; i++) {
		pthread_attr_setstack(&attr, stacks + i * STACK_BYTES,
				      STACK_BYTES);
		errno = pthread_create(&thread, &attr, member,
				       (void *)(i % c->nr));
		if (errno)
			err(1, "thread %lu of %lu (see kernel.pid_max and kernel.threads-max)",
			    i, nr);
	}
	for (i = 0; i < nr; i++)
		sem_wait(&done);
}

/* They go with their tasks and the descriptor. */
static void make_groups(const struct crowd *c)
{
	struct capgov_group_config config = {
		.flags = CAPGOV_GROUP_AUTO,
		.fields = CAPGOV_FIELD_CAP | CAPGOV_FIELD_ACCT,
		.quota_us = 2 * MODEL_PERIOD_US,
		.accounting = c->accounting,
	};
	unsigned int i;
	int ret;

	for (i = 0; i < c->nr; i++) {
		name_of(i, config.name);
		ret = capgov_group_create(device, &config);
		if (ret)
			errx(1, "group %u of %u: %s", i, c->nr,
			     capgov_strerror(ret));
	}
}

/*
 * What the kernel has allocated in small pieces, in bytes. Of what is free it
 * keeps some aside, uncounted.
 */
static double allocated(void)
{
	static const char * const kinds[] = { "Slab: %lf", "Percpu: %lf" };
	FILE *f = fopen("/proc/meminfo", "re");
	double kb, sum = 0;
	char line[128];
	size_t i;

	while (f && fgets(line, sizeof(line), f))
		for (i = 0; i < ARRAY_SIZE(kinds); i++)
			if (sscanf(line, kinds[i], &kb) == 1)
				sum += kb;
	if (f)
		fclose(f);
	return 1024 * sum;
}

/* Prints what a group and a task take, in bytes. */
static int crowd(const void *arg)
{
	const struct crowd *c = arg;
	unsigned long i, nr = (unsigned long)c->nr * c->tasks;
	double without, groups, tasks;

	device = cage_open_module();
	start_threads(c);
	without = allocated();
	make_groups(c);
	groups = allocated();
	for (i = 0; i < nr; i++) {
		sem_post(&attach);
		sem_wait(&done);
	}
	if (failed)
		errx(1, "a task of %lu: %s", nr, capgov_strerror(failed));
	tasks = allocated();
	printf("%.0f %.0f\n", (groups - without) / c->nr,
	       (tasks - groups) / nr);
	fflush(stdout);
	pause();
	return 1;
}

/**
 * crowd_start() - make groups
 * @s: filled in; spawn_stop() ends them
 * @nr: how many
 * @nr_tasks: that sleep in each
 * @sampled: with sampled accounting
 * @group_bytes: the memory that one takes
 * @task_bytes: the memory that the attachment of a task takes
 */
void crowd_start(struct spawn *s, unsigned int nr, unsigned int nr_tasks,
		 bool sampled, double *group_bytes, double *task_bytes)
{
	struct cage nowhere = { .kind = CAGE_NONE };
	struct crowd c = {
		.nr = nr,
		.tasks = nr_tasks,
		.accounting = sampled ? CAPGOV_ACCT_SAMPLED : CAPGOV_ACCT_EXACT,
	};
	char line[128];

	lab_progress("%u groups, %u tasks in each", nr, nr_tasks);
	spawn_start(s, &nowhere, crowd, &c);
	spawn_line(s, line, sizeof(line), "groups");
	if (sscanf(line, "%lf %lf", group_bytes, task_bytes) != 2)
		errx(1, "groups: not two numbers: %s", line);
}
