/* nfa.c - all rules of one machine as items that share their tails */
#include "policy/apparmor/nfa.h"

#include <stdlib.h>
#include <string.h>

#define EMPTY_LIST 0u

static uint32_t intern_set(struct nfa *n, const struct regex_set *s)
{
	uint64_t h = s->oob;
	uint32_t id;

	for (int i = 0; i < 4; i++)
		h = index_mix(h + s->w[i]);
	for (size_t i = index_first(&n->set_index, (uint32_t)h);
	     (id = index_next(&n->set_index, (uint32_t)h, &i)) != INDEX_END;) {
		const struct regex_set *o = &n->sets.at[id].bytes;

		if (!memcmp(o->w, s->w, sizeof s->w) && o->oob == s->oob)
			return id;
	}
	vec_push(n->arena, &n->sets, ((struct nfa_set){.bytes = *s}));
	index_add(&n->set_index, (uint32_t)h, (uint32_t)n->sets.len - 1);
	return (uint32_t)n->sets.len - 1;
}

/* The list of the items in scratch, which are sorted. */
static uint32_t intern_list(struct nfa *n)
{
	const uint32_t *ids = n->scratch.at;
	size_t len = n->scratch.len;
	uint64_t h = len;
	uint32_t id;

	for (size_t i = 0; i < len; i++)
		h = index_mix(h + ids[i]);
	for (size_t i = index_first(&n->list_index, (uint32_t)h);
	     (id = index_next(&n->list_index, (uint32_t)h, &i)) != INDEX_END;) {
		const struct nfa_list *o = &n->lists.at[id];

		if (o->len == len &&
		    (!len || !memcmp(n->pool.at + o->at, ids, len * sizeof *ids)))
			return id;
	}
	struct nfa_list v = {(uint32_t)n->pool.len, (uint32_t)len};
	for (size_t i = 0; i < len; i++)
		vec_push(n->arena, &n->pool, ids[i]);
	vec_push(n->arena, &n->lists, v);
	index_add(&n->list_index, (uint32_t)h, (uint32_t)n->lists.len - 1);
	return (uint32_t)n->lists.len - 1;
}

static uint32_t single(struct nfa *n, uint32_t item)
{
	n->scratch.len = 0;
	vec_push(n->arena, &n->scratch, item);
	return intern_list(n);
}

static uint32_t merge(struct nfa *n, uint32_t a, uint32_t b)
{
	struct nfa_list x = n->lists.at[a], y = n->lists.at[b];
	uint32_t i = 0, j = 0;

	if (a == b)
		return a;
	n->scratch.len = 0;
	while (i < x.len || j < y.len) {
		uint32_t p = i < x.len ? n->pool.at[x.at + i] : UINT32_MAX;
		uint32_t q = j < y.len ? n->pool.at[y.at + j] : UINT32_MAX;

		i += p <= q;
		j += q <= p;
		vec_push(n->arena, &n->scratch, p < q ? p : q);
	}
	return intern_list(n);
}

/* The item for set, going on with list; a repeated one stays before list. */
static uint32_t intern_item(struct nfa *n, uint32_t set, uint32_t list, bool star)
{
	uint32_t h = (uint32_t)index_mix(index_mix(set) + list * 2ull + star), id;

	for (size_t i = index_first(&n->item_index, h);
	     (id = index_next(&n->item_index, h, &i)) != INDEX_END;) {
		const struct nfa_item *o = &n->items.at[id];

		if (o->set == set && (star ? n->star.at[id] == list + 1 :
				      !n->star.at[id] && o->list == list))
			return id;
	}
	id = (uint32_t)n->items.len;
	vec_push(n->arena, &n->items, ((struct nfa_item){set, list}));
	vec_push(n->arena, &n->star, star ? list + 1 : 0);
	index_add(&n->item_index, h, id);
	if (star) {
		list = merge(n, single(n, id), list);
		n->items.at[id].list = list;
	}
	return id;
}

/* The items that match r and then go on with next. As deep as r nests. */
static uint32_t build(struct nfa *n, const struct regex *r, uint32_t next)
{
	uint32_t all = EMPTY_LIST;

	switch (r->kind) {
	case REGEX_EMPTY:
		return next;
	case REGEX_SET:
		return single(n, intern_item(n, intern_set(n, &r->set), next, false));
	case REGEX_STAR:
		all = intern_item(n, intern_set(n, &r->set), next, true);
		return n->items.at[all].list;
	case REGEX_CAT:
		for (size_t i = r->len; i > 0 && n->pool.len < NFA_MAX; i--)
			next = build(n, r->kids[i - 1], next);
		return next;
	case REGEX_ALT:
		for (size_t i = 0; i < r->len && n->pool.len < NFA_MAX; i++)
			all = merge(n, all, build(n, r->kids[i], next));
		return all;
	}
	return all;
}

void nfa_start(struct nfa *n, struct arena *a, struct labels *labels)
{
	memset(n, 0, sizeof *n);
	n->arena = n->set_index.arena = n->item_index.arena = n->list_index.arena = a;
	n->labels = labels;
	intern_list(n);
}

/* The end of a rule. What has nothing to do with execution is a rule of its own. */
static uint32_t accept_list(struct nfa *n, struct accept a)
{
	uint32_t x = n->labels->file && a.mode != AP_PROMPT ? AP_BOTH(AP_X | AP_XTYPE) : 0;
	struct accept rest = a;
	uint32_t list = EMPTY_LIST;

	if (a.perms & x & AP_BOTH(AP_X)) {
		rest.perms &= ~x;
		rest.audit &= ~x;
		rest.exact = false;
		a.perms &= a.priority ? ~0u : x; /* with a priority, one rule decides all */
		a.audit &= a.priority ? ~0u : x;
		list = single(n, intern_item(n, NFA_ACCEPT, labels_accept(n->labels, a), false));
		if (a.priority || !(rest.perms | rest.audit))
			return list;
	} else {
		rest.exact = false;
	}
	uint32_t id = labels_accept(n->labels, rest);
	return merge(n, list, single(n, intern_item(n, NFA_ACCEPT, id, false)));
}

bool nfa_add(struct nfa *n, const struct regex *r, struct accept accept, const char *text,
	     size_t len)
{
	struct nfa_rule rule = {build(n, r, accept_list(n, accept)), text, len};

	vec_push(n->arena, &n->rules, rule);
	return n->pool.len < NFA_MAX;
}

static bool has(const struct regex_set *s, unsigned symbol)
{
	return symbol < 256 ? s->w[symbol >> 6] >> (symbol & 63) & 1 : s->oob;
}

/* Split the classes so that set is a union of some. */
static void refine(struct nfa *n, const struct regex_set *set)
{
	unsigned in[257] = {0}, out[257] = {0}, to[257] = {0};

	for (unsigned b = 0; b < 257; b++)
		(has(set, b) ? in : out)[n->class_of[b]]++;
	for (unsigned b = 0; b < 257; b++) {
		unsigned c = n->class_of[b];

		if (!has(set, b) || !in[c] || !out[c])
			continue;
		if (!to[c]) /* its members in set leave for a class of their own */
			to[c] = n->class_count++;
		n->class_of[b] = to[c];
	}
}

static int by_text(const void *a, const void *b)
{
	const struct nfa_rule *x = a, *y = b;
	size_t n = x->len < y->len ? x->len : y->len;
	int c = memcmp(x->text, y->text, n);

	if (c)
		return c;
	if (x->len != y->len)
		return x->len < y->len ? -1 : 1;
	return x->list < y->list ? -1 : x->list > y->list;
}

static void set_classes(const struct nfa *n, struct nfa_set *s)
{
	uint64_t has_it[5] = {0}, lacks[5] = {0};
	unsigned count = 0;

	for (unsigned b = 0; b < 257; b++) {
		unsigned c = n->class_of[b];

		(has(&s->bytes, b) ? has_it : lacks)[c / 64] |= 1ull << c % 64;
	}
	for (int w = 0; w < 5; w++)
		count += (unsigned)__builtin_popcountll(has_it[w]);
	s->wide = count * 2 > n->class_count;
	memcpy(s->few, s->wide ? lacks : has_it, sizeof s->few);
	if (!n->has_oob) /* nobody asks for it: let it do as most classes do */
		s->few[n->class_of[256] / 64] &= ~(1ull << n->class_of[256] % 64);
}

void nfa_finish(struct nfa *n)
{
	n->class_count = 2; /* OOB never shares a class with a byte */
	n->class_of[256] = 1;
	for (size_t i = 0; i < n->sets.len; i++) {
		refine(n, &n->sets.at[i].bytes);
		n->has_oob |= n->sets.at[i].bytes.oob;
	}
	for (size_t i = 0; i < n->sets.len; i++)
		set_classes(n, &n->sets.at[i]);
	if (n->rules.len > 1)
		qsort(n->rules.at, n->rules.len, sizeof n->rules.at[0], by_text);
}
