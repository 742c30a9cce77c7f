/* machine.c - rules in, an automaton with permissions out */
#include "policy/apparmor/machine.h"

#include <string.h>

#define MEMO_MAX 64 /* automata kept */

void machine_start(struct machine *m, bool file)
{
	memset(m, 0, sizeof *m);
	m->arena = arena_new();
	labels_start(&m->labels, m->arena, file);
	nfa_start(&m->nfa, m->arena, &m->labels);
	m->key = buf_new(m->arena);
	buf_char(&m->key, file ? 'f' : 'p');
}

static void note(struct machine *m, const char *text, size_t len, const struct accept *a)
{
	const uint32_t v[6] = {(uint32_t)a->priority, a->mode, a->exact, a->perms, a->audit,
			       (uint32_t)len};

	buf_add(&m->key, v, sizeof v);
	buf_add(&m->key, text, len);
}

static bool add(struct machine *m, const struct regex *tree, const char *text, size_t len,
		struct accept accept)
{
	if (nfa_add(&m->nfa, tree, accept, text, len))
		return true;
	m->why = "the patterns of this profile are too large together";
	return false;
}

bool machine_add_tree(struct machine *m, const struct regex *tree, const char *text,
		      struct accept accept)
{
	m->key.len = 0; /* a tree is not its text: nothing is the same as this */
	return add(m, tree, text, strlen(text), accept);
}

bool machine_add(struct machine *m, const struct buf *re, struct accept accept)
{
	const char *text = arena_dupn(m->arena, buf_text(re), re->len);
	const struct regex *tree = regex_parse(m->arena, text, re->len, &m->why);

	if (!tree)
		return false;
	accept.exact = regex_is_exact(text, re->len);
	note(m, text, re->len, &accept);
	return add(m, tree, text, re->len, accept);
}

struct memo_entry {
	struct automaton automaton;
	const char *key;
	size_t len;
};

static const struct automaton *known(const struct memo *memo, const struct buf *key)
{
	for (size_t i = 0; key->len && i < memo->all.len; i++)
		if (memo->all.at[i]->len == key->len &&
		    !memcmp(memo->all.at[i]->key, key->data, key->len))
			return &memo->all.at[i]->automaton;
	return NULL;
}

static void remember(struct memo *memo, const struct buf *key, const struct automaton *made)
{
	struct memo_entry *e = NEW(memo->arena, struct memo_entry);

	if (!key->len || memo->all.len == MEMO_MAX)
		return;
	e->automaton = *made;
	e->key = arena_dupn(memo->arena, key->data, key->len);
	e->len = key->len;
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
	uint32_t *known = NEW_N(m->arena, uint32_t, m->labels.all.len + 1);
	struct index t = {.arena = m->arena};
	struct perms p = {0};

	perms_index(out, a, &t, &p);
	for (uint32_t i = 0; i < d->len; i++) {
		uint32_t label = d->label.at[i];

		if (!known[label]) {
			if (!labels_perms(&m->labels, label, &p)) {
				m->why = "two rules for the same file execute it differently";
				return false;
			}
			known[label] = perms_index(out, a, &t, &p) + 1;
		}
		d->label.at[i] = known[label] - 1;
	}
	return true;
}

static bool make(struct machine *m, struct arena *a, struct automaton *out)
{
	struct dfa *d, *last = NEW(a, struct dfa);

	nfa_finish(&m->nfa);
	d = dfa_of(&m->nfa);
	if (!d)
		m->why = "the rules of this profile need too large an automaton";
	if (!d || !decide(m, d, a, out))
		return false;
	dfa_minimise(last, a, d, true);
	arena_drop(d->arena);
	out->dfa = last;
	memcpy(out->class_of, m->nfa.class_of, sizeof out->class_of);
	out->has_oob = m->nfa.has_oob;
	return true;
}

bool machine_end(struct machine *m, struct memo *memo, struct automaton *out)
{
	const struct automaton *before = m->why ? NULL : known(memo, &m->key);
	bool ok = before;

	memset(out, 0, sizeof *out);
	if (before) {
		*out = *before;
	} else if (!m->why && make(m, memo->arena, out)) {
		remember(memo, &m->key, out);
		ok = true;
	}
	arena_drop(m->arena);
	return ok;
}
