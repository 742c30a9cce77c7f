/* lex_read.c - which words each mode knows
 *
 * As in the reference, the longest kind of word wins.
 */
#include <string.h>

#include "policy/apparmor/lex_word.h"

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

static bool perms_word(const char *p, const char *q)
{
	while (p < q) {
		if (in(*p, "RrWwaLlMmkXx")) {
			p++;
			continue;
		}
		if (in(*p, "PpCc"))
			p++;
		if (p < q && in(*p, "IiUu"))
			p++;
		if (p >= q || !in(*p, "Xx"))
			return false;
		p++;
	}
	return true;
}

static bool read_rules(struct lex *l, struct lex_token *t)
{
	const char *p = top(l)->pos, *end = top(l)->end, *q;

	if (word_punctuation(l, t, "{}(,=+^-"))
		return true;
	if (*p == '"' && p + 1 < end && in(p[1], "/@:&"))
		return word_take(l, t, LEX_ID, word_quote_end(p, end));
	q = word_label_end(p, end);
	if (q != p)
		return word_take(l, t, LEX_ID, q);
	if (*p == '@')
		return word_variable(l, t, LEX_SETVAR);
	if (*p == '$')
		return word_variable(l, t, LEX_BOOLVAR);
	if (!letter(*p))
		return false;
	q = word_name_end(p, end);
	if (word_condition(l, t, q))
		return true;
	bool all = q - p == 3 && strncmp(p, "all", 3) == 0;
	if (!all && q < end && in(*q, " \t\r\n\v\f,") && perms_word(p, q))
		return word_take(l, t, LEX_PERMS, q);
	return word_take(l, t, LEX_WORD, q);
}

static bool read_class(struct lex *l, struct lex_token *t, bool mount)
{
	const char *p = top(l)->pos, *end = top(l)->end, *q;

	if (letter(*p) && word_condition(l, t, word_name_end(p, end)))
		return true;
	if (*p == '"')
		return word_take(l, t, LEX_ID, word_quote_end(p, end));
	q = in(*p, "=()+&") ? p : word_run_end(p, end, " \t\n\"!=)", "", true);
	const char *label = word_label_end(p, end);
	if (label > q)
		q = label;
	if (mount && q - p <= 2 && word_punctuation(l, t, "-"))
		return true;
	if (q != p)
		return word_take(l, t, LEX_ID, q);
	return word_punctuation(l, t, mount ? "," : "(,");
}

static bool read_text(struct lex *l, struct lex_token *t)
{
	const char *p = top(l)->pos, *end = top(l)->end;

	if (*p == '"')
		return word_take(l, t, LEX_ID, word_quote_end(p, end));
	return *p != '#' && word_take(l, t, LEX_ID, word_id_end(p, end));
}

static bool read_list(struct lex *l, struct lex_token *t)
{
	struct lex_file *f = top(l);

	while (f->pos < f->end && *f->pos == ',') {
		f->pos++;
		word_skip(l, LEX_LIST);
		f = top(l);
	}
	if (f->pos == f->end) {
		t->kind = LEX_END;
		return true;
	}
	if (*f->pos == '"')
		return word_take(l, t, LEX_ID, word_quote_end(f->pos, f->end));
	if (word_punctuation(l, t, ")"))
		return true;
	return word_take(l, t, LEX_ID,
			 word_run_end(f->pos, f->end, " \t\n\"!()", " \t\"!,()", false));
}

static bool read_group(struct lex *l, struct lex_token *t)
{
	struct lex_file *f = top(l);

	while (f->pos < f->end && *f->pos == ',') {
		f->pos++;
		word_skip(l, LEX_GROUP);
		f = top(l);
	}
	if (f->pos == f->end) {
		t->kind = LEX_END;
		return true;
	}
	return word_punctuation(l, t, ")=") ||
	       word_take(l, t, LEX_COND, word_run_end(f->pos, f->end, " \t\n\"!=)", "", false));
}

static bool read_value(struct lex *l, struct lex_token *t)
{
	const char *p = top(l)->pos, *end = top(l)->end;

	if (word_punctuation(l, t, "=("))
		return true;
	if (end - p > 2 && !strncmp(p, "in", 2) && in(p[2], " \t("))
		return word_take(l, t, LEX_WORD, p + 2);
	return read_text(l, t);
}

static bool read_number(struct lex *l, struct lex_token *t, bool plus)
{
	const char *p = top(l)->pos, *end = top(l)->end, *q = p;

	if (word_punctuation(l, t, plus ? "=" : "<,"))
		return true;
	if (*q == '-' || (plus && *q == '+'))
		q++;
	const char *digits = q;
	while (q < end && in(*q, "0123456789"))
		q++;
	if (q > digits)
		return word_take(l, t, LEX_NUM, q);
	for (q = p; q < end && (letter(*q) || *q == '_');)
		q++;
	return !plus && word_take(l, t, LEX_WORD, q);
}

bool word_read(struct lex *l, enum lex_mode mode, struct lex_token *t)
{
	const char *p = top(l)->pos;

	switch (mode) {
	case LEX_RULES:
		return read_rules(l, t);
	case LEX_NAME:
		word_blanks(l, false);
		if (top(l)->pos == top(l)->end)
			return false;
		return read_text(l, t);
	case LEX_TARGET:
		return read_text(l, t);
	case LEX_CLASS:
	case LEX_MOUNT:
		return read_class(l, t, mode == LEX_MOUNT);
	case LEX_CHANGE:
		if (top(l)->end - p >= 2 && !strncmp(p, "->", 2) &&
		    word_id_end(p, top(l)->end) - p == 2)
			return word_take(l, t, LEX_ARROW, p + 2);
		return read_text(l, t) || word_punctuation(l, t, ",");
	case LEX_RLIMIT:
	case LEX_NUMBER:
		return read_number(l, t, mode == LEX_NUMBER);
	case LEX_ASSIGN:
		if (*p == '#') { /* up to, not with, the end of the line */
			while (top(l)->pos < top(l)->end && *top(l)->pos != '\n')
				top(l)->pos++;
		} else if (!(*p == '\n' || (*p == '\r' && top(l)->end - p > 1 && p[1] == '\n'))) {
			if (*p == ',') {
				lex_fail(l, "a variable's values end with the line, "
					    "not with a comma");
				return true;
			}
			return read_text(l, t);
		}
		t->kind = LEX_LINE;
		return true;
	case LEX_LIST:
	case LEX_GROUP_VALUE:
		return (mode == LEX_GROUP_VALUE && word_punctuation(l, t, "(")) || read_list(l, t);
	case LEX_VALUE:
		return read_value(l, t);
	case LEX_GROUP:
		return read_group(l, t);
	case LEX_FILE:
		return word_file(l, t);
	}
	return false;
}
