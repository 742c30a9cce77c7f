/* spread.c - a pattern with alternatives to patterns without */
#include "policy/substitute/spread.h"

#include <string.h>

#include "core/str.h"
#include "core/vec.h"

/* Behind what begins at s: a quoted byte, a class, or one byte. */
static const char *step_over(const char *s)
{
	if (*s == '\\' && s[1])
		return s + 2;
	if (*s == '[') {
		const char *end = strchr(s + 1, ']');

		if (end)
			return end + 1;
	}
	return s + 1;
}

const char *spread_wild(const char *s)
{
	while (*s && !strchr("*?[", *s))
		s = step_over(s);
	return s;
}

static const char *open_brace(const char *s)
{
	while (*s && *s != '{')
		s = step_over(s);
	return *s ? s : NULL;
}

/* The comma or brace that ends the alternative which begins at s. */
static const char *end_of(const char *s)
{
	int depth = 0;

	for (; *s; s = step_over(s)) {
		if (*s == '{')
			depth++;
		else if ((*s == '}' || *s == ',') && !depth)
			return s;
		else if (*s == '}')
			depth--;
	}
	return NULL;
}

static const char *close_brace(const char *s)
{
	const char *end = s;

	while ((end = end_of(end)) && *end == ',')
		end++;
	return end;
}

/* The pattern with the piece from s to end in the place of what lies from open to close:
 * thousands of them for each app, so they are copied and not formatted. */
static char *with_piece(struct arena *a, const char *text, const char *open, const char *s,
			const char *end, const char *close)
{
	size_t before = (size_t)(open - text), piece = (size_t)(end - s), after = strlen(close + 1);
	char *out = NEW_N(a, char, before + piece + after + 1);

	memcpy(out, text, before);
	memcpy(out + before, s, piece);
	memcpy(out + before + piece, close + 1, after);
	return out;
}

bool spread(struct arena *a, const char *pattern, struct words *out)
{
	struct words todo = {0};
	const char *at, *close;

	vec_push(a, &todo, pattern);
	for (size_t i = 0; i < todo.len; i++) {
		const char *text = todo.at[i];

		if (!(at = open_brace(text))) {
			vec_push(a, out, text);
			continue;
		}
		if (!(close = close_brace(at + 1)))
			return false;
		for (const char *s = at + 1, *end; s <= close; s = end + 1) {
			end = end_of(s);
			if (todo.len >= SPREAD_MAX)
				return false;
			vec_push(a, &todo, with_piece(a, text, at, s, end, close));
		}
	}
	return true;
}
