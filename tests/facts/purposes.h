/* purposes.h - the differences on purpose, and what they make of the facts
 *
 * The file says what it looks like. Every entry has to be used: one that is no
 * difference any more is wrong.
 */
#ifndef TESTS_FACTS_PURPOSES_H
#define TESTS_FACTS_PURPOSES_H

#include "policy/model/iface.h"

void purposes_load(struct arena *a, const char *path);

/* The text that the facts have for a case, with what is missing on purpose taken out and
 * what we have more on purpose put in. have is our own text. */
const char *purposes_apply(struct arena *a, const char *name, enum backend k, const char *want,
			   const char *have);

/* Print the entries for this case that were of no use; how many. */
int purposes_unused(const char *name);

#endif
