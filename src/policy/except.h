/* except.h - "everything but" as a list of patterns
 *
 * AppArmor has no pattern that says "any name but these". A set of patterns
 * can: one for each place where a name first differs from a forbidden one.
 */
#ifndef POLICY_EXCEPT_H
#define POLICY_EXCEPT_H

#include "policy/model/model.h"

/* Patterns that together match every non-empty name, and what is below it, that
 * begins with none of the words as a whole component: for {".", "snap"} all that
 * begins neither with a dot nor is "snap". A word of one sign forbids every name
 * that begins with it. Each pattern is to be followed by nothing. */
struct words except_patterns(struct arena *a, const char *const *words, size_t count);

#endif
