/* str.c - small questions about text, and showing text of strangers */
#include "core/str.h"

#include <stdio.h>
#include <string.h>

#include "core/escape.h"
#include "core/vec.h"

bool str_eq(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

const char *str_after(const char *s, const char *prefix)
{
	size_t n = strlen(prefix);

	return strncmp(s, prefix, n) ? NULL : s + n;
}

bool str_starts(const char *s, const char *prefix)
{
	return str_after(s, prefix);
}

bool str_ends(const char *s, const char *suffix)
{
	size_t n = strlen(s), k = strlen(suffix);

	return n >= k && !memcmp(s + n - k, suffix, k);
}

char **str_split(struct arena *a, const char *s, char sep, size_t *count)
{
	VEC(char *) list = {0};

	for (;;) {
		const char *end = strchrnul(s, sep);

		vec_push(a, &list, arena_dupn(a, s, (size_t)(end - s)));
		if (!*end)
			break;
		s = end + 1;
	}
	if (count)
		*count = list.len;
	vec_push(a, &list, NULL);
	return list.at;
}

char *str_join(struct arena *a, char *const *list, size_t count, const char *sep)
{
	size_t len = 1;

	for (size_t i = 0; i < count; i++)
		len += strlen(list[i]) + strlen(sep);
	char *out = arena_alloc(a, len, 1), *p = out;
	for (size_t i = 0; i < count; i++) {
		if (i)
			p = stpcpy(p, sep);
		p = stpcpy(p, list[i]);
	}
	return out;
}

bool str_to_u64(const char *s, uint64_t max, uint64_t *out)
{
	uint64_t n = 0;

	if (!*s || (s[0] == '0' && s[1]))
		return false;
	for (; *s; s++) {
		if (*s < '0' || *s > '9')
			return false;
		if (__builtin_mul_overflow(n, (uint64_t)10, &n) ||
		    __builtin_add_overflow(n, (uint64_t)(*s - '0'), &n))
			return false;
	}
	if (n > max)
		return false;
	*out = n;
	return true;
}

bool str_only(const char *s, const char *set)
{
	return !s[strspn(s, set)];
}

bool str_in(const char *s, const char *const *list)
{
	for (; *list; list++)
		if (!strcmp(s, *list))
			return true;
	return false;
}

char *str_show(struct arena *a, const char *s)
{
	size_t size = 4 * strlen(s) + 1;
	char *out = arena_alloc(a, size, 1);

	escape_text(out, size, s);
	return out;
}

#define NEAR_MAX 32 /* longer words are not guessed at */

static size_t distance(const char *a, size_t na, const char *b, size_t nb)
{
	size_t row[NEAR_MAX + 1];

	for (size_t j = 0; j <= nb; j++)
		row[j] = j;
	for (size_t i = 1; i <= na; i++) {
		size_t diagonal = row[0];

		row[0] = i;
		for (size_t j = 1; j <= nb; j++) {
			size_t best = diagonal + (a[i - 1] != b[j - 1]);

			diagonal = row[j];
			if (row[j] + 1 < best)
				best = row[j] + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			row[j] = best;
		}
	}
	return row[nb];
}

const char *str_nearest(const char *s, const char *const *list)
{
	const char *found = NULL;
	size_t best = 3, len = strlen(s);

	if (len > NEAR_MAX)
		return NULL;
	for (; *list; list++) {
		size_t n = strlen(*list);

		if (n > NEAR_MAX)
			continue;
		size_t d = distance(s, len, *list, n);
		if (d < best && d * 2 <= len) {
			best = d;
			found = *list;
		}
	}
	return found;
}

bool str_is_path(const char *s)
{
	size_t n;

	if (s[0] != '/' || !s[1])
		return false;
	for (const char *p = s + 1;; p += n + 1) {
		n = strcspn(p, "/");
		if (!n || (n == 1 && p[0] == '.') || (n == 2 && p[0] == '.' && p[1] == '.'))
			return false;
		if (!p[n])
			return true;
	}
}

bool str_is_in(const char *path, const char *dir)
{
	const char *rest = str_after(path, dir);

	return rest && (!*rest || *rest == '/');
}

int str_order(const void *x, const void *y)
{
	return strcmp(*(const char *const *)x, *(const char *const *)y);
}
