/* pack_perms.h - permissions of states in the kernel's two encodings
 *
 * Old: two words a state, both halves of files in one. New: an index into a table
 * of the kernel's own permission words, for files two entries, owner and others.
 */
#ifndef POLICY_APPARMOR_PACK_PERMS_H
#define POLICY_APPARMOR_PACK_PERMS_H

#include "policy/apparmor/table.h"

struct perm_entry {
	uint32_t allow, audit, quiet, prompt, xindex;
};

struct accepts {
	uint32_t *accept, *accept2; /* by state */
	struct perm_entry *entries; /* new encoding */
	size_t count;
};

/* wide: the new encoding; owner: for the machine of files. */
void accepts_make(struct accepts *out, struct arena *a, const struct automaton *m,
		  const struct table *t, bool wide, bool owner);

#endif
