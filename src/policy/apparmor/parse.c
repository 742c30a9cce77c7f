/* parse.c - what stands outside of profiles: variables, aliases, abi */
#include "policy/apparmor/parse.h"

#include <string.h>
#include <strings.h>

#include "core/str.h"
#include "policy/apparmor/parse_internal.h"

static struct ap_variable *new_variable(struct parse *p, char *name)
{
	struct ap_variable *v = NEW(p->arena, struct ap_variable);

	if (parse_variable(p, name))
		lex_fail(&p->lex, "the variable %s is set twice", name);
	v->name = name;
	vec_push(p->arena, &p->policy->variables, v);
	return v;
}

static void set_variable(struct parse *p, char *name)
{
	struct lex_token op = lex_next(&p->lex, LEX_RULES), t;
	struct ap_variable *v;
	size_t n = 0;

	if (op.kind != LEX_EQUALS && op.kind != LEX_ADD) {
		lex_fail(&p->lex, "expected = or += behind @{%s}", name);
		return;
	}
	v = op.kind == LEX_EQUALS ? new_variable(p, name) : parse_variable(p, name);
	if (!v || v->boolean) {
		lex_fail(&p->lex, "@{%s} is extended but was not set", name);
		return;
	}
	while ((t = lex_next(&p->lex, LEX_ASSIGN)).kind == LEX_ID) {
		vec_push(p->arena, &v->values, t.text);
		n++;
	}
	if (!n)
		lex_fail(&p->lex, "@{%s} is set to nothing", name);
}

static void set_boolean(struct parse *p, char *name)
{
	struct lex_token op = lex_next(&p->lex, LEX_RULES);
	struct ap_variable *v = new_variable(p, name);
	struct lex_token t = op.kind == LEX_EQUALS ? lex_next(&p->lex, LEX_ASSIGN) : op;

	v->boolean = true;
	v->value = t.kind == LEX_ID && strcasecmp(t.text, "true") == 0;
	if (t.kind != LEX_ID || (!v->value && strcasecmp(t.text, "false") != 0) ||
	    lex_next(&p->lex, LEX_ASSIGN).kind == LEX_ID)
		lex_fail(&p->lex, "$%s is set to neither true nor false", name);
}

static void alias(struct parse *p)
{
	struct lex_token from = lex_next(&p->lex, LEX_RULES);
	struct lex_token arrow = lex_next(&p->lex, LEX_RULES);
	struct lex_token to = lex_next(&p->lex, LEX_TARGET);
	struct ap_alias a = {from.text, to.text};

	if (from.kind != LEX_ID || arrow.kind != LEX_ARROW || to.kind != LEX_ID ||
	    lex_next(&p->lex, LEX_RULES).kind != LEX_COMMA) {
		lex_fail(&p->lex, "expected alias FROM -> TO,");
		return;
	}
	for (size_t i = 0; i < p->policy->aliases.len; i++)
		if (str_eq(p->policy->aliases.at[i].from, a.from) &&
		    str_eq(p->policy->aliases.at[i].to, a.to))
			return;
	vec_push(p->arena, &p->policy->aliases, a);
}

static void top_profile(struct parse *p, struct lex_token t)
{
	bool word = parse_word(p, "profile"), hat = !word && parse_word(p, "hat");

	if (!word && !hat && t.kind == LEX_CARET) {
		lex_next(&p->lex, LEX_RULES);
		hat = true;
	}
	if (!word && !hat && t.kind != LEX_ID && t.kind != LEX_WORD) {
		lex_fail(&p->lex, "expected a profile");
		return;
	}
	struct ap_profile *prof = parse_profile(p, word || hat ? LEX_NAME : LEX_RULES, hat);
	if (p->lex.failed)
		return;
	if (!word && !hat && !prof->ns && *prof->name != '/')
		lex_fail(&p->lex, "the name \"%s\" needs the word profile before it", prof->name);
	else
		parse_add_profile(p, NULL, prof);
}

static bool preamble(struct parse *p, struct lex_token t)
{
	if (t.kind == LEX_SETVAR || t.kind == LEX_BOOLVAR) {
		lex_next(&p->lex, LEX_RULES);
		if (t.kind == LEX_SETVAR)
			set_variable(p, t.text);
		else
			set_boolean(p, t.text);
		return true;
	}
	if (parse_word(p, "alias") || parse_word(p, "rewrite")) {
		alias(p);
		return true;
	}
	if (parse_word(p, "abi")) {
		parse_abi(p);
		return true;
	}
	return false;
}

struct ap_policy *ap_parse(struct arena *a, struct lex_source source, const char *name,
			   const char *text, size_t len, const char **why)
{
	struct parse p = {.arena = a, .policy = NEW(a, struct ap_policy)};
	bool profiles = false;

	lex_start(&p.lex, a, source, name, text, len);
	for (;;) {
		struct lex_token t = lex_peek(&p.lex, LEX_RULES);

		if (t.kind == LEX_END)
			break;
		if (!profiles && preamble(&p, t))
			continue;
		profiles = true;
		top_profile(&p, t);
	}
	if (!p.lex.failed)
		return p.policy;
	*why = p.lex.why;
	return NULL;
}
