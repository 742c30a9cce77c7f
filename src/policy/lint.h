/* lint.h - is an interface file right before anybody uses it?
 *
 * iface_parse() refuses what is not of the form; this refuses what would fail,
 * or silently never happen, at a connection: names in $(...) and in conditions
 * that the interface does not have, filters that do not exist, declarations
 * that are not of the language.
 */
#ifndef POLICY_LINT_H
#define POLICY_LINT_H

#include "policy/model/iface.h"

/* False with one line in why (WHY_MAX): what is wrong, and in which block's line. */
bool lint_iface(struct arena *a, const struct iface *i, char *why);

#endif
