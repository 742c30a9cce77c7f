/* attrs.h - the attributes of a plug or slot, for people */
#ifndef APPLETS_LIB_ATTRS_H
#define APPLETS_LIB_ATTRS_H

#include "applets/lib/table.h"
#include "core/node.h"

/* Lines "key:<tab>value", six blanks in, sorted by key as in snapd; lists are one
 * item a line. */
void attrs_add(struct table *t, const struct node *attrs);

#endif
