/* dfa.h - a deterministic automaton over byte classes
 *
 * MUST stay within DFA_STATES_MAX states: patterns can ask for exponentially
 * many. Those who build one return false then.
 *
 * State 0 is dead: nothing matches from it. State 1 is the start. A state has
 * a default and the classes that lead elsewhere.
 */
#ifndef POLICY_APPARMOR_DFA_H
#define POLICY_APPARMOR_DFA_H

#include "policy/apparmor/nfa.h"

#define DFA_STATES_MAX ((uint32_t)1 << 19)
#define DFA_EDGES_MAX ((size_t)1 << 23)

struct dfa_edge {
	uint32_t to;
	uint32_t class;
};

struct dfa {
	struct arena *arena;
	unsigned classes;
	uint32_t len;                 /* states */
	bool least;                   /* made by dfa_minimise */
	VEC(uint32_t) other, label;   /* by state: default target, label */
	VEC(uint32_t) first;          /* by state: its edges; one more at the end */
	VEC(struct dfa_edge) edges;   /* sorted by class in a state; none to the default */
};

void dfa_start(struct dfa *d, struct arena *a, unsigned classes);

/* Room for so many, so that nothing is copied and left behind by growing. */
void dfa_room(struct dfa *d, size_t states, size_t edges);

/* Add a state. edges: one target for each class; the default is chosen here. */
void dfa_add(struct dfa *d, const uint32_t *targets, uint32_t label);

/* Add a state from a default and sorted edges, of which some may lead there. */
void dfa_add_edges(struct dfa *d, uint32_t other, const struct dfa_edge *edges, size_t n,
		   uint32_t label);

uint32_t dfa_step(const struct dfa *d, uint32_t state, unsigned class);
bool dfa_full(const struct dfa *d);

/* dfa.c: of rules from..to of n, a view. False: more than max states. */
bool dfa_build(struct dfa *d, struct arena *a, const struct nfa *n, size_t from, size_t to,
	       uint32_t max);

/* minimise.c: the smallest automaton that gives the same labels. canonical: its states
 * in the order in which a walk from the start meets them. */
void dfa_minimise(struct dfa *out, struct arena *a, const struct dfa *in, bool canonical);

/* product.c: the same automaton over more classes: more says of each byte, and OOB, which
 * it is in; of says it for in. */
void dfa_spread(struct dfa *out, struct arena *a, const struct dfa *in, const unsigned of[257],
		const unsigned more[257], unsigned classes);

/* product.c: both at once; a state's label is the union of the two. */
bool dfa_product(struct dfa *out, struct arena *a, struct labels *l, const struct dfa *x,
		 const struct dfa *y);

/* product.c: all rules of n, a view, in an arena of its own, not yet minimal. NULL: too large. */
struct dfa *dfa_of(const struct nfa *n);

#endif
