/* nfa.h - all rules of one machine as items that share their tails
 *
 * MUST stay within NFA_MAX entries in all: patterns can ask for more than any
 * machine has. nfa_add says no then.
 *
 * An item is "on a byte of this set, go on with these items". Items are made
 * from the right end of a rule, and equal ones are one: rules that end alike
 * and give the same share their ends.
 */
#ifndef POLICY_APPARMOR_NFA_H
#define POLICY_APPARMOR_NFA_H

#include "policy/apparmor/label.h"
#include "policy/apparmor/regex.h"

#define NFA_MAX ((size_t)4 << 20)
#define NFA_CLASSES_MAX 257
#define NFA_ACCEPT UINT32_MAX /* as a set: the rule matches here */

struct nfa_set {
	struct regex_set bytes;
	/* of the last nfa_view: the classes it has, or if it is wide those it has not */
	bool wide;
	uint64_t few[5];
};

struct nfa_item {
	uint32_t set, list; /* list of an accepting item: number of the accept */
};

struct nfa_list {
	uint32_t at, len; /* items in pool, sorted */
};

struct nfa_rule {
	uint32_t list;
	struct accept accept;
	const char *text; /* rules are grouped in order of it */
	size_t len;
};

struct nfa {
	struct arena *arena;
	struct labels *labels;
	VEC(struct nfa_set) sets;
	VEC(struct nfa_item) items;
	VEC(uint32_t) star; /* beside items: 0, or what follows a repeated item, plus 1 */
	VEC(struct nfa_list) lists;
	VEC(uint32_t) pool, scratch;
	VEC(struct nfa_rule) rules;
	VEC(uint32_t) alone; /* beside items: the list of the item alone, plus 1 */
	uint32_t byte_set[256]; /* the set of the byte alone, plus 1 */
	struct index set_index, item_index, list_index;
	unsigned class_of[257]; /* byte, or 256 for OOB, to class; of a view */
	unsigned class_count;
	bool has_oob;
};

void nfa_start(struct nfa *n, struct arena *a, struct labels *labels);

/* text: any that tells rules apart, kept. False: the rules are too many. */
bool nfa_add(struct nfa *n, const struct regex *r, struct accept accept, const char *text,
	     size_t len);

/* These rules of n alone, which n must not be added to meanwhile: in order of text,
 * with the bytes that none of them tells apart. Only the last one made can be used. */
void nfa_view(struct nfa *view, struct arena *a, const struct nfa *n, const uint32_t *rules,
	      size_t count);

#endif
