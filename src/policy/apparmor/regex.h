/* regex.h - a regular expression as a tree, and a tree as items of an automaton
 *
 * MUST be bounded: groups nest at most REGEX_DEPTH_MAX deep.
 *
 *	.  [..]  [^..]  (a|b|)  x*  x+  \xNN \NNN \dNNN \n ...
 *
 * Bytes are 0..255; one symbol beyond them, OOB, occurs in no text.
 */
#ifndef POLICY_APPARMOR_REGEX_H
#define POLICY_APPARMOR_REGEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"

#define REGEX_DEPTH_MAX 64

struct regex_set {
	uint64_t w[4];
	bool oob;
};

enum regex_kind { REGEX_EMPTY, REGEX_SET, REGEX_STAR, REGEX_CAT, REGEX_ALT };

struct regex {
	enum regex_kind kind;
	struct regex_set set;     /* SET; STAR is any number of bytes of it */
	const struct regex **kids; /* CAT, ALT */
	size_t len;
};

/* NULL, and *why, when text is not an expression. */
const struct regex *regex_parse(struct arena *a, const char *text, size_t len, const char **why);

const struct regex *regex_cat(struct arena *a, const struct regex *l, const struct regex *r);
const struct regex *regex_alt(struct arena *a, const struct regex *l, const struct regex *r);
const struct regex *regex_byte(struct arena *a, unsigned char c);
const struct regex *regex_oob(struct arena *a);
extern const struct regex regex_empty;

/* Does it match only listed texts: no star, no . and no [^ ]? */
bool regex_is_exact(const char *text, size_t len);

/* Length of the shortest text that matches, up to the first repetition: what the
 * kernel ranks attachments by. */
size_t regex_min_len(const struct regex *r);

#endif
