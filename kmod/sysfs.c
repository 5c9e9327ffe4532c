// SPDX-License-Identifier: GPL-2.0
/*
 * DOC: /sys/kernel/capgov, one value a file, the unit in its name. What is
 * written goes the way of an ioctl and is refused with the same errors.
 */
#include <linux/capability.h>
#include <linux/kobject.h>
#include <linux/slab.h>
#include <linux/sysfs.h>

#include "rooms.h"

/**
 * struct group_attr - a file in a group's directory
 * @attr: as sysfs knows it
 * @offset: of the value in struct capgov_group_info
 * @field: CAPGOV_FIELD_* if it can be written
 * @kind: how it is read and written
 */
struct group_attr {
	struct attribute attr;
	u16 offset;
	u32 field;
	enum { KIND_U32, KIND_U64, KIND_QUOTA, KIND_TEXT, KIND_ACCT } kind;
};

#define GROUP_ATTR(member, mode_, field_, kind_) \
	static struct group_attr group_attr_##member = { \
		.attr = { .name = #member, .mode = mode_ }, \
		.offset = offsetof(struct capgov_group_info, member), \
		.field = field_, \
		.kind = kind_, \
	}

GROUP_ATTR(policy, 0644, CAPGOV_FIELD_POLICY, KIND_TEXT);
GROUP_ATTR(parent, 0644, CAPGOV_FIELD_PARENT, KIND_TEXT);
GROUP_ATTR(quota_us, 0644, CAPGOV_FIELD_CAP, KIND_QUOTA);
GROUP_ATTR(period_us, 0644, CAPGOV_FIELD_PERIOD, KIND_U32);
GROUP_ATTR(burst_us, 0644, CAPGOV_FIELD_BURST, KIND_U64);
GROUP_ATTR(sys_weight_permille, 0644, CAPGOV_FIELD_WEIGHT, KIND_U32);
GROUP_ATTR(accounting, 0644, CAPGOV_FIELD_ACCT, KIND_ACCT);
GROUP_ATTR(id, 0444, 0, KIND_U32);
GROUP_ATTR(nr_tasks, 0444, 0, KIND_U32);
GROUP_ATTR(nr_joining, 0444, 0, KIND_U32);
GROUP_ATTR(nr_parked, 0444, 0, KIND_U32);
GROUP_ATTR(usr_ns, 0444, 0, KIND_U64);
GROUP_ATTR(sys_ns, 0444, 0, KIND_U64);
GROUP_ATTR(sys_error_ns, 0444, 0, KIND_U64);
GROUP_ATTR(charged_ns, 0444, 0, KIND_U64);
GROUP_ATTR(exempt_ns, 0444, 0, KIND_U64);
GROUP_ATTR(denied_ns, 0444, 0, KIND_U64);
GROUP_ATTR(forgiven_ns, 0444, 0, KIND_U64);
GROUP_ATTR(debt_ns, 0444, 0, KIND_U64);
GROUP_ATTR(max_stall_ns, 0444, 0, KIND_U64);
GROUP_ATTR(nr_throttled, 0444, 0, KIND_U64);

static struct attribute *group_attrs[] = {
	&group_attr_policy.attr,
	&group_attr_parent.attr,
	&group_attr_quota_us.attr,
	&group_attr_period_us.attr,
	&group_attr_burst_us.attr,
	&group_attr_sys_weight_permille.attr,
	&group_attr_accounting.attr,
	&group_attr_id.attr,
	&group_attr_nr_tasks.attr,
	&group_attr_nr_joining.attr,
	&group_attr_nr_parked.attr,
	&group_attr_usr_ns.attr,
	&group_attr_sys_ns.attr,
	&group_attr_sys_error_ns.attr,
	&group_attr_charged_ns.attr,
	&group_attr_exempt_ns.attr,
	&group_attr_denied_ns.attr,
	&group_attr_forgiven_ns.attr,
	&group_attr_debt_ns.attr,
	&group_attr_max_stall_ns.attr,
	&group_attr_nr_throttled.attr,
	NULL
};
ATTRIBUTE_GROUPS(group);

static const char * const accounting_names[] = {
	[CAPGOV_ACCT_EXACT] = "exact",
	[CAPGOV_ACCT_SAMPLED] = "sampled",
};

static ssize_t group_show(struct kobject *kobj, struct attribute *attr,
			  char *buf)
{
	struct capgov_group *group = container_of(kobj, struct capgov_group,
						  kobj);
	struct group_attr *ga = container_of(attr, struct group_attr, attr);
	struct capgov_group_info *info;
	const void *value;
	ssize_t len;

	info = kzalloc(sizeof(*info), GFP_KERNEL);
	if (!info)
		return -ENOMEM;
	len = capgov_lock();
	if (len)
		goto out;
	capgov_stats_read(group, info);
	mutex_unlock(&capgov_mutex);
	value = (const char *)info + ga->offset;
	switch (ga->kind) {
	case KIND_U32:
		len = sysfs_emit(buf, "%u\n", *(const u32 *)value);
		break;
	case KIND_TEXT:
		len = sysfs_emit(buf, "%s\n", (const char *)value);
		break;
	case KIND_ACCT:
		len = sysfs_emit(buf, "%s\n",
				 accounting_names[info->accounting]);
		break;
	default:
		if (ga->kind == KIND_QUOTA && info->quota_us == CAPGOV_QUOTA_MAX)
			len = sysfs_emit(buf, "max\n");
		else
			len = sysfs_emit(buf, "%llu\n", *(const u64 *)value);
	}
out:
	kfree(info);
	return len;
}

/* One line of text into a string of a request. */
static int parse_text(const char *buf, size_t len, char *to, size_t size)
{
	if (len && buf[len - 1] == '\n')
		len--;
	if (len >= size || memchr(buf, '\n', len))
		return -EINVAL;
	memcpy(to, buf, len);
	return 0;
}

/**
 * capgov_sysfs_parse() - what was written to a file, as a request says it
 * @field: CAPGOV_FIELD_* of the file
 * @buf: what was written, with a NUL after @len bytes
 * @len: bytes
 * @cfg: the member that @field names is set
 *
 * Pure: whether the value is within its limits the request will tell.
 *
 * Return: 0, -EINVAL or -ERANGE
 */
int capgov_sysfs_parse(u32 field, const char *buf, size_t len,
		       struct capgov_group_config *cfg)
{
	int acct;

	if (memchr(buf, '\0', len))
		return -EINVAL;
	switch (field) {
	case CAPGOV_FIELD_POLICY:
		return parse_text(buf, len, cfg->policy, sizeof(cfg->policy));
	case CAPGOV_FIELD_PARENT:
		return parse_text(buf, len, cfg->parent, sizeof(cfg->parent));
	case CAPGOV_FIELD_CAP:
		if (sysfs_streq(buf, "max")) {
			cfg->quota_us = CAPGOV_QUOTA_MAX;
			return 0;
		}
		return kstrtou64(buf, 10, &cfg->quota_us) ?:
		       cfg->quota_us == CAPGOV_QUOTA_MAX ? -ERANGE : 0;
	case CAPGOV_FIELD_PERIOD:
		return kstrtou32(buf, 10, &cfg->period_us);
	case CAPGOV_FIELD_BURST:
		return kstrtou64(buf, 10, &cfg->burst_us);
	case CAPGOV_FIELD_WEIGHT:
		return kstrtou32(buf, 10, &cfg->sys_weight_permille);
	default:
		acct = sysfs_match_string(accounting_names, buf);
		cfg->accounting = max(acct, 0);
		return min(acct, 0);
	}
}

static ssize_t group_store(struct kobject *kobj, struct attribute *attr,
			   const char *buf, size_t len)
{
	struct capgov_group *group = container_of(kobj, struct capgov_group,
						  kobj);
	struct group_attr *ga = container_of(attr, struct group_attr, attr);
	struct capgov_group_config *cfg;
	int err;

	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	cfg = kzalloc(sizeof(*cfg), GFP_KERNEL);
	if (!cfg)
		return -ENOMEM;
	cfg->fields = ga->field;
	strscpy(cfg->name, group->name, sizeof(cfg->name));
	err = capgov_sysfs_parse(ga->field, buf, len, cfg);
	if (!err)
		err = capgov_lock();
	if (!err) {
		err = capgov_group_set(cfg);
		mutex_unlock(&capgov_mutex);
	}
	kfree(cfg);
	return err ?: len;
}

static const struct sysfs_ops group_ops = {
	.show = group_show,
	.store = group_store,
};

static void group_release(struct kobject *kobj)
{
	capgov_group_put(container_of(kobj, struct capgov_group, kobj));
}

static struct kobj_type group_type = {
	.sysfs_ops = &group_ops,
	.release = group_release,
	.default_groups = group_groups,
};

static struct kobject *root, *groups_dir;

/**
 * capgov_sysfs_add() - make a group's directory
 * @group: a new group
 * Return: 0 or an errno; then the caller drops its own reference as usual
 */
int capgov_sysfs_add(struct capgov_group *group)
{
	int err;

	capgov_group_get(group);
	err = kobject_init_and_add(&group->kobj, &group_type, groups_dir, "%s",
				   group->name);
	if (err)
		kobject_put(&group->kobj);
	return err;
}

/**
 * capgov_sysfs_remove() - remove a group's directory
 * @group: the group. Waits for readers and writers: without capgov_mutex.
 */
void capgov_sysfs_remove(struct capgov_group *group)
{
	kobject_del(&group->kobj);
	kobject_put(&group->kobj);
}

static ssize_t version_show(struct kobject *kobj, struct kobj_attribute *attr,
			    char *buf)
{
	return sysfs_emit(buf, "%s\n", CAPGOV_VERSION);
}

static ssize_t nr_groups_show(struct kobject *kobj, struct kobj_attribute *attr,
			      char *buf)
{
	return sysfs_emit(buf, "%u\n", capgov_registry_count());
}

static ssize_t nr_tasks_show(struct kobject *kobj, struct kobj_attribute *attr,
			     char *buf)
{
	return sysfs_emit(buf, "%u\n", capgov_member_count());
}

static ssize_t policies_show(struct kobject *kobj, struct kobj_attribute *attr,
			     char *buf)
{
	const struct capgov_policy *policy;
	ssize_t len = 0;
	unsigned int i;

	for (i = 0; (policy = capgov_policy_nth(i)); i++)
		len += sysfs_emit_at(buf, len, "%s%s", i ? " " : "",
				     policy->name);
	return len + sysfs_emit_at(buf, len, "\n");
}

static struct kobj_attribute version_attr = __ATTR_RO(version);
static struct kobj_attribute nr_groups_attr = __ATTR_RO(nr_groups);
static struct kobj_attribute nr_tasks_attr = __ATTR_RO(nr_tasks);
static struct kobj_attribute policies_attr = __ATTR_RO(policies);

static struct attribute *root_attrs[] = {
	&version_attr.attr,
	&nr_groups_attr.attr,
	&nr_tasks_attr.attr,
	&policies_attr.attr,
	NULL
};

static const struct attribute_group root_group = {
	.attrs = root_attrs,
};

/**
 * capgov_sysfs_init() - make /sys/kernel/capgov
 * Return: 0 or an errno
 */
int capgov_sysfs_init(void)
{
	int err = -ENOMEM;

	root = kobject_create_and_add("capgov", kernel_kobj);
	if (!root)
		return err;
	groups_dir = kobject_create_and_add("groups", root);
	if (groups_dir)
		err = sysfs_create_group(root, &root_group);
	if (err)
		capgov_sysfs_exit();
	return err;
}

/**
 * capgov_sysfs_exit() - remove it; every group has been destroyed
 */
void capgov_sysfs_exit(void)
{
	kobject_put(groups_dir);
	kobject_put(root);
}
