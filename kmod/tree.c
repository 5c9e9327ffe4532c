// SPDX-License-Identifier: GPL-2.0
/*
 * DOC: The tree that groups form, where the caps of all levels hold. With
 * capgov_mutex; who charges follows the parents under RCU. What is asked here
 * costs as much as there are groups above and below, whatever else there is.
 */
#include <linux/minmax.h>

#include "rooms.h"

/**
 * capgov_tree_parent() - the group above
 * @group: the group
 * Return: its parent, or NULL
 */
struct capgov_group *capgov_tree_parent(const struct capgov_group *group)
{
	return rcu_dereference_protected(group->parent,
					 lockdep_is_held(&capgov_mutex));
}

/* How many levels are above a group, itself included. */
static unsigned int tree_depth(const struct capgov_group *group)
{
	unsigned int depth = 0;

	for (; group; group = capgov_tree_parent(group))
		depth++;
	return depth;
}

/* How many are below, itself included: CAPGOV_DEPTH_MAX at most. */
static unsigned int tree_height(const struct capgov_group *group)
{
	const struct capgov_group *child;
	unsigned int below = 0;

	list_for_each_entry(child, &group->children, sibling)
		below = max(below, tree_height(child));
	return below + 1;
}

/**
 * capgov_tree_check() - can a group have this parent?
 * @group: the group, NULL if it is to be made
 * @parent: the parent, NULL for none
 *
 * Return: 0; -ELOOP if that would be a loop or a tower; -EINVAL if the parent
 * goes by itself
 */
int capgov_tree_check(const struct capgov_group *group,
		      const struct capgov_group *parent)
{
	unsigned int height = group ? tree_height(group) : 1;
	const struct capgov_group *up;

	if (parent && parent->automatic)
		return -EINVAL;
	if (tree_depth(parent) + height > CAPGOV_DEPTH_MAX)
		return -ELOOP;
	for (up = parent; up; up = capgov_tree_parent(up))
		if (up == group)
			return -ELOOP;
	return 0;
}

/**
 * capgov_tree_check_accounting() - are all of a tree accounted for in one way?
 * @group: the group, NULL if it is to be made
 * @parent: its parent to be, or NULL
 * @accounting: its kind to be
 *
 * So that what its tasks are moved up to does not depend on hooks that may not
 * be there.
 *
 * Return: 0 or -EINVAL
 */
int capgov_tree_check_accounting(const struct capgov_group *group,
				 const struct capgov_group *parent,
				 u32 accounting)
{
	if (parent && accounting != parent->params.accounting)
		return -EINVAL;
	if (group && !list_empty(&group->children) &&
	    accounting != group->params.accounting)
		return -EINVAL;
	return 0;
}

/**
 * capgov_tree_enter() - a new group takes its place
 * @group: the group, which nobody charges yet
 * @parent: its parent, or NULL; the group gets a reference to it
 */
void capgov_tree_enter(struct capgov_group *group, struct capgov_group *parent)
{
	if (!parent)
		return;
	rcu_assign_pointer(group->parent, capgov_group_get(parent));
	list_add_tail(&group->sibling, &parent->children);
}

/**
 * capgov_tree_leave() - a group goes; what still refers to it can charge
 * @group: the group, without children
 */
void capgov_tree_leave(struct capgov_group *group)
{
	list_del_init(&group->sibling);
}

/**
 * capgov_tree_move() - give a group another parent
 * @group: the group
 * @parent: the parent, or NULL; may be the one it has. May sleep.
 * Return: whether it is another
 */
bool capgov_tree_move(struct capgov_group *group, struct capgov_group *parent)
{
	struct capgov_group *old = capgov_tree_parent(group);

	if (old == parent)
		return false;
	list_del_init(&group->sibling);
	WRITE_ONCE(group->moved_at, capgov_charge_change());
	if (parent)
		capgov_tree_enter(group, parent);
	else
		rcu_assign_pointer(group->parent, NULL);
	if (old) {
		/* Whoever charges it does so without preemption. */
		synchronize_rcu();
		capgov_group_put(old);
	}
	return true;
}

/**
 * capgov_tree_leaf() - a group without children
 * @group: where to begin
 * Return: it, or one below
 */
struct capgov_group *capgov_tree_leaf(struct capgov_group *group)
{
	while (!list_empty(&group->children))
		group = list_first_entry(&group->children, struct capgov_group,
					 sibling);
	return group;
}

/**
 * capgov_tree_each() - do something to a group and all below it
 * @top: the group
 * @fn: does it, and changes no tree
 */
void capgov_tree_each(struct capgov_group *top,
		      void (*fn)(struct capgov_group *group))
{
	struct capgov_group *child;

	fn(top);
	list_for_each_entry(child, &top->children, sibling)
		capgov_tree_each(child, fn);
}
