/* product.c - automata side by side
 *
 * All rules at once would make a state of every combination of their items, and
 * nearly all of those states would turn out equal. So: rules in groups, each
 * group minimised, and then two and two together, minimised again each time.
 */
#include <string.h>

#include "policy/apparmor/dfa.h"

#define GROUP 32          /* rules; twice or half as many make little difference */
#define GROUP_STATES 1000 /* of a group before it is minimised */
#define WORK_MAX ((size_t)8 * DFA_STATES_MAX)
#define RULE_STATES 30    /* for each rule of a group: not worth making smaller */

struct pairs {
	struct arena *arena;
	VEC(uint64_t) all;
	struct slot { /* by hash: a pair, and its number plus 1 */
		uint64_t key;
		uint64_t number;
	} *slots;
	size_t mask;
	struct dfa_edge edges[NFA_CLASSES_MAX]; /* of one state; not on the stack, to be wiped */
};

static struct slot *slot_of(const struct pairs *p, uint64_t key)
{
	size_t i = index_mix(key) & p->mask;

	while (p->slots[i].number && p->slots[i].key != key)
		i = (i + 1) & p->mask;
	return &p->slots[i];
}

static void room_for(struct pairs *p, size_t n)
{
	size_t size = 64;

	while (size < n * 2)
		size *= 2;
	p->slots = NEW_N(p->arena, struct slot, size);
	p->mask = size - 1;
	for (size_t i = 0; i < p->all.len; i++)
		*slot_of(p, p->all.at[i]) = (struct slot){p->all.at[i], i + 1};
}

static uint32_t pair(struct pairs *p, uint32_t x, uint32_t y)
{
	uint64_t key = (uint64_t)x << 32 | y;
	struct slot *s = slot_of(p, key);

	if (s->number)
		return (uint32_t)s->number - 1;
	vec_push(p->arena, &p->all, key);
	*s = (struct slot){key, p->all.len};
	uint32_t id = (uint32_t)p->all.len - 1;
	if (p->all.len * 3 > p->mask * 2)
		room_for(p, p->mask + 1);
	return id;
}

static void combine(struct dfa *out, struct labels *l, struct pairs *p, const struct dfa *x,
		    const struct dfa *y, uint32_t id)
{
	uint32_t a = (uint32_t)(p->all.at[id] >> 32), b = (uint32_t)p->all.at[id];
	const struct dfa_edge *e = x->edges.at + x->first.at[a];
	const struct dfa_edge *ee = x->edges.at + x->first.at[a + 1];
	const struct dfa_edge *f = y->edges.at + y->first.at[b];
	const struct dfa_edge *fe = y->edges.at + y->first.at[b + 1];
	uint32_t other = pair(p, x->other.at[a], y->other.at[b]);
	struct dfa_edge *edges = p->edges;
	size_t n = 0;

	while (e < ee || f < fe) {
		uint32_t c = e < ee ? e->class : UINT32_MAX, k = f < fe ? f->class : UINT32_MAX;
		uint32_t class = c < k ? c : k;
		uint32_t to_x = c == class ? e->to : x->other.at[a];
		uint32_t to_y = k == class ? f->to : y->other.at[b];

		e += c == class;
		f += k == class;
		edges[n++] = (struct dfa_edge){pair(p, to_x, to_y), class};
	}
	dfa_add_edges(out, other, edges, n, labels_union(l, x->label.at[a], y->label.at[b]));
}

void dfa_spread(struct dfa *out, struct arena *a, const struct dfa *in, const unsigned of[257],
		const unsigned more[257], unsigned classes)
{
	struct arena *scratch = arena_new();
	unsigned char *in_it = NEW_N(scratch, unsigned char, (size_t)classes * in->classes);
	struct dfa_edge *edges = NEW_N(scratch, struct dfa_edge, classes);

	for (unsigned b = 0; b < 257; b++)
		in_it[of[b] * classes + more[b]] = true;
	dfa_start(out, a, classes);
	for (uint32_t s = 0; s < in->len; s++) {
		size_t n = 0;

		for (uint32_t e = in->first.at[s]; e < in->first.at[s + 1]; e++) {
			const unsigned char *to = in_it + in->edges.at[e].class * classes;

			for (unsigned c = 0; c < classes; c++) {
				size_t i = n;

				if (!to[c])
					continue;
				for (; i > 0 && edges[i - 1].class > c; i--)
					edges[i] = edges[i - 1];
				edges[i] = (struct dfa_edge){in->edges.at[e].to, c};
				n++;
			}
		}
		dfa_add_edges(out, in->other.at[s], edges, n, in->label.at[s]);
	}
	out->least = in->least;
	arena_drop(scratch);
}

bool dfa_product(struct dfa *out, struct arena *a, struct labels *l, const struct dfa *x,
		 const struct dfa *y)
{
	struct arena *scratch = arena_new();
	struct pairs *p = NEW(scratch, struct pairs);
	bool ok = true;

	p->arena = scratch;
	room_for(p, x->len + y->len);
	dfa_start(out, a, x->classes);
	pair(p, 0, 0);
	pair(p, 1, 1);
	for (uint32_t i = 0; ok && i < p->all.len; i++) {
		combine(out, l, p, x, y, i);
		ok = !dfa_full(out) && p->all.len <= DFA_STATES_MAX;
	}
	arena_drop(scratch);
	return ok;
}

/* The minimal automaton of in, in an arena of its own; in's arena is dropped. */
static struct dfa *smaller(struct dfa *in)
{
	struct arena *a = arena_new();
	struct dfa *out = NEW(a, struct dfa);

	dfa_minimise(out, a, in, false);
	out->least = true;
	arena_drop(in->arena);
	return out;
}

struct build {
	const struct nfa *nfa;
	size_t work; /* states made so far, of all automata */
};

static struct dfa *both(struct build *s, struct dfa *x, struct dfa *y)
{
	struct arena *a = arena_new();
	struct dfa *d = NEW(a, struct dfa);
	bool ok = x && y && s->work < WORK_MAX &&
		  dfa_product(d, a, s->nfa->labels, x, y);
	/* of rules that have little in common the sum of both: hardly to be made smaller */
	bool enough = ok && (x->least || y->least) && d->len <= (x->len + y->len) / 8 * 9;

	s->work += d->len;
	if (x)
		arena_drop(x->arena);
	if (y)
		arena_drop(y->arena);
	if (ok)
		return enough ? d : smaller(d);
	arena_drop(a);
	return NULL;
}

/* Rules from..to. Where patterns with stars in the middle stand together even a
 * group has far too many combinations: then its halves are built apart, as deep as
 * halving goes. */
static struct dfa *group(struct build *s, size_t from, size_t to)
{
	struct arena *a = arena_new();
	struct dfa *d = NEW(a, struct dfa);
	bool last = to - from < 2;

	bool ok = s->work < WORK_MAX &&
		  dfa_build(d, a, s->nfa, from, to, last ? DFA_STATES_MAX : GROUP_STATES);
	s->work += d->len;
	if (ok)
		return d->len < (to - from) * RULE_STATES ? d : smaller(d);
	arena_drop(a);
	if (last || s->work >= WORK_MAX)
		return NULL;
	size_t middle = from + (to - from) / 2;
	struct dfa *x = group(s, from, middle);
	return both(s, x, x ? group(s, middle, to) : NULL);
}

struct dfa *dfa_of(const struct nfa *n)
{
	struct build s = {n, 0};
	struct dfa *stack[64] = {0}, *d = NULL;
	size_t weight[64], top = 0;

	for (size_t from = 0; from == 0 || from < n->rules.len; from += GROUP) {
		size_t to = from + GROUP < n->rules.len ? from + GROUP : n->rules.len;

		stack[top] = group(&s, from, to);
		weight[top++] = 1;
		/* like with like, as when carrying in binary */
		while (top > 1 && weight[top - 1] == weight[top - 2] && stack[top - 1]) {
			stack[top - 2] = both(&s, stack[top - 2], stack[top - 1]);
			weight[top - 2] *= 2;
			top--;
		}
		if (!stack[top - 1])
			break;
	}
	for (d = stack[--top]; top > 0; top--)
		d = both(&s, stack[top - 1], d);
	return d;
}
