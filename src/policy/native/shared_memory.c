/* shared_memory.c - a private /dev/shm leaves no room for a shared one */
#include <stdio.h>
#include <string.h>

#include "policy/native/all.h"

static bool has_other(const struct ports *list, const struct port *p)
{
	for (size_t i = 0; i < list->len; i++)
		if (list->at[i] != p && !strcmp(list->at[i]->interface, p->interface))
			return true;
	return false;
}

static bool check(struct arena *a, const struct iface *i, const struct port *p, char *why)
{
	const struct node *n = p->side == PLUG ? iface_attr(a, i, p, "private") : NULL;
	bool private;

	if (!n || !node_bool(n, &private) || !private ||
	    (!has_other(&p->snap->plugs, p) && !has_other(&p->snap->slots, p)))
		return true;
	snprintf(why, WHY_MAX, "plug \"%.40s\" of interface shared-memory: what is private goes "
		 "with no other plug or slot of shared memory", p->name);
	return false;
}

const struct native native_shared_memory = {.name = "shared-memory", .check = check};
