/* SPDX-License-Identifier: GPL-2.0 */
/*
 * DOC: The only place that knows kernel versions. Each difference names the
 * version that made it necessary.
 */
#ifndef CAPGOV_COMPAT_H
#define CAPGOV_COMPAT_H

#undef pr_fmt
#define pr_fmt(fmt)	KBUILD_MODNAME ": " fmt

#include <linux/hrtimer.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/task_work.h>
#include <linux/version.h>
#include <linux/vtime.h>

#ifndef CONFIG_64BIT
#error "capgov keeps nanoseconds in single words: it needs a 64-bit kernel"
#endif
#ifndef CONFIG_PREEMPT_NOTIFIERS
#error "capgov needs CONFIG_PREEMPT_NOTIFIERS (CONFIG_KVM selects it)"
#endif
#ifndef CONFIG_HAVE_SYSCALL_TRACEPOINTS
#error "capgov needs the system-call tracepoints"
#endif

/* 6.4: user workers (vhost) are told from io_uring's workers. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 4, 0)
#define CAPGOV_PF_WORKER	(PF_KTHREAD | PF_IO_WORKER | PF_USER_WORKER)
#else
#define CAPGOV_PF_WORKER	(PF_KTHREAD | PF_IO_WORKER)
#endif

/* 6.13: hrtimer_setup() replaces hrtimer_init(), which goes away in 6.15. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 13, 0)
static inline void hrtimer_setup(struct hrtimer *timer,
				 enum hrtimer_restart (*fn)(struct hrtimer *),
				 clockid_t clock, enum hrtimer_mode mode)
{
	hrtimer_init(timer, clock, mode);
	timer->function = fn;
}
#endif

/* 6.13: probes of system-call tracepoints are called with preemption on. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 13, 0)
static inline void capgov_probe_enter(void)
{
	preempt_disable_notrace();
}

static inline void capgov_probe_leave(void)
{
	preempt_enable_notrace();
}
#else
static inline void capgov_probe_enter(void) { }
static inline void capgov_probe_leave(void) { }
#endif

/* 6.16: the probe of sched_process_exit is also told of the group's death. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 16, 0)
#define CAPGOV_EXIT_PROBE_ARGS \
	void *data, struct task_struct *p, bool group_dead
#else
#define CAPGOV_EXIT_PROBE_ARGS	void *data, struct task_struct *p
#endif

/* Without io_uring a task has no member of that name. */
static inline bool capgov_io_uring(const struct task_struct *p)
{
#ifdef CONFIG_IO_URING
	return p->io_uring;
#else
	return false;
#endif
}

/*
 * USR of current, without that of its guests, ns, where the kernel keeps exact
 * times: on nohz_full CPUs, if it is built for them. What it has not passed on
 * to the task's sum yet is in vtime. Return: whether this is such a CPU.
 * Preemption is off.
 */
static inline bool capgov_user_time(u64 *ns)
{
#ifdef CONFIG_VIRT_CPU_ACCOUNTING_GEN
	if (vtime_accounting_enabled_this_cpu()) {
		*ns = current->utime - current->gtime + current->vtime.utime;
		return true;
	}
#endif
	return false;
}

/* 6.10: __assign_str() takes only the destination. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 10, 0)
#define capgov_assign_str(dst, src)	__assign_str(dst)
#else
#define capgov_assign_str(dst, src)	__assign_str(dst, src)
#endif

/*
 * Kernels that do not export task_work_add(): a kprobe knows where it is, past
 * an ENDBR if there is one, which an indirect call must not skip. Only the file
 * that looks for it may use it.
 */
#ifdef CAPGOV_NO_TASK_WORK
#include <linux/align.h>
#include <linux/kprobes.h>

static typeof(task_work_add) *capgov_task_work_addr __maybe_unused;

static inline int capgov_task_work_find(void)
{
	struct kprobe probe = { .symbol_name = "task_work_add" };
	int err;

	err = register_kprobe(&probe);
	if (err)
		return err;
	capgov_task_work_addr = (void *)ALIGN_DOWN((unsigned long)probe.addr, 16);
	unregister_kprobe(&probe);
	return 0;
}

#define capgov_task_work_add(task, work, mode) \
	capgov_task_work_addr(task, work, mode)
#else
static inline int capgov_task_work_find(void)
{
	return 0;
}

#define capgov_task_work_add(task, work, mode)	task_work_add(task, work, mode)
#endif

#endif /* CAPGOV_COMPAT_H */
