/* glob.c - the patterns people write, as regular expressions
 *
 *	*  [^/\0]*    **  [^\0]*    ?  [^/\0]    {a,b}  (a|b)    [a-z]  itself
 *
 * A star at the end of a name (before / or the end of the text) behind a /
 * needs one byte at least: /a/ is not matched by /a/ and a star.
 */
#include "policy/apparmor/glob.h"

#include <string.h>

#include "policy/apparmor/lex.h"

#define DEPTH_MAX 50

struct state {
	struct buf *re;
	const char *pattern, *end, *p;
	bool nul, escaped, in_class, wild;
	int depth;
	bool comma[DEPTH_MAX];
	const char *why;
};

static void raw(struct state *s)
{
	buf_char(s->re, *s->p);
}

static void quoted(struct state *s)
{
	buf_char(s->re, '\\');
	buf_char(s->re, *s->p);
}

static void star(struct state *s)
{
	const char *one = s->nul ? "[^/]" : "[^/\\x00]", *q = s->p;

	s->wild = true;
	if (s->re->len && s->re->data[s->re->len - 1] == '/') {
		while (*q == '*')
			q++;
		if (*q == '/' || !*q)
			buf_str(s->re, one);
	}
	if (s->p[1] == '*') {
		buf_str(s->re, s->nul ? ".*" : "[^\\x00]*");
		s->p++;
	} else {
		buf_str(s->re, one);
		buf_char(s->re, '*');
	}
}

static void brace(struct state *s)
{
	if (s->in_class) {
		raw(s);
		return;
	}
	s->wild = true;
	if (*s->p == '{') {
		if (++s->depth >= DEPTH_MAX) {
			s->why = "{ } nest too deep";
			return;
		}
		s->comma[s->depth] = false;
		buf_char(s->re, '(');
		return;
	}
	if (s->depth == 0)
		s->why = "} without {";
	else if (!s->comma[s->depth--])
		s->why = "{ } without a comma";
	buf_char(s->re, ')');
}

static void bracket(struct state *s)
{
	if (*s->p == ']' && !s->in_class)
		s->why = "] without [";
	s->wild = true;
	s->in_class = *s->p == '[';
	raw(s);
}

static void comma(struct state *s)
{
	if (s->escaped && s->in_class) {
		quoted(s);
	} else if (!s->escaped && s->depth && !s->in_class) {
		s->comma[s->depth] = true;
		buf_char(s->re, '|');
	} else {
		raw(s);
	}
}

/* A byte without a meaning here, perhaps behind a backslash. */
static void plain(struct state *s)
{
	const char *q = s->p;

	if (strchr(".+|()", *s->p))
		buf_char(s->re, '\\');
	if (s->escaped && lex_escape(&q, s->end, "") != -1) {
		buf_char(s->re, '\\');
		buf_add(s->re, s->p, (size_t)(q - s->p));
		s->p = q - 1;
	} else {
		raw(s);
	}
}

static void step(struct state *s)
{
	switch (*s->p) {
	case '*':
		if (s->escaped)
			quoted(s);
		else
			star(s);
		break;
	case '?':
		if (s->escaped) {
			raw(s);
		} else {
			s->wild = true;
			buf_str(s->re, s->nul ? "[^/]" : "[^/\\x00]");
		}
		break;
	case '[':
	case ']':
		if (s->escaped)
			quoted(s);
		else
			bracket(s);
		break;
	case '{':
	case '}':
		if (s->escaped)
			quoted(s);
		else
			brace(s);
		break;
	case ',':
		comma(s);
		break;
	case '^':
	case '$':
		if (s->in_class)
			raw(s);
		else
			quoted(s);
		break;
	default:
		plain(s);
	}
}

enum glob_kind glob_regex(struct buf *re, const char *pattern, bool nul, const char **why)
{
	struct state s = {.re = re, .pattern = pattern, .p = pattern, .nul = nul,
			  .end = pattern + strlen(pattern)};

	for (; *s.p && !s.why; s.p++) {
		if (*s.p == '\\' && !s.escaped) {
			s.escaped = true;
			continue;
		}
		if (*s.p == '\\')
			buf_str(re, "\\\\");
		else
			step(&s);
		s.escaped = false;
	}
	if (!s.why && (s.depth || s.in_class))
		s.why = "{ or [ is not closed";
	if (!s.why && s.escaped)
		s.why = "a backslash at the end";
	if (s.why)
		*why = s.why;
	return s.why ? GLOB_BAD : s.wild ? GLOB_WILD : GLOB_PLAIN;
}

void glob_fold_slashes(char *path)
{
	char *from = path, *to = path;
	bool slash = false;

	if (!path || !path[0] || !path[1])
		return;
	if (path[0] == '/' && path[1] == '/' && path[2] != '/')
		from = to = path + 2;
	for (; *from; from++) {
		if (*from == '/' && slash)
			continue;
		slash = *from == '/';
		*to++ = *from;
	}
	*to = '\0';
}
