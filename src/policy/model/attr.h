/* attr.h - the attributes of plugs and slots, with their types
 *
 * A value is a node: a map, a list, or a text that node_type() says is a text,
 * a truth or a whole number. Paths into it are dotted: "source.read".
 */
#ifndef POLICY_MODEL_ATTR_H
#define POLICY_MODEL_ATTR_H

#include <stdbool.h>

#include "policy/model/model.h"

/* The value at a dotted path, or NULL. */
const struct node *attr_get(const struct port *p, const char *path);

/* The text at a path, or NULL when there is none or it has another type. */
const char *attr_text(const struct port *p, const char *path);

/* The truth or number at a path; false when there is none or it has another type. */
bool attr_bool(const struct port *p, const char *path, bool *out);
bool attr_int(const struct port *p, const char *path, int64_t *out);

/* Attributes hold no nulls, all the way down. The node that is one, or NULL. */
const struct node *attr_unfit(const struct node *value);

#endif
