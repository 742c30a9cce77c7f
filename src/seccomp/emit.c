/* emit.c - a graph as a classic BPF program
 *
 * Written from its end: jumps go forward only, so what is jumped to is written
 * first. A conditional jump reaches 255 instructions. For what is further away
 * the same instruction is written again, nearer, if it is a return, and a long
 * jump to it if not; the nearer one then serves what comes before.
 */
#include "seccomp/emit.h"

#include <stddef.h>
#include <string.h>

#include <linux/seccomp.h>

#define REACH 255

struct emit {
	struct graph *graph;
	struct sock_filter *code; /* code[0] is the last instruction */
	size_t count;
	uint32_t *at; /* by node: where it is, + 1, counted from the end */
	bool big, full;
};

static uint32_t offset(const struct emit *e, uint32_t word)
{
	if (word == WORD_NR)
		return offsetof(struct seccomp_data, nr);
	if (word == WORD_ARCH)
		return offsetof(struct seccomp_data, arch);
	uint32_t arg = (word - WORD_ARGS) / 2, lower = (word - WORD_ARGS) % 2;

	return (uint32_t)offsetof(struct seccomp_data, args) + arg * 8 + (lower == e->big ? 4 : 0);
}

static void put(struct emit *e, uint16_t code, uint8_t yes, uint8_t no, uint32_t k)
{
	if (e->count == SC_PROGRAM_MAX)
		e->full = true;
	else
		e->code[e->count++] = (struct sock_filter){code, yes, no, k};
}

/* How many instructions a jump written now would skip to get there. */
static size_t distance(const struct emit *e, uint32_t node)
{
	return e->count - e->at[node];
}

static void jump(struct emit *e, const struct node *n)
{
	static const uint16_t op[] = {
		[NODE_EQ] = BPF_JMP | BPF_JEQ | BPF_K,
		[NODE_GE] = BPF_JMP | BPF_JGE | BPF_K,
		[NODE_ANY] = BPF_JMP | BPF_JSET | BPF_K,
	};

	put(e, op[n->kind], (uint8_t)distance(e, n->yes), (uint8_t)distance(e, n->no), n->k);
}

/* Written now, so that the next one written can fall into it or reach it. */
static void again(struct emit *e, uint32_t node)
{
	const struct node *n = &e->graph->nodes.at[node];

	if (n->kind == NODE_RETURN)
		put(e, BPF_RET | BPF_K, 0, 0, n->k);
	else if (n->kind >= NODE_EQ && distance(e, n->yes) <= REACH && distance(e, n->no) <= REACH)
		jump(e, n);
	else
		put(e, BPF_JMP | BPF_JA, 0, 0, (uint32_t)distance(e, node));
	e->at[node] = (uint32_t)e->count;
}

static void write_node(struct emit *e, uint32_t id)
{
	const struct node *n = &e->graph->nodes.at[id];

	switch (n->kind) {
	case NODE_RETURN:
		put(e, BPF_RET | BPF_K, 0, 0, n->k);
		break;
	case NODE_LOAD:
	case NODE_AND:
		if (distance(e, n->yes))
			again(e, n->yes);
		if (n->kind == NODE_LOAD)
			put(e, BPF_LD | BPF_W | BPF_ABS, 0, 0, offset(e, n->k));
		else
			put(e, BPF_ALU | BPF_AND | BPF_K, 0, 0, n->k);
		break;
	case NODE_EQ:
	case NODE_GE:
	case NODE_ANY:
		/* One less, as the second may push the first one away. */
		if (distance(e, n->no) > REACH - 1)
			again(e, n->no);
		if (distance(e, n->yes) > REACH - 1)
			again(e, n->yes);
		jump(e, n);
		break;
	}
	e->at[id] = (uint32_t)e->count;
}

bool emit_program(struct graph *g, uint32_t root, bool big, struct sc_program *out)
{
	struct emit e = {
		.graph = g,
		.code = NEW_N(g->arena, struct sock_filter, SC_PROGRAM_MAX),
		.at = NEW_N(g->arena, uint32_t, g->nodes.len),
		.big = big,
	};
	VEC(uint32_t) todo = {0};

	vec_push(g->arena, &todo, root);
	while (todo.len && !e.full) {
		uint32_t id = todo.at[todo.len - 1];
		const struct node *n = &g->nodes.at[id];

		if (e.at[id]) {
			todo.len--;
		} else if (n->kind != NODE_RETURN && !e.at[n->no]) {
			vec_push(g->arena, &todo, n->no);
		} else if (n->kind != NODE_RETURN && !e.at[n->yes]) {
			vec_push(g->arena, &todo, n->yes);
		} else {
			write_node(&e, id);
			todo.len--;
		}
	}
	if (e.full)
		return false;
	out->count = e.count;
	out->code = NEW_N(g->arena, struct sock_filter, e.count);
	for (size_t i = 0; i < e.count; i++)
		out->code[i] = e.code[e.count - 1 - i];
	return true;
}
