/* spread.h - a pattern with alternatives to patterns without
 *
 * "/dev/{u,}random" is "/dev/urandom" and "/dev/random". What is left of the pattern
 * language is * ? [...] and backslashes.
 */
#ifndef POLICY_SUBSTITUTE_SPREAD_H
#define POLICY_SUBSTITUTE_SPREAD_H

#include "core/field.h"

#define SPREAD_MAX 4096

/* NULL-terminated in words; false when there would be more than SPREAD_MAX, or the
 * braces do not close. */
bool spread(struct arena *a, const char *pattern, struct words *out);

/* The first byte of s that is not literal, or its end. Backslashes quote. */
const char *spread_wild(const char *s);

#endif
