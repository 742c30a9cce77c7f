/* table.h - an automaton as the kernel's tables
 *
 * Transitions of all states lie in one array, each state's at its base plus the
 * byte, wherever there is room (a comb). Reference: the description of the format
 * in security/apparmor/include/match.h.
 */
#ifndef POLICY_APPARMOR_TABLE_H
#define POLICY_APPARMOR_TABLE_H

#include "policy/apparmor/machine.h"

#define TABLE_DIFF 0x80000000u /* in base: DEFAULT is a state to inherit from */
#define TABLE_OOB 0x20000000u  /* in base: has a transition out of band, at base - 1 */
#define TABLE_BASE 0x00ffffffu

struct table {
	uint32_t states, slots;
	uint32_t *perms; /* by state: index into the automaton's perms */
	uint32_t *base, *other; /* by state */
	uint32_t *next, *check; /* by slot */
	bool has_diff, has_oob;
};

/* False when it needs more than 2^24 slots. */
bool table_make(struct table *t, struct arena *a, const struct automaton *in, bool diff);

/* One step, as the kernel does it; OOB is byte 256. */
uint32_t table_step(const struct table *t, uint32_t state, unsigned byte);

#endif
