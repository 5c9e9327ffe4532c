// SPDX-License-Identifier: GPL-2.0
/*
 * DOC: Groups: create, set, destroy, find. Under capgov_mutex, but for what
 * other rooms keep in a group. A group that is found has a reference from the
 * table; tasks, child groups and sysfs have theirs. The directory in sysfs is
 * made and removed without the mutex, because a removal waits for its writers,
 * who take the mutex; meanwhile the group is dead, but its name is taken.
 */
#include <linux/cpumask.h>
#include <linux/hashtable.h>
#include <linux/idr.h>
#include <linux/slab.h>
#include <linux/stringhash.h>

#include "rooms.h"

#define NAME_BITS		10
#define DEFAULT_PERIOD_US	100000
/* Between samples: a quarter of a slice, or a tick where there is no cap. */
#define MEAN_PER_SLICE		4
#define MEAN_MIN_NS		(100 * NSEC_PER_USEC)
#define MEAN_UNCAPPED_NS	(4 * NSEC_PER_MSEC)

/* Configuration: see rooms.h. */
DEFINE_MUTEX(capgov_mutex);
struct workqueue_struct *capgov_wq;

static DEFINE_HASHTABLE(names, NAME_BITS);
static DEFINE_IDR(ids);
static u32 nr_groups;
static atomic_t nr_reaping;

static u32 group_hash(const char *name)
{
	return full_name_hash(NULL, name, strlen(name));
}

/* The dead, whose name is still taken, included. */
static struct capgov_group *group_lookup(const char *name)
{
	struct capgov_group *group;

	hash_for_each_possible(names, group, name_node, group_hash(name))
		if (!strcmp(group->name, name))
			return group;
	return NULL;
}

/**
 * capgov_group_find() - look a group up
 * @name: a well-formed name
 *
 * With capgov_mutex, while which is held the group stays.
 *
 * Return: the group, or NULL
 */
struct capgov_group *capgov_group_find(const char *name)
{
	struct capgov_group *group = group_lookup(name);

	return group && !READ_ONCE(group->dead) ? group : NULL;
}

/**
 * capgov_group_by_id() - look a group up, or go through all
 * @id: its number
 * @next: the first one above @id
 *
 * With capgov_mutex.
 *
 * Return: the group, or NULL
 */
struct capgov_group *capgov_group_by_id(u32 id, bool next)
{
	struct capgov_group *group;
	int i = id;

	if (id >= INT_MAX)
		return NULL;
	if (!next) {
		group = idr_find(&ids, id);
		return group && !READ_ONCE(group->dead) ? group : NULL;
	}
	for (i++; (group = idr_get_next(&ids, &i)); i++)
		if (!READ_ONCE(group->dead))
			return group;
	return NULL;
}

/**
 * capgov_group_count() - how many groups there are
 * Return: the number
 */
u32 capgov_group_count(void)
{
	return READ_ONCE(nr_groups);
}

static struct capgov_group *group_parent(const struct capgov_group *group)
{
	return rcu_dereference_protected(group->parent,
					 lockdep_is_held(&capgov_mutex));
}

static void group_free(struct rcu_head *rcu)
{
	struct capgov_group *group = container_of(rcu, struct capgov_group,
						  rcu);
	struct capgov_group *parent = rcu_access_pointer(group->parent);

	capgov_throttle_exit(group);
	if (parent)
		capgov_group_put(parent);
	free_percpu(group->pcpu);
	kfree(group);
}

/**
 * capgov_group_put() - drop a reference
 * @group: freed, after a grace period, with the last. Any context.
 */
void capgov_group_put(struct capgov_group *group)
{
	if (refcount_dec_and_test(&group->refs))
		call_rcu(&group->rcu, group_free);
}

static void group_weigh(struct capgov_group *group)
{
	WRITE_ONCE(group->weight_cpus, num_online_cpus());
	WRITE_ONCE(group->weight,
		   group->policy->weight(&group->params, group->weight_cpus));
}

static void group_reweigh(struct work_struct *work)
{
	struct capgov_group *group;
	int id;

	mutex_lock(&capgov_mutex);
	idr_for_each_entry(&ids, group, id)
		group_weigh(group);
	mutex_unlock(&capgov_mutex);
}

static DECLARE_WORK(reweigh, group_reweigh);

/**
 * capgov_group_reweigh() - the number of online CPUs has changed. Any context.
 */
void capgov_group_reweigh(void)
{
	queue_work(capgov_wq, &reweigh);
}

/* Put what has been set into force. */
static void group_enforce(struct capgov_group *group)
{
	const struct capgov_params *p = &group->params;
	u64 now = ktime_get_ns();
	bool capped = p->quota_us != CAPGOV_QUOTA_MAX &&
		      !group->policy->uncapped;

	group_weigh(group);
	capgov_member_sample(group, p->accounting == CAPGOV_ACCT_SAMPLED);
	raw_spin_lock_irq(&group->lock);
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
	WRITE_ONCE(group->capped, capped);
	WRITE_ONCE(group->mean_ns, !capped ? MEAN_UNCAPPED_NS :
		   max_t(u64, group->slice_ns / MEAN_PER_SLICE, MEAN_MIN_NS));
	raw_spin_unlock_irq(&group->lock);
	capgov_throttle_release(group);
}

/* How many levels are above a group, itself included. */
static unsigned int group_depth(struct capgov_group *group)
{
	unsigned int depth = 0;

	for (; group; group = group_parent(group))
		depth++;
	return depth;
}

/* Whether @group, new if NULL, can have @parent without a loop or a tower. */
static int group_check_parent(struct capgov_group *group,
			      struct capgov_group *parent)
{
	unsigned int above = group_depth(parent);
	struct capgov_group *other, *up;
	int id;

	if (parent && parent->automatic)
		return -EINVAL;
	if (above >= CAPGOV_DEPTH_MAX)
		return -ELOOP;
	if (!group || !parent)
		return 0;
	for (up = parent; up; up = group_parent(up))
		if (up == group)
			return -ELOOP;
	if (!group->nr_children)
		return 0;
	idr_for_each_entry(&ids, other, id) {
		unsigned int below = 1;

		for (up = other; up && up != group; up = group_parent(up))
			below++;
		if (up && above + below > CAPGOV_DEPTH_MAX)
			return -ELOOP;
	}
	return 0;
}

/*
 * All of a tree are accounted for in one way, so that what a group's tasks are
 * moved up to does not depend on hooks that may not be there. A new group takes
 * after its parent unless told otherwise.
 */
static int group_check_accounting(const struct capgov_group_config *cfg,
				  const struct capgov_group *group,
				  struct capgov_params *params,
				  const struct capgov_group *parent)
{
	bool given = cfg->fields & CAPGOV_FIELD_ACCT;

	if (!group && parent && !given)
		params->accounting = parent->params.accounting;
	if (parent && params->accounting != parent->params.accounting)
		return -EINVAL;
	if (group && group->nr_children &&
	    params->accounting != group->params.accounting)
		return -EINVAL;
	return 0;
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
			*parent = capgov_group_find(cfg->parent);
			if (!*parent)
				return -ENOENT;
		}
		err = group_check_parent(group, *parent);
		if (err)
			return err;
	}
	return group_check_accounting(cfg, group, params, *parent);
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
	strscpy(group->name, name, sizeof(group->name));
	refcount_set(&group->refs, 1);
	INIT_LIST_HEAD(&group->members);
	INIT_LIST_HEAD(&group->auto_node);
	INIT_WORK(&group->reap, group_reap);
	capgov_throttle_init(group);
	return group;
}

/* Take a new group's number and name. Still dead, it is not found. */
static int group_enter(struct capgov_group *group, struct capgov_group *parent)
{
	int id = -ENOSPC;

	if (nr_groups < CAPGOV_GROUPS_MAX)
		id = idr_alloc_cyclic(&ids, group, 1, 0, GFP_KERNEL);
	if (id < 0)
		return id;
	group->id = id;
	if (parent) {
		rcu_assign_pointer(group->parent, capgov_group_get(parent));
		parent->nr_children++;
	}
	hash_add(names, &group->name_node, group_hash(group->name));
	nr_groups++;
	return 0;
}

/* The reverse. What refers to the group keeps it. */
static void group_leave(struct capgov_group *group)
{
	struct capgov_group *parent = group_parent(group);

	if (parent)
		parent->nr_children--;
	hash_del(&group->name_node);
	list_del_init(&group->auto_node);
	idr_remove(&ids, group->id);
	nr_groups--;
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

	if (group_lookup(cfg->name))
		return ERR_PTR(-EEXIST);
	err = group_merge(cfg, NULL, &params, &policy, &parent);
	if (err)
		return ERR_PTR(err);
	group = group_alloc(cfg->name);
	if (!group)
		return ERR_PTR(-ENOMEM);
	group->policy = policy;
	group->params = params;
	group->automatic = cfg->flags & CAPGOV_GROUP_AUTO;
	group->dead = true;
	group_enforce(group);
	err = group_enter(group, parent);
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
	if (mutex_lock_interruptible(&capgov_mutex))
		return -EINTR;
	group = group_make(cfg);
	mutex_unlock(&capgov_mutex);
	if (IS_ERR(group))
		return PTR_ERR(group);
	err = capgov_sysfs_add(group);
	mutex_lock(&capgov_mutex);
	if (err) {
		group_leave(group);
	} else {
		group_publish(group, autos);
		cfg->id = group->id;
	}
	mutex_unlock(&capgov_mutex);
	if (err)
		capgov_group_put(group);
	return err;
}

static void group_reparent(struct capgov_group *group,
			   struct capgov_group *parent)
{
	struct capgov_group *old = group_parent(group);

	if (old == parent)
		return;
	if (parent) {
		capgov_group_get(parent);
		parent->nr_children++;
	}
	rcu_assign_pointer(group->parent, parent);
	if (!old)
		return;
	old->nr_children--;
	/* Whoever charges the old parent does so without preemption. */
	synchronize_rcu();
	capgov_group_put(old);
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
	int err;

	if (cfg->flags)
		return -EOPNOTSUPP;
	err = capgov_config_check(cfg);
	if (err)
		return err;
	group = capgov_group_find(cfg->name);
	if (!group)
		return -ENOENT;
	policy = group->policy;
	params = group->params;
	parent = group_parent(group);
	err = group_merge(cfg, group, &params, &policy, &parent);
	if (err)
		return err;
	if (params.accounting == CAPGOV_ACCT_EXACT &&
	    READ_ONCE(group->nr_tasks)) {
		err = capgov_hooks_need(true);
		if (err)
			return err;
	}
	group->policy = policy;
	group->params = params;
	group_reparent(group, parent);
	group_enforce(group);
	capgov_attach_review_all(group);
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

	if (group->nr_children)
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
	capgov_attach_move_all(group, group_parent(group));
	group_leave(group);
	mutex_unlock(&capgov_mutex);
	capgov_group_put(group);
}

static void group_reap(struct work_struct *work)
{
	group_bury(container_of(work, struct capgov_group, reap));
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
 * Return: 0, -ENOENT, -ENOTEMPTY (it has child groups), -EINTR
 */
int capgov_group_destroy(const char *name)
{
	struct capgov_group *group;
	int err = -ENOENT;

	if (mutex_lock_interruptible(&capgov_mutex))
		return -EINTR;
	group = capgov_group_find(name);
	if (group)
		err = group_kill(group);
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
	int id, err;

	while (capgov_group_count()) {
		flush_workqueue(capgov_wq);
		err = -ENOENT;
		mutex_lock(&capgov_mutex);
		idr_for_each_entry(&ids, group, id) {
			err = group_kill(group);
			if (!err)
				break;
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
	queue_work(capgov_wq, &group->reap);
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
	destroy_workqueue(capgov_wq);
	idr_destroy(&ids);
}
