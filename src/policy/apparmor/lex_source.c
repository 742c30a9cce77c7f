/* lex_source.c - where words come from: files, includes, what is skipped */
#include <stdio.h>
#include <string.h>

#include "core/str.h"
#include "policy/apparmor/lex_word.h"

static struct lex_file *top(struct lex *l)
{
	return &l->stack[l->depth];
}

/* What was read of this file since the last time, up to here. */
static void echo(struct lex *l, const char *to)
{
	struct lex_file *f = top(l);
	const char *from = f->echoed ? f->echoed : f->text;

	if (l->source.echo && to > from)
		buf_add(l->source.echo, from, (size_t)(to - from));
	f->echoed = to;
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
	*top(l) = (struct lex_file){name, text, text, text + len, NULL, 1};
	if (l->source.echo && l->depth)
		buf_printf(l->source.echo, "\n##included %s\n", name);
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
		*top(l) = (struct lex_file){name, "", "", "", NULL, 1};
		lex_fail(l, len > LEX_TEXT_MAX ? "the file is too large" :
						 "the file has a NUL byte");
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
	top(l)->echoed = top(l)->pos;
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
	echo(l, f->pos);
	f->pos = f->echoed = optional ? q : p;
	include_line(l, optional);
	return true;
}

void word_skip(struct lex *l, enum lex_mode mode)
{
	while (!l->failed) {
		struct lex_file *f = top(l);

		word_blanks(l, mode != LEX_ASSIGN && mode != LEX_NAME && mode != LEX_NUMBER);
		if (f->pos == f->end) {
			echo(l, f->end);
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
