/* decide.h - the rules of one call to a graph that answers them
 *
 * A rule is a conjunction of tests, each on one 32-bit word: a test says that
 * word & mask is inside a range, or outside it. The call is matched when any
 * rule holds.
 */
#ifndef SECCOMP_DECIDE_H
#define SECCOMP_DECIDE_H

#include "seccomp/graph.h"

struct test {
	uint32_t word, mask; /* word is WORD_ARGS or more */
	uint32_t low, high;
	bool outside;
};

/* Tests in the order of words; the rest of a rule is a rule, and equal ones are one. */
struct rest {
	uint32_t test;
	uint32_t then; /* of rests; REST_MET when nothing is left */
	uint32_t next; /* of its bucket, + 1 */
};
#define REST_MET 0

struct decide {
	struct graph *graph;
	VEC(struct test) tests;
	VEC(struct rest) rests;
	uint32_t bucket[1024];
	VEC(struct done *) done;
	uint32_t met; /* the node when a rule holds */
};

void decide_start(struct decide *d, struct graph *g, uint32_t met);

/* The rule that asks test and then the rest. Made from its last test to its first. */
uint32_t decide_rule(struct decide *d, const struct test *test, uint32_t then);

/* The node that goes to d->met when one of these rules holds, else to fail. rules is
 * sorted and shortened in place. */
uint32_t decide_any(struct decide *d, uint32_t *rules, size_t count, uint32_t fail);

#endif
