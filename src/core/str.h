/* str.h - small questions about text, and showing text of strangers
 *
 * Nothing here depends on a locale.
 */
#ifndef CORE_STR_H
#define CORE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"

bool str_eq(const char *a, const char *b); /* both NULL is equal, one NULL is not */
bool str_starts(const char *s, const char *prefix);
bool str_ends(const char *s, const char *suffix);

/* The text after prefix, or NULL when s does not begin with it. */
const char *str_after(const char *s, const char *prefix);

/* s split at each sep; empty fields are kept; NULL-terminated, count may be NULL. */
char **str_split(struct arena *a, const char *s, char sep, size_t *count);

char *str_join(struct arena *a, char *const *list, size_t count, const char *sep);

/* Canonical decimal only: no sign, no leading zero, no blank, at most max. */
bool str_to_u64(const char *s, uint64_t max, uint64_t *out);

/* Is every byte of s in set? Empty text is. */
bool str_only(const char *s, const char *set);

/* Does list (NULL-terminated) hold s? */
bool str_in(const char *s, const char *const *list);

/* Is s absolute, and no part of it empty, "." or ".."? "/" is not. */
bool str_is_path(const char *s);

/* Is path dir, or below it? By whole components. */
bool str_is_in(const char *path, const char *dir);

/* Does all of s match the POSIX extended regular expression? Dies when it is none. */
bool str_like(const char *s, const char *pattern);

/* For qsort and bsearch of texts (char *), by their bytes. */
int str_order(const void *x, const void *y);

/* s with all that escape_text() makes visible made visible. */
char *str_show(struct arena *a, const char *s);

/* The one of list (NULL-terminated) that a person who typed s meant, or NULL.
 * Near is at most two edits, and at most half of the letters of s. */
const char *str_nearest(const char *s, const char *const *list);

#endif
