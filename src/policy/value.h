/* value.h - what a name in an interface file stands for
 *
 * plug.A, slot.A.B, plug.attr.A, and the names of loops: one resolver for
 * conditions, loops and texts, so that they cannot disagree.
 */
#ifndef POLICY_VALUE_H
#define POLICY_VALUE_H

#include "policy/block.h"

struct value {
	const struct node *node;      /* NULL: not set */
	const struct attr_spec *spec; /* NULL: the interface says nothing about it */
	const struct port *port;      /* whose attribute; NULL: there is no such side */
};

struct value value_of(struct arena *a, const struct block *b, const struct scope *s,
		      const struct turn *t, const char *name);

#endif
