/* dfa.c - items of rules to states: the subset construction
 *
 * A state is a set of items. Sets that a byte leads to are compared item by item
 * with the one of the same hash: the stamps of the set being built make that one
 * pass. Bytes are taken together when exactly the same of the state's sets have them.
 */
#include "policy/apparmor/dfa.h"

#include <string.h>

void dfa_start(struct dfa *d, struct arena *a, unsigned classes)
{
	memset(d, 0, sizeof *d);
	d->arena = a;
	d->classes = classes;
	vec_push(a, &d->first, 0);
}

void dfa_room(struct dfa *d, size_t states, size_t edges)
{
	d->other.at = NEW_N(d->arena, uint32_t, states);
	d->label.at = NEW_N(d->arena, uint32_t, states);
	d->first.at = NEW_N(d->arena, uint32_t, states + 1);
	d->edges.at = NEW_N(d->arena, struct dfa_edge, edges);
	d->other.cap = d->label.cap = states;
	d->first.cap = states + 1;
	d->edges.cap = edges;
}

bool dfa_full(const struct dfa *d)
{
	return d->len > DFA_STATES_MAX || d->edges.len > DFA_EDGES_MAX;
}

void dfa_add_edges(struct dfa *d, uint32_t other, const struct dfa_edge *edges, size_t n,
		   uint32_t label)
{
	for (size_t i = 0; i < n; i++)
		if (edges[i].to != other)
			vec_push(d->arena, &d->edges, edges[i]);
	vec_push(d->arena, &d->other, other);
	vec_push(d->arena, &d->label, label);
	vec_push(d->arena, &d->first, (uint32_t)d->edges.len);
	d->len++;
}

/* The target of most classes: a candidate that survives pairing off, if one has
 * a majority; else the dead state, or the first. */
static uint32_t common(const uint32_t *targets, unsigned n)
{
	uint32_t best = targets[0];
	unsigned lead = 0, dead = 0, count = 0;

	for (unsigned i = 0; i < n; i++) {
		if (!lead)
			best = targets[i];
		lead += targets[i] == best ? 1u : -1u;
		dead += targets[i] == 0;
	}
	for (unsigned i = 0; i < n; i++)
		count += targets[i] == best;
	return dead >= count ? 0 : best;
}

void dfa_add(struct dfa *d, const uint32_t *targets, uint32_t label)
{
	struct dfa_edge edges[NFA_CLASSES_MAX];

	for (unsigned c = 0; c < d->classes; c++)
		edges[c] = (struct dfa_edge){targets[c], c};
	dfa_add_edges(d, common(targets, d->classes), edges, d->classes, label);
}

uint32_t dfa_step(const struct dfa *d, uint32_t state, unsigned class)
{
	for (uint32_t i = d->first.at[state]; i < d->first.at[state + 1]; i++)
		if (d->edges.at[i].class == class)
			return d->edges.at[i].to;
	return d->other.at[state];
}

#define SETS_MAX 512 /* different sets of bytes in one state that are told apart by bits */
#define WORDS (SETS_MAX / 64)

struct group { /* classes that the same sets have */
	uint64_t mask[WORDS];
	uint32_t target;
};

struct subset {
	const struct nfa *nfa;
	struct arena *arena;
	VEC(uint32_t) pool, from, current; /* items of states; where each begins */
	struct index index;
	uint32_t *stamp, now;              /* by item */
	uint32_t *set_at, *set_stamp;      /* by set: which of the state's it is */
	VEC(uint32_t) bucket, next, ids;
	uint64_t hash;
	uint64_t base[WORDS], touched[5];
	uint64_t mask[NFA_CLASSES_MAX][WORDS];
	struct group groups[NFA_CLASSES_MAX + 1];
	size_t group_count;
	struct dfa_edge edges[NFA_CLASSES_MAX]; /* of one state */
};

static void collect(struct subset *s, uint32_t list)
{
	const struct nfa_list *l = &s->nfa->lists.at[list];

	for (uint32_t i = 0; i < l->len; i++) {
		uint32_t item = s->nfa->pool.at[l->at + i];

		if (s->stamp[item] == s->now)
			continue;
		s->stamp[item] = s->now;
		s->hash += index_mix(item + 1);
		vec_push(s->arena, &s->current, item);
	}
}

static bool same(const struct subset *s, uint32_t state)
{
	uint32_t from = s->from.at[state], to = s->from.at[state + 1];

	if (to - from != s->current.len)
		return false;
	for (; from < to; from++)
		if (s->stamp[s->pool.at[from]] != s->now)
			return false;
	return true;
}

/* The state of the items collected since begin(). */
static uint32_t state_of(struct subset *s)
{
	uint32_t h = (uint32_t)(s->hash ^ s->hash >> 32), id;

	for (size_t i = index_first(&s->index, h);
	     (id = index_next(&s->index, h, &i)) != INDEX_END;)
		if (same(s, id))
			return id;
	id = (uint32_t)s->from.len - 1;
	for (size_t i = 0; i < s->current.len; i++)
		vec_push(s->arena, &s->pool, s->current.at[i]);
	vec_push(s->arena, &s->from, (uint32_t)s->pool.len);
	index_add(&s->index, h, id);
	return id;
}

static void begin(struct subset *s)
{
	s->now++;
	s->hash = 0;
	s->current.len = 0;
}

/* Sort the items of a state by their set; returns the number of different sets. */
static uint32_t bucket_items(struct subset *s, uint32_t state, struct labels *labels,
			     uint32_t *label)
{
	uint32_t from = s->from.at[state], n = s->from.at[state + 1] - from;

	s->bucket.len = s->next.len = s->ids.len = 0;
	s->now++;
	for (uint32_t i = 0; i < n; i++) {
		const struct nfa_item *it = &s->nfa->items.at[s->pool.at[from + i]];

		vec_push(s->arena, &s->next, 0);
		if (it->set == NFA_ACCEPT) {
			vec_push(s->arena, &s->ids, it->list);
			continue;
		}
		if (s->set_stamp[it->set] != s->now) {
			s->set_stamp[it->set] = s->now;
			s->set_at[it->set] = (uint32_t)s->bucket.len;
			vec_push(s->arena, &s->bucket, 0);
		}
		s->next.at[i] = s->bucket.at[s->set_at[it->set]];
		s->bucket.at[s->set_at[it->set]] = i + 1;
	}
	*label = labels_of(labels, s->ids.at, s->ids.len);
	return (uint32_t)s->bucket.len;
}

static uint32_t target_of(struct subset *s, uint32_t state, const uint64_t *mask, unsigned words)
{
	uint32_t from = s->from.at[state];

	begin(s);
	for (unsigned w = 0; w < words; w++) {
		for (uint64_t m = mask[w]; m; m &= m - 1) {
			uint32_t d = w * 64 + (uint32_t)__builtin_ctzll(m);

			for (uint32_t i = s->bucket.at[d]; i; i = s->next.at[i - 1])
				collect(s, s->nfa->items.at[s->pool.at[from + i - 1]].list);
		}
	}
	return state_of(s);
}

static void touch(struct subset *s, unsigned c, unsigned words)
{
	if (s->touched[c / 64] >> c % 64 & 1)
		return;
	s->touched[c / 64] |= 1ull << c % 64;
	memcpy(s->mask[c], s->base, words * sizeof(uint64_t));
}

/* Which of the state's sets have each class: base for the classes that are not
 * touched. A set of most bytes is known by the classes that it lacks. */
static void fill_masks(struct subset *s, uint32_t state, unsigned words)
{
	uint32_t from = s->from.at[state];

	memset(s->base, 0, words * sizeof(uint64_t));
	memset(s->touched, 0, sizeof s->touched);
	for (int narrow = 0; narrow < 2; narrow++) {
		for (uint32_t d = 0; d < s->bucket.len; d++) {
			uint32_t item = s->pool.at[from + s->bucket.at[d] - 1];
			const struct nfa_set *set = &s->nfa->sets.at[s->nfa->items.at[item].set];

			if (!narrow) {
				s->base[d / 64] |= (uint64_t)set->wide << d % 64;
				continue;
			}
			for (unsigned w = 0; w < 5; w++) {
				for (uint64_t m = set->few[w]; m; m &= m - 1) {
					unsigned c = w * 64 + (unsigned)__builtin_ctzll(m);

					touch(s, c, words);
					s->mask[c][d / 64] ^= 1ull << d % 64;
				}
			}
		}
	}
}

static bool zero(const uint64_t *mask, unsigned words)
{
	for (unsigned w = 0; w < words; w++)
		if (mask[w])
			return false;
	return true;
}

static uint32_t class_target(struct subset *s, uint32_t state, const uint64_t *mask,
			     unsigned words)
{
	if (zero(mask, words))
		return 0;
	for (size_t g = 0; g < s->group_count; g++)
		if (!memcmp(s->groups[g].mask, mask, words * sizeof *mask))
			return s->groups[g].target;
	struct group *g = &s->groups[s->group_count++];
	memcpy(g->mask, mask, words * sizeof *mask);
	g->target = target_of(s, state, mask, words);
	return g->target;
}

static bool expand(struct subset *s, struct dfa *d, uint32_t state)
{
	struct dfa_edge *edges = s->edges;
	uint32_t label, sets = bucket_items(s, state, s->nfa->labels, &label);
	unsigned words = (sets + 63) / 64;
	size_t n = 0;

	if (sets > SETS_MAX)
		return false;
	fill_masks(s, state, words);
	s->group_count = 0;
	uint32_t other = class_target(s, state, s->base, words);
	for (unsigned w = 0; w < 5; w++) {
		for (uint64_t m = s->touched[w]; m; m &= m - 1) {
			unsigned c = w * 64 + (unsigned)__builtin_ctzll(m);

			edges[n++] = (struct dfa_edge){
				class_target(s, state, s->mask[c], words), c};
		}
	}
	dfa_add_edges(d, other, edges, n, label);
	return !dfa_full(d) && s->pool.len < DFA_EDGES_MAX * 2 && s->from.len < DFA_STATES_MAX;
}

bool dfa_build(struct dfa *d, struct arena *a, const struct nfa *n, size_t from, size_t to,
	       uint32_t max)
{
	struct arena *scratch = arena_new();
	struct subset *s = NEW(scratch, struct subset);
	bool ok = true;

	s->nfa = n;
	s->arena = s->index.arena = scratch;
	s->stamp = NEW_N(scratch, uint32_t, n->items.len + 1);
	s->set_at = NEW_N(scratch, uint32_t, n->sets.len + 1);
	s->set_stamp = NEW_N(scratch, uint32_t, n->sets.len + 1);
	vec_push(scratch, &s->from, 0);
	dfa_start(d, a, n->class_count);
	begin(s);
	state_of(s); /* 0: no items */
	begin(s);
	for (; from < to; from++)
		collect(s, n->rules.at[from].list);
	if (s->current.len) {
		state_of(s);
	} else { /* the start is a state of its own even if nothing matches */
		vec_push(scratch, &s->from, 0);
	}
	for (uint32_t i = 0; ok && i + 1 < s->from.len; i++)
		ok = expand(s, d, i) && s->from.len <= max;
	arena_drop(scratch);
	return ok;
}
