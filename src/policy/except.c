/* except.c - "everything but" as a list of patterns
 *
 * The forbidden words are a tree of letters. A name that is allowed leaves the
 * tree somewhere: at a letter that no word has there, at the end of the name, or
 * behind the whole of a word.
 */
#include "policy/except.h"

#include <stdio.h>
#include <string.h>

#include "core/buf.h"
#include "core/str.h"

/* The letters that words beginning with the first n of prefix go on with, once each. */
static const char *next_letters(struct arena *a, const char *const *words, size_t count,
				const char *prefix, size_t n)
{
	struct buf set = buf_new(a);

	for (size_t i = 0; i < count; i++)
		if (!strncmp(words[i], prefix, n) && words[i][n] &&
		    !strchr(buf_text(&set), words[i][n]))
			buf_char(&set, words[i][n]);
	return buf_text(&set);
}

/* Did an earlier word have the same first n letters? */
static bool seen(const char *const *words, size_t i, size_t n)
{
	for (size_t j = 0; j < i; j++)
		if (strlen(words[j]) > n && !strncmp(words[j], words[i], n))
			return true;
	return false;
}

struct words except_patterns(struct arena *a, const char *const *words, size_t count)
{
	struct words out = {0};

	for (size_t i = 0; i < count; i++) {
		size_t len = strlen(words[i]);

		for (size_t n = 0; n < len; n++) {
			if (seen(words, i, n))
				continue;
			vec_push(a, &out, arena_printf(a, "%.*s[^%s]**", (int)n, words[i],
						       next_letters(a, words, count, words[i], n)));
			if (n)
				vec_push(a, &out, arena_printf(a, "%.*s{,/}", (int)n, words[i]));
		}
		if (len > 1)
			vec_push(a, &out, arena_printf(a, "%s[^/]**", words[i]));
	}
	return out;
}
