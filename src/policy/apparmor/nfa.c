/* nfa.c - all rules of one machine as items that share their tails */
#include "policy/apparmor/nfa.h"

#include <stdlib.h>
#include <string.h>

#define EMPTY_LIST 0u

static uint32_t find_set(struct nfa *n, const struct regex_set *s)
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

/* The byte that the set is of, if it is of one. */
static int one_byte(const struct regex_set *s)
{
	int byte = -1;

	for (int i = 0; i < 4; i++) {
		if (!s->w[i])
			continue;
		if (byte >= 0 || (s->w[i] & (s->w[i] - 1)) || s->oob)
			return -1;
		byte = i * 64 + __builtin_ctzll(s->w[i]);
	}
	return byte;
}

static uint32_t intern_set(struct nfa *n, const struct regex_set *s)
{
	int byte = one_byte(s);

	if (byte < 0)
		return find_set(n, s);
	if (!n->byte_set[byte])
		n->byte_set[byte] = find_set(n, s) + 1;
	return n->byte_set[byte] - 1;
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
	if (!n->alone.at[item]) {
		n->scratch.len = 0;
		vec_push(n->arena, &n->scratch, item);
		n->alone.at[item] = intern_list(n) + 1;
	}
	return n->alone.at[item] - 1;
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
	vec_push(n->arena, &n->alone, 0);
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
	struct nfa_rule rule = {build(n, r, accept_list(n, accept)), accept, text, len};

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

struct reach { /* which items, lists and sets the rules of a view lead to */
	struct arena *arena;
	unsigned char *item, *list, *set;
	VEC(uint32_t) lists, sets;
};

static void reach_list(struct reach *r, uint32_t list)
{
	if (r->list[list])
		return;
	r->list[list] = true;
	vec_push(r->arena, &r->lists, list);
}

static void reach(struct reach *r, const struct nfa *n)
{
	while (r->lists.len) {
		struct nfa_list l = n->lists.at[r->lists.at[--r->lists.len]];

		for (uint32_t i = 0; i < l.len; i++) {
			uint32_t id = n->pool.at[l.at + i];
			const struct nfa_item *item = &n->items.at[id];

			if (r->item[id] || item->set == NFA_ACCEPT)
				continue;
			r->item[id] = true;
			if (!r->set[item->set]) {
				r->set[item->set] = true;
				vec_push(r->arena, &r->sets, item->set);
			}
			reach_list(r, item->list);
		}
	}
}

/* Classes in order of the least byte in them, OOB's the last: which were met first
 * must not show in what is made. */
static void number_classes(struct nfa *n)
{
	unsigned to[257], count = 0;

	memset(to, 0xff, sizeof to);
	for (unsigned b = 0; b < 257; b++) {
		unsigned *t = &to[n->class_of[b]];

		if (*t == ~0u)
			*t = count++;
		n->class_of[b] = *t;
	}
	n->class_count = count;
}

void nfa_view(struct nfa *view, struct arena *a, const struct nfa *n, const uint32_t *rules,
	      size_t count)
{
	struct arena *scratch = arena_new();
	struct reach r = {scratch, NEW_N(scratch, unsigned char, n->items.len),
			  NEW_N(scratch, unsigned char, n->lists.len),
			  NEW_N(scratch, unsigned char, n->sets.len), {0}, {0}};

	*view = *n;
	view->arena = a;
	memset(&view->rules, 0, sizeof view->rules);
	memset(view->class_of, 0, sizeof view->class_of);
	for (size_t i = 0; i < count; i++) {
		vec_push(a, &view->rules, n->rules.at[rules[i]]);
		reach_list(&r, n->rules.at[rules[i]].list);
	}
	reach(&r, n);
	view->has_oob = false;
	view->class_count = 2; /* OOB never shares a class with a byte */
	view->class_of[256] = 1;
	for (size_t i = 0; i < r.sets.len; i++) {
		refine(view, &n->sets.at[r.sets.at[i]].bytes);
		view->has_oob |= n->sets.at[r.sets.at[i]].bytes.oob;
	}
	number_classes(view);
	for (size_t i = 0; i < r.sets.len; i++)
		set_classes(view, &view->sets.at[r.sets.at[i]]);
	if (count > 1)
		qsort(view->rules.at, count, sizeof view->rules.at[0], by_text);
	arena_drop(scratch);
}
