/* label.c - which rules a state stands for, and what they come to */
#include "policy/apparmor/label.h"

#include <stdlib.h>
#include <string.h>

#define X_BOTH AP_BOTH(AP_X)

static uint32_t hash_label(const struct label *v, const uint32_t *ids)
{
	uint64_t h = index_mix(v->allow | (uint64_t)v->deny << 32);

	for (uint32_t i = 0; i < v->len; i++)
		h = index_mix(h + ids[i] + 1);
	return (uint32_t)h;
}

static uint32_t intern(struct labels *l, struct label v, const uint32_t *ids)
{
	uint32_t h = hash_label(&v, ids), id;

	for (size_t i = index_first(&l->index, h);
	     (id = index_next(&l->index, h, &i)) != INDEX_END;) {
		const struct label *o = &l->all.at[id];

		if (o->allow == v.allow && o->deny == v.deny && o->len == v.len &&
		    (!v.len || !memcmp(l->pool.at + o->at, ids, v.len * sizeof *ids)))
			return id;
	}
	v.at = (uint32_t)l->pool.len;
	for (uint32_t i = 0; i < v.len; i++)
		vec_push(l->arena, &l->pool, ids[i]);
	id = (uint32_t)l->all.len;
	vec_push(l->arena, &l->all, v);
	index_add(&l->index, h, id);
	return id;
}

void labels_start(struct labels *l, struct arena *a, bool file)
{
	memset(l, 0, sizeof *l);
	l->arena = l->index.arena = l->unions.arena = l->accept_index.arena = a;
	l->file = file;
	intern(l, (struct label){0}, NULL);
}

uint32_t labels_accept(struct labels *l, struct accept a)
{
	uint32_t h = (uint32_t)index_mix(a.perms + index_mix(a.audit + index_mix(
			(uint64_t)(a.priority + 4096) << 8 | (uint64_t)a.mode << 1 | a.exact)));
	uint32_t id;

	for (size_t i = index_first(&l->accept_index, h);
	     (id = index_next(&l->accept_index, h, &i)) != INDEX_END;) {
		const struct accept *o = &l->accepts.at[id];

		if (o->perms == a.perms && o->audit == a.audit && o->priority == a.priority &&
		    o->mode == a.mode && o->exact == a.exact)
			return id;
	}
	vec_push(l->arena, &l->accepts, a);
	index_add(&l->accept_index, h, (uint32_t)l->accepts.len - 1);
	return (uint32_t)l->accepts.len - 1;
}

/* Can the rule be kept as bits? */
static bool plain(const struct labels *l, const struct accept *a)
{
	if (a->priority || a->mode == AP_PROMPT || (l->file && (a->perms & X_BOTH)))
		return false;
	return a->mode == AP_DENY ? a->audit == a->perms : !a->audit;
}

static int by_number(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return x < y ? -1 : x > y;
}

uint32_t labels_of(struct labels *l, const uint32_t *accepts, size_t n)
{
	struct label v = {0};

	l->scratch.len = 0;
	for (size_t i = 0; i < n; i++) {
		const struct accept *a = &l->accepts.at[accepts[i]];

		if (!plain(l, a))
			vec_push(l->arena, &l->scratch, accepts[i]);
		else if (a->mode == AP_DENY)
			v.deny |= a->perms;
		else
			v.allow |= a->perms;
	}
	if (l->scratch.len > 1)
		qsort(l->scratch.at, l->scratch.len, sizeof(uint32_t), by_number);
	for (size_t i = 0; i < l->scratch.len; i++)
		if (!v.len || l->scratch.at[v.len - 1] != l->scratch.at[i])
			l->scratch.at[v.len++] = l->scratch.at[i];
	v.allow &= ~v.deny;
	return intern(l, v, l->scratch.at);
}

static uint32_t make_union(struct labels *l, uint32_t a, uint32_t b)
{
	struct label x = l->all.at[a], y = l->all.at[b];
	struct label v = {x.allow | y.allow, x.deny | y.deny};
	uint32_t i = 0, j = 0;

	v.allow &= ~v.deny;
	l->scratch.len = 0;
	while (i < x.len || j < y.len) {
		uint32_t p = i < x.len ? l->pool.at[x.at + i] : UINT32_MAX;
		uint32_t q = j < y.len ? l->pool.at[y.at + j] : UINT32_MAX;

		i += p <= q;
		j += q <= p;
		vec_push(l->arena, &l->scratch, p < q ? p : q);
		v.len++;
	}
	return intern(l, v, l->scratch.at);
}

uint32_t labels_union(struct labels *l, uint32_t a, uint32_t b)
{
	if (!a || a == b)
		return b;
	if (!b)
		return a;
	uint64_t key = a < b ? (uint64_t)a << 32 | b : (uint64_t)b << 32 | a;
	uint32_t h = (uint32_t)index_mix(key), id;

	for (size_t i = index_first(&l->unions, h);
	     (id = index_next(&l->unions, h, &i)) != INDEX_END;)
		if (l->union_keys.at[id] == key)
			return l->union_values.at[id];
	uint32_t v = make_union(l, a, b);
	vec_push(l->arena, &l->union_keys, key);
	vec_push(l->arena, &l->union_values, v);
	index_add(&l->unions, h, (uint32_t)l->union_keys.len - 1);
	return v;
}

/* One bit is decided by the rules of the highest priority that mention it. */
struct verdict {
	uint32_t allow, deny, audit, quiet, prompt;
	bool conflict;
};

#define LOWEST (-100000)

static int top_priority(const struct accept *list, size_t n, uint32_t bits)
{
	int top = LOWEST;

	for (size_t i = 0; i < n; i++)
		if (((list[i].perms | list[i].audit) & bits) && list[i].priority > top)
			top = list[i].priority;
	return top;
}

static void take(struct verdict *v, const struct accept *a, uint32_t perms, uint32_t audit)
{
	if (a->mode == AP_DENY) {
		v->deny |= perms;
		v->quiet |= audit;
		return;
	}
	if (a->mode == AP_PROMPT)
		v->prompt |= perms;
	else
		v->allow |= perms;
	v->audit |= audit;
}

static void decide_bit(const struct accept *list, size_t n, uint32_t bit, int top,
		       struct verdict *v)
{
	for (size_t i = 0; i < n; i++)
		if (list[i].priority == top)
			take(v, &list[i], list[i].perms & bit, list[i].audit & bit);
}

/* Does a rule allow execution, at the priority that counts, by an exact name? */
static bool exactly(const struct accept *list, size_t n, uint32_t x, int top)
{
	for (size_t i = 0; i < n; i++)
		if (list[i].priority == top && list[i].exact && list[i].mode != AP_DENY &&
		    list[i].mode != AP_PROMPT && (list[i].perms & x))
			return true;
	return false;
}

/* Execution: bit x of one half, the bits that say how, and m, which comes with ix. */
static void decide_x(const struct accept *list, size_t n, int shift, struct verdict *v)
{
	uint32_t x = AP_X << shift, kind = AP_XTYPE << shift, m = AP_M << shift;
	int top = top_priority(list, n, x), top_m = top_priority(list, n, m);
	bool exact = exactly(list, n, x, top), any = false, ix = false;

	for (size_t i = 0; i < n; i++) {
		const struct accept *a = &list[i];

		if (a->priority != top || !((a->perms | a->audit) & x))
			continue;
		take(v, a, a->perms & x, a->audit & x);
		if (a->mode == AP_DENY || (exact && !(a->exact && a->mode != AP_PROMPT)))
			continue;
		if (any && (v->allow & kind) != (a->perms & kind))
			v->conflict = true;
		any = true;
		v->allow |= a->perms & kind;
		ix |= (a->perms & AP_IX << shift) != 0;
	}
	ix &= !(v->deny & x) && top >= top_m;
	if (!ix || top == top_m)
		decide_bit(list, n, m, top_m, v);
	if (ix)
		v->allow |= m;
}

bool labels_perms(const struct labels *l, uint32_t label, struct perms *out)
{
	const struct label *lb = &l->all.at[label];
	struct accept list[258];
	struct verdict v = {0};
	size_t n = 0;
	uint32_t bits = 0;

	if (lb->allow)
		list[n++] = (struct accept){.perms = lb->allow};
	if (lb->deny)
		list[n++] = (struct accept){.mode = AP_DENY, .perms = lb->deny, .audit = lb->deny};
	for (uint32_t i = 0; i < lb->len && n < 258; i++)
		list[n++] = l->accepts.at[l->pool.at[lb->at + i]];
	if (lb->len > 256)
		return false;
	for (size_t i = 0; i < n; i++)
		bits |= list[i].perms | list[i].audit;
	for (int b = 0; b < 32; b++) {
		uint32_t bit = 1u << b;

		if ((bits & bit) && !(l->file && (bit & AP_BOTH(AP_X | AP_XTYPE | AP_M))))
			decide_bit(list, n, bit, top_priority(list, n, bit), &v);
	}
	for (int half = 0; l->file && half < 2; half++)
		decide_x(list, n, half ? AP_OTHER_SHIFT : 0, &v);
	v.allow &= ~v.deny;
	v.prompt &= ~(v.deny | v.allow);
	for (int half = 0; l->file && half < 2; half++)
		if (!(v.allow & AP_X << (half ? AP_OTHER_SHIFT : 0)))
			v.allow &= ~(AP_XTYPE << (half ? AP_OTHER_SHIFT : 0));
	*out = (struct perms){v.allow, v.audit & (v.allow | v.prompt), v.quiet & ~v.allow,
			      v.prompt};
	return !v.conflict;
}
