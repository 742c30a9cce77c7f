/* graph.h - a filter as a graph of decisions
 *
 * A node is what is left to do: a function of the accumulator and the call's
 * data. Equal nodes are one node, so equal argument checks of different calls
 * are shared. Children have smaller ids than their parents: no circles.
 */
#ifndef SECCOMP_GRAPH_H
#define SECCOMP_GRAPH_H

#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/vec.h"

/* The 32-bit words of the call's data. Those of arguments are in pairs. */
enum sc_word {
	WORD_NR,
	WORD_ARCH,
	WORD_ARGS, /* + 2 * argument: its upper half; + 1: its lower half */
};

enum node_kind {
	NODE_RETURN, /* k is the kernel's answer */
	NODE_LOAD,   /* accumulator = word k, then go on with yes */
	NODE_AND,    /* accumulator &= k, then yes */
	NODE_EQ,     /* accumulator == k ? yes : no */
	NODE_GE,     /* accumulator >= k ? yes : no */
	NODE_ANY,    /* accumulator & k ? yes : no */
};

struct node {
	uint8_t kind;
	uint32_t k;
	uint32_t yes, no;
	uint32_t next; /* in its bucket, + 1 */
};

struct graph {
	struct arena *arena;
	VEC(struct node) nodes;
	uint32_t *bucket; /* id + 1 of the first node of each */
	size_t buckets;
};

struct graph graph_new(struct arena *a);

/* The node that does this; may be another kind when that is the same and shorter. */
uint32_t graph_node(struct graph *g, enum node_kind kind, uint32_t k, uint32_t yes, uint32_t no);

static inline uint32_t graph_return(struct graph *g, uint32_t action)
{
	return graph_node(g, NODE_RETURN, action, 0, 0);
}

/* Load a word for what then does with it: nothing, if then is an answer already. */
static inline uint32_t graph_load(struct graph *g, uint32_t word, uint32_t then)
{
	if (g->nodes.at[then].kind == NODE_RETURN)
		return then;
	return graph_node(g, NODE_LOAD, word, then, then);
}

/* The same as node where the accumulator is known to hold this word. */
static inline uint32_t graph_loaded(const struct graph *g, uint32_t word, uint32_t node)
{
	const struct node *n = &g->nodes.at[node];

	return n->kind == NODE_LOAD && n->k == word ? n->yes : node;
}

/* From start to the next cell's start, a value leads to this node. The first cell starts at
 * 0; the last ends at 2^32 - 1. */
struct cell {
	uint32_t start, node;
};

/* A balanced search for the accumulator's cell, with as few comparisons as there can be
 * or, where that would be a long line, a few more. cells is scratch afterwards. */
uint32_t graph_search(struct graph *g, struct cell *cells, size_t count);

#endif
