// SPDX-License-Identifier: GPL-2.0
/*
 * DOC: Which groups there are, by number and by name. Under capgov_mutex. None
 * of it depends on how many there are: both tables grow.
 */
#include <linux/idr.h>
#include <linux/jhash.h>
#include <linux/rhashtable.h>

#include "rooms.h"

static struct rhashtable names;
static DEFINE_IDR(ids);
static u32 nr_groups;

static u32 name_hash(const void *name, u32 len, u32 seed)
{
	return jhash(name, strlen(name), seed);
}

static u32 name_hash_of(const void *group, u32 len, u32 seed)
{
	return name_hash(((const struct capgov_group *)group)->name, len, seed);
}

static int name_compare(struct rhashtable_compare_arg *arg, const void *group)
{
	return strcmp(arg->key, ((const struct capgov_group *)group)->name);
}

static const struct rhashtable_params names_params = {
	.head_offset = offsetof(struct capgov_group, name_node),
	.hashfn = name_hash,
	.obj_hashfn = name_hash_of,
	.obj_cmpfn = name_compare,
	.automatic_shrinking = true,
};

/* The dead, whose name is still taken, included. */
static struct capgov_group *registry_lookup(const char *name)
{
	return rhashtable_lookup_fast(&names, name, names_params);
}

/**
 * capgov_registry_find() - look a group up
 * @name: a well-formed name
 *
 * With capgov_mutex, while which is held the group stays.
 *
 * Return: the group, or NULL
 */
struct capgov_group *capgov_registry_find(const char *name)
{
	struct capgov_group *group = registry_lookup(name);

	return group && !READ_ONCE(group->dead) ? group : NULL;
}

/**
 * capgov_registry_by_id() - look a group up, or go through all
 * @id: its number
 * @next: the first one above @id
 *
 * With capgov_mutex.
 *
 * Return: the group, or NULL
 */
struct capgov_group *capgov_registry_by_id(u32 id, bool next)
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
 * capgov_registry_count() - how many groups there are
 * Return: the number
 */
u32 capgov_registry_count(void)
{
	return READ_ONCE(nr_groups);
}

/**
 * capgov_registry_any() - any group, the dead included. With capgov_mutex.
 * Return: one, or NULL
 */
struct capgov_group *capgov_registry_any(void)
{
	int id = 0;

	return idr_get_next(&ids, &id);
}

/**
 * capgov_registry_taken() - is there a group of that name, or one that goes?
 * @name: the name; with capgov_mutex
 * Return: whether there is
 */
bool capgov_registry_taken(const char *name)
{
	return registry_lookup(name);
}

/**
 * capgov_registry_enter() - a new group takes a number, its name and its place
 * @group: the group; dead, it is not found yet
 * @parent: its parent, or NULL
 *
 * With capgov_mutex.
 *
 * Return: 0, -ENOSPC or -ENOMEM
 */
int capgov_registry_enter(struct capgov_group *group, struct capgov_group *parent)
{
	int id = -ENOSPC, err;

	if (nr_groups < CAPGOV_GROUPS_MAX)
		id = idr_alloc_cyclic(&ids, group, 1, 0, GFP_KERNEL);
	if (id < 0)
		return id;
	err = rhashtable_insert_fast(&names, &group->name_node, names_params);
	if (err) {
		idr_remove(&ids, id);
		return err;
	}
	group->id = id;
	capgov_tree_enter(group, parent);
	nr_groups++;
	return 0;
}

/**
 * capgov_registry_leave() - the reverse; what refers to the group keeps it
 * @group: the group, without children; with capgov_mutex
 */
void capgov_registry_leave(struct capgov_group *group)
{
	capgov_tree_leave(group);
	rhashtable_remove_fast(&names, &group->name_node, names_params);
	idr_remove(&ids, group->id);
	nr_groups--;
}

/**
 * capgov_registry_init() - get the tables
 * Return: 0 or -ENOMEM
 */
int capgov_registry_init(void)
{
	return rhashtable_init(&names, &names_params);
}

/**
 * capgov_registry_exit() - every group has left
 */
void capgov_registry_exit(void)
{
	rhashtable_destroy(&names);
	idr_destroy(&ids);
}
