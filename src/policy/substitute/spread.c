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
			vec_push(a, &todo, arena_printf(a, "%.*s%.*s%s", (int)(at - text), text,
							(int)(end - s), s, close + 1));
		}
	}
	return true;
}
