/* parse_base.c - what every part of the reader needs */
#include "core/str.h"
#include "policy/apparmor/parse_internal.h"

struct ap_rule *parse_new(struct parse *p, enum ap_kind kind)
{
	struct ap_rule *r = NEW(p->arena, struct ap_rule);

	r->kind = kind;
	r->type = -1;
	r->file = p->lex.stack[p->lex.depth].name;
	r->line = p->lex.stack[p->lex.depth].line;
	return r;
}

bool parse_word(struct parse *p, const char *word)
{
	struct lex_token t = lex_peek(&p->lex, LEX_RULES);

	if (t.kind != LEX_WORD || !str_eq(t.text, word))
		return false;
	lex_next(&p->lex, LEX_RULES);
	return true;
}

struct ap_variable *parse_variable(struct parse *p, const char *name)
{
	for (size_t i = 0; i < p->policy->variables.len; i++)
		if (str_eq(p->policy->variables.at[i]->name, name))
			return p->policy->variables.at[i];
	return NULL;
}

/* Only the first counts: a policy has one set of features. */
void parse_abi(struct parse *p)
{
	struct lex_token t = lex_next(&p->lex, LEX_FILE);
	const char *found = NULL;
	void *more = NULL;
	size_t len;

	if (t.kind != LEX_ANGLE && t.kind != LEX_ID) {
		lex_fail(&p->lex, "abi without a file name");
		return;
	}
	if (lex_next(&p->lex, LEX_RULES).kind != LEX_COMMA)
		lex_fail(&p->lex, "no comma behind abi");
	if (p->lex.failed)
		return;
	bool first = !p->policy->abi && !p->policy->abi_kernel;
	if (t.kind == LEX_ANGLE && str_eq(t.text, "kernel")) {
		p->policy->abi_kernel |= first;
		return;
	}
	char *text = p->lex.source.open ?
		p->lex.source.open(p->arena, p->lex.source.arg, t.text, t.kind == LEX_ANGLE, &len,
				   &found, &more) : NULL;
	if (!text || more)
		lex_fail(&p->lex, "cannot find the features file %s", t.text);
	else if (first)
		p->policy->abi = text;
}
