/* regex.c - a regular expression as a tree
 *
 * Groups are kept on a stack of their own; functions that walk a tree call
 * themselves at most REGEX_DEPTH_MAX deep, because no tree is deeper.
 */
#include "policy/apparmor/regex.h"

#include <string.h>

#include "core/vec.h"
#include "policy/apparmor/lex.h"

const struct regex regex_empty = {.kind = REGEX_EMPTY};

struct kids {
	const struct regex **at;
	size_t len, cap;
};

struct reader {
	struct arena *arena;
	const char *p, *end;
	const char *why;
	int depth;
	struct {
		struct kids cat, alt;
	} stack[REGEX_DEPTH_MAX];
};

static void set_add(struct regex_set *s, unsigned c)
{
	s->w[c >> 6] |= 1ull << (c & 63);
}

static const struct regex *node_set(struct arena *a, struct regex_set set)
{
	struct regex *r = NEW(a, struct regex);

	r->kind = REGEX_SET;
	r->set = set;
	return r;
}

static const struct regex *node_list(struct arena *a, enum regex_kind kind, struct kids k)
{
	struct regex *r = NEW(a, struct regex);

	if (k.len == 0)
		return &regex_empty;
	if (k.len == 1)
		return k.at[0];
	r->kind = kind;
	r->kids = k.at;
	r->len = k.len;
	return r;
}

static const struct regex *node_pair(struct arena *a, enum regex_kind kind, const struct regex *l,
				     const struct regex *r)
{
	struct kids k = {0};

	vec_push(a, &k, l);
	vec_push(a, &k, r);
	return node_list(a, kind, k);
}

const struct regex *regex_cat(struct arena *a, const struct regex *l, const struct regex *r)
{
	return node_pair(a, REGEX_CAT, l, r);
}

const struct regex *regex_alt(struct arena *a, const struct regex *l, const struct regex *r)
{
	return node_pair(a, REGEX_ALT, l, r);
}

const struct regex *regex_byte(struct arena *a, unsigned char c)
{
	struct regex_set s = {0};

	set_add(&s, c);
	return node_set(a, s);
}

const struct regex *regex_oob(struct arena *a)
{
	return node_set(a, (struct regex_set){.oob = true});
}

/* A byte at p, unquoted; *special when it may have a meaning of its own. */
static unsigned next_byte(struct reader *r, bool *special)
{
	unsigned char c = (unsigned char)*r->p++;
	const char *q = r->p;

	*special = c != '\\';
	if (c != '\\')
		return c;
	int v = lex_escape(&q, r->end, "*+.|^$-[](){}");
	if (v < 0)
		return '\\';
	r->p = q;
	return (unsigned)v;
}

static void add_range(struct regex_set *s, unsigned from, unsigned to)
{
	if (from > to) {
		unsigned t = from;

		from = to;
		to = t;
	}
	for (; from <= to; from++)
		set_add(s, from);
}

/* Behind "[": up to and with "]". */
static const struct regex *read_set(struct reader *r)
{
	struct regex_set s = {0};
	bool special, negate = false, first = true;

	if (r->p < r->end && *r->p == '^') {
		negate = true;
		r->p++;
		if (r->p < r->end && *r->p == '^') { /* the second one is a member */
			r->p++;
			set_add(&s, '^');
			first = false;
		}
	}
	for (;; first = false) {
		if (r->p >= r->end) {
			r->why = "[ is not closed";
			return NULL;
		}
		unsigned c = next_byte(r, &special);
		if (special && c == ']' && !first)
			break;
		if (special && c == '-' && !first) {
			r->why = "- in [ ] without a begin";
			return NULL;
		}
		if (r->p >= r->end || *r->p != '-') {
			set_add(&s, c);
			continue;
		}
		r->p++;
		if (r->p >= r->end) {
			r->why = "[ is not closed";
			return NULL;
		}
		unsigned to = next_byte(r, &special);
		if (special && (to == ']' || to == '-')) {
			r->why = "- in [ ] without an end";
			return NULL;
		}
		add_range(&s, c, to);
	}
	for (int i = 0; negate && i < 4; i++)
		s.w[i] = ~s.w[i];
	return node_set(r->arena, s);
}

static void push(struct reader *r, const struct regex *x)
{
	if (x)
		vec_push(r->arena, &r->stack[r->depth].cat, x);
}

static void repeat(struct reader *r, char op)
{
	struct kids *cat = &r->stack[r->depth].cat;
	const struct regex *x = cat->len ? cat->at[cat->len - 1] : NULL;

	if (!x || x->kind != REGEX_SET) {
		r->why = "nothing that can be repeated";
		return;
	}
	struct regex *star = NEW(r->arena, struct regex);
	star->kind = REGEX_STAR;
	star->set = x->set;
	if (op == '*')
		cat->at[cat->len - 1] = star;
	else
		push(r, star);
}

static void branch(struct reader *r)
{
	struct kids *cat = &r->stack[r->depth].cat;

	vec_push(r->arena, &r->stack[r->depth].alt, node_list(r->arena, REGEX_CAT, *cat));
	*cat = (struct kids){0};
}

static void read_one(struct reader *r)
{
	bool special;
	struct regex_set any = {.w = {~0ull, ~0ull, ~0ull, ~0ull}};
	unsigned c = next_byte(r, &special);

	if (!special) {
		push(r, regex_byte(r->arena, (unsigned char)c));
	} else if (c == '.') {
		push(r, node_set(r->arena, any));
	} else if (c == '[') {
		push(r, read_set(r));
	} else if (c == '*' || c == '+') {
		repeat(r, (char)c);
	} else if (c == '|') {
		branch(r);
	} else if (c == '(') {
		if (++r->depth == REGEX_DEPTH_MAX)
			r->why = "groups nest too deep";
		else
			memset(&r->stack[r->depth], 0, sizeof r->stack[0]);
	} else if (c == ')') {
		branch(r);
		struct kids alt = r->stack[r->depth].alt;
		if (r->depth == 0)
			r->why = ") without (";
		else {
			r->depth--;
			push(r, node_list(r->arena, REGEX_ALT, alt));
		}
	} else {
		push(r, regex_byte(r->arena, (unsigned char)c));
	}
}

const struct regex *regex_parse(struct arena *a, const char *text, size_t len, const char **why)
{
	struct reader r; /* the stack in it is set up level by level */

	r.arena = a;
	r.p = text;
	r.end = text + len;
	r.why = NULL;
	r.depth = 0;
	memset(&r.stack[0], 0, sizeof r.stack[0]);
	while (r.p < r.end && !r.why)
		read_one(&r);
	if (!r.why && r.depth)
		r.why = "( is not closed";
	if (r.why) {
		*why = r.why;
		return NULL;
	}
	branch(&r);
	return node_list(a, REGEX_ALT, r.stack[0].alt);
}

bool regex_is_exact(const char *text, size_t len)
{
	bool in_set = false;

	for (size_t i = 0; i < len; i++) {
		if (text[i] == '\\') {
			i++;
		} else if (in_set) {
			in_set = text[i] != ']';
		} else if (text[i] == '[') {
			if (i + 1 < len && text[i + 1] == '^')
				return false;
			in_set = true;
			i += i + 1 < len && text[i + 1] == ']';
		} else if (text[i] == '*' || text[i] == '+' || text[i] == '.') {
			return false;
		}
	}
	return true;
}

static bool has_star(const struct regex *r)
{
	for (size_t i = 0; i < r->len; i++)
		if (has_star(r->kids[i]))
			return true;
	return r->kind == REGEX_STAR;
}

size_t regex_min_len(const struct regex *r)
{
	size_t n = r->kind == REGEX_ALT ? SIZE_MAX : r->kind == REGEX_SET;

	for (size_t i = 0; i < r->len; i++) {
		size_t k = regex_min_len(r->kids[i]);

		if (r->kind == REGEX_CAT)
			n += k;
		else if (k < n)
			n = k;
		if (r->kind == REGEX_CAT && has_star(r->kids[i]))
			break;
	}
	return n;
}
