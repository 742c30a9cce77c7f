/* lint.c - is an interface file right before anybody uses it? */
#include "policy/lint.h"

#include <regex.h>
#include <stdio.h>
#include <string.h>

#include "core/str.h"
#include "policy/decl.h"
#include "policy/lint_text.h"
#include "policy/native.h"

static const char *const derived[] = {"label", "dbus", "snap", "name", NULL};
static const char *const filters[] = {
	"hex2", "hex4", "in-dev", "in-class", "basename", "dir", "number", "slashes",
	"underscores", "rooted", "commas", "mount-flags", "expand", NULL,
};

/* What one block is looked at with. */
struct reading {
	struct arena *arena;
	const struct iface *iface;
	const struct block *block;
	enum moment moment;
	char *why;
};

__attribute__((format(printf, 2, 3)))
static bool wrong(const struct reading *r, const char *fmt, ...)
{
	int used = snprintf(r->why, WHY_MAX, "line %u: ", r->block->line);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(r->why + used, WHY_MAX - (size_t)used, fmt, ap);
	va_end(ap);
	return false;
}


/* Is name an attribute of a side that is there at the moment, or a field of one? */
static const struct attr_spec *attribute(const struct reading *r, const char *name)
{
	const char *plug = str_after(name, "plug."), *slot = str_after(name, "slot.");
	const char *path = plug ? plug : slot;

	if (!path || (plug && r->moment == PERMANENT_SLOT) || (slot && r->moment == PERMANENT_PLUG))
		return NULL; /* the other side is not there yet */
	if (str_starts(path, "attr."))
		path += strlen("attr.");
	return attr_spec_find(&r->iface->attrs[plug ? PLUG : SLOT], path);
}

/* The specification of what the first n loops, or a side, call name. */
static const struct attr_spec *spec_of(const struct reading *r, const char *name, size_t n)
{
	while (n--) {
		const char *rest = str_after(name, r->block->loops[n].as);
		const struct attr_spec *over;

		if (!rest || (*rest && *rest != '.'))
			continue;
		over = spec_of(r, r->block->loops[n].over, n);
		return over && *rest ? attr_spec_find(&over->fields, rest + 1) : over;
	}
	return attribute(r, name);
}

static bool knows(const struct reading *r, const char *name)
{
	const char *word = str_after(name, "plug.");
	bool there = r->moment != (word ? PERMANENT_SLOT : PERMANENT_PLUG);

	if (!word)
		word = str_after(name, "slot.");
	return (word && there && str_in(word, derived)) || spec_of(r, name, r->block->loop_count);
}

static bool are_filters(const struct reading *r, const char *names)
{
	for (char **f = str_split(r->arena, names, ':', NULL); *f; f++)
		if (!str_in(*f, filters))
			return false;
	return true;
}

/* The inside of one $(...). */
static bool check_name(const struct reading *r, char *inner)
{
	const char *path = str_after(inner, "parents ");
	char *colon = strchr(inner, ':');

	if (str_starts(inner, "except ") || str_starts(inner, "mimic "))
		return true;
	if (!path)
		path = str_after(inner, "parent ");
	if (path) {
		const struct attr_spec *s = spec_of(r, path, r->block->loop_count);

		return (s && s->type >= ATTR_PATH && s->type <= ATTR_GLOBS) ||
		       wrong(r, "$(%s): no path", inner);
	}
	if (colon)
		*colon++ = '\0';
	return (knows(r, inner) && (!colon || are_filters(r, colon))) ||
	       wrong(r, "$(%s%s%s) is nothing here", inner, colon ? ":" : "", colon ? colon : "");
}

static bool check_text(const struct reading *r, const char *text)
{
	for (const char *open = text; (open = strstr(open, "$(")); open += 2) {
		const char *close = strchr(open, ')');

		if (!close || close > open + strcspn(open, "\n"))
			return wrong(r, "$(%.*s is nothing here", (int)strcspn(open + 2, "\n"),
				     open + 2);
		if (!check_name(r, arena_dupn(r->arena, open + 2, (size_t)(close - open - 2))))
			return false;
	}
	return true;
}

static bool is_pattern(struct arena *a, const char *pattern)
{
	regex_t re;

	if (regcomp(&re, arena_printf(a, "^(%s)$", pattern), REG_EXTENDED | REG_NOSUB))
		return false;
	regfree(&re);
	return true;
}

/* "like RE", "unlike RE", "$(slot.A)" stand alone; anything else is a plain value. */
static bool check_asked(const struct reading *r, const struct cond *c)
{
	const char *first = c->values.len ? c->values.at[0] : "";
	const char *like = str_after(first, "like "), *other = str_after(first, "$(");

	if (!like)
		like = str_after(first, "unlike ");
	if ((like || other) && c->values.len != 1)
		return wrong(r, "when %s: %s stands alone", c->key, first);
	if (like)
		return is_pattern(r->arena, like) ||
		       wrong(r, "when %s: no regular expression", c->key);
	return !other || (str_ends(other, ")") &&
			  knows(r, arena_dupn(r->arena, other, strlen(other) - 1))) ||
	       wrong(r, "when %s: %s is nothing here", c->key, first);
}

static bool check_when(const struct reading *r, const struct cond *c)
{
	static const char *const outside[] = {"classic", "base", "slot.system", "plug.system",
					      NULL};

	if (str_in(c->key, outside) || str_starts(c->key, "feature."))
		return !r->block->refusal || wrong(r, "when %s: refusals look at attributes only",
						   c->key);
	if (!spec_of(r, c->key, r->block->loop_count))
		return wrong(r, "when %s: no such attribute", c->key);
	return check_asked(r, c);
}

static bool check_block(const struct reading *r)
{
	const struct block *b = r->block;

	for (size_t i = 0; i < b->loop_count; i++)
		if (!spec_of(r, b->loops[i].over, i))
			return wrong(r, "for-each %s: no such attribute", b->loops[i].over);
	for (size_t k = 0; k < b->when.len; k++)
		if (!check_when(r, &b->when.at[k]))
			return false;
	for (size_t k = 0; k < BACK_COUNT; k++) {
		if (b->text[k] && b->refusal)
			return wrong(r, "a block that refuses has no text");
		if (b->text[k] && !check_text(r, b->text[k]))
			return false;
	}
	const char *fault = b->text[BACK_DBUS] ? lint_dbus(r->arena, b->text[BACK_DBUS]) : NULL;
	if (!fault && b->text[BACK_UDEV])
		fault = lint_udev(r->arena, b->text[BACK_UDEV]);
	return !fault || wrong(r, "%s", fault);
}

/* Goes as deep as fields do: FIELDS_DEPTH_MAX. */
static bool check_specs(struct arena *a, const struct attr_specs *specs, char *why)
{
	for (size_t k = 0; k < specs->len; k++) {
		const struct attr_spec *s = &specs->at[k];
		struct node standard = {.kind = NODE_TEXT, .text = s->standard,
					.quoted = s->type <= ATTR_GLOBS};
		const char *fault = NULL;

		if ((s->pattern && !is_pattern(a, s->pattern)) ||
		    (s->refuse && !is_pattern(a, s->refuse)))
			fault = "the pattern is no regular expression";
		else if (s->standard && strcmp(s->standard, "$(name)") && attr_fault(s, &standard))
			fault = "the default is not of its type";
		if (fault) {
			snprintf(why, WHY_MAX, "%s: %s", s->name, fault);
			return false;
		}
		if (!check_specs(a, &s->fields, why))
			return false;
	}
	return true;
}

bool lint_iface(struct arena *a, const struct iface *i, char *why)
{
	if (!decl_check(i, why) || !check_specs(a, &i->attrs[PLUG], why) ||
	    !check_specs(a, &i->attrs[SLOT], why))
		return false;
	if (i->native && !native_find(i->native)) {
		snprintf(why, WHY_MAX, "native: there is no code named %s", i->native);
		return false;
	}
	for (size_t k = 0; k < i->same.len; k++)
		if (!attr_spec_find(&i->attrs[PLUG], i->same.at[k]) ||
		    !attr_spec_find(&i->attrs[SLOT], i->same.at[k])) {
			snprintf(why, WHY_MAX, "same: %s is no attribute of both sides",
				 i->same.at[k]);
			return false;
		}
	for (int m = 0; m < MOMENT_COUNT; m++)
		for (size_t k = 0; k < i->blocks[m].len; k++) {
			struct reading r = {a, i, &i->blocks[m].at[k], (enum moment)m, why};

			if (!check_block(&r))
				return false;
		}
	return true;
}
