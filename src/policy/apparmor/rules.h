/* rules.h - the rules that a command has met, each read once
 *
 * The apps of a snap have nearly the same rules, so what a rule becomes is kept from
 * profile to profile: its items, and the labels of states. Rules have numbers; a
 * machine is a list of numbers.
 */
#ifndef POLICY_APPARMOR_RULES_H
#define POLICY_APPARMOR_RULES_H

#include "core/buf.h"
#include "policy/apparmor/nfa.h"

#define RULES_NONE UINT32_MAX

struct rules {
	struct arena *arena;
	struct labels labels;
	struct nfa nfa;      /* rules by number */
	struct index index;
};

/* file: of the machine of file rules. */
void rules_start(struct rules *r, struct arena *a, bool file);
bool rules_crowded(const struct rules *r); /* has it grown so far that it should be forgotten? */

/* The number of the rule: the expression re, and what it gives. RULES_NONE and *why
 * when it is no expression, or the rules have become too many. */
uint32_t rules_number(struct rules *r, const struct buf *re, struct accept accept,
		      const char **why);

#endif
