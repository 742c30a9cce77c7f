/* filters.h - filters of system calls, compared by what they answer */
#ifndef TESTS_FACTS_FILTERS_H
#define TESTS_FACTS_FILTERS_H

#include "core/arena.h"

void filters_start(struct arena *a, const char *dir);

/* The filter of a snap with this base and lines of interfaces, and the facts' of a snap
 * without plugs with their lines, for each architecture asked. Prints what differs; how many. */
int filters_differ(struct arena *a, const char *where, const char *base, const char *lines,
		   const char *facts);

/* The same of a snap without plugs, of a kind that the facts have a text for. */
int filters_template_differs(struct arena *a, const char *kind, const char *facts);

/* Pairs of programs: all, and those of which each byte was the same, which proves that they
 * answer all calls alike; and calls put to the others. */
extern size_t filters_pairs, filters_equal, filters_calls;

#endif
