/* label.h - which rules a state of an automaton stands for, and what they come to
 *
 * While automata are combined a state carries the set of rules that match there.
 * Only at the end is it decided what they allow: deny, priority and exact
 * matches look at all rules of a state, so deciding earlier would be wrong.
 *
 * What cannot interact is kept as bits: allowed and denied by rules of
 * priority 0 without audit, except execution of files. That makes sets equal
 * that would come to the same, early.
 */
#ifndef POLICY_APPARMOR_LABEL_H
#define POLICY_APPARMOR_LABEL_H

#include <stdbool.h>
#include <stdint.h>

#include "core/vec.h"
#include "policy/apparmor/index.h"
#include "policy/apparmor/rule.h"

struct accept {
	int priority;
	enum ap_mode mode;
	bool exact;
	uint32_t perms, audit; /* audit: for deny, what is quieted */
};

struct label {
	uint32_t allow, deny;
	uint32_t at, len; /* the other rules: numbers in pool, sorted */
};

struct labels {
	struct arena *arena;
	bool file; /* of the machine of file rules: execution has kinds */
	VEC(struct accept) accepts;
	VEC(struct label) all; /* 0 is the empty one */
	VEC(uint32_t) pool, scratch;
	struct index index, unions, accept_index;
	VEC(uint64_t) union_keys;
	VEC(uint32_t) union_values;
};

struct perms {
	uint32_t allow, audit, quiet, prompt;
};

void labels_start(struct labels *l, struct arena *a, bool file);
uint32_t labels_accept(struct labels *l, struct accept accept); /* its number */
uint32_t labels_of(struct labels *l, const uint32_t *accepts, size_t n);
uint32_t labels_union(struct labels *l, uint32_t a, uint32_t b);

/* What the rules of a label come to. False: two of them execute differently. */
bool labels_perms(const struct labels *l, uint32_t label, struct perms *out);

#endif
