/* lex.c - where words come from: files, includes, the first error, escapes
 *
 * The shapes of the words are in lex_word.c.
 */
#include "policy/apparmor/lex.h"

#include <stdio.h>
#include <string.h>

#include "core/str.h"
#include "policy/apparmor/lex_word.h"

static struct lex_file *top(struct lex *l)
{
	return &l->stack[l->depth];
}

void lex_fail(struct lex *l, const char *fmt, ...)
{
	va_list ap;

	if (l->failed)
		return;
	const struct lex_file *f = top(l);
	va_start(ap, fmt);
	char *what = arena_vprintf(l->arena, fmt, ap);
	va_end(ap);
	l->failed = true;
	l->ahead = false;
	l->why = arena_printf(l->arena, "%s:%d: %s", f->name, f->line, what);
}

static void push(struct lex *l, const char *name, const char *text, size_t len)
{
	if (memchr(text, 0, len)) {
		lex_fail(l, "%s has a NUL byte", name);
		return;
	}
	if (l->depth + 1 >= LEX_DEPTH_MAX) {
		lex_fail(l, "includes nest deeper than %d", LEX_DEPTH_MAX);
		return;
	}
	l->total += len;
	if (l->total > LEX_TEXT_MAX) {
		lex_fail(l, "more than %zu MiB of text", LEX_TEXT_MAX >> 20);
		return;
	}
	l->depth++;
	*top(l) = (struct lex_file){name, text, text, text + len, 1};
}

void lex_start(struct lex *l, struct arena *a, struct lex_source source, const char *name,
	       const char *text, size_t len)
{
	memset(l, 0, sizeof *l);
	l->arena = a;
	l->source = source;
	l->depth = -1;
	if (memchr(text, 0, len) || len > LEX_TEXT_MAX) {
		l->depth = 0;
		*top(l) = (struct lex_file){name, "", "", "", 1};
		lex_fail(l, len > LEX_TEXT_MAX ? "the file is too large" : "the file has a NUL byte");
		return;
	}
	push(l, name, text, len);
}

static bool seen(struct lex *l, const char *path)
{
	for (size_t i = 0; i < l->seen.len; i++)
		if (str_eq(l->seen.at[i], path))
			return true;
	vec_push(l->arena, &l->seen, path);
	return false;
}

static void include(struct lex *l, const char *name, bool angle, bool optional)
{
	const char *found = NULL;
	void *more = NULL;
	int count = 0;

	do {
		size_t len = 0;
		char *text = l->source.open ? l->source.open(l->arena, l->source.arg, name, angle,
							     &len, &found, &more) : NULL;
		if (!text)
			break;
		count++;
		if (!seen(l, found))
			push(l, found, text, len);
	} while (more && !l->failed);
	if (!count && !found && !optional)
		lex_fail(l, "cannot find the included file %s", name);
}

/* The name behind include; the word itself has been taken. */
static void include_line(struct lex *l, bool optional)
{
	struct lex_token t = {0};

	word_blanks(l, true);
	bool angle = top(l)->pos < top(l)->end && *top(l)->pos == '<';
	if (!word_file(l, &t)) {
		lex_fail(l, "include without a file name");
		return;
	}
	if (!l->failed)
		include(l, t.text, angle, optional);
}

/* "include", "include if exists", and the same behind '#': true if it was one. */
static bool take_include(struct lex *l)
{
	struct lex_file *f = top(l);
	const char *p = f->pos, *end = f->end;
	bool hash = *p == '#';

	if (hash)
		p++;
	if (end - p < 8 || strncmp(p, "include", 7) != 0)
		return false;
	p += 7;
	if (!hash && *p != ' ' && *p != '\t')
		return false;
	const char *q = p;
	bool optional = word_keyword(&q, end, "if") && word_keyword(&q, end, "exists") &&
			q < end && (*q == ' ' || *q == '\t');
	f->pos = optional ? q : p;
	include_line(l, optional);
	return true;
}

void word_skip(struct lex *l, enum lex_mode mode)
{
	while (!l->failed) {
		struct lex_file *f = top(l);

		word_blanks(l, mode != LEX_ASSIGN && mode != LEX_NAME && mode != LEX_NUMBER);
		if (f->pos == f->end) {
			if (l->depth == 0)
				return;
			l->depth--;
			if (mode == LEX_ASSIGN)
				return;
		} else if (mode == LEX_RULES && (*f->pos == '#' || *f->pos == 'i')) {
			if (take_include(l))
				continue;
			if (*f->pos != '#')
				return;
			const char *eol = memchr(f->pos, '\n', (size_t)(f->end - f->pos));
			f->pos = eol ? eol : f->end;
		} else if (mode == LEX_ASSIGN && f->pos + 1 < f->end && *f->pos == '\\' &&
			   f->pos[1] == '\n') {
			f->pos += 2;
			f->line++;
		} else {
			return;
		}
	}
}

static struct lex_token end_token(struct lex *l)
{
	return (struct lex_token){.kind = LEX_END, .text = (char *)"", .file = top(l)->name,
				  .line = top(l)->line};
}

struct lex_token lex_peek(struct lex *l, enum lex_mode mode)
{
	if (l->ahead && l->ahead_mode == mode)
		return l->ahead_token;
	if (l->ahead) {
		l->depth = l->ahead_depth;
		*top(l) = l->ahead_at;
	}
	l->ahead = false;
	int depth = l->depth;
	if (mode != LEX_NAME)
		word_skip(l, mode);
	if (l->failed)
		return end_token(l);
	l->ahead_depth = l->depth;
	l->ahead_at = *top(l);

	struct lex_token t = end_token(l);
	if (mode == LEX_ASSIGN && depth != l->depth)
		t.kind = LEX_LINE; /* an include ended: so did its last line */
	else if (top(l)->pos == top(l)->end)
		t.kind = mode == LEX_ASSIGN ? LEX_LINE : LEX_END;
	else if (!word_read(l, mode, &t))
		lex_fail(l, "unexpected character '%c'", *top(l)->pos);
	if (l->failed)
		return end_token(l);
	l->ahead = true;
	l->ahead_mode = mode;
	l->ahead_token = t;
	return t;
}

struct lex_token lex_next(struct lex *l, enum lex_mode mode)
{
	struct lex_token t = lex_peek(l, mode);

	l->ahead = false;
	return t;
}

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
		return (c | 0x20) - 'a' + 10;
	return 99;
}

/* At most max digits whose value stays within a byte; -1 when there is none. */
static int number(const char **s, const char *end, int base, int max)
{
	int value = 0, n = 0;

	while (n < max && *s < end && digit(**s) < base && value * base + digit(**s) <= 255) {
		value = value * base + digit(**s);
		(*s)++;
		n++;
	}
	return n ? value : -1;
}

int lex_escape(const char **s, const char *end, const char *more)
{
	static const char names[] = "aefnrt", values[] = "\a\033\f\n\r\t";

	if (*s >= end)
		return -1;
	char c = **s;
	if (c >= '0' && c <= '7')
		return number(s, end, 8, 3);
	(*s)++;
	if (c == 'd')
		return number(s, end, 10, 3);
	if (c == 'x')
		return number(s, end, 16, 2);
	if (c == '\\' || c == '"')
		return c;
	const char *name = c ? strchr(names, c) : NULL;
	if (name)
		return values[name - names];
	return c && strchr(more, c) ? (unsigned char)c : -1;
}
