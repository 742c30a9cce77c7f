/* profiles.h - rules of AppArmor, compared by what they allow
 *
 * Ours and the facts' are compiled under one head for every kernel that the facts have
 * features of, and all questions are put to both.
 */
#ifndef TESTS_FACTS_PROFILES_H
#define TESTS_FACTS_PROFILES_H

#include "core/buf.h"
#include "policy/apparmor/machine.h"

struct profiles {
	struct arena *arena; /* of a case */
	const char *where;   /* what is compared, for a person */
	struct memo memo;
	VEC(const char *) done; /* pairs of texts that were equal */
};

/* Read the features once; what the facts' texts include comes from dir as well. */
void profiles_start(struct arena *a, const char *dir);

/* head: a profile up to its bracket; ours and facts: rules. Prints what differs, one line
 * a kernel; how many. */
int profiles_differ(struct profiles *p, const char *head, const char *ours, const char *facts);

/* Rows of a table of the facts (kind, rule, permissions) as rules. */
void profiles_row(struct buf *out, const char *kind, const char *rule, const char *perms);

/* All up to the first bracket of a profile, and it. */
const char *profiles_head(struct arena *a, const char *profile);

/* Pairs of profiles that were compiled, and pairs of states that were walked. */
extern size_t profiles_pairs, profiles_states;

#endif
