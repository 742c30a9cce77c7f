/* values.h - texts of policy that are not compiled, as sets of what their readers read */
#ifndef TESTS_FACTS_VALUES_H
#define TESTS_FACTS_VALUES_H

#include "policy/model/iface.h"

/* Matches of devices with their keys in order, mounts with their options in order, elements
 * of the bus's configuration, words of modprobe's lines: sorted and once each. A line that
 * its reader refuses stands behind "? ". */
struct words values_of(struct arena *a, enum backend k, const char *text);

/* Print what one has and the other has not; how many. */
int values_differ(const char *where, struct words ours, struct words facts);

#endif
