// SPDX-License-Identifier: GPL-2.0
/* DOC: The registry of policies. */
#ifdef __KERNEL__
#include <linux/string.h>
#include <linux/stddef.h>
#else
#include <string.h>
#endif

#include "policy.h"

/**
 * capgov_policy_nth() - one policy after the other
 * @index: from 0
 * Return: the policy, or NULL past the last
 */
const struct capgov_policy *capgov_policy_nth(unsigned int index)
{
	if (index >= capgov_nr_policies_linear)
		return NULL;
	return &capgov_policies_linear[index];
}

/**
 * capgov_policy_find() - look a policy up
 * @name: as users know it
 * Return: the policy, or NULL
 */
const struct capgov_policy *capgov_policy_find(const char *name)
{
	const struct capgov_policy *policy;
	unsigned int i;

	for (i = 0; (policy = capgov_policy_nth(i)); i++)
		if (!strcmp(policy->name, name))
			return policy;
	return NULL;
}
