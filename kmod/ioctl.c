// SPDX-License-Identifier: GPL-2.0
/*
 * DOC: /dev/capgov, as uapi/linux/capgov.h says. A request is copied in whole,
 * zero-filled to the size known here, handed to its function, and copied back.
 */
#include <linux/capability.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/pid.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "rooms.h"

/**
 * struct capgov_file - an open descriptor
 * @autos: CAPGOV_GROUP_AUTO groups made through it, under capgov_mutex
 */
struct capgov_file {
	struct list_head autos;
};

union request {
	struct {
		u32 size;
		u32 flags;
	};
	struct capgov_info info;
	struct capgov_policy_info policy;
	struct capgov_group_info group;
	struct capgov_group_config config;
	struct capgov_group_destroy destroy;
	struct capgov_task_op task;
	struct capgov_release_all release;
};

static int ioctl_info(struct capgov_file *cf, union request *req)
{
	struct capgov_info *info = &req->info;
	struct capgov_group *group;
	u32 parked = 0, tasks = 0;

	if (info->flags)
		return -EOPNOTSUPP;
	for (group = capgov_registry_by_id(0, true); group;
	     group = capgov_registry_by_id(group->id, true)) {
		parked += READ_ONCE(group->nr_parked);
		tasks += READ_ONCE(group->nr_tasks);
	}
	*info = (struct capgov_info){
		.size = info->size,
		.api_version = CAPGOV_API_VERSION,
		.nr_groups = capgov_registry_count(),
		.nr_tasks = tasks,
		.nr_parked = parked,
		.features = CAPGOV_FEAT_EXACT | CAPGOV_FEAT_SAMPLED |
			    CAPGOV_FEAT_HIERARCHY,
		.nr_fork_missed = capgov_member_missed(),
		.version = CAPGOV_VERSION,
	};
	return 0;
}

static int ioctl_policy_get(struct capgov_file *cf, union request *req)
{
	struct capgov_policy_info *info = &req->policy;
	const struct capgov_policy *policy;

	if (info->flags)
		return -EOPNOTSUPP;
	policy = capgov_policy_nth(info->index);
	if (!policy)
		return -ENOENT;
	info->weight_settable = policy->weight_settable;
	strscpy_pad(info->name, policy->name, sizeof(info->name));
	strscpy_pad(info->description, policy->description,
		    sizeof(info->description));
	return 0;
}

static int ioctl_group_get(struct capgov_file *cf, union request *req)
{
	struct capgov_group_info *info = &req->group;
	struct capgov_group *group;

	if (info->flags & ~(CAPGOV_GET_BY_ID | CAPGOV_GET_NEXT))
		return -EOPNOTSUPP;
	if (info->flags) {
		group = capgov_registry_by_id(info->id,
					      info->flags & CAPGOV_GET_NEXT);
	} else {
		if (!capgov_config_name_ok(info->name))
			return -EINVAL;
		group = capgov_registry_find(info->name);
	}
	if (!group)
		return -ENOENT;
	capgov_stats_read(group, info);
	return 0;
}

static int ioctl_group_create(struct capgov_file *cf, union request *req)
{
	return capgov_group_create(&req->config, &cf->autos);
}

static int ioctl_group_set(struct capgov_file *cf, union request *req)
{
	return capgov_group_set(&req->config);
}

static int ioctl_group_destroy(struct capgov_file *cf, union request *req)
{
	if (req->flags)
		return -EOPNOTSUPP;
	if (!capgov_config_name_ok(req->destroy.name))
		return -EINVAL;
	return capgov_group_destroy(req->destroy.name);
}

/* The thread that a request means, with a reference. */
static struct task_struct *ioctl_task(const struct capgov_task_op *op)
{
	struct pid *pid;
	struct task_struct *p;

	if (op->flags & ~CAPGOV_TASK_THREAD)
		return ERR_PTR(-EOPNOTSUPP);
	if (op->pid < 0)
		return ERR_PTR(-EINVAL);
	if (!op->pid)
		return get_task_struct(current);
	pid = find_get_pid(op->pid);
	p = get_pid_task(pid, PIDTYPE_PID);
	put_pid(pid);
	return p ?: ERR_PTR(-ESRCH);
}

static int ioctl_attach(struct capgov_file *cf, union request *req)
{
	struct capgov_task_op *op = &req->task;
	struct capgov_group *group;
	struct task_struct *p;
	int ret = -ENOENT;

	if (!capgov_config_name_ok(op->name))
		return -EINVAL;
	p = ioctl_task(op);
	if (IS_ERR(p))
		return PTR_ERR(p);
	group = capgov_registry_find(op->name);
	if (group)
		ret = capgov_attach(p, group, op->flags & CAPGOV_TASK_THREAD);
	put_task_struct(p);
	op->nr_tasks = max(ret, 0);
	return min(ret, 0);
}

static int ioctl_detach(struct capgov_file *cf, union request *req)
{
	struct capgov_task_op *op = &req->task;
	struct task_struct *p;
	int ret;

	if (memchr_inv(op->name, 0, sizeof(op->name)))
		return -EINVAL;
	p = ioctl_task(op);
	if (IS_ERR(p))
		return PTR_ERR(p);
	ret = capgov_detach(p, op->flags & CAPGOV_TASK_THREAD);
	put_task_struct(p);
	op->nr_tasks = max(ret, 0);
	return min(ret, 0);
}

static int ioctl_release_all(struct capgov_file *cf, union request *req)
{
	struct capgov_release_all *op = &req->release;
	struct capgov_group *group;

	if (op->flags)
		return -EOPNOTSUPP;
	if (op->reserved)
		return -EINVAL;
	op->nr_tasks = 0;
	for (group = capgov_registry_by_id(0, true); group;
	     group = capgov_registry_by_id(group->id, true))
		op->nr_tasks += capgov_attach_move_all(group, NULL);
	return 0;
}

/**
 * struct request_op - one request
 * @fn: with capgov_mutex, unless @unlocked; 0 or an errno
 * @min: size of the structure's first version
 * @size: size known here
 * @change: it needs a descriptor open for writing and CAP_SYS_ADMIN
 * @unlocked: @fn takes capgov_mutex itself
 */
struct request_op {
	int (*fn)(struct capgov_file *cf, union request *req);
	u16 min;
	u16 size;
	bool change;
	bool unlocked;
};

#define REQUEST(ioc, type, last, ...) \
	[_IOC_NR(ioc)] = { \
		.min = offsetofend(struct type, last), \
		.size = sizeof(struct type), \
		__VA_ARGS__ \
	}

/* @last is the last member of the structure's first version. */
static const struct request_op requests[] = {
	REQUEST(CAPGOV_IOC_INFO, capgov_info, version, .fn = ioctl_info),
	REQUEST(CAPGOV_IOC_POLICY_GET, capgov_policy_info, description,
		.fn = ioctl_policy_get),
	REQUEST(CAPGOV_IOC_GROUP_GET, capgov_group_info, wait_hist,
		.fn = ioctl_group_get),
	REQUEST(CAPGOV_IOC_GROUP_CREATE, capgov_group_config, reserved,
		.fn = ioctl_group_create, .change = true, .unlocked = true),
	REQUEST(CAPGOV_IOC_GROUP_SET, capgov_group_config, reserved,
		.fn = ioctl_group_set, .change = true),
	REQUEST(CAPGOV_IOC_GROUP_DESTROY, capgov_group_destroy, name,
		.fn = ioctl_group_destroy, .change = true, .unlocked = true),
	REQUEST(CAPGOV_IOC_ATTACH, capgov_task_op, name,
		.fn = ioctl_attach, .change = true),
	REQUEST(CAPGOV_IOC_DETACH, capgov_task_op, name,
		.fn = ioctl_detach, .change = true),
	REQUEST(CAPGOV_IOC_RELEASE_ALL, capgov_release_all, reserved,
		.fn = ioctl_release_all, .change = true),
};

static int request_run(const struct request_op *op, struct capgov_file *cf,
		       union request *req)
{
	int err;

	capgov_group_wait_reaped();
	if (op->unlocked)
		return op->fn(cf, req);
	err = capgov_lock();
	if (err)
		return err;
	err = op->fn(cf, req);
	mutex_unlock(&capgov_mutex);
	return err;
}

static int request_copy(const struct request_op *op, struct capgov_file *cf,
			union request *req, void __user *arg)
{
	u32 size;
	int err;

	if (!IS_ALIGNED((unsigned long)arg, 8))
		return -EINVAL;
	if (get_user(size, (u32 __user *)arg))
		return -EFAULT;
	if (size < op->min)
		return -EINVAL;
	if (size > PAGE_SIZE)
		return -E2BIG;
	err = copy_struct_from_user(req, op->size, arg, size);
	if (err)
		return err;
	/* It may have been changed between the two reads. */
	req->size = size;
	size = min_t(u32, size, op->size);
	/* What cannot be answered is not begun. */
	if (copy_to_user(arg, req, size))
		return -EFAULT;
	err = request_run(op, cf, req);
	if (err)
		return err;
	return copy_to_user(arg, req, size) ? -EFAULT : 0;
}

static long capgov_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	unsigned int nr = _IOC_NR(cmd);
	const struct request_op *op;
	union request *req;
	long err;

	if (nr >= ARRAY_SIZE(requests) || cmd != _IO(CAPGOV_IOC_TYPE, nr))
		return -ENOTTY;
	op = &requests[nr];
	if (op->change && !(file->f_mode & FMODE_WRITE))
		return -EBADF;
	if (op->change && !capable(CAP_SYS_ADMIN))
		return -EPERM;
	req = kzalloc(sizeof(*req), GFP_KERNEL);
	if (!req)
		return -ENOMEM;
	err = request_copy(op, file->private_data, req, (void __user *)arg);
	kfree(req);
	return err;
}

static int capgov_open(struct inode *inode, struct file *file)
{
	struct capgov_file *cf = kzalloc(sizeof(*cf), GFP_KERNEL_ACCOUNT);

	if (!cf)
		return -ENOMEM;
	INIT_LIST_HEAD(&cf->autos);
	file->private_data = cf;
	return 0;
}

static int capgov_close(struct inode *inode, struct file *file)
{
	struct capgov_file *cf = file->private_data;

	capgov_group_drop_autos(&cf->autos);
	kfree(cf);
	return 0;
}

static const struct file_operations capgov_fops = {
	.owner = THIS_MODULE,
	.open = capgov_open,
	.release = capgov_close,
	.unlocked_ioctl = capgov_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
};

static struct miscdevice capgov_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "capgov",
	.mode = 0644,
	.fops = &capgov_fops,
};

/**
 * capgov_ioctl_init() - open the door
 * Return: 0 or an errno
 */
int capgov_ioctl_init(void)
{
	return misc_register(&capgov_device);
}

/**
 * capgov_ioctl_exit() - close it; nobody has it open, or the module would stay
 */
void capgov_ioctl_exit(void)
{
	misc_deregister(&capgov_device);
}
