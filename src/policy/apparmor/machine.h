/* machine.h - rules in, an automaton with permissions out
 *
 * A profile has up to three: for attachment, for files, for everything else.
 */
#ifndef POLICY_APPARMOR_MACHINE_H
#define POLICY_APPARMOR_MACHINE_H

#include "core/buf.h"
#include "policy/apparmor/dfa.h"
#include "policy/apparmor/rules.h"

/* Work done already, for one command: what rules become, automata by the rules that
 * they were made of, and those of the rules that all apps of a snap share. Lives as
 * long as its arena. What is made does not depend on what was made before. */
struct memo {
	struct arena *arena;
	struct rules rules[2]; /* of files; of everything else */
	VEC(struct memo_entry *) all;
	VEC(struct memo_part *) parts;
};

struct machine {
	struct arena *arena; /* of the machine alone: machine_end() gives it back */
	struct memo *memo;
	struct rules *rules;
	struct rules tree;   /* instead, of a machine that is made of a tree */
	struct arena *once;  /* where an automaton goes that no other profile can have */
	const char *mark;    /* rules with this in their text are this profile's alone; or NULL */
	VEC(uint32_t) shared, own; /* numbers of rules, in order */
	const char *why;
};

/* Where pack.c has put the tables of an automaton, to copy them when they come again. */
struct packed {
	const struct buf *in;
	size_t at, len;
	unsigned how;
};

struct automaton {
	const struct dfa *dfa; /* minimal; labels are indices into perms */
	struct packed *packed;
	VEC(struct perms) perms; /* 0 is nothing at all */
	unsigned class_of[257];
	bool has_oob;
};

void machine_start(struct machine *m, struct memo *memo, bool file);

/* A rule: the expression re and what it gives. False, and m->why, when it is no
 * expression or the rules have become too many. */
bool machine_add(struct machine *m, const struct buf *re, struct accept accept);
bool machine_add_tree(struct machine *m, const struct regex *tree, const char *text,
		      struct accept accept);

/* In memo's arena, or in once if there are rules with the mark. False and m->why when
 * too large or when two rules execute differently. */
bool machine_end(struct machine *m, struct automaton *out);

#endif
