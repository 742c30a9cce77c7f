/* lex_word.c - the shapes of words
 *
 * Where each kind of word ends. Which kinds a mode looks for is in lex_read.c.
 */
#include "policy/apparmor/lex_word.h"

#include <stdlib.h>
#include <string.h>

#include "core/buf.h"

static struct lex_file *top(struct lex *l)
{
	return &l->stack[l->depth];
}

static bool in(char c, const char *set)
{
	return c && strchr(set, c);
}

static bool letter(char c)
{
	return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

static bool digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool name_char(char c)
{
	return letter(c) || digit(c) || c == '_';
}

void word_blanks(struct lex *l, bool lines)
{
	struct lex_file *f = top(l);

	for (; f->pos < f->end; f->pos++) {
		if (*f->pos == '\n' && lines)
			f->line++;
		else if (*f->pos == '\r' && lines && f->pos + 1 < f->end && f->pos[1] == '\n')
			continue;
		else if (*f->pos != ' ' && *f->pos != '\t')
			return;
	}
}

bool word_keyword(const char **s, const char *end, const char *word)
{
	const char *p = *s;
	size_t n = strlen(word);

	while (p < end && (*p == ' ' || *p == '\t'))
		p++;
	if (p == *s || (size_t)(end - p) < n || strncmp(p, word, n) != 0)
		return false;
	*s = p + n;
	return true;
}

/* Letters, digits and _ after a letter. */
const char *word_name_end(const char *p, const char *end)
{
	if (p < end && letter(*p))
		while (p < end && name_char(*p))
			p++;
	return p;
}

/* A run of bytes outside stop, where a comma counts if such a byte follows it,
 * and a backslash quotes those of quoted. */
const char *word_run_end(const char *p, const char *end, const char *stop, const char *quoted,
			   bool commas)
{
	for (; p < end; p++) {
		if (*p == '\\' && p + 1 < end && in(p[1], quoted))
			p++;
		else if (*p == ',' && commas && p + 1 < end && p[1] != ',' && !in(p[1], stop))
			p++;
		else if (*p == ',' || in(*p, stop))
			break;
	}
	return p;
}

const char *word_id_end(const char *p, const char *end)
{
	return word_run_end(p, end, " \t\r\n\"!", " \t\"!,#", true);
}

/* Behind the closing quote of a text that begins with one, or NULL. A quote
 * behind a backslash ends the text only if no other does. */
const char *word_quote_end(const char *p, const char *end)
{
	const char *fallback = NULL;

	if ((size_t)(end - p) > LEX_WORD_MAX)
		end = p + LEX_WORD_MAX;
	for (p++; p < end; p++) {
		if (*p != '"')
			continue;
		if (p[-1] != '\\')
			return p + 1;
		fallback = p + 1;
	}
	return fallback;
}

/* The bytes from p to q with quotes stripped and escapes resolved; what would
 * become a byte with a meaning in patterns stays behind its backslash. */
static char *resolve(struct lex *l, const char *p, const char *q)
{
	struct buf b = buf_new(l->arena);

	if (q - p >= 2 && *p == '"') {
		p++;
		q--;
	}
	while (p < q) {
		const char *next = p + 1;
		int c = *p == '\\' && q - p > 1 ? lex_escape(&next, q, "") : -1;

		if (c < 0) {
			buf_char(&b, *p++);
			continue;
		}
		if (c == 0)
			buf_add(&b, p, (size_t)(next - p));
		else if (in((char)c, "*?[]{}^,\\"))
			buf_char(&b, '\\');
		if (c)
			buf_char(&b, (char)c);
		p = next;
	}
	return arena_dup(l->arena, buf_text(&b));
}

bool word_take(struct lex *l, struct lex_token *t, enum lex_kind kind, const char *q)
{
	struct lex_file *f = top(l);
	const char *p = f->pos;

	if (!q || q == p)
		return false;
	if ((size_t)(q - p) > LEX_WORD_MAX) {
		lex_fail(l, "a word is longer than %zu bytes", LEX_WORD_MAX);
		return true;
	}
	t->kind = kind;
	t->file = f->name;
	t->line = f->line;
	t->quoted = *p == '"';
	if (kind == LEX_ID || kind == LEX_ANGLE || kind == LEX_WORD)
		t->text = resolve(l, p, q);
	else
		t->text = arena_dupn(l->arena, p, (size_t)(q - p));
	for (; p < q; p++)
		f->line += *p == '\n';
	f->pos = q;
	return true;
}

bool word_punctuation(struct lex *l, struct lex_token *t, const char *allowed)
{
	static const struct {
		const char *text;
		enum lex_kind kind;
	} all[] = {
		{"->", LEX_ARROW}, {"+=", LEX_ADD}, {"<=", LEX_LESS_EQ}, {"{", LEX_OPEN},
		{"}", LEX_CLOSE}, {"(", LEX_PAREN}, {")", LEX_ENDPAREN}, {",", LEX_COMMA},
		{"=", LEX_EQUALS}, {"^", LEX_CARET},
	};
	const char *p = top(l)->pos;

	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
		size_t n = strlen(all[i].text);

		if (in(all[i].text[0], allowed) && (size_t)(top(l)->end - p) >= n &&
		    strncmp(p, all[i].text, n) == 0)
			return word_take(l, t, all[i].kind, p + n);
	}
	return false;
}

/* NAME before "=", "in (", or for some names "= (": what of these it is. */
bool word_condition(struct lex *l, struct lex_token *t, const char *q)
{
	const char *p = top(l)->pos, *end = top(l)->end, *s = q;
	size_t n = (size_t)(q - p);
	enum lex_kind kind = LEX_COND;

	while (s < end && in(*s, " \t"))
		s++;
	if (s < end && *s == '=') {
		for (s++; s < end && in(*s, " \t"); s++)
			;
		if (s < end && *s == '(' && ((n == 4 && !strncmp(p, "peer", 4)) ||
					     (n == 6 && !strncmp(p, "xattrs", 6))))
			kind = LEX_CONDS;
		else if (n == 8 && !strncmp(p, "priority", 8))
			kind = LEX_PRIORITY;
	} else {
		s = q;
		if (!word_keyword(&s, end, "in"))
			return false;
		while (s < end && in(*s, " \t"))
			s++;
		if (s == end || *s != '(')
			return false;
	}
	return word_take(l, t, kind, q);
}

/* /path  @{VAR}more  :ns:name  &stack : where it ends, or p. */
const char *word_label_end(const char *p, const char *end)
{
	if (in(*p, "/:&"))
		return word_id_end(p + 1, end);
	if (*p != '@')
		return p;
	bool brace = p + 1 < end && p[1] == '{';
	const char *name = p + 1 + brace, *q = word_name_end(name, end);
	if (q == name || (brace && (q == end || *q++ != '}')))
		return p;
	bool loose = !brace && q - name >= 2; /* the name can give a letter to the rest */
	if (word_id_end(q, end) == q || (!loose && in(*q, "=+")))
		return p;
	return word_id_end(q, end);
}

bool word_variable(struct lex *l, struct lex_token *t, enum lex_kind kind)
{
	const char *p = top(l)->pos, *end = top(l)->end;
	bool brace = p + 1 < end && p[1] == '{';
	const char *name = p + 1 + brace, *q = word_name_end(name, end);

	if (q == name || (brace && (q == end || *q != '}')))
		return false;
	if (!word_take(l, t, kind, q + brace) || l->failed)
		return true;
	t->text = arena_dupn(l->arena, name, (size_t)(q - name));
	return true;
}

bool word_file(struct lex *l, struct lex_token *t)
{
	struct lex_file *f = top(l);
	const char *p = f->pos, *q;

	if (p == f->end)
		return false;
	if (*p == '"')
		return word_take(l, t, LEX_ID, word_quote_end(p, f->end));
	if (*p != '<')
		return word_take(l, t, LEX_ID,
				 word_run_end(p, f->end, " \t\r\n\"!<>", " \t\"!,", true));
	for (q = p + 1; q < f->end && !in(*q, ">\t\r\n"); q++)
		;
	if (q == f->end || *q != '>')
		return false;
	f->pos = p + 1;
	while (f->pos < q && *f->pos == ' ')
		f->pos++;
	const char *r = q;
	while (r > f->pos && r[-1] == ' ')
		r--;
	if (!word_take(l, t, LEX_ANGLE, r))
		return false;
	top(l)->pos = q + 1;
	return true;
}
