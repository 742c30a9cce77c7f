/* lex.c - one word after the other
 *
 * Where words come from is in lex_source.c, what they look like in lex_word.c.
 */
#include "policy/apparmor/lex.h"

#include "policy/apparmor/lex_word.h"

static struct lex_file *top(struct lex *l)
{
	return &l->stack[l->depth];
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
