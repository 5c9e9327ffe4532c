// SPDX-License-Identifier: GPL-2.0
#include "govload/result.h"

/* What --mode calls them. */
const char *const load_mode_names[] = {
	[LOAD_OPEN] = "open",
	[LOAD_USR] = "usr",
	[LOAD_SYS] = "sys",
	[LOAD_MIX] = "mix",
	NULL
};

static const struct {
	const char *name;
	unsigned int ppm;
} percentiles[] = {
	{ "p50", 500000 },
	{ "p99", 990000 },
	{ "p999", 999000 },
	{ "max", 1000000 },
	{ }
};

/* The most any thread got over the least; -1 when one got nothing. */
static double fairness(const struct load *load, const struct result *res)
{
	__u64 min = ~0ULL, max = 0;
	unsigned int i;

	for (i = 0; i < load->threads; i++) {
		if (res->thread_cpu_ns[i] < min)
			min = res->thread_cpu_ns[i];
		if (res->thread_cpu_ns[i] > max)
			max = res->thread_cpu_ns[i];
	}
	return min ? (double)max / min : -1;
}

static json_t *hist_to_json(const struct hist *h)
{
	json_t *json;
	size_t i;

	if (!h->count)
		return json_null();
	json = json_object();
	for (i = 0; percentiles[i].name; i++)
		json_object_set_new(json, percentiles[i].name,
				    json_integer(hist_percentile(h, percentiles[i].ppm)));
	return json;
}

static json_t *threads_to_json(const struct load *load,
			       const struct result *res)
{
	json_t *json = json_array();
	unsigned int i;

	for (i = 0; i < load->threads; i++)
		json_array_append_new(json,
				      json_integer(res->thread_cpu_ns[i]));
	return json;
}

static json_t *cpus_to_json(const struct result *res)
{
	double wall = res->wall_ns;
	__u64 rusage_ns = res->rusage_usr_ns + res->rusage_sys_ns;

	return json_pack("{s:I, s:f, s:f, s:f, s:f, s:f, s:f}",
			 "wall_ns", (json_int_t)res->wall_ns,
			 "usr_cpus", res->usr_ns / wall,
			 "sys_cpus", res->sys_ns / wall,
			 "cpu_cpus", res->cpu_ns / wall,
			 "rusage_usr_cpus", res->rusage_usr_ns / wall,
			 "rusage_sys_cpus", res->rusage_sys_ns / wall,
			 "rusage_cpus", rusage_ns / wall);
}

static json_t *arrivals_to_json(const struct load *load,
				const struct result *res)
{
	return json_pack("{s:I, s:I, s:I, s:I, s:o, s:o}",
			 "arrivals_due", (json_int_t)res->due,
			 "arrivals_served", (json_int_t)res->served,
			 "backlog", (json_int_t)res->backlog,
			 "backlog_oldest_ns", (json_int_t)res->oldest_ns,
			 "lag_ns", load->mode == LOAD_OPEN ?
				   hist_to_json(&res->lag) : json_null(),
			 "latency_ns", hist_to_json(&res->latency));
}

static json_t *kernel_to_json(const struct load *load,
			      const struct result *res)
{
	double fair = fairness(load, res);

	return json_pack("{s:o, s:o, s:I, s:I, s:b, s:o}",
			 "thread_cpu_ns", threads_to_json(load, res),
			 "fairness", fair < 0 ? json_null() : json_real(fair),
			 "voluntary_switches", (json_int_t)res->voluntary,
			 "involuntary_switches", (json_int_t)res->involuntary,
			 "clock_is_syscall", load->cal.clock_is_syscall,
			 "calibration", calibration_to_json(&load->cal));
}

/**
 * result_to_json - a result as an object
 * @load: what was run
 * @res: what it came to
 *
 * What the mode does not have (a demand, a share, a lag) is null.
 *
 * Return: a new object; NULL when memory ran out.
 */
json_t *result_to_json(const struct load *load, const struct result *res)
{
	json_t *json;

	json = json_pack("{s:s, s:s, s:I, s:o?, s:o?, s:o?, s:I}",
			 "mode", load_mode_names[load->mode],
			 "work", load->cal.kind->name,
			 "threads", (json_int_t)load->threads,
			 "sys_demand", load->mode == LOAD_OPEN ?
				       json_real(load->demand) : NULL,
			 "sys_share", load->mode == LOAD_MIX ?
				      json_real(load->share) : NULL,
			 "burst", load->mode == LOAD_MIX ?
				  json_integer(load->burst) : NULL,
			 "warmup_ns", (json_int_t)load->warmup_ns);
	if (json_object_update_new(json, cpus_to_json(res)) ||
	    json_object_update_new(json, arrivals_to_json(load, res)) ||
	    json_object_update_new(json, kernel_to_json(load, res))) {
		json_decref(json);
		return NULL;
	}
	return json;
}

static void print_hist(FILE *out, const char *name, const struct hist *h)
{
	size_t i;

	if (!h->count)
		return;
	fprintf(out, "%-12s", name);
	for (i = 0; percentiles[i].name; i++)
		fprintf(out, " %10.3f",
			hist_percentile(h, percentiles[i].ppm) / 1e6);
	fputc('\n', out);
}

static void print_cpus(FILE *out, const char *name, double usr_ns,
		       double sys_ns, __u64 wall_ns)
{
	fprintf(out, "%-12s %10.4f %10.4f %10.4f\n", name, usr_ns / wall_ns,
		sys_ns / wall_ns, (usr_ns + sys_ns) / wall_ns);
}

/**
 * result_print - a result as a short table
 * @out: where to
 * @load: what was run
 * @res: what it came to
 */
void result_print(FILE *out, const struct load *load,
		  const struct result *res)
{
	double fair = fairness(load, res);

	fprintf(out, "%-12s %10s %10s %10s\n", "CPUS", "USR", "SYS", "BOTH");
	print_cpus(out, "work done", res->usr_ns, res->sys_ns, res->wall_ns);
	print_cpus(out, "rusage", res->rusage_usr_ns, res->rusage_sys_ns,
		   res->wall_ns);
	fprintf(out, "%-12s %10s %10s %10.4f\n", "CPU clock", "", "",
		(double)res->cpu_ns / res->wall_ns);
	if (res->latency.count)
		fprintf(out, "\n%-12s %10s %10s %10s %10s\n", "MILLISECONDS",
			"P50", "P99", "P99.9", "MAX");
	if (load->mode == LOAD_OPEN)
		print_hist(out, "lag", &res->lag);
	print_hist(out, "latency", &res->latency);
	fprintf(out, "\n%.3f s measured, %u thread%s", res->wall_ns / 1e9,
		load->threads, load->threads == 1 ? "" : "s");
	if (load->threads > 1 && fair >= 0)
		fprintf(out, " (most/least CPU time %.3f)", fair);
	if (load->mode == LOAD_OPEN)
		fprintf(out, "; %llu arrivals due, %llu behind at the end",
			(unsigned long long)res->due,
			(unsigned long long)res->backlog);
	fputc('\n', out);
	if (load->cal.clock_is_syscall)
		fputs("reading the time is a system call here and counts as USR work\n",
		      out);
}
