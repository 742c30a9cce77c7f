/* variables.h - variables in names and patterns
 *
 * MUST be bounded: a text grows to VARIABLES_MAX bytes at most, and a variable that
 * needs itself is an error. A variable has VARIABLES_VALUES_MAX values at most.
 */
#ifndef POLICY_APPARMOR_VARIABLES_H
#define POLICY_APPARMOR_VARIABLES_H

#include "policy/apparmor/rule.h"

#define VARIABLES_MAX ((size_t)1 << 20)
#define VARIABLES_VALUES_MAX 16384
#define VARIABLES_WORK_MAX ((size_t)64 << 20)
#define VARIABLES_DEPTH_MAX 64

struct expander {
	struct arena *arena;
	const struct ap_policy *policy;
	struct ap_variable own[3]; /* @{profile_name}, @{exec_path}, @{attach_path} */
	size_t work;             /* bytes written so far */
	int depth;
	const char *why;
};

/* A profile's own variables: its name, and what it attaches to; NULL: not set.
 * policy's variables keep what they expand to, until the next start. */
void variables_start(struct expander *e, struct arena *a, const struct ap_policy *policy,
		  char *profile_name, char *attachment);

/* text with all variables replaced; text itself when there are none. NULL and
 * e->why when one is unknown, refers to itself, or the text grows too long. */
char *variables_expand(struct expander *e, char *text);

/* A name as a pattern that matches just it. */
char *variables_quote(struct arena *a, const char *name);

#endif
