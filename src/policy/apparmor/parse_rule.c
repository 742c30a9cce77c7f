/* parse_rule.c - what stands between the braces of a profile
 *
 * Nesting is bounded by PARSE_DEPTH_MAX, so the functions here call each other.
 * A block { } gives its prefix to every rule in it that says nothing of its own.
 * (The reference overwrites: there "deny" inside "audit { }" allows.)
 */
#include "core/str.h"
#include "policy/apparmor/parse_internal.h"

static void rules(struct parse *p, struct ap_profile *body);

static void block(struct parse *p, struct ap_profile *body, const struct ap_prefix *prefix)
{
	struct ap_caps before = body->caps, *c = &body->caps;
	size_t first = body->rules.len;

	if (prefix->priority)
		lex_fail(&p->lex, "a block has no priority");
	*c = (struct ap_caps){0};
	rules(p, body);
	for (size_t i = first; i < body->rules.len && !p->lex.failed; i++)
		parse_prefix_rule(p, body->rules.at[i], prefix);
	if (prefix->mode == AP_DENY && c->allow) {
		c->deny |= c->allow;
		c->quiet |= prefix->audit ? 0 : c->allow & ~c->audit;
		c->allow = c->audit = 0;
	} else if (prefix->audit) {
		c->audit |= c->allow;
		c->quiet = 0;
	}
	c->allow |= before.allow;
	c->audit |= before.audit;
	c->deny |= before.deny;
	c->quiet |= before.quiet;
}

static void add_rule(struct parse *p, struct ap_profile *body, struct ap_rule *r,
		     const struct ap_prefix *prefix)
{
	if (p->lex.failed)
		return;
	parse_prefix_rule(p, r, prefix);
	if (p->lex.failed)
		return;
	vec_push(p->arena, &body->rules, r);
	if (r->kind == AP_NETWORK)
		parse_unix_of(p, body, r);
}

static bool condition(struct parse *p)
{
	bool negate = false, value = false;

	while (parse_word(p, "not"))
		negate = !negate;
	bool defined = parse_word(p, "defined");
	struct lex_token t = lex_next(&p->lex, LEX_RULES);
	if (t.kind != LEX_BOOLVAR && !(defined && t.kind == LEX_SETVAR)) {
		lex_fail(&p->lex, "if needs $NAME or defined @{NAME}");
		return false;
	}
	struct ap_variable *v = parse_variable(p, t.text);
	if (defined)
		value = v && !v->boolean;
	else if (!v || !v->boolean)
		lex_fail(&p->lex, "$%s is not set", t.text);
	else
		value = v->value;
	return value != negate;
}

static void open_brace(struct parse *p)
{
	if (lex_next(&p->lex, LEX_RULES).kind != LEX_OPEN)
		lex_fail(&p->lex, "expected {");
}

/* if COND { } [else if COND { }] [else { }]: the first that holds is kept. */
static void conditional(struct parse *p, struct ap_profile *body)
{
	bool done = false, last = false;

	while (!p->lex.failed) {
		bool take = last ? !done : condition(p) && !done;
		struct ap_profile dropped = {0};

		open_brace(p);
		rules(p, take ? body : &dropped);
		done |= take;
		if (last || !parse_word(p, "else"))
			return;
		last = !parse_word(p, "if");
	}
}

static void child(struct parse *p, struct ap_profile *body, bool hat)
{
	struct ap_profile *c = parse_profile(p, LEX_NAME, hat);

	if (p->lex.failed)
		return;
	parse_add_profile(p, body, c);
}

/* The rules that take a prefix; the prefix has been read, word has not. */
static void prefixed(struct parse *p, struct ap_profile *body, const struct ap_prefix *prefix)
{
	struct lex_token t = lex_peek(&p->lex, LEX_RULES);
	const char *w = t.kind == LEX_WORD ? t.text : "";
	static const char *const reserved[] = {
		"if", "else", "not", "defined", "subset", "audit", "deny", "allow", "prompt", "set",
		"rlimit", "alias", "rewrite", "in", "send", "receive", "bind", "read", "write",
		"eavesdrop", "peer", "trace", "tracedby", "readby", "abi", "delete", "open",
		"override_creds", "sqpoll", "priority", "hat", "profile", "owner", "user", "other",
		NULL};
	static const char *const mounts[] = {"mount", "remount", "umount", "unmount", "pivot_root",
					     NULL};

	if (t.kind == LEX_OPEN) {
		lex_next(&p->lex, LEX_RULES);
		block(p, body, prefix);
		return;
	}
	if (str_in(w, reserved)) {
		lex_fail(&p->lex, "unexpected \"%s\"", w);
		return;
	}
	bool known = parse_is_class(w) || str_in(w, mounts) || str_eq(w, "network") ||
		     str_eq(w, "capability") || str_eq(w, "change_profile") || str_eq(w, "link") ||
		     str_eq(w, "file") || str_eq(w, "all");
	if (known)
		lex_next(&p->lex, LEX_RULES);
	if (str_eq(w, "capability"))
		parse_capability(p, body, prefix);
	else if (str_eq(w, "all"))
		parse_all(p, body, prefix);
	else if (str_eq(w, "network"))
		add_rule(p, body, parse_network(p), prefix);
	else if (str_eq(w, "change_profile"))
		add_rule(p, body, parse_change_profile(p), prefix);
	else if (str_eq(w, "link"))
		add_rule(p, body, parse_link(p), prefix);
	else if (str_in(w, mounts))
		add_rule(p, body, parse_mount(p, w), prefix);
	else if (parse_is_class(w))
		add_rule(p, body, parse_class(p, w), prefix);
	else
		add_rule(p, body, parse_file(p, known), prefix);
}

static bool unprefixed(struct parse *p, struct ap_profile *body)
{
	struct lex_token t = lex_peek(&p->lex, LEX_RULES);

	if (t.kind == LEX_CARET) {
		lex_next(&p->lex, LEX_RULES);
		child(p, body, true);
	} else if (parse_word(p, "hat")) {
		child(p, body, true);
	} else if (parse_word(p, "profile")) {
		child(p, body, false);
	} else if (parse_word(p, "if")) {
		conditional(p, body);
	} else if (parse_word(p, "set")) {
		parse_rlimit(p, body);
	} else if (parse_word(p, "abi")) {
		parse_abi(p);
	} else {
		return false;
	}
	return true;
}

/* Up to the closing brace, which is taken. */
static void rules(struct parse *p, struct ap_profile *body)
{
	if (++p->depth > PARSE_DEPTH_MAX)
		lex_fail(&p->lex, "blocks nest deeper than %d", PARSE_DEPTH_MAX);
	while (!p->lex.failed) {
		struct lex_token t = lex_peek(&p->lex, LEX_RULES);

		if (t.kind == LEX_CLOSE) {
			lex_next(&p->lex, LEX_RULES);
			break;
		}
		if (t.kind == LEX_END) {
			lex_fail(&p->lex, "a block { is not closed");
			break;
		}
		if (unprefixed(p, body))
			continue;
		struct ap_prefix prefix = parse_prefix(p);
		prefixed(p, body, &prefix);
	}
	p->depth--;
}

struct ap_profile *parse_profile(struct parse *p, enum lex_mode name_mode, bool hat)
{
	struct ap_profile *prof = parse_head(p, name_mode, hat);

	if (p->lex.failed)
		return prof;
	/* what a profile includes, it includes for itself */
	struct lex outer = {0};
	outer.seen.at = p->lex.seen.at;
	outer.seen.len = p->lex.seen.len;
	outer.seen.cap = p->lex.seen.cap;
	p->lex.seen.at = NULL;
	p->lex.seen.len = p->lex.seen.cap = 0;
	rules(p, prof);
	p->lex.seen.at = outer.seen.at;
	p->lex.seen.len = outer.seen.len;
	p->lex.seen.cap = outer.seen.cap;
	return prof;
}
