// SPDX-License-Identifier: GPL-2.0
/*
 * DOC: Groups: create, set, destroy, find. Under capgov_mutex, but for what
 * other rooms keep in a group. A group that is found has a reference from the
 * table; tasks, child groups and sysfs have theirs. The directory in sysfs is
 * made and removed without the mutex, because a removal waits for its writers,
 * who take the mutex; meanwhile the group is dead, but its name is taken.
 */
#include <linux/slab.h>

#include "rooms.h"

#define DEFAULT_PERIOD_US	100000
/* Between samples: a quarter of a slice, or a tick where there is no cap. */
#define MEAN_PER_SLICE		4
#define MEAN_MIN_NS		(100 * NSEC_PER_USEC)
#define MEAN_UNCAPPED_NS	(4 * NSEC_PER_MSEC)

/* Configuration: see rooms.h. */
DEFINE_MUTEX(capgov_mutex);
struct workqueue_struct *capgov_wq;

static atomic_t nr_reaping;
static atomic_t nr_live;	/* groups that are not freed yet */

static void group_free(struct capgov_group *group)
{
	capgov_throttle_exit(group);
	free_percpu(group->pcpu);
	kfree(group);
	atomic_dec(&nr_live);
}

/* What its last tasks used since they settled is its parents' to pay. */
static void group_settle(struct work_struct *work)
{
	struct capgov_group *group = container_of(work, struct capgov_group,
						  work);
	int cpu;

	for_each_possible_cpu(cpu) {
		preempt_disable();
		capgov_charge_settle(group, per_cpu_ptr(group->pcpu, cpu), NULL);
		preempt_enable();
	}
	capgov_group_put(rcu_access_pointer(group->parent));
	group_free(group);
}

/* Its tasks have gone, and been switched out for the last time. */
static void group_end(struct rcu_head *rcu)
{
	struct capgov_group *group = container_of(rcu, struct capgov_group,
						  rcu);

	if (!rcu_access_pointer(group->parent)) {
		group_free(group);
		return;
	}
	/* No interrupt may settle. */
	INIT_WORK(&group->work, group_settle);
	queue_work(capgov_wq, &group->work);
}

/**
 * capgov_group_put() - drop a reference
 * @group: freed, after a grace period, with the last. Any context.
 */
void capgov_group_put(struct capgov_group *group)
{
	if (refcount_dec_and_test(&group->refs))
		call_rcu(&group->rcu, group_end);
}

/* Put settings into force. */
static void group_enforce(struct capgov_group *group,
			  const struct capgov_policy *policy,
			  const struct capgov_params *p)
{
	bool capped = p->quota_us != CAPGOV_QUOTA_MAX && !policy->uncapped;
	u32 change = capgov_charge_change();
	u64 now = ktime_get_ns();

	capgov_member_sample(group, p->accounting == CAPGOV_ACCT_SAMPLED);
	raw_spin_lock_irq(&group->lock);
	group->policy = policy;
	group->params = *p;
	capgov_charge_weigh(group);
	if (capped) {
		void (*prepare)(struct capgov_bucket *b, u64 now_ns,
				u64 quota_us, u64 period_us, u64 burst_us);

		prepare = group->capped ? capgov_bucket_set : capgov_bucket_init;
		prepare(&group->bucket, now, p->quota_us, p->period_us,
			p->burst_us);
		WRITE_ONCE(group->slice_ns,
			   clamp_t(u64, p->quota_us * NSEC_PER_USEC / 10,
				   CAPGOV_SLICE_MIN_NS, CAPGOV_SLICE_MAX_NS));
	}
	WRITE_ONCE(group->changed_at, change);
	if (capped && !group->capped)
		WRITE_ONCE(group->capped_at, change);
	/* Who sees the cap sees since when it is there. */
	smp_store_release(&group->capped, capped);
	WRITE_ONCE(group->mean_ns, !capped ? MEAN_UNCAPPED_NS :
		   max_t(u64, group->slice_ns / MEAN_PER_SLICE, MEAN_MIN_NS));
	raw_spin_unlock_irq(&group->lock);
	capgov_throttle_release(group);
}

/*
 * Merge a request into settings and check the whole. Nothing is changed but
 * what the caller passes in.
 */
static int group_merge(const struct capgov_group_config *cfg,
		       struct capgov_group *group, struct capgov_params *params,
		       const struct capgov_policy **policy,
		       struct capgov_group **parent)
{
	int err = capgov_config_merge(cfg, params, policy);

	if (err)
		return err;
	if (cfg->fields & CAPGOV_FIELD_PARENT) {
		*parent = NULL;
		if (cfg->parent[0]) {
			*parent = capgov_registry_find(cfg->parent);
			if (!*parent)
				return -ENOENT;
		}
		err = capgov_tree_check(group, *parent);
		if (err)
			return err;
	}
	/* A new group takes after its parent unless told otherwise. */
	if (!group && *parent && !(cfg->fields & CAPGOV_FIELD_ACCT))
		params->accounting = (*parent)->params.accounting;
	return capgov_tree_check_accounting(group, *parent, params->accounting);
}

static void group_reap(struct work_struct *work);

static struct capgov_group *group_alloc(const char *name)
{
	struct capgov_group *group = kzalloc(sizeof(*group), GFP_KERNEL_ACCOUNT);

	if (!group)
		return NULL;
	group->pcpu = alloc_percpu_gfp(struct capgov_pcpu, GFP_KERNEL_ACCOUNT);
	if (!group->pcpu) {
		kfree(group);
		return NULL;
	}
	atomic_inc(&nr_live);
	strscpy(group->name, name, sizeof(group->name));
	refcount_set(&group->refs, 1);
	INIT_LIST_HEAD(&group->members);
	INIT_LIST_HEAD(&group->children);
	INIT_LIST_HEAD(&group->sibling);
	INIT_LIST_HEAD(&group->auto_node);
	INIT_WORK(&group->work, group_reap);
	capgov_throttle_init(group);
	return group;
}

/* A group as the request wants it, entered but dead. */
static struct capgov_group *group_make(const struct capgov_group_config *cfg)
{
	const struct capgov_policy *policy = capgov_policy_find("total");
	struct capgov_params params = {
		.quota_us = CAPGOV_QUOTA_MAX,
		.period_us = DEFAULT_PERIOD_US,
		.sys_weight_permille = CAPGOV_WEIGHT_MAX,
	};
	struct capgov_group *group, *parent = NULL;
	int err;

	if (capgov_registry_taken(cfg->name))
		return ERR_PTR(-EEXIST);
	err = group_merge(cfg, NULL, &params, &policy, &parent);
	if (err)
		return ERR_PTR(err);
	group = group_alloc(cfg->name);
	if (!group)
		return ERR_PTR(-ENOMEM);
	group->automatic = cfg->flags & CAPGOV_GROUP_AUTO;
	group->dead = true;
	group_enforce(group, policy, &params);
	capgov_charge_init(group);
	err = capgov_registry_enter(group, parent);
	if (!err)
		return group;
	capgov_group_put(group);
	return ERR_PTR(err);
}

/* From now on it is found. */
static void group_publish(struct capgov_group *group, struct list_head *autos)
{
	if (group->automatic) {
		group->held = true;
		list_add(&group->auto_node, autos);
	}
	raw_spin_lock_irq(&capgov_members_lock);
	group->dead = false;
	raw_spin_unlock_irq(&capgov_members_lock);
}

/**
 * capgov_group_create() - make a group
 * @cfg: the request; its id is filled in
 * @autos: list of the caller's descriptor, to which a CAPGOV_GROUP_AUTO group
 *	is added
 *
 * Without capgov_mutex; may sleep. Nor is it held while the directory in sysfs
 * is made: should memory run out there, what has been made is removed again.
 *
 * Return: 0 or an error of the uapi's table; then nothing has changed
 */
int capgov_group_create(struct capgov_group_config *cfg,
			struct list_head *autos)
{
	struct capgov_group *group;
	int err;

	if (cfg->flags & ~CAPGOV_GROUP_AUTO)
		return -EOPNOTSUPP;
	err = capgov_config_check(cfg);
	if (err)
		return err;
	err = capgov_lock();
	if (err)
		return err;
	group = group_make(cfg);
	mutex_unlock(&capgov_mutex);
	if (IS_ERR(group))
		return PTR_ERR(group);
	err = capgov_sysfs_add(group);
	mutex_lock(&capgov_mutex);
	if (err) {
		capgov_registry_leave(group);
	} else {
		group_publish(group, autos);
		cfg->id = group->id;
	}
	mutex_unlock(&capgov_mutex);
	if (err)
		capgov_group_put(group);
	return err;
}

/**
 * capgov_group_set() - change a group
 * @cfg: the request; its id is filled in
 *
 * With capgov_mutex; may sleep.
 *
 * Return: 0 or an error of the uapi's table; then nothing has changed
 */
int capgov_group_set(struct capgov_group_config *cfg)
{
	const struct capgov_policy *policy;
	struct capgov_group *group, *parent;
	struct capgov_params params;
	bool moved;
	int err;

	if (cfg->flags)
		return -EOPNOTSUPP;
	err = capgov_config_check(cfg);
	if (err)
		return err;
	group = capgov_registry_find(cfg->name);
	if (!group)
		return -ENOENT;
	policy = group->policy;
	params = group->params;
	parent = capgov_tree_parent(group);
	err = group_merge(cfg, group, &params, &policy, &parent);
	if (err)
		return err;
	if (params.accounting == CAPGOV_ACCT_EXACT &&
	    READ_ONCE(group->nr_tasks)) {
		err = capgov_hooks_need(true);
		if (err)
			return err;
	}
	moved = capgov_tree_move(group, parent);
	group_enforce(group, policy, &params);
	capgov_tree_each(group, moved ? capgov_attach_kick_all :
					capgov_attach_review_all);
	/* The last task may have gone since its hooks were provided. */
	if (cfg->fields & CAPGOV_FIELD_ACCT)
		capgov_hooks_review();
	cfg->id = group->id;
	return 0;
}

/* The first half: nobody finds it any more. With capgov_mutex. */
static int group_kill(struct capgov_group *group)
{
	int err = -ENOENT;

	if (!list_empty(&group->children))
		return -ENOTEMPTY;
	raw_spin_lock_irq(&capgov_members_lock);
	if (!group->dead) {
		group->dead = true;
		err = 0;
	}
	raw_spin_unlock_irq(&capgov_members_lock);
	return err;
}

/* The second half, without capgov_mutex. */
static void group_bury(struct capgov_group *group)
{
	capgov_sysfs_remove(group);
	mutex_lock(&capgov_mutex);
	capgov_attach_move_all(group, capgov_tree_parent(group));
	list_del_init(&group->auto_node);
	capgov_registry_leave(group);
	mutex_unlock(&capgov_mutex);
	capgov_group_put(group);
}

static void group_reap(struct work_struct *work)
{
	group_bury(container_of(work, struct capgov_group, work));
	atomic_dec(&nr_reaping);
}

/**
 * capgov_group_wait_reaped() - automatic groups that have gone are gone
 *
 * Before a request, so that nobody sees a name taken or a child counted of a
 * group that cannot be found any more. Without capgov_mutex; may sleep.
 */
void capgov_group_wait_reaped(void)
{
	if (atomic_read(&nr_reaping))
		flush_workqueue(capgov_wq);
}

/**
 * capgov_group_destroy() - destroy a group
 * @name: of the group, well formed
 *
 * Without capgov_mutex; may sleep. Its tasks go on in its parent, if any.
 *
 * Return: 0, -ENOENT, -ENOTEMPTY (it has child groups), -ERESTARTSYS
 */
int capgov_group_destroy(const char *name)
{
	struct capgov_group *group;
	int err = capgov_lock();

	if (err)
		return err;
	group = capgov_registry_find(name);
	err = group ? group_kill(group) : -ENOENT;
	mutex_unlock(&capgov_mutex);
	if (!err)
		group_bury(group);
	return err;
}

/**
 * capgov_group_destroy_all() - the module goes: children before parents
 */
void capgov_group_destroy_all(void)
{
	struct capgov_group *group;
	int err;

	while (capgov_registry_count()) {
		/* Nothing but a group that is about to go by itself is dead. */
		flush_workqueue(capgov_wq);
		err = -ENOENT;
		mutex_lock(&capgov_mutex);
		group = capgov_registry_any();
		if (group) {
			group = capgov_tree_leaf(group);
			err = group_kill(group);
		}
		mutex_unlock(&capgov_mutex);
		if (!err)
			group_bury(group);
	}
}

/**
 * capgov_group_emptied() - the last task has left
 * @group: its group; with capgov_members_lock
 */
void capgov_group_emptied(struct capgov_group *group)
{
	if (!group->automatic || group->held || group->dead)
		return;
	group->dead = true;
	atomic_inc(&nr_reaping);
	queue_work(capgov_wq, &group->work);
}

/**
 * capgov_group_drop_autos() - a descriptor is closed
 * @autos: the groups that it kept
 */
void capgov_group_drop_autos(struct list_head *autos)
{
	struct capgov_group *group, *next;

	mutex_lock(&capgov_mutex);
	list_for_each_entry_safe(group, next, autos, auto_node) {
		list_del_init(&group->auto_node);
		raw_spin_lock_irq(&capgov_members_lock);
		group->held = false;
		if (!group->nr_tasks)
			capgov_group_emptied(group);
		raw_spin_unlock_irq(&capgov_members_lock);
	}
	mutex_unlock(&capgov_mutex);
}

/**
 * capgov_group_init() - get the room ready
 * Return: 0 or -ENOMEM
 */
int capgov_group_init(void)
{
	capgov_wq = alloc_workqueue("capgov", WQ_UNBOUND, 0);
	return capgov_wq ? 0 : -ENOMEM;
}

/**
 * capgov_group_exit() - every group has been destroyed
 */
void capgov_group_exit(void)
{
	int level;

	/* Who reaps still has the group; one that is freed has its parent. */
	for (level = 0; level <= CAPGOV_DEPTH_MAX; level++) {
		flush_workqueue(capgov_wq);
		rcu_barrier();
	}
	WARN_ON(atomic_read(&nr_live));
	destroy_workqueue(capgov_wq);
}
