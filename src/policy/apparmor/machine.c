/* machine.c - rules in, an automaton with permissions out
 *
 * The apps of a snap have the same rules but for those that name the app itself. So
 * those make an automaton of their own, which is combined with that of all others
 * in the end; the others' is kept. As the result is minimal, with classes and states in
 * an order that follows from what it does, it is the same as if made of all at once.
 */
#include "policy/apparmor/machine.h"

#include <string.h>

#define MEMO_MAX 64  /* automata kept */
#define PARTS_MAX 8

void machine_start(struct machine *m, struct memo *memo, bool file)
{
	memset(m, 0, sizeof *m);
	m->arena = arena_new();
	m->memo = memo;
	m->rules = &memo->rules[!file];
	if (m->rules->arena && !rules_crowded(m->rules))
		return;
	rules_start(m->rules, memo->arena, file);
	memo->all.len = memo->parts.len = 0; /* they are known by numbers of rules */
}

bool machine_add_tree(struct machine *m, const struct regex *tree, const char *text,
		      struct accept accept)
{
	if (m->rules != &m->tree)
		rules_start(&m->tree, m->arena, false);
	m->rules = &m->tree;
	vec_push(m->arena, &m->shared, (uint32_t)m->tree.nfa.rules.len);
	if (nfa_add(&m->tree.nfa, tree, accept, text, strlen(text)))
		return true;
	m->why = "the pattern is too large";
	return false;
}

bool machine_add(struct machine *m, const struct buf *re, struct accept accept)
{
	uint32_t id = rules_number(m->rules, re, accept, &m->why);

	if (id == RULES_NONE)
		return false;
	if (m->mark && memmem(buf_text(re), re->len, m->mark, strlen(m->mark)))
		vec_push(m->arena, &m->own, id);
	else
		vec_push(m->arena, &m->shared, id);
	return true;
}

struct memo_entry {
	struct automaton automaton;
	const struct rules *rules;
	uint32_t *key;
	size_t len;
};

struct memo_part {
	const struct rules *rules;
	uint32_t *key;
	size_t len;
	struct dfa *dfa;
	unsigned class_of[257], class_count;
	bool has_oob;
};

static bool same_numbers(const uint32_t *a, const uint32_t *b, size_t n)
{
	return !n || !memcmp(a, b, n * sizeof *a);
}

static const struct automaton *known(const struct machine *m)
{
	const struct memo *memo = m->memo;

	for (size_t i = 0; m->rules != &m->tree && !m->own.len && i < memo->all.len; i++) {
		const struct memo_entry *e = memo->all.at[i];

		if (e->rules == m->rules && e->len == m->shared.len &&
		    same_numbers(e->key, m->shared.at, e->len))
			return &e->automaton;
	}
	return NULL;
}

static uint32_t *key_of(struct arena *a, const struct machine *m)
{
	uint32_t *key = NEW_N(a, uint32_t, m->shared.len);

	if (m->shared.len)
		memcpy(key, m->shared.at, m->shared.len * sizeof *key);
	return key;
}

static void remember(const struct machine *m, const struct automaton *made)
{
	struct memo *memo = m->memo;

	if (m->rules == &m->tree || m->own.len || memo->all.len == MEMO_MAX)
		return;
	struct memo_entry *e = NEW(memo->arena, struct memo_entry);
	*e = (struct memo_entry){*made, m->rules, key_of(memo->arena, m), m->shared.len};
	vec_push(memo->arena, &memo->all, e);
}

static uint32_t perms_index(struct automaton *out, struct arena *a, struct index *t,
			    const struct perms *p)
{
	uint32_t h = (uint32_t)index_mix(p->allow + index_mix(p->audit + index_mix(
			p->quiet + index_mix(p->prompt))));
	uint32_t id;

	for (size_t i = index_first(t, h); (id = index_next(t, h, &i)) != INDEX_END;)
		if (!memcmp(&out->perms.at[id], p, sizeof *p))
			return id;
	vec_push(a, &out->perms, *p);
	index_add(t, h, (uint32_t)out->perms.len - 1);
	return (uint32_t)out->perms.len - 1;
}

/* From sets of rules to what they come to; then some states are equal. */
static bool decide(struct machine *m, struct dfa *d, struct arena *a, struct automaton *out)
{
	const struct labels *labels = &m->rules->labels;
	uint32_t *seen = NEW_N(m->arena, uint32_t, labels->all.len + 1);
	struct index t = {.arena = m->arena};
	struct perms p = {0};

	perms_index(out, a, &t, &p);
	for (uint32_t i = 0; i < d->len; i++) {
		uint32_t label = d->label.at[i];

		if (!seen[label]) {
			if (!labels_perms(labels, label, &p)) {
				m->why = "two rules for the same file execute it differently";
				return false;
			}
			seen[label] = perms_index(out, a, &t, &p) + 1;
		}
		d->label.at[i] = seen[label] - 1;
	}
	return true;
}

/* Permissions in the order in which the states have them. */
static void order_perms(struct automaton *out, struct arena *a, struct dfa *d)
{
	uint32_t *to = NEW_N(a, uint32_t, out->perms.len), n = 1;
	struct perms *sorted = NEW_N(a, struct perms, out->perms.len);

	for (uint32_t i = 0; i < d->len; i++) {
		uint32_t *label = &d->label.at[i];

		if (*label && !to[*label]) {
			sorted[n] = out->perms.at[*label];
			to[*label] = n++;
		}
		*label = to[*label];
	}
	out->perms.at = sorted;
	out->perms.len = out->perms.cap = n;
}

static struct memo_part *part_of(struct machine *m, const uint32_t *rules, size_t n)
{
	struct memo_part *p = NEW(m->arena, struct memo_part);
	struct nfa view;

	nfa_view(&view, m->arena, &m->rules->nfa, rules, n);
	p->dfa = dfa_of(&view);
	if (!p->dfa)
		m->why = "the rules of this profile need too large an automaton";
	memcpy(p->class_of, view.class_of, sizeof p->class_of);
	p->class_count = view.class_count;
	p->has_oob = view.has_oob;
	return p->dfa ? p : NULL;
}

/* The part that other profiles have too: minimal, and kept. */
static struct memo_part *shared_part(struct machine *m)
{
	struct memo *memo = m->memo;
	struct memo_part *p, *kept = NEW(memo->arena, struct memo_part);

	for (size_t i = 0; i < memo->parts.len; i++) {
		p = memo->parts.at[i];
		if (p->rules == m->rules && p->len == m->shared.len &&
		    same_numbers(p->key, m->shared.at, p->len))
			return p;
	}
	p = part_of(m, m->shared.at, m->shared.len);
	if (!p)
		return NULL;
	*kept = *p;
	kept->rules = m->rules;
	kept->key = key_of(memo->arena, m);
	kept->len = m->shared.len;
	kept->dfa = NEW(memo->arena, struct dfa);
	dfa_minimise(kept->dfa, memo->arena, p->dfa, false);
	kept->dfa->least = true;
	arena_drop(p->dfa->arena);
	if (memo->parts.len < PARTS_MAX)
		vec_push(memo->arena, &memo->parts, kept);
	return kept;
}

static unsigned both_classes(unsigned out[257], const struct memo_part *x,
			     const struct memo_part *y)
{
	unsigned count = 0, b, k;

	for (b = 0; b < 257; b++) {
		for (k = 0; k < b; k++)
			if (x->class_of[k] == x->class_of[b] && y->class_of[k] == y->class_of[b])
				break;
		out[b] = k < b ? out[k] : count++;
	}
	return count;
}

/* The automaton of all rules, not yet decided; and its classes. */
static struct memo_part *all_rules(struct machine *m)
{
	if (!m->own.len)
		return part_of(m, m->shared.at, m->shared.len);
	struct memo_part *x = shared_part(m);
	struct memo_part *y = x ? part_of(m, m->own.at, m->own.len) : NULL;
	struct memo_part *out = NEW(m->arena, struct memo_part);
	struct dfa *wide_x = NEW(m->arena, struct dfa), *wide_y = NEW(m->arena, struct dfa);

	if (!y)
		return NULL;
	out->class_count = both_classes(out->class_of, x, y);
	out->has_oob = x->has_oob || y->has_oob;
	dfa_spread(wide_x, m->arena, x->dfa, x->class_of, out->class_of, out->class_count);
	dfa_spread(wide_y, m->arena, y->dfa, y->class_of, out->class_of, out->class_count);
	arena_drop(y->dfa->arena);
	struct arena *a = arena_new();
	out->dfa = NEW(a, struct dfa);
	if (dfa_product(out->dfa, a, &m->rules->labels, wide_x, wide_y))
		return out;
	m->why = "the rules of this profile need too large an automaton";
	arena_drop(a);
	return NULL;
}

static bool make(struct machine *m, struct arena *a, struct automaton *out)
{
	struct memo_part *all = all_rules(m);
	struct dfa *last = NEW(a, struct dfa);

	if (!all)
		return false;
	bool ok = decide(m, all->dfa, m->arena, out);
	if (ok) {
		dfa_minimise(last, a, all->dfa, true);
		order_perms(out, a, last);
		out->dfa = last;
		out->packed = NEW(a, struct packed);
		memcpy(out->class_of, all->class_of, sizeof out->class_of);
		out->has_oob = all->has_oob;
	}
	arena_drop(all->dfa->arena);
	return ok;
}

bool machine_end(struct machine *m, struct automaton *out)
{
	const struct automaton *before = m->why ? NULL : known(m);
	bool ok = before;

	memset(out, 0, sizeof *out);
	if (before) {
		*out = *before;
	} else if (!m->why && make(m, m->own.len ? m->once : m->memo->arena, out)) {
		remember(m, out);
		ok = true;
	}
	arena_drop(m->arena);
	return ok;
}
