/* decide.c - the rules of one call to a graph that answers them
 *
 * Rules are taken by their first test's word. If no value of the word leaves
 * tests of two different rules, one search over its values serves them all;
 * if not, each test is asked in turn. What failed here goes on to the rules
 * that begin with an earlier word, unless those could hold only if these did.
 * (The other way round programs come out longer.)
 *
 * Depth of calls is bounded by the number of words, not by that of rules.
 */
#include "seccomp/decide.h"

#include <stdlib.h>
#include <string.h>

#define IMPLIED_MAX 2048 /* more rules are not compared with each other */

/* A set of rules that has been answered already. */
struct done {
	uint32_t fail, node;
	size_t count;
	uint32_t rules[];
};

void decide_start(struct decide *d, struct graph *g, uint32_t met)
{
	*d = (struct decide){.graph = g, .met = met};
	vec_push(g->arena, &d->tests, (struct test){0});
	vec_push(g->arena, &d->rests, (struct rest){0});
}

static int test_order(const struct test *a, const struct test *b)
{
	if (a->word != b->word)
		return a->word < b->word ? -1 : 1;
	if (a->mask != b->mask)
		return a->mask > b->mask ? -1 : 1; /* whole words first */
	if (a->low != b->low)
		return a->low < b->low ? -1 : 1;
	if (a->high != b->high)
		return a->high < b->high ? -1 : 1;
	return (int)a->outside - (int)b->outside;
}

uint32_t decide_rule(struct decide *d, const struct test *test, uint32_t then)
{
	struct arena *a = d->graph->arena;
	uint64_t h = test->word * 31u + test->mask;
	uint32_t t = 0;

	h = (h * 0x9e3779b97f4a7c15u) ^ test->low ^ (uint64_t)test->high << 20 ^
	    (uint64_t)then << 7;
	uint32_t *b = &d->bucket[(h * 0x9e3779b97f4a7c15u) >> 54];

	for (uint32_t at = *b; at; at = d->rests.at[at - 1].next) {
		t = d->rests.at[at - 1].test;
		if (d->rests.at[at - 1].then == then && !test_order(&d->tests.at[t], test))
			return at - 1;
	}
	vec_push(a, &d->tests, *test);
	vec_push(a, &d->rests, ((struct rest){(uint32_t)d->tests.len - 1, then, *b}));
	*b = (uint32_t)d->rests.len;
	return (uint32_t)d->rests.len - 1;
}

static const struct test *first(const struct decide *d, uint32_t rule)
{
	return &d->tests.at[d->rests.at[rule].test];
}

static int by_first(const void *x, const void *y, void *arg)
{
	uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;
	int order = test_order(first(arg, a), first(arg, b));

	return order ? order : (a > b) - (a < b);
}

/* Does every value that passes a pass b? Both look at the same bits. */
static bool within(const struct test *a, const struct test *b)
{
	if (a->outside != b->outside)
		return b->outside && (a->high < b->low || a->low > b->high);
	return b->outside ? a->low <= b->low && b->high <= a->high
			  : b->low <= a->low && a->high <= b->high;
}

/* Does rule hold only if other does? Then asking other is enough. */
static bool implies(const struct decide *d, uint32_t rule, uint32_t other)
{
	for (; other != REST_MET; other = d->rests.at[other].then) {
		const struct test *want = first(d, other);

		while (rule != REST_MET && (first(d, rule)->word != want->word ||
					    first(d, rule)->mask != want->mask ||
					    !within(first(d, rule), want)))
			rule = d->rests.at[rule].then;
		if (rule == REST_MET)
			return false;
	}
	return true;
}

static bool all_imply(const struct decide *d, const uint32_t *rules, size_t n,
		      const uint32_t *others, size_t m)
{
	for (size_t i = 0; i < n; i++) {
		size_t k = 0;

		while (k < m && !implies(d, rules[i], others[k]))
			k++;
		if (k == m)
			return false;
	}
	return true;
}

/* Sorted, each once, and without those that only hold when another does. */
static size_t tidy(struct decide *d, uint32_t *rules, size_t n)
{
	size_t kept = 0;

	qsort_r(rules, n, sizeof *rules, by_first, d);
	for (size_t i = 0; i < n; i++)
		if (!i || rules[i] != rules[i - 1])
			rules[kept++] = rules[i];
	n = kept;
	if (n > IMPLIED_MAX)
		return n;
	kept = 0;
	for (size_t i = 0; i < n; i++) {
		bool needed = true;

		for (size_t k = 0; needed && k < n; k++)
			if (k != i && implies(d, rules[i], rules[k]))
				needed = k > i && implies(d, rules[k], rules[i]);
		/* Those before i were moved down, but only over ones that are implied. */
		if (needed)
			rules[kept++] = rules[i];
	}
	return kept;
}

struct split {
	const uint32_t *here, *later; /* rules that begin with this word; the others */
	size_t n, m;
	uint32_t go_on, fail; /* to the others; when nothing can hold any more */
};

static bool passes(const struct test *t, uint32_t value)
{
	return (value >= t->low && value <= t->high) != t->outside;
}

/* How many of the rules here go on for one value of the word: 0 when one is met. mixed
 * when what goes on is not the same test of all. */
static size_t count_left(const struct decide *d, const struct split *s, uint32_t value, bool *mixed)
{
	size_t count = 0, from = 0;

	*mixed = false;
	for (size_t i = 0; i < s->n; i++) {
		if (!passes(first(d, s->here[i]), value))
			continue;
		if (d->rests.at[s->here[i]].then == REST_MET) {
			*mixed = false;
			return 0;
		}
		*mixed |= count++ && test_order(first(d, s->here[i]), first(d, s->here[from]));
		from = i;
	}
	return count;
}

static uint32_t left_for(struct decide *d, const struct split *s, uint32_t value)
{
	bool mixed, hit = false;
	uint32_t *left = NEW_N(d->graph->arena, uint32_t, count_left(d, s, value, &mixed));
	size_t count = 0;

	for (size_t i = 0; i < s->n; i++) {
		if (!passes(first(d, s->here[i]), value))
			continue;
		hit = true;
		if (d->rests.at[s->here[i]].then == REST_MET)
			return d->met;
		left[count++] = d->rests.at[s->here[i]].then;
	}
	if (!hit)
		return s->go_on;
	bool done = all_imply(d, s->later, s->m, left, count);
	return decide_any(d, left, count, done ? s->fail : s->go_on);
}

static int by_value(const void *x, const void *y)
{
	uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;

	return (a > b) - (a < b);
}

/* The borders at which any test of the rules here changes its mind, from 0 up. */
static size_t borders(const struct decide *d, const uint32_t *here, size_t n, uint32_t *out)
{
	size_t count = 0, kept = 1;

	out[count++] = 0;
	for (size_t i = 0; i < n; i++) {
		const struct test *t = first(d, here[i]);

		out[count++] = t->low;
		if (t->high != UINT32_MAX)
			out[count++] = t->high + 1;
	}
	qsort(out, count, sizeof *out, by_value);
	for (size_t i = 1; i < count; i++)
		if (out[i] != out[kept - 1])
			out[kept++] = out[i];
	return kept;
}

/* Cells over word & mask to the node that loads and asks. */
static uint32_t ask(struct decide *d, const struct test *t, struct cell *cells, size_t n)
{
	struct graph *g = d->graph;
	size_t same = 1;

	while (same < n && cells[same].node == cells[0].node)
		same++;
	if (same == n)
		return cells[0].node;
	/* Under a mask of one bit there are two values; 0 and above is one question too. */
	bool bit = !(t->mask & (t->mask - 1));
	if (bit || (n == 2 && cells[1].start == 1 && t->mask != UINT32_MAX))
		return graph_load(g, t->word,
				  graph_node(g, NODE_ANY, t->mask,
					     graph_loaded(g, t->word, cells[n - 1].node),
					     graph_loaded(g, t->word, cells[0].node)));
	if (t->mask == UINT32_MAX) {
		for (size_t i = 0; i < n; i++)
			cells[i].node = graph_loaded(g, t->word, cells[i].node);
		return graph_load(g, t->word, graph_search(g, cells, n));
	}
	uint32_t tree = graph_search(g, cells, n);
	return graph_load(g, t->word, graph_node(g, NODE_AND, t->mask, tree, tree));
}

/* One search for all of the rules here; false when some value leaves different tests. */
static bool one_search(struct decide *d, const struct split *s, uint32_t *node)
{
	struct arena *a = d->graph->arena;
	uint32_t *start = NEW_N(a, uint32_t, s->n * 2 + 1);
	size_t n = borders(d, s->here, s->n, start), cells = 0;
	struct cell *cell = NEW_N(a, struct cell, n);
	struct test t = *first(d, s->here[0]);
	bool mixed;

	while (n && start[n - 1] > t.mask)
		n--; /* values with bits outside the mask do not occur */
	for (size_t i = 0; i < n; i++) {
		count_left(d, s, start[i], &mixed);
		if (mixed)
			return false;
	}
	for (; cells < n; cells++)
		cell[cells] = (struct cell){start[cells], left_for(d, s, start[cells])};
	*node = ask(d, &t, cell, cells);
	return true;
}

/* The rules that begin with one word. */
static uint32_t by_word(struct decide *d, struct split s)
{
	uint32_t node;

	if (one_search(d, &s, &node))
		return node;
	/* Test by test: what fails the last goes on to the one before it. */
	for (size_t from = 0, end; from < s.n; from = end) {
		struct split one = s;

		end = from + 1;
		while (end < s.n && !test_order(first(d, s.here[from]), first(d, s.here[end])))
			end++;
		one.here = s.here + from;
		one.n = end - from;
		one.m = s.m + from; /* later and here are one array */
		if (!one_search(d, &one, &node))
			die("rules of one test cannot be entangled");
		s.go_on = node;
	}
	return s.go_on;
}

static struct done *done_before(struct decide *d, const uint32_t *rules, size_t n, uint32_t fail)
{
	for (size_t i = 0; i < d->done.len; i++) {
		struct done *at = d->done.at[i];

		if (at->fail == fail && at->count == n &&
		    !memcmp(at->rules, rules, n * sizeof *rules))
			return at;
	}
	return NULL;
}

uint32_t decide_any(struct decide *d, uint32_t *rules, size_t count, uint32_t fail)
{
	for (size_t i = 0; i < count; i++)
		if (rules[i] == REST_MET)
			return d->met;
	size_t n = tidy(d, rules, count);
	struct done *before = done_before(d, rules, n, fail);

	if (before)
		return before->node;
	struct split s = {.go_on = fail, .fail = fail};
	for (size_t from = 0, end; from < n; from = end) {
		const struct test *t = first(d, rules[from]);

		end = from + 1;
		while (end < n && first(d, rules[end])->word == t->word &&
		       first(d, rules[end])->mask == t->mask)
			end++;
		s.here = rules + from;
		s.n = end - from;
		s.later = rules;
		s.m = from;
		s.go_on = by_word(d, s);
	}
	struct done *now = arena_alloc(d->graph->arena, 1, sizeof *now + n * sizeof *rules);
	*now = (struct done){.fail = fail, .node = s.go_on, .count = n};
	memcpy(now->rules, rules, n * sizeof *rules);
	vec_push(d->graph->arena, &d->done, now);
	return s.go_on;
}
