/* glob.h - the patterns people write, as regular expressions
 *
 * The second form is what lower.c puts class bytes and separators around; it is
 * read by regex.h. Both steps have the quirks of the reference on purpose: what
 * a pattern matches must not depend on who compiled it.
 */
#ifndef POLICY_APPARMOR_GLOB_H
#define POLICY_APPARMOR_GLOB_H

#include <stdbool.h>

#include "core/buf.h"

enum glob_kind {
	GLOB_BAD,   /* not a pattern: *why says what is wrong */
	GLOB_PLAIN, /* one text */
	GLOB_WILD,
};

/* Append the expression for pattern to re. nul: * and ? match NUL as well
 * (addresses, extended attributes). */
enum glob_kind glob_regex(struct buf *re, const char *pattern, bool nul, const char **why);

/* Runs of / become one, except two at the very start. In place. */
void glob_fold_slashes(char *path);

#endif
