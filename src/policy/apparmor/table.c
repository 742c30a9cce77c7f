/* table.c - an automaton as the kernel's tables */
#include "policy/apparmor/table.h"

#include <string.h>

#define CANDIDATES 12
#define CHAIN_MAX 16 /* states inherit from each other at most so often */

struct row { /* a state's own transitions */
	uint32_t first, len; /* in cells */
	uint32_t other;
	bool diff;
	uint32_t oob;
};

struct cell {
	uint32_t byte, to;
};

struct maker {
	struct arena *arena;
	const struct automaton *in;
	const struct dfa *d;
	struct table *t;
	unsigned weight[257];            /* by class: how many bytes */
	unsigned char bytes[256], first[258]; /* bytes by class */
	struct row *rows;
	unsigned char *depth;            /* length of the chain a state inherits by */
	uint32_t *parent;                /* the state before it on a shortest way */
	VEC(struct cell) cells;
	uint64_t *used;                  /* slots taken, one bit each */
	size_t words;
	uint32_t to[NFA_CLASSES_MAX], base[NFA_CLASSES_MAX]; /* rows being looked at */
};

static void classes(struct maker *m)
{
	unsigned n = 0;

	for (unsigned c = 0; c < m->d->classes; c++) {
		m->first[c] = (unsigned char)n;
		for (unsigned b = 0; b < 256; b++) {
			if (m->in->class_of[b] == c) {
				m->bytes[n++] = (unsigned char)b;
				m->weight[c]++;
			}
		}
	}
}

static void full_row(const struct maker *m, uint32_t state, uint32_t *to)
{
	const struct dfa *d = m->d;

	for (unsigned c = 0; c < d->classes; c++)
		to[c] = d->other.at[state];
	for (uint32_t e = d->first.at[state]; e < d->first.at[state + 1]; e++)
		to[d->edges.at[e].class] = d->edges.at[e].to;
}

/* The target of most bytes, and how many have it. */
static unsigned most_common(const struct maker *m, uint32_t state, const uint32_t *to,
			    uint32_t *best)
{
	unsigned top = 256, n = 0;
	uint32_t tried[8];

	*best = m->d->other.at[state];
	for (uint32_t e = m->d->first.at[state]; e < m->d->first.at[state + 1]; e++)
		top -= m->weight[m->d->edges.at[e].class];
	for (unsigned c = 0; top <= 128 && c < m->d->classes && n < 8; c++) {
		unsigned count = 0, k = 0;

		while (k < n && tried[k] != to[c])
			k++;
		if (k < n || !m->weight[c])
			continue;
		tried[n++] = to[c];
		for (unsigned i = c; i < m->d->classes; i++)
			count += to[i] == to[c] ? m->weight[i] : 0;
		if (count > top) {
			top = count;
			*best = to[c];
		}
	}
	return top;
}

/* In how many bytes two states differ; at least limit may be told as limit. */
static unsigned difference(const struct maker *m, uint32_t x, uint32_t y, unsigned limit)
{
	const struct dfa *d = m->d;
	const struct dfa_edge *e = d->edges.at + d->first.at[x];
	const struct dfa_edge *ee = d->edges.at + d->first.at[x + 1];
	const struct dfa_edge *f = d->edges.at + d->first.at[y];
	const struct dfa_edge *fe = d->edges.at + d->first.at[y + 1];
	unsigned n = 0, seen = 0;

	while ((e < ee || f < fe) && n < limit) {
		uint32_t c = e < ee ? e->class : UINT32_MAX, k = f < fe ? f->class : UINT32_MAX;
		uint32_t class = c < k ? c : k;
		uint32_t to_x = c == class ? e->to : d->other.at[x];
		uint32_t to_y = k == class ? f->to : d->other.at[y];

		e += c == class;
		f += k == class;
		seen += m->weight[class];
		n += to_x != to_y ? m->weight[class] : 0;
	}
	return n + (d->other.at[x] != d->other.at[y] ? 256 - seen : 0);
}

/* A state met before this one that differs from it in fewest bytes. */
static bool inherit(const struct maker *m, uint32_t state, unsigned plain, uint32_t *from)
{
	uint32_t list[CANDIDATES], p = m->parent[state];
	unsigned n = 0, best = plain;

	list[n++] = 1;
	for (int i = 0; i < 3 && p > 1; i++, p = m->parent[p]) {
		list[n++] = p;
		list[n++] = m->d->other.at[p];
	}
	list[n++] = m->d->other.at[state];
	list[n++] = state - 1;
	list[n++] = m->rows[state - 1].diff ? m->rows[state - 1].other : 1;
	for (unsigned i = 0; i < n; i++) {
		if (list[i] >= state || list[i] < 1 || m->depth[list[i]] + 1 >= CHAIN_MAX)
			continue;
		unsigned k = difference(m, state, list[i], best);

		if (k < best) {
			best = k;
			*from = list[i];
		}
	}
	return best < plain;
}

static void plan_row(struct maker *m, uint32_t state, bool diff)
{
	struct row *r = &m->rows[state];
	uint32_t *to = m->to, *base = m->base;
	unsigned oob = m->in->class_of[256];

	full_row(m, state, to);
	r->oob = m->in->has_oob ? to[oob] : 0;
	r->first = (uint32_t)m->cells.len;
	unsigned plain = 256 - most_common(m, state, to, &r->other);
	uint32_t from = 0;
	if (diff && state > 1 && plain && inherit(m, state, plain, &from)) {
		r->diff = true;
		r->other = from;
		m->depth[state] = m->depth[from] + 1;
		full_row(m, from, base);
	}
	for (unsigned c = 0; c < m->d->classes; c++) {
		if (to[c] == (r->diff ? base[c] : r->other))
			continue;
		for (unsigned i = 0; i < m->weight[c]; i++)
			vec_push(m->arena, &m->cells,
				 ((struct cell){m->bytes[m->first[c] + i], to[c]}));
	}
	r->len = (uint32_t)m->cells.len - r->first;
}

static void find_parents(struct maker *m)
{
	for (uint32_t s = 1; s < m->d->len; s++) {
		for (uint32_t e = m->d->first.at[s]; e < m->d->first.at[s + 1]; e++)
			if (!m->parent[m->d->edges.at[e].to])
				m->parent[m->d->edges.at[e].to] = s;
		if (!m->parent[m->d->other.at[s]])
			m->parent[m->d->other.at[s]] = s;
	}
}

static uint64_t used_at(const struct maker *m, size_t bit)
{
	size_t w = bit / 64, off = bit % 64;
	uint64_t low = w < m->words ? m->used[w] >> off : 0;

	return off && w + 1 < m->words ? low | m->used[w + 1] << (64 - off) : low;
}

static void grow(struct maker *m, uint32_t slots)
{
	struct table *t = m->t;

	if (slots > t->slots) {
		uint32_t cap = t->slots ? t->slots : 1024;

		while (cap < slots)
			cap *= 2;
		t->next = arena_grow(m->arena, t->next, t->slots * 4ul, cap * 4ul);
		t->check = arena_grow(m->arena, t->check, t->slots * 4ul, cap * 4ul);
		m->used = arena_grow(m->arena, m->used, m->words * 8, (cap / 64 + 8) * 8ul);
		m->words = cap / 64 + 8;
		t->slots = cap;
	}
}

static void place(struct maker *m, uint32_t state, uint32_t base)
{
	const struct row *r = &m->rows[state];
	struct table *t = m->t;

	grow(m, base + 257);
	for (uint32_t i = 0; i < r->len; i++) {
		uint32_t at = base + m->cells.at[r->first + i].byte;

		t->next[at] = m->cells.at[r->first + i].to;
		t->check[at] = state;
		m->used[at / 64] |= 1ull << at % 64;
	}
	if (r->oob) {
		t->next[base - 1] = r->oob;
		t->check[base - 1] = state;
		m->used[(base - 1) / 64] |= 1ull << (base - 1) % 64;
		base |= TABLE_OOB;
		t->has_oob = true;
	}
	t->base[state] = base | (r->diff ? TABLE_DIFF : 0);
	t->has_diff |= r->diff;
}

/* The lowest base from *hint on where all slots are free; 64 bases at a time. */
static uint32_t find_base(struct maker *m, const struct row *r, uint32_t from)
{
	for (size_t base = from;; base += 64) {
		uint64_t taken = r->oob ? used_at(m, base - 1) : 0;

		for (uint32_t i = 0; i < r->len && ~taken; i++)
			taken |= used_at(m, base + m->cells.at[r->first + i].byte);
		if (~taken)
			return (uint32_t)base + (uint32_t)__builtin_ctzll(~taken);
	}
}

/* States by number of transitions, most first. */
static uint32_t *in_order(struct maker *m)
{
	uint32_t n = m->d->len, at[260] = {0}, *order = NEW_N(m->arena, uint32_t, n);

	for (uint32_t s = 0; s < n; s++)
		at[m->rows[s].len + (m->rows[s].oob != 0)]++;
	for (uint32_t len = 260, sum = 0; len > 0; len--) {
		uint32_t count = at[len - 1];

		at[len - 1] = sum;
		sum += count;
	}
	for (uint32_t s = 0; s < n; s++)
		order[at[m->rows[s].len + (m->rows[s].oob != 0)]++] = s;
	return order;
}

static bool pack_rows(struct maker *m)
{
	uint32_t n = m->d->len, top = 0, low = 0, last_len = 0, last_base = 0;
	const uint32_t *order = in_order(m);

	for (uint32_t i = 0; i < n; i++) {
		const struct row *r = &m->rows[order[i]];
		uint32_t len = r->len + (r->oob != 0);
		uint32_t base = r->oob ? 1 : 0;

		if (len) {
			while (used_at(m, low) & 1)
				low++;
			uint32_t least = r->len ? m->cells.at[r->first].byte : 0;
			if (low > least && low - least > base)
				base = low - least;
			/* many bytes rarely fit before the last that had as many */
			if (len > 64 && len == last_len && last_base > base)
				base = last_base;
			base = find_base(m, r, base);
			last_len = len;
			last_base = base;
		}
		place(m, order[i], base);
		if (base > top)
			top = base;
	}
	m->t->slots = top + 256;
	return top < TABLE_BASE - 256;
}

bool table_make(struct table *t, struct arena *a, const struct automaton *in, bool diff)
{
	struct maker *m = NEW(a, struct maker);
	uint32_t n = in->dfa->len;

	memset(t, 0, sizeof *t);
	m->arena = a;
	m->in = in;
	m->d = in->dfa;
	m->t = t;
	m->rows = NEW_N(a, struct row, n);
	m->depth = NEW_N(a, unsigned char, n);
	m->parent = NEW_N(a, uint32_t, n);
	t->states = n;
	t->perms = in->dfa->label.at;
	t->base = NEW_N(a, uint32_t, n);
	t->other = NEW_N(a, uint32_t, n);
	classes(m);
	find_parents(m);
	for (uint32_t s = 0; s < n; s++) {
		plan_row(m, s, diff);
		t->other[s] = m->rows[s].other;
	}
	grow(m, 1024);
	return pack_rows(m);
}

uint32_t table_step(const struct table *t, uint32_t state, unsigned byte)
{
	uint32_t base = t->base[state], at;

	if (byte == 256)
		return (base & TABLE_OOB) && t->check[(base & TABLE_BASE) - 1] == state ?
			t->next[(base & TABLE_BASE) - 1] : 0;
	for (;;) {
		base = t->base[state];
		at = (base & TABLE_BASE) + byte;
		if (at < t->slots && t->check[at] == state)
			return t->next[at];
		state = t->other[state];
		if (!(base & TABLE_DIFF))
			return state;
	}
}
