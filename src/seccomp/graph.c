/* graph.c - a filter as a graph of decisions */
#include "seccomp/graph.h"

#define FIRST_BUCKETS 256

struct graph graph_new(struct arena *a)
{
	return (struct graph){
		.arena = a,
		.bucket = NEW_N(a, uint32_t, FIRST_BUCKETS),
		.buckets = FIRST_BUCKETS,
	};
}

static size_t hash(const struct node *n)
{
	uint64_t h = n->kind;

	h = (h ^ n->k) * 0x9e3779b97f4a7c15u;
	h = (h ^ h >> 29 ^ n->yes) * 0xbf58476d1ce4e5b9u;
	h = (h ^ h >> 32 ^ n->no) * 0x94d049bb133111ebu;
	return (size_t)(h >> 31);
}

static void file(struct graph *g, uint32_t id)
{
	struct node *n = &g->nodes.at[id];
	uint32_t *b = &g->bucket[hash(n) % g->buckets];

	n->next = *b;
	*b = id + 1;
}

static void more_buckets(struct graph *g)
{
	g->buckets *= 4;
	g->bucket = NEW_N(g->arena, uint32_t, g->buckets);
	for (uint32_t id = 0; id < g->nodes.len; id++)
		file(g, id);
}

uint32_t graph_node(struct graph *g, enum node_kind kind, uint32_t k, uint32_t yes, uint32_t no)
{
	if (kind >= NODE_EQ && yes == no)
		return yes;
	/* Two looks for bits with the same outcome are one. */
	if (kind == NODE_ANY) {
		const struct node *other = &g->nodes.at[no];

		if (other->kind == NODE_ANY && other->yes == yes) {
			k |= other->k;
			no = other->no;
		}
	}
	struct node n = {.kind = kind, .k = k, .yes = yes, .no = no};

	for (uint32_t at = g->bucket[hash(&n) % g->buckets]; at; at = g->nodes.at[at - 1].next) {
		const struct node *old = &g->nodes.at[at - 1];

		if (old->kind == kind && old->k == k && old->yes == yes && old->no == no)
			return at - 1;
	}
	vec_push(g->arena, &g->nodes, n);
	file(g, (uint32_t)g->nodes.len - 1);
	if (g->nodes.len > g->buckets * 2)
		more_buckets(g);
	return (uint32_t)g->nodes.len - 1;
}
