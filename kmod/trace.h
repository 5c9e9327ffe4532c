/* SPDX-License-Identifier: GPL-2.0 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM capgov

#if !defined(CAPGOV_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define CAPGOV_TRACE_H

#include <linux/tracepoint.h>

#include "rooms.h"

/* A task is about to sleep because @group has no runtime. */
TRACE_EVENT(capgov_park,
	TP_PROTO(const struct capgov_group *group, s64 level_ns),
	TP_ARGS(group, level_ns),
	TP_STRUCT__entry(
		__string(group, group->name)
		__field(s64, level_ns)
	),
	TP_fast_assign(
		capgov_assign_str(group, group->name);
		__entry->level_ns = level_ns;
	),
	TP_printk("group=%s level_ns=%lld", __get_str(group), __entry->level_ns)
);

/* The current task goes on after @wait_ns; @released: the bucket said so. */
TRACE_EVENT(capgov_release,
	TP_PROTO(const struct capgov_group *group, u64 wait_ns, bool released),
	TP_ARGS(group, wait_ns, released),
	TP_STRUCT__entry(
		__string(group, group->name)
		__field(u64, wait_ns)
		__field(bool, released)
	),
	TP_fast_assign(
		capgov_assign_str(group, group->name);
		__entry->wait_ns = wait_ns;
		__entry->released = released;
	),
	TP_printk("group=%s wait_ns=%llu released=%d", __get_str(group),
		  __entry->wait_ns, __entry->released)
);

/* Time is charged to @group, @charged_ns before what is forgiven. */
TRACE_EVENT(capgov_charge,
	TP_PROTO(const struct capgov_group *group, u64 usr_ns, u64 sys_ns,
		 u64 charged_ns, s64 left_ns),
	TP_ARGS(group, usr_ns, sys_ns, charged_ns, left_ns),
	TP_STRUCT__entry(
		__string(group, group->name)
		__field(u64, usr_ns)
		__field(u64, sys_ns)
		__field(u64, charged_ns)
		__field(s64, left_ns)
	),
	TP_fast_assign(
		capgov_assign_str(group, group->name);
		__entry->usr_ns = usr_ns;
		__entry->sys_ns = sys_ns;
		__entry->charged_ns = charged_ns;
		__entry->left_ns = left_ns;
	),
	TP_printk("group=%s usr_ns=%llu sys_ns=%llu charged_ns=%llu left_ns=%lld",
		  __get_str(group), __entry->usr_ns, __entry->sys_ns,
		  __entry->charged_ns, __entry->left_ns)
);

/* This CPU has been to @group's bucket and got @slice_ns. */
TRACE_EVENT(capgov_refill,
	TP_PROTO(const struct capgov_group *group, u64 slice_ns, s64 level_ns),
	TP_ARGS(group, slice_ns, level_ns),
	TP_STRUCT__entry(
		__string(group, group->name)
		__field(u64, slice_ns)
		__field(s64, level_ns)
	),
	TP_fast_assign(
		capgov_assign_str(group, group->name);
		__entry->slice_ns = slice_ns;
		__entry->level_ns = level_ns;
	),
	TP_printk("group=%s slice_ns=%llu level_ns=%lld", __get_str(group),
		  __entry->slice_ns, __entry->level_ns)
);

/* The current task, or @p, will be in @group from now on; "" for none. */
TRACE_EVENT(capgov_attach,
	TP_PROTO(const struct task_struct *p, const char *group),
	TP_ARGS(p, group),
	TP_STRUCT__entry(
		__field(pid_t, pid)
		__string(group, group)
	),
	TP_fast_assign(
		__entry->pid = p->pid;
		capgov_assign_str(group, group);
	),
	TP_printk("pid=%d group=%s", __entry->pid, __get_str(group))
);

#endif /* CAPGOV_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
