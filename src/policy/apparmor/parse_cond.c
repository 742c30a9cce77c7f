/* parse_cond.c - the parts that rules of all classes are made of
 *
 *	CLASS [PERMS] [ARGS] NAME=value NAME=(values) NAME in (values) [peer=(...)] ,
 */
#include <string.h>

#include "policy/apparmor/parse_internal.h"

#define CONDS_MAX 64

static void push_cond(struct parse *p, struct conds *c, struct cond cond)
{
	if (c->len == CONDS_MAX)
		lex_fail(&p->lex, "more than %d conditions in one rule", CONDS_MAX);
	else
		vec_push(p->arena, c, cond);
}

static void read_list(struct parse *p, struct ap_strings *values)
{
	for (;;) {
		struct lex_token t = lex_next(&p->lex, LEX_LIST);

		if (t.kind == LEX_ENDPAREN) {
			if (!values->len)
				lex_fail(&p->lex, "an empty list ( )");
			return;
		}
		if (t.kind != LEX_ID) {
			lex_fail(&p->lex, "a list ( ) is not closed");
			return;
		}
		vec_push(p->arena, values, t.text);
	}
}

/* Behind NAME of NAME= or "NAME in". */
void parse_one_cond(struct parse *p, struct lex_token name, struct conds *c)
{
	struct cond cond = {.name = name.text};
	struct lex_token t = lex_next(&p->lex, LEX_VALUE);

	cond.in = t.kind == LEX_WORD;
	if (t.kind != LEX_EQUALS && !cond.in)
		lex_fail(&p->lex, "expected = or in behind %s", name.text);
	t = lex_next(&p->lex, LEX_VALUE);
	if (t.kind == LEX_PAREN)
		read_list(p, &cond.values);
	else if (!cond.in && t.kind == LEX_ID)
		vec_push(p->arena, &cond.values, t.text);
	else
		lex_fail(&p->lex, "no value for %s", name.text);
	if (!p->lex.failed)
		push_cond(p, c, cond);
}

/* Behind NAME of NAME=( ... ). */
void parse_group(struct parse *p, struct lex_token name, struct conds *c)
{
	struct lex_token t = lex_next(&p->lex, LEX_VALUE);

	c->group = name.text;
	if (t.kind != LEX_EQUALS || lex_next(&p->lex, LEX_VALUE).kind != LEX_PAREN)
		lex_fail(&p->lex, "expected =( behind %s", name.text);
	for (;;) {
		t = lex_next(&p->lex, LEX_GROUP);
		if (t.kind == LEX_ENDPAREN)
			return;
		if (t.kind != LEX_COND) {
			lex_fail(&p->lex, "%s=( is not closed", name.text);
			return;
		}
		struct cond cond = {.name = t.text, .peer = true};
		if (lex_peek(&p->lex, LEX_GROUP).kind == LEX_EQUALS) {
			lex_next(&p->lex, LEX_GROUP);
			t = lex_next(&p->lex, LEX_GROUP_VALUE);
			bool list = t.kind == LEX_PAREN;
			if (list)
				t = lex_next(&p->lex, LEX_LIST);
			if (t.kind != LEX_ID)
				lex_fail(&p->lex, "no value for %s", cond.name);
			else
				vec_push(p->arena, &cond.values, t.text);
			if (list && lex_next(&p->lex, LEX_LIST).kind != LEX_ENDPAREN)
				lex_fail(&p->lex, "%s takes one value", cond.name);
		}
		push_cond(p, c, cond);
	}
}

/* The first value of a condition that may stand once. */
void parse_single(struct parse *p, const char *class, const struct cond *c, char **slot)
{
	if (*slot)
		lex_fail(&p->lex, "%s: %s is given twice", class, c->name);
	else if (!c->values.len)
		lex_fail(&p->lex, "%s: no value for %s", class, c->name);
	else
		*slot = c->values.at[0];
}

static bool letters(const char *s, bool upper, uint32_t *perms)
{
	for (; *s; s++) {
		char c = upper ? *s | 0x20 : *s;

		if (c != 'r' && c != 'w')
			return false;
		*perms |= c == 'r' ? 4 : 2;
	}
	return true;
}

static bool permission(const struct class_words *class, const char *name, uint32_t *perms)
{
	for (const struct ap_word *w = class->perms; w->name; w++) {
		if (strcmp(w->name, name) == 0) {
			*perms |= (uint32_t)w->value;
			return true;
		}
	}
	return false;
}

static void permission_list(struct parse *p, const struct class_words *class,
			    struct rule_words *w)
{
	lex_next(&p->lex, class->mode);
	for (;;) {
		struct lex_token t = lex_next(&p->lex, LEX_LIST);

		if (t.kind == LEX_ENDPAREN)
			return;
		if (t.kind != LEX_ID) {
			lex_fail(&p->lex, "%s: a list ( ) is not closed", class->class);
			return;
		}
		if (!permission(class, t.text, &w->perms) && !class->loose &&
		    !letters(t.text, true, &w->perms))
			lex_fail(&p->lex, "%s: no permission \"%s\"", class->class, t.text);
	}
}

static bool bare_permission(const struct class_words *class, struct lex_token t,
			    struct rule_words *w)
{
	if (t.quoted || (t.kind != LEX_ID && t.kind != LEX_WORD && t.kind != LEX_PERMS))
		return false;
	if (permission(class, t.text, &w->perms))
		return true;
	return !class->loose && strlen(t.text) <= 2 && letters(t.text, false, &w->perms);
}

static void argument(struct parse *p, const struct class_words *class, struct lex_token t,
		     struct rule_words *w)
{
	int max = class->args == ARGS_BEFORE_CONDS ? 2 : class->args == ARGS_AFTER_CONDS ? 1 : 0;
	bool early = class->args == ARGS_BEFORE_CONDS && w->conds.len;

	if (w->arg_count == max || early)
		lex_fail(&p->lex, "%s: unexpected \"%s\"", class->class, t.text);
	else
		w->args[w->arg_count++] = t.text;
}

void parse_words(struct parse *p, const struct class_words *class, struct rule_words *w)
{
	struct lex_token t = lex_peek(&p->lex, class->mode);

	if (t.kind == LEX_PAREN && !class->one)
		permission_list(p, class, w);
	else if (bare_permission(class, t, w))
		lex_next(&p->lex, class->mode);
	for (;;) {
		t = lex_next(&p->lex, class->mode);
		if (t.kind == LEX_COMMA)
			return;
		if (w->conds.group) {
			lex_fail(&p->lex, "%s: nothing can follow %s=( )", class->class,
				 w->conds.group);
		} else if (t.kind == LEX_COND || t.kind == LEX_CONDS) {
			if (class->args == ARGS_AFTER_CONDS && w->arg_count)
				lex_fail(&p->lex, "%s: conditions stand before the name",
					 class->class);
			else if (t.kind == LEX_COND)
				parse_one_cond(p, t, &w->conds);
			else
				parse_group(p, t, &w->conds);
		} else if (t.kind == LEX_ID || t.kind == LEX_WORD) {
			argument(p, class, t, w);
		} else {
			lex_fail(&p->lex, "%s: no comma at the end of the rule", class->class);
		}
		if (p->lex.failed)
			return;
	}
}
