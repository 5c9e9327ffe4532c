// SPDX-License-Identifier: GPL-2.0
/* USR and SYS from samples: the intervals, and that no rhythm fools them. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "libcapgov/util.h"
#include "sample.h"

#define MEAN_NS		250000
#define TICK_NS		4000000

static __u64 seed;

/* The same numbers each time (splitmix64). */
static __u32 draw(void)
{
	__u64 x = seed += 0x9e3779b97f4a7c15;

	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
	x = (x ^ x >> 27) * 0x94d049bb133111eb;
	return x >> 32;
}

static void intervals_follow_the_logarithm(void **state)
{
	static const __u32 randoms[] = {
		0, 1, 2, 3, 1000, 0x12345678, 0x7fffffff, 0x80000000, 0xb504f333,
		0xfffffffe, 0xffffffff,
	};

	for (size_t i = 0; i < ARRAY_SIZE(randoms); i++) {
		double want = -log((randoms[i] + 1.0) / 4294967296.0) * MEAN_NS;
		double is = capgov_sample_interval(randoms[i], MEAN_NS);

		assert_true(fabs(is - want) <= want / 10000 + MEAN_NS / 20000.0);
	}
}

static void the_longest_mean_does_not_overflow(void **state)
{
	__u64 longest = capgov_sample_interval(0, 1ULL << 40);

	assert_true(longest > 22ULL << 40 && longest < 23ULL << 40);
}

/* The moments of the exponential distribution: 1, 2 and 6. */
static void intervals_are_exponential(void **state)
{
	double sum[3] = { 0 };
	int n = 1000000;

	seed = 1;
	for (int i = 0; i < n; i++) {
		double x = (double)capgov_sample_interval(draw(), MEAN_NS) / MEAN_NS;

		sum[0] += x;
		sum[1] += x * x;
		sum[2] += x * x * x;
	}
	assert_true(fabs(sum[0] / n - 1) < 0.005);
	assert_true(fabs(sum[1] / n - 2) < 0.02);
	assert_true(fabs(sum[2] / n - 6) < 0.2);
}

struct rhythm {
	__u64 usr_ns, sys_ns;
	bool random;	/* each stretch is up to twice as long */
};

static const struct rhythm rhythms[] = {
	{ MEAN_NS / 2, MEAN_NS / 2, false },
	{ MEAN_NS * 3 / 4, MEAN_NS / 4, false },
	{ MEAN_NS, MEAN_NS, false },
	{ MEAN_NS * 9, MEAN_NS, false },
	{ 100, 300, false },
	{ TICK_NS / 2, TICK_NS / 2, false },
	{ TICK_NS - TICK_NS / 10, TICK_NS / 10, false },
	{ TICK_NS * 7, TICK_NS * 3, false },
	{ MEAN_NS, MEAN_NS, true },
	{ 10 * MEAN_NS, 2 * MEAN_NS, true },
	{ MEAN_NS, 0, false },
	{ 0, MEAN_NS, false },
};

/*
 * Run for @length_ns; it is known what it does. Switched out after every stretch
 * of USR for @out_ns, during which samples find nobody.
 */
static void run(const struct rhythm *r, __u64 length_ns, __u64 out_ns,
		struct capgov_sampler *s, __u64 is[2], __u64 was[2])
{
	__u64 now = 0, edge = 0, sample;
	int in_sys = 1;

	sample = capgov_sample_interval(draw(), MEAN_NS);
	while (now < length_ns) {
		__u64 until, step;

		while (edge <= now) {
			in_sys = !in_sys;
			step = in_sys ? r->sys_ns : r->usr_ns;
			if (r->random)
				step = 2 * step * draw() >> 32;
			if (in_sys)
				for (edge += out_ns, now += out_ns; sample < now;)
					sample += capgov_sample_interval(draw(), MEAN_NS);
			edge += step;
		}
		until = sample < edge ? sample : edge;
		was[in_sys] += until - now;
		s->pending_ns += until - now;
		now = until;
		if (now == sample) {
			capgov_sample_hit(s, is, in_sys);
			sample += capgov_sample_interval(draw(), MEAN_NS) ?: 1;
		}
	}
}

/* Within four standard errors of what was, in all rhythms; the sum is exact. */
static void unbiased_whatever_the_rhythm(void **state)
{
	for (size_t i = 0; i < 2 * ARRAY_SIZE(rhythms); i++) {
		struct capgov_sampler s = { 0 };
		__u64 is[2] = { 0 }, was[2] = { 0 }, error, off;

		seed = i;
		run(&rhythms[i / 2], 60000000000, i & 1 ? TICK_NS / 3 : 0, &s,
		    is, was);
		error = capgov_sample_error(s.squares, is[0], is[1]);
		off = llabs((long long)(is[1] - was[1]));
		assert_int_equal(is[0] + is[1] + s.pending_ns, was[0] + was[1]);
		assert_true(off <= 4 * error + s.pending_ns);
		/* And the error of a minute is small. */
		assert_true(i & 1 || error < (was[0] + was[1]) / 500);
	}
}

/* Of many short runs the mean is right to a tenth of one's error. */
static void many_runs_together_are_right(void **state)
{
	for (size_t i = 0; i < ARRAY_SIZE(rhythms); i++) {
		struct capgov_sampler s = { 0 };
		__u64 is[2] = { 0 }, was[2] = { 0 };
		double one;

		seed = 100 + i;
		for (int n = 0; n < 1000; n++)
			run(&rhythms[i], 100000000, 0, &s, is, was);
		one = capgov_sample_error(s.squares, is[0], is[1]) / sqrt(1000);
		assert_true(fabs((double)is[1] - was[1]) / 1000 <=
			    one / 10 + MEAN_NS / 1000.0);
	}
}

static void errors_follow_the_formula(void **state)
{
	__u64 squares = 1ULL << 20;	/* 2^40 ns^2 */

	assert_int_equal(capgov_sample_error(squares, 0, 0), 0);
	assert_int_equal(capgov_sample_error(squares, 5000, 0), 0);
	assert_int_equal(capgov_sample_error(squares, 0, 5000), 0);
	assert_int_equal(capgov_sample_error(squares, 5000, 5000), 1 << 19);
	assert_int_equal(capgov_sample_error(squares, 1ULL << 62, 1ULL << 62),
			 1 << 19);
	assert_int_equal(capgov_sample_error(~0ULL, 1, 1) >> 36, 32);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(intervals_follow_the_logarithm),
		cmocka_unit_test(the_longest_mean_does_not_overflow),
		cmocka_unit_test(intervals_are_exponential),
		cmocka_unit_test(unbiased_whatever_the_rhythm),
		cmocka_unit_test(many_runs_together_are_right),
		cmocka_unit_test(errors_follow_the_formula),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
