/* quote.h - values of snaps in the text of AppArmor policy
 *
 * MUST be the only way by which a name or path that a snap chose gets into a
 * rule (attacks.md R17): what is not on the list of known harmless signs is
 * refused, whatever the readers before let through.
 */
#ifndef POLICY_QUOTE_H
#define POLICY_QUOTE_H

#include <stdbool.h>

#include "core/buf.h"

/* Letters, digits and . _ + - only: stands in a rule as it is. */
bool quote_is_name(const char *s);

/* An absolute path in its shortest form, of signs that mean themselves between double
 * quotes: no quote, backslash, bracket or brace, no star, question mark, caret, "@" or
 * "$", no control byte. Bytes above 127 are fine. */
bool quote_is_path(const char *s);

/* The name or the path, the latter in quotes with the pattern after behind it (ours,
 * "" for none). Dies when it is not one. */
void quote_name(struct buf *out, const char *name);
void quote_path(struct buf *out, const char *path, const char *after);

#endif
