/* parse_file.c - file rules, link rules and change_profile
 *
 *	[file] [safe|unsafe] PATH PERMS [-> TARGET],
 *	[file] [safe|unsafe] PERMS [subset] PATH [-> TARGET],
 *	link [subset] FROM -> TO,
 *	change_profile [safe|unsafe] [EXEC] [-> TARGET],
 */
#include <string.h>

#include "core/str.h"
#include "policy/apparmor/parse_internal.h"

struct x_form {
	uint32_t bits;
	int used; /* letters */
};

/* An execute permission that begins at s; used is 0 when none does. */
static struct x_form x_form(const char *s)
{
	char first = *s | 0x20, second = s[1] | 0x20;
	bool lower = *s >= 'a';
	struct x_form f = {AP_X, 0};

	if (first == 'i')
		return (struct x_form){AP_X | AP_IX, 2};
	if (first == 'u')
		return (struct x_form){AP_X | 1u << AP_INDEX_SHIFT | (lower ? AP_UNSAFE : 0), 2};
	if (first != 'p' && first != 'c')
		return f;
	f.bits |= (first == 'p' ? 2u : 3u) << AP_INDEX_SHIFT | (lower ? AP_UNSAFE : 0);
	f.bits |= second == 'i' ? AP_IX : second == 'u' ? AP_PUX : 0;
	f.used = second == 'x' ? 2 : 3;
	return f;
}

static uint32_t file_perms(struct parse *p, const char *s)
{
	static const char letters[] = "rwalkmx";
	static const uint32_t bits[] = {AP_R, AP_W | AP_A, AP_A, AP_L, AP_K, AP_M, AP_X};
	uint32_t perms = 0;
	const char *all = s;

	while (*s && !p->lex.failed) {
		struct x_form f = x_form(s);

		if (f.used) {
			if ((f.bits & AP_XTYPE) == AP_IX ? (perms & AP_INDEX) != 0 :
			    (perms & AP_X) && (perms & AP_XTYPE) != (f.bits & AP_XTYPE))
				lex_fail(&p->lex, "\"%s\" has two different kinds of x", all);
			perms |= f.bits;
			s += f.used;
			continue;
		}
		char c = *s++ | 0x20;
		if ((c == 'w' && (perms & (AP_A | AP_W)) == AP_A) || (c == 'a' && (perms & AP_W)))
			lex_fail(&p->lex, "\"%s\" has both a and w", all);
		const char *k = strchr(letters, c);
		perms |= k ? bits[k - letters] : 0;
	}
	return AP_BOTH(perms);
}

static char *path_or_variable(struct parse *p, struct lex_token t)
{
	if (t.kind == LEX_SETVAR)
		return arena_printf(p->arena, "@{%s}", t.text);
	if (t.kind == LEX_ID || t.kind == LEX_WORD)
		return t.text;
	lex_fail(&p->lex, "expected a path");
	return NULL;
}

/* -> NAME, if it is there. */
static char *target(struct parse *p, enum lex_mode mode)
{
	if (lex_peek(&p->lex, mode).kind != LEX_ARROW)
		return NULL;
	lex_next(&p->lex, mode);
	struct lex_token t = lex_next(&p->lex, LEX_TARGET);
	if (t.kind != LEX_ID)
		lex_fail(&p->lex, "no name behind ->");
	return t.text;
}

bool parse_comma(struct parse *p, enum lex_mode mode)
{
	if (lex_next(&p->lex, mode).kind == LEX_COMMA)
		return true;
	lex_fail(&p->lex, "no comma at the end of the rule");
	return false;
}

static bool namespaced(const char *label)
{
	if (*label == '&')
		label++;
	const char *end = *label == ':' ? strchr(label + 1, ':') : NULL;
	if (!end || end == label + 1)
		return false;
	return end[1] && strcmp(end + 1, "//") != 0;
}

static bool take_subset(struct parse *p)
{
	struct lex_token t = lex_peek(&p->lex, LEX_RULES);

	if (t.kind != LEX_WORD || !str_eq(t.text, "subset"))
		return false;
	lex_next(&p->lex, LEX_RULES);
	return true;
}

static void perms_first(struct parse *p, struct ap_rule *r)
{
	r->perms = file_perms(p, lex_next(&p->lex, LEX_RULES).text);
	r->subset = take_subset(p);
	r->str[AP_PATH] = path_or_variable(p, lex_next(&p->lex, LEX_RULES));
	char *to = target(p, LEX_RULES);
	bool link = r->perms & AP_BOTH(AP_L);
	if (r->subset && (r->perms & ~AP_BOTH(AP_L)))
		lex_fail(&p->lex, "subset goes with link permission only");
	else if (to && link && (r->perms & AP_BOTH(AP_X)))
		lex_fail(&p->lex, "-> with both l and x can mean two things");
	else if (to && link && namespaced(to))
		lex_fail(&p->lex, "a link cannot lead to a profile");
	r->str[link ? AP_LINK : AP_TARGET] = to;
}

static void path_first(struct parse *p, struct ap_rule *r)
{
	r->str[AP_PATH] = path_or_variable(p, lex_next(&p->lex, LEX_RULES));
	struct lex_token t = lex_next(&p->lex, LEX_RULES);
	if (t.kind != LEX_PERMS)
		lex_fail(&p->lex, "no permissions behind the path");
	else
		r->perms = file_perms(p, t.text);
	/* behind x a profile, else behind l what the link leads to */
	bool link = (r->perms & AP_BOTH(AP_L)) && !(r->perms & AP_BOTH(AP_X));
	r->str[link ? AP_LINK : AP_TARGET] = target(p, LEX_RULES);
}

/* The first word is still to come; keyword: "file" has been taken. */
struct ap_rule *parse_file(struct parse *p, bool keyword)
{
	struct ap_rule *r = parse_new(p, AP_FILE);
	struct lex_token t = lex_peek(&p->lex, LEX_RULES);
	bool safe = t.kind == LEX_WORD && str_eq(t.text, "safe");
	bool unsafe = t.kind == LEX_WORD && str_eq(t.text, "unsafe");

	if (keyword && t.kind == LEX_COMMA) {
		lex_next(&p->lex, LEX_RULES);
		r->str[AP_PATH] = arena_dup(p->arena, "/{**,}");
		r->perms = AP_BOTH(AP_X | AP_W | AP_R | AP_A | AP_L | AP_K | AP_M | AP_IX);
		return r;
	}
	if (safe || unsafe) {
		lex_next(&p->lex, LEX_RULES);
		t = lex_peek(&p->lex, LEX_RULES);
	}
	if (t.kind == LEX_PERMS)
		perms_first(p, r);
	else
		path_first(p, r);
	if (!p->lex.failed)
		parse_comma(p, LEX_RULES);
	if ((safe || unsafe) && !(r->perms & AP_BOTH(AP_X)))
		lex_fail(&p->lex, "safe and unsafe go with x only");
	if (safe)
		r->perms &= ~AP_BOTH(AP_UNSAFE);
	else if (unsafe)
		r->perms |= AP_BOTH(AP_UNSAFE);
	return r;
}

struct ap_rule *parse_link(struct parse *p)
{
	struct ap_rule *r = parse_new(p, AP_FILE);

	r->perms = AP_BOTH(AP_L);
	r->subset = take_subset(p);
	r->str[AP_PATH] = path_or_variable(p, lex_next(&p->lex, LEX_RULES));
	r->str[AP_LINK] = target(p, LEX_RULES);
	if (!r->str[AP_LINK])
		lex_fail(&p->lex, "a link rule needs -> and a path");
	else
		parse_comma(p, LEX_RULES);
	return r;
}

struct ap_rule *parse_change_profile(struct parse *p)
{
	struct ap_rule *r = parse_new(p, AP_CHANGE_PROFILE);
	struct lex_token t = lex_peek(&p->lex, LEX_CHANGE);
	bool plain = t.kind == LEX_ID && !t.quoted;
	bool safe = plain && str_eq(t.text, "safe"), unsafe = plain && str_eq(t.text, "unsafe");

	if (safe || unsafe) {
		lex_next(&p->lex, LEX_CHANGE);
		t = lex_peek(&p->lex, LEX_CHANGE);
	}
	if (t.kind == LEX_ID) {
		lex_next(&p->lex, LEX_CHANGE);
		r->str[AP_EXEC] = t.text;
		if (*t.text != '/' && strncmp(t.text, "@{", 2) != 0)
			lex_fail(&p->lex, "change_profile: \"%s\" does not begin with /", t.text);
		r->perms = AP_BOTH(AP_X) | (unsafe ? AP_BOTH(AP_UNSAFE) : 0);
	} else if (safe || unsafe) {
		lex_fail(&p->lex, "change_profile: safe and unsafe need a path");
	}
	char *to = target(p, LEX_CHANGE);
	r->str[AP_LABEL] = to ? to : arena_dup(p->arena, "**");
	parse_comma(p, LEX_CHANGE);
	return r;
}

/* Why the x of a file rule is wrong, or NULL. */
const char *parse_x_reason(const struct ap_rule *r)
{
	bool kind = r->perms & AP_BOTH(AP_XTYPE);

	if (!(r->perms & AP_BOTH(AP_X)))
		return NULL;
	if (r->prefix.mode == AP_DENY)
		return kind || r->str[AP_TARGET] ?
			"x of a deny rule stands alone: no i, p, c, u and no target" : NULL;
	return kind ? NULL : "x needs one of i, p, c, u before it";
}
