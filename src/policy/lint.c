/* lint.c - is an interface file right before anybody uses it? */
#include "policy/lint.h"

#include <regex.h>
#include <stdio.h>
#include <string.h>

#include "core/str.h"
#include "policy/decl.h"

static const char *const derived[] = {"label", "dbus", "snap", "name", NULL};
static const char *const filters[] = {"hex2", "hex4", "in-dev", "basename", "slashes",
				      "underscores", NULL};

static bool has_attr(const struct iface *i, enum side side, const char *name)
{
	for (size_t k = 0; k < i->attrs[side].len; k++)
		if (!strcmp(i->attrs[side].at[k].name, name))
			return true;
	return false;
}

static bool knows(const struct iface *i, const struct block *b, enum moment m, const char *name)
{
	const char *plug = str_after(name, "plug."), *slot = str_after(name, "slot.");

	if (b->as && !strcmp(name, b->as))
		return true;
	if ((plug && m == PERMANENT_SLOT) || (slot && m == PERMANENT_PLUG))
		return false; /* the other side is not there yet */
	const char *word = plug ? plug : slot;
	if (!word)
		return false;
	if (str_in(word, derived))
		return true;
	if (str_starts(word, "attr."))
		word += strlen("attr.");
	return has_attr(i, plug ? PLUG : SLOT, word);
}

static bool check_text(struct arena *a, const struct iface *i, const struct block *b, enum moment m,
		       const char *text, char *why)
{
	for (const char *open = text; (open = strstr(open, "$(")); open += 2) {
		const char *close = strchr(open, ')');
		char *inner = arena_dupn(a, open + 2, close ? (size_t)(close - open - 2) : 0);
		char *colon = strchr(inner, ':');

		if ((str_starts(inner, "except ") || str_starts(inner, "mimic ")) && close)
			continue;
		if (colon)
			*colon++ = '\0';
		if (!close || !knows(i, b, m, inner) || (colon && !str_in(colon, filters))) {
			snprintf(why, WHY_MAX, "line %u: $(%s%s%s) is nothing here", b->line, inner,
				 colon ? ":" : "", colon ? colon : "");
			return false;
		}
	}
	return true;
}

/* "plug.bus: $(slot.bus)" */
static bool check_same(struct arena *a, const struct iface *i, const struct block *b, enum moment m,
		       const struct cond *c, char *why)
{
	const char *other = c->values.len ? str_after(c->values.at[0], "$(") : NULL;
	size_t n = other ? strlen(other) : 0;

	if (!other)
		return true;
	if (c->values.len == 1 && n && other[n - 1] == ')' &&
	    knows(i, b, m, arena_dupn(a, other, n - 1)))
		return true;
	snprintf(why, WHY_MAX, "line %u: when %s: %s is nothing here", b->line, c->key,
		 c->values.at[0]);
	return false;
}

static bool check_block(struct arena *a, const struct iface *i, const struct block *b,
			enum moment m, char *why)
{
	for (size_t k = 0; k < b->when.len; k++) {
		const char *key = b->when.at[k].key;

		if ((str_starts(key, "plug.") || str_starts(key, "slot.")) &&
		    !str_ends(key, ".system") && !knows(i, b, m, key)) {
			snprintf(why, WHY_MAX, "line %u: when %s: no such attribute", b->line, key);
			return false;
		}
		if (!check_same(a, i, b, m, &b->when.at[k], why))
			return false;
	}
	if (b->each && !knows(i, b, m, b->each)) {
		snprintf(why, WHY_MAX, "line %u: for-each %s: no such attribute", b->line, b->each);
		return false;
	}
	for (size_t k = 0; k < BACK_COUNT; k++)
		if (b->text[k] && !check_text(a, i, b, m, b->text[k], why))
			return false;
	return true;
}

static bool check_patterns(struct arena *a, const struct iface *i, char *why)
{
	for (int side = PLUG; side <= SLOT; side++)
		for (size_t k = 0; k < i->attrs[side].len; k++) {
			const struct attr_spec *s = &i->attrs[side].at[k];
			regex_t re;

			if (!s->pattern)
				continue;
			if (regcomp(&re, arena_printf(a, "^(%s)$", s->pattern),
				    REG_EXTENDED | REG_NOSUB)) {
				snprintf(why, WHY_MAX, "%s: the pattern is no regular expression",
					 s->name);
				return false;
			}
			regfree(&re);
		}
	return true;
}

bool lint_iface(struct arena *a, const struct iface *i, char *why)
{
	if (!decl_check(i, why) || !check_patterns(a, i, why))
		return false;
	for (int m = 0; m < MOMENT_COUNT; m++)
		for (size_t k = 0; k < i->blocks[m].len; k++)
			if (!check_block(a, i, &i->blocks[m].at[k], (enum moment)m, why))
				return false;
	return true;
}
