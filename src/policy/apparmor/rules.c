/* rules.c - the rules that a command has met, each read once */
#include "policy/apparmor/rules.h"

#include <string.h>

#define CROWDED (NFA_MAX / 8)

void rules_start(struct rules *r, struct arena *a, bool file)
{
	memset(r, 0, sizeof *r);
	r->arena = r->index.arena = a;
	labels_start(&r->labels, r->arena, file);
	nfa_start(&r->nfa, r->arena, &r->labels);
}

bool rules_crowded(const struct rules *r)
{
	return r->nfa.pool.len > CROWDED;
}

static uint32_t hash(const struct buf *re, const struct accept *a)
{
	uint64_t h = index_mix(a->perms + index_mix(a->audit + index_mix(
			(uint64_t)(a->priority + 4096) << 8 | (uint64_t)a->mode)));
	size_t i = 0;

	for (; i + 8 <= re->len; i += 8) {
		uint64_t part;

		memcpy(&part, re->data + i, 8);
		h = index_mix(h + part);
	}
	for (; i < re->len; i++)
		h = index_mix(h + (unsigned char)re->data[i]);
	return (uint32_t)h;
}

static bool same(const struct nfa_rule *o, const struct buf *re, const struct accept *a)
{
	return o->len == re->len && o->accept.perms == a->perms && o->accept.audit == a->audit &&
	       o->accept.priority == a->priority && o->accept.mode == a->mode &&
	       !memcmp(o->text, buf_text(re), re->len);
}

uint32_t rules_number(struct rules *r, const struct buf *re, struct accept accept,
		      const char **why)
{
	uint32_t h = hash(re, &accept), id;

	for (size_t i = index_first(&r->index, h);
	     (id = index_next(&r->index, h, &i)) != INDEX_END;)
		if (same(&r->nfa.rules.at[id], re, &accept))
			return id;
	struct arena *scratch = arena_new();
	const struct regex *tree = regex_parse(scratch, buf_text(re), re->len, why);
	bool ok = tree;

	if (ok) {
		accept.exact = regex_is_exact(buf_text(re), re->len);
		ok = nfa_add(&r->nfa, tree, accept,
			     arena_dupn(r->arena, buf_text(re), re->len), re->len);
		if (!ok)
			*why = "the patterns of this profile are too large together";
	}
	arena_drop(scratch);
	if (!ok)
		return RULES_NONE;
	id = (uint32_t)r->nfa.rules.len - 1;
	index_add(&r->index, h, id);
	return id;
}
