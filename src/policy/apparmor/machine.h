/* machine.h - rules in, an automaton with permissions out
 *
 * A profile has up to three: for attachment, for files, for everything else.
 */
#ifndef POLICY_APPARMOR_MACHINE_H
#define POLICY_APPARMOR_MACHINE_H

#include "core/buf.h"
#include "policy/apparmor/dfa.h"

struct machine {
	struct arena *arena; /* of the machine alone: machine_end() gives it back */
	struct labels labels;
	struct nfa nfa;
	struct buf key;      /* all that was added, in order */
	const char *why;
};

/* Automata made before, by the rules that they were made of: apps of one snap have
 * the same rules but for a name. Compared in full; lives as long as its arena. */
struct memo {
	struct arena *arena;
	VEC(struct memo_entry *) all;
};

struct automaton {
	const struct dfa *dfa; /* minimal; labels are indices into perms */
	VEC(struct perms) perms; /* 0 is nothing at all */
	unsigned class_of[257];
	bool has_oob;
};

void machine_start(struct machine *m, bool file);

/* A rule: the expression re and what it gives. False, and m->why, when it is no
 * expression or the rules have become too many. */
bool machine_add(struct machine *m, const struct buf *re, struct accept accept);
bool machine_add_tree(struct machine *m, const struct regex *tree, const char *text,
		      struct accept accept);

/* In memo's arena. False and m->why when too large or when two rules execute
 * differently. */
bool machine_end(struct machine *m, struct memo *memo, struct automaton *out);

#endif
