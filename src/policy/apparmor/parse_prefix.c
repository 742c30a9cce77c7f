/* parse_prefix.c - what stands before a rule: priority, audit, allow or deny, owner */
#include <stdlib.h>
#include <string.h>

#include "policy/apparmor/parse_internal.h"

struct ap_prefix parse_prefix(struct parse *p)
{
	struct ap_prefix prefix = {0};

	if (lex_peek(&p->lex, LEX_RULES).kind == LEX_PRIORITY) {
		lex_next(&p->lex, LEX_RULES);
		if (lex_next(&p->lex, LEX_NUMBER).kind != LEX_EQUALS)
			lex_fail(&p->lex, "no = behind priority");
		struct lex_token n = lex_next(&p->lex, LEX_NUMBER);
		bool ok = n.kind == LEX_NUM && strlen(n.text) < 9;
		int value = ok ? atoi(n.text) : AP_PRIORITY_MAX + 1;
		if (value > AP_PRIORITY_MAX || value < -AP_PRIORITY_MAX)
			lex_fail(&p->lex, "priority is a number from -%d to %d", AP_PRIORITY_MAX,
				 AP_PRIORITY_MAX);
		prefix.priority = value;
	}
	prefix.audit = parse_word(p, "audit");
	if (parse_word(p, "allow"))
		prefix.mode = AP_ALLOW;
	else if (parse_word(p, "deny"))
		prefix.mode = AP_DENY;
	else if (parse_word(p, "prompt"))
		prefix.mode = AP_PROMPT;
	if (parse_word(p, "owner") || parse_word(p, "user"))
		prefix.owner = AP_OWNER;
	else if (parse_word(p, "other"))
		prefix.owner = AP_OTHER;
	return prefix;
}

/* Give a rule its prefix; false (and the error is noted) if they do not fit. */
void parse_prefix_rule(struct parse *p, struct ap_rule *r, const struct ap_prefix *prefix)
{
	const char *why = NULL;

	if (prefix->mode && r->prefix.mode && prefix->mode != r->prefix.mode)
		why = "the rule and the block it stands in contradict each other";
	else if (prefix->owner && r->kind != AP_FILE)
		why = "owner and other go with file rules only";
	else if (prefix->owner && r->prefix.owner && prefix->owner != r->prefix.owner)
		why = "owner and other contradict each other";
	else if (prefix->priority && r->kind == AP_NETWORK)
		why = "network rules have no priority";
	if (why) {
		lex_fail(&p->lex, "%s", why);
		return;
	}
	r->prefix.audit |= prefix->audit;
	if (prefix->mode)
		r->prefix.mode = prefix->mode;
	if (prefix->priority)
		r->prefix.priority = prefix->priority;
	if (prefix->owner && !r->prefix.owner) {
		r->prefix.owner = prefix->owner;
		r->perms &= prefix->owner == AP_OWNER ? AP_HALF : AP_HALF << AP_OTHER_SHIFT;
	}
	r->log = r->prefix.audit != (r->prefix.mode == AP_DENY);
	if (r->kind == AP_FILE && (why = parse_x_reason(r)))
		lex_fail(&p->lex, "%s", why);
}
