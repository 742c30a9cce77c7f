/* block.c - when a block of an interface file applies, and to what */
#include "policy/block.h"

#include <stdio.h>
#include <string.h>

#include "core/die.h"
#include "core/str.h"
#include "policy/value.h"

static bool truth_is(const struct cond *c, bool value)
{
	return words_have(&c->values, value ? "true" : "false");
}

/* Is any of the texts of n like the pattern? */
static bool any_like(const char *pattern, const struct node *n)
{
	if (n && n->kind == NODE_TEXT)
		return str_like(n->text, pattern);
	for (const struct node *c = n && n->kind == NODE_LIST ? n->first : NULL; c; c = c->next)
		if (c->kind == NODE_TEXT && str_like(c->text, pattern))
			return true;
	return false;
}

/* Do two values say the same? Of the texts among them. */
static bool same_text(const struct node *x, const struct node *y)
{
	return x && y && x->kind == NODE_TEXT && y->kind == NODE_TEXT && !strcmp(x->text, y->text);
}

static bool attribute_is(const struct cond *c, const struct node *n)
{
	bool truth;

	if (words_have(&c->values, n ? "set" : "unset"))
		return true;
	if (n && n->line && words_have(&c->values, "given")) /* defaults stand in no line */
		return true;
	if (!n) /* an absent switch is off */
		return words_have(&c->values, "false");
	if (node_bool(n, &truth))
		return truth_is(c, truth);
	if (n->kind == NODE_TEXT)
		return words_have(&c->values, n->text);
	for (const struct node *e = n->first; e; e = e->next)
		if (e->kind == NODE_TEXT && words_have(&c->values, e->text))
			return true;
	return false;
}

/* What is asked of an attribute: "like RE", "unlike RE", "$(slot.A)", or values. */
static bool attribute_holds(struct arena *a, const struct block *b, const struct cond *c,
			    const struct scope *s, const struct turn *t)
{
	const struct node *n = value_of(a, b, s, t, c->key).node;
	const char *first = c->values.len ? c->values.at[0] : "", *rest;

	if ((rest = str_after(first, "like ")))
		return any_like(rest, n);
	if ((rest = str_after(first, "unlike ")))
		return !any_like(rest, n);
	if ((rest = str_after(first, "$(")))
		return same_text(n, value_of(a, b, s, t,
					     arena_dupn(a, rest, strcspn(rest, ")"))).node);
	return attribute_is(c, n);
}

static bool holds(struct arena *a, const struct block *b, const struct cond *c,
		  const struct scope *s, const struct turn *t)
{
	const char *feature = str_after(c->key, "feature.");

	if (!strcmp(c->key, "classic"))
		return truth_is(c, s->classic);
	if (!strcmp(c->key, "slot.system"))
		return truth_is(c, s->slot_system);
	if (!strcmp(c->key, "plug.system"))
		return truth_is(c, s->plug_system);
	if (!strcmp(c->key, "base"))
		return s->base && words_have(&c->values, s->base);
	if (feature)
		return truth_is(c, words_have(&s->features, feature));
	return attribute_holds(a, b, c, s, t);
}

static bool all_hold(struct arena *a, const struct block *b, const struct scope *s,
		     const struct turn *t)
{
	for (size_t i = 0; i < b->when.len; i++)
		if (!holds(a, b, &b->when.at[i], s, t))
			return false;
	return true;
}

/* Set loop i to its first entry. What is no list is one entry. */
static bool enter(struct arena *a, const struct block *b, const struct scope *s, struct turn *t,
		  size_t i)
{
	const struct node *n = value_of(a, b, s, t, b->loops[i].over).node;

	t->at[i] = n && n->kind == NODE_LIST ? n->first : n;
	t->number[i] = 1;
	return t->at[i];
}

/* The next entry of loop i. What is in no list has no next one. */
static bool advance(struct arena *a, const struct block *b, const struct scope *s, struct turn *t,
		    size_t i)
{
	const struct node *n = value_of(a, b, s, t, b->loops[i].over).node;

	t->at[i] = n && n->kind == NODE_LIST ? t->at[i]->next : NULL;
	t->number[i]++;
	return t->at[i];
}

/* The next combination of entries, whatever the conditions say. */
static bool step(struct arena *a, const struct block *b, const struct scope *s, struct turn *t)
{
	size_t n = b->loop_count, i = 0;

	if (t->begun) {
		for (i = n; i && !advance(a, b, s, t, i - 1); i--)
			;
		if (!i)
			return false;
	}
	t->begun = true;
	while (i < n) {
		if (enter(a, b, s, t, i)) {
			i++;
			continue;
		}
		while (i && !advance(a, b, s, t, i - 1))
			i--;
		if (!i)
			return false;
	}
	return true;
}

bool block_next(struct arena *a, const struct block *b, const struct scope *s, struct turn *t)
{
	while (step(a, b, s, t))
		if (all_hold(a, b, s, t))
			return true;
	return false;
}
