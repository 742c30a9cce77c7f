/* compat.c - labels of compatibility: do what one gives and what another takes go together?
 *
 * An expression is kept with its operators behind what they join, so that it is
 * read and answered without recursion: a stranger wrote it.
 */
#include "policy/compat.h"

#include <string.h>

#include "core/str.h"
#include "core/vec.h"

#define WORDS_MAX 3
#define NUMBERS_MAX 3
#define DIGITS_MAX 8
#define WORD_MAX 32

struct range {
	uint64_t min, max;
};

struct word {
	const char *text;
	struct range numbers[NUMBERS_MAX];
	size_t count;
};

struct label {
	struct word words[WORDS_MAX];
	size_t count;
};

/* A label, or an operator on the two before it. */
struct item {
	struct label *label;
	bool both; /* AND */
};

struct expression {
	struct {
		struct item *at;
		size_t len, cap;
	} items;
	size_t labels;
};

struct reader {
	struct arena *arena;
	const char *at;
	const char *why;
};

static bool fail(struct reader *r, const char *why)
{
	r->why = why;
	return false;
}

static bool is_lower(char c)
{
	return c >= 'a' && c <= 'z';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool read_number(struct reader *r, uint64_t *n)
{
	size_t len = strspn(r->at, "0123456789");

	if (!len || len > DIGITS_MAX)
		return fail(r, "numbers have one to eight digits");
	str_to_u64(arena_dupn(r->arena, r->at, len), UINT32_MAX, n);
	r->at += len;
	return true;
}

/* 3 or (3..5) */
static bool read_range(struct reader *r, struct range *out)
{
	if (is_digit(*r->at)) {
		if (!read_number(r, &out->min))
			return false;
		out->max = out->min;
		return true;
	}
	if (*r->at != '(')
		return fail(r, "a dash has a word, a number or a range behind it");
	r->at++;
	if (!read_number(r, &out->min))
		return false;
	if (!str_starts(r->at, ".."))
		return fail(r, "a range is written (FROM..TO)");
	r->at += 2;
	if (!read_number(r, &out->max))
		return false;
	if (*r->at != ')' || out->min > out->max)
		return fail(r, "a range is written (FROM..TO), FROM not the greater");
	r->at++;
	return true;
}

static bool read_word(struct reader *r, struct label *l)
{
	struct word *w = &l->words[l->count];
	size_t len = 0;

	if (l->count == WORDS_MAX)
		return fail(r, "a label has at most three words");
	while (is_lower(r->at[len]) || is_digit(r->at[len]))
		len++;
	if (len > WORD_MAX)
		return fail(r, "words have at most 32 letters");
	*w = (struct word){.text = arena_dupn(r->arena, r->at, len)};
	r->at += len;
	for (size_t i = 0; i < l->count; i++)
		if (!strcmp(l->words[i].text, w->text))
			return fail(r, "a label has a word twice");
	l->count++;
	while (*r->at == '-' && !is_lower(r->at[1])) {
		r->at++;
		if (w->count == NUMBERS_MAX)
			return fail(r, "a word has at most three numbers");
		if (!read_range(r, &w->numbers[w->count++]))
			return false;
	}
	if (!w->count)
		w->count = 1; /* which is 0 */
	return true;
}

static bool read_label(struct reader *r, struct expression *e)
{
	struct label *l = NEW(r->arena, struct label);

	if (e->labels++ == COMPAT_LABELS_MAX)
		return fail(r, "more than 64 labels");
	do {
		if (*r->at == '-')
			r->at++;
		if (!read_word(r, l))
			return false;
	} while (*r->at == '-');
	vec_push(r->arena, &e->items, (struct item){.label = l});
	return true;
}

/* What stands in one pair of brackets, as far as it was read. */
struct level {
	char operator; /* the one that joins here, A or O, or 0 */
	bool waits;    /* for what stands behind it */
};

static void join(struct reader *r, struct expression *e, struct level *v)
{
	if (v->waits)
		vec_push(r->arena, &e->items, (struct item){.both = v->operator == 'A'});
	v->waits = false;
}

static bool read_operator(struct reader *r, struct level *v)
{
	char c = str_starts(r->at, "AND") ? 'A' : str_starts(r->at, "OR") ? 'O' : 0;

	if (!c)
		return fail(r, "labels are joined by AND or OR");
	if (v->operator && v->operator != c)
		return fail(r, "AND and OR need brackets between them");
	r->at += c == 'A' ? strlen("AND") : strlen("OR");
	*v = (struct level){c, true};
	return true;
}

/* What comes where a label or a bracket is due. done: a whole, up to here. */
static bool read_start(struct reader *r, struct expression *e, struct level *levels, size_t *depth,
		       bool *done)
{
	*done = *r->at != '(';
	if (*done)
		return is_lower(*r->at) ? read_label(r, e) :
					  fail(r, "a label begins with a small letter");
	r->at++;
	if (++*depth == COMPAT_DEPTH_MAX)
		return fail(r, "too many brackets in each other");
	levels[*depth] = (struct level){0};
	return true;
}

static bool read_expression(struct reader *r, struct expression *e)
{
	struct level levels[COMPAT_DEPTH_MAX] = {0};
	size_t depth = 0;
	bool whole = false; /* it could end here */

	for (;;) {
		r->at += strspn(r->at, " \t\r\n");
		if (!whole) {
			if (!read_start(r, e, levels, &depth, &whole))
				return false;
		} else if (*r->at == ')' && depth) {
			r->at++;
			depth--;
		} else if (!*r->at) {
			return !depth || fail(r, "a bracket is not closed");
		} else {
			if (!read_operator(r, &levels[depth]))
				return false;
			whole = false;
			continue;
		}
		if (whole)
			join(r, e, &levels[depth]);
	}
}

static bool ranges_meet(const struct word *x, const struct word *y)
{
	if (strcmp(x->text, y->text) || x->count != y->count)
		return false;
	for (size_t i = 0; i < x->count; i++)
		if (x->numbers[i].max < y->numbers[i].min || y->numbers[i].max < x->numbers[i].min)
			return false;
	return true;
}

static bool labels_meet(const struct label *x, const struct label *y)
{
	if (x->count != y->count)
		return false;
	for (size_t i = 0; i < x->count; i++)
		if (!ranges_meet(&x->words[i], &y->words[i]))
			return false;
	return true;
}

static bool meets_one(const struct label *l, const struct expression *others)
{
	for (size_t i = 0; i < others->items.len; i++)
		if (others->items.at[i].label && labels_meet(l, others->items.at[i].label))
			return true;
	return false;
}

static bool holds(const struct expression *e, const struct expression *others)
{
	bool stack[COMPAT_LABELS_MAX + 1];
	size_t n = 0;

	for (size_t i = 0; i < e->items.len; i++) {
		const struct item *it = &e->items.at[i];

		if (it->label) {
			stack[n++] = meets_one(it->label, others);
			continue;
		}
		n--;
		stack[n - 1] = it->both ? stack[n - 1] && stack[n] : stack[n - 1] || stack[n];
	}
	return n == 1 && stack[0];
}

bool compat_is_valid(struct arena *a, const char *text, const char **why)
{
	struct reader r = {a, text, NULL};
	struct expression e = {0};
	bool ok = read_expression(&r, &e);

	*why = r.why;
	return ok;
}

bool compat_fits(struct arena *a, const char *x, const char *y)
{
	struct reader rx = {a, x, NULL}, ry = {a, y, NULL};
	struct expression ex = {0}, ey = {0};

	return read_expression(&rx, &ex) && read_expression(&ry, &ey) && holds(&ex, &ey) &&
	       holds(&ey, &ex);
}
