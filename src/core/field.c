/* field.c - nodes to structs, by table */
#include "core/field.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "core/str.h"
#include "core/vec.h"

struct reader {
	struct arena *arena;
	const char *path;
	char *why;
};

bool field_refuse(char *why, unsigned line, const char *fmt, ...)
{
	va_list ap;
	int n = line ? snprintf(why, WHY_MAX, "line %u: ", line) : 0;

	va_start(ap, fmt);
	vsnprintf(why + n, WHY_MAX - (size_t)n, fmt, ap);
	va_end(ap);
	return false;
}

static bool refuse(const struct reader *r, const struct field *f, const struct node *n,
		   const char *what)
{
	return field_refuse(r->why, n->line, "%s%s: %s", r->path, f->key, what);
}

bool words_have(const struct words *w, const char *word)
{
	for (size_t i = 0; i < w->len; i++)
		if (!strcmp(w->at[i], word))
			return true;
	return false;
}

/* The thousandths of one "2.5s", or -1; *s moves behind it. */
static int64_t take_time(const char **s)
{
	static const struct {
		const char *name;
		int64_t us;
	} units[] = {{"ns", 0}, {"us", 1}, {"\xc2\xb5s", 1}, {"ms", 1000}, {"h", 3600000000},
		     {"m", 60000000}, {"s", 1000000}};
	const char *p = *s;
	int64_t whole = 0, part = 0, scale = 1;

	while (*p >= '0' && *p <= '9' && whole < 1000000)
		whole = whole * 10 + (*p++ - '0');
	if (*p == '.')
		for (p++; *p >= '0' && *p <= '9'; p++)
			if (scale < 1000) {
				part = part * 10 + (*p - '0');
				scale *= 10;
			}
	if (p == *s || (*p >= '0' && *p <= '9'))
		return -1;
	for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
		if (str_starts(p, units[i].name)) {
			*s = p + strlen(units[i].name);
			return (whole * units[i].us + part * (units[i].us / scale)) / 1000;
		}
	return -1;
}

bool field_time(const char *text, int64_t *ms)
{
	*ms = 0;
	if (!strcmp(text, "0"))
		return true;
	if (!*text)
		return false;
	for (int i = 0; *text; i++) {
		int64_t more = i < 8 ? take_time(&text) : -1;

		if (more < 0)
			return false;
		*ms += more;
	}
	return true;
}

static bool text_is(const struct reader *r, const struct field *f, const struct node *n,
		    const char *text)
{
	if (f->kind != FIELD_LONG_TEXT && strlen(text) > FIELD_TEXT_MAX)
		return field_refuse(r->why, n->line, "%s%s: longer than %d bytes", r->path, f->key,
				    FIELD_TEXT_MAX);
	if (f->check && !f->check(text))
		return field_refuse(r->why, n->line, "%s%s: \"%.64s\" is not %s", r->path, f->key,
				    text, f->is);
	return true;
}

static bool read_words(struct reader *r, const struct field *f, const struct node *n,
		       struct words *out)
{
	if (n->kind != NODE_LIST)
		return refuse(r, f, n, "not a list");
	if (n->count > FIELD_LIST_MAX)
		return refuse(r, f, n, "a list of more than 500");
	for (const struct node *c = n->first; c; c = c->next) {
		if (c->kind != NODE_TEXT || node_is_null(c))
			return refuse(r, f, c, "not a list of texts");
		if (!text_is(r, f, c, c->text))
			return false;
		vec_push(r->arena, out, c->text);
	}
	return true;
}

static bool read_pairs(struct reader *r, const struct field *f, const struct node *n,
		       struct pairs *out)
{
	if (n->kind != NODE_MAP)
		return refuse(r, f, n, "not a map");
	if (n->count > FIELD_LIST_MAX)
		return refuse(r, f, n, "a map of more than 500");
	for (const struct node *c = n->first; c; c = c->next) {
		if (c->kind != NODE_TEXT)
			return field_refuse(r->why, c->line, "%s%s.%.64s: not a text", r->path,
					    f->key, c->key);
		if (!text_is(r, f, c, c->key))
			return false;
		if (strlen(c->text) > FIELD_TEXT_MAX)
			return field_refuse(r->why, c->line, "%s%s.%.64s: longer than %d bytes",
					    r->path, f->key, c->key, FIELD_TEXT_MAX);
		struct pair p = {c->key, node_is_null(c) ? "" : c->text};
		vec_push(r->arena, out, p);
	}
	return true;
}

static bool read_choice(struct reader *r, const struct field *f, const struct node *n,
			unsigned *out)
{
	for (unsigned i = 0; f->choices[i]; i++)
		if (!strcmp(f->choices[i], n->text)) {
			*out = i;
			return true;
		}
	struct buf all = buf_new(r->arena);
	for (unsigned i = 0; f->choices[i]; i++)
		buf_printf(&all, "%s%s", i ? ", " : "", f->choices[i]);
	return field_refuse(r->why, n->line, "%s%s: \"%.32s\" is not one of %s", r->path, f->key,
			    n->text, buf_text(&all));
}

static bool read_one(struct reader *r, const struct field *f, const struct node *n, void *to)
{
	if (f->kind == FIELD_WORDS)
		return read_words(r, f, n, to);
	if (f->kind == FIELD_PAIRS)
		return read_pairs(r, f, n, to);
	if (f->kind == FIELD_MAP) {
		if (n->kind != NODE_MAP)
			return refuse(r, f, n, "not a map");
		*(const struct node **)to = n;
		return true;
	}
	if (n->kind != NODE_TEXT)
		return refuse(r, f, n, "not a text");
	if (f->kind == FIELD_CHOICE)
		return read_choice(r, f, n, to);
	if (f->kind == FIELD_TIME)
		return field_time(n->text, to) ||
		       refuse(r, f, n, "not a time such as 30s or 1m30s");
	if (!text_is(r, f, n, n->text))
		return false;
	*(const char **)to = n->text;
	return true;
}

bool field_read(struct arena *a, const struct field *table, const struct node *map,
		const char *path, void *out, char *why)
{
	struct reader r = {a, path, why};

	if (!map)
		return true;
	for (const struct field *f = table; f->key; f++) {
		const struct node *n = node_get(map, f->key);

		if (!node_is_null(n) && !read_one(&r, f, n, (char *)out + f->offset))
			return false;
	}
	return true;
}
