/* iface_attr.c - what an interface file says about attributes */
#include "policy/model/iface_parts.h"

#include <stdio.h>
#include <string.h>

#include "core/str.h"

bool iface_wrong(const struct iface_reader *r, const struct node *n, const char *fmt, ...)
{
	va_list ap;
	int used = snprintf(r->why, WHY_MAX, "%s:%u: ", r->file, n->line);

	va_start(ap, fmt);
	if (used > 0 && used < WHY_MAX)
		vsnprintf(r->why + used, WHY_MAX - (size_t)used, fmt, ap);
	va_end(ap);
	return false;
}

/* One text or a list of texts. */
bool iface_words(const struct iface_reader *r, const struct node *n, struct words *out)
{
	if (n->kind == NODE_TEXT) {
		vec_push(r->arena, out, n->text);
		return true;
	}
	if (n->kind != NODE_LIST)
		return iface_wrong(r, n, "%s: a word or a list of words", n->key);
	for (const struct node *c = n->first; c; c = c->next) {
		if (c->kind != NODE_TEXT)
			return iface_wrong(r, c, "%s: a list of words", n->key);
		vec_push(r->arena, out, c->text);
	}
	return true;
}

static bool read_type(const struct iface_reader *r, const struct node *n, struct attr_spec *s)
{
	static const char *const types[] = {
		"text", "texts", "path", "paths", "file", "files", "glob", "globs",
		"map",	"maps",	 "int",	 "bool",  "any",
	};

	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
		if (n->kind == NODE_TEXT && !strcmp(n->text, types[i])) {
			s->type = (enum attr_type)i;
			return true;
		}
	return iface_wrong(r, n, "%s: not a type of attributes", s->name);
}

static bool read_text(const struct iface_reader *r, const struct node *n, const char **out)
{
	*out = n->text;
	return n->kind == NODE_TEXT || iface_wrong(r, n, "%s: a text", n->key);
}

static bool read_switch(const struct iface_reader *r, const struct node *n, bool *out)
{
	return node_bool(n, out) || iface_wrong(r, n, "%s: true or false", n->key);
}

static bool read_number(const struct iface_reader *r, const struct node *n, int64_t *out)
{
	return node_int(n, out) || iface_wrong(r, n, "%s: a number", n->key);
}

static bool read_key(const struct iface_reader *r, const struct node *c, struct attr_spec *s,
		     int depth)
{
	if (!strcmp(c->key, "type"))
		return read_type(r, c, s);
	if (!strcmp(c->key, "optional"))
		return read_switch(r, c, &s->optional);
	if (!strcmp(c->key, "single"))
		return read_switch(r, c, &s->single);
	if (!strcmp(c->key, "closed"))
		return read_switch(r, c, &s->closed);
	if (!strcmp(c->key, "min"))
		return read_number(r, c, &s->min);
	if (!strcmp(c->key, "max"))
		return read_number(r, c, &s->max);
	if (!strcmp(c->key, "pattern"))
		return read_text(r, c, &s->pattern);
	if (!strcmp(c->key, "refuse"))
		return read_text(r, c, &s->refuse);
	if (!strcmp(c->key, "default"))
		return read_text(r, c, &s->standard);
	if (!strcmp(c->key, "values"))
		return iface_words(r, c, &s->values);
	if (!strcmp(c->key, "from"))
		return iface_words(r, c, &s->from);
	if (!strcmp(c->key, "fields"))
		return iface_read_attrs(r, c, &s->fields, depth + 1);
	return iface_wrong(r, c, "%s: unknown key %s", s->name, c->key);
}

/* Keys that the type has no use for are mistakes. */
static bool is_fit(const struct iface_reader *r, const struct node *n, const struct attr_spec *s)
{
	bool map = s->type == ATTR_MAP || s->type == ATTR_MAPS;
	bool list = s->type <= ATTR_MAPS && s->type % 2;
	bool path = s->type >= ATTR_PATH && s->type <= ATTR_GLOBS;
	bool text = s->type <= ATTR_GLOBS;

	if (!node_get(n, "type"))
		return iface_wrong(r, n, "%s: no type", s->name);
	if (map != (s->fields.len != 0))
		return iface_wrong(r, n, "%s: fields are what maps have", s->name);
	if (s->closed && !map)
		return iface_wrong(r, n, "%s: only maps are closed", s->name);
	if (s->single && !list)
		return iface_wrong(r, n, "%s: only lists can be single", s->name);
	if (s->from.len && !path)
		return iface_wrong(r, n, "%s: from is for paths", s->name);
	if ((s->pattern || s->refuse || s->values.len) && !text)
		return iface_wrong(r, n, "%s: patterns and values are for texts", s->name);
	if (s->standard && (list || map || s->type == ATTR_ANY))
		return iface_wrong(r, n, "%s: a default is one value", s->name);
	return true;
}

static bool read_attr(const struct iface_reader *r, const struct node *n, struct attr_spec *s,
		      int depth)
{
	*s = (struct attr_spec){.name = n->key, .min = INT64_MIN, .max = INT64_MAX};
	if (n->kind != NODE_MAP)
		return iface_wrong(r, n, "%s: a map of type, optional, ...", n->key);
	for (const struct node *c = n->first; c; c = c->next)
		if (!read_key(r, c, s, depth))
			return false;
	if (s->standard)
		s->optional = true;
	return is_fit(r, n, s);
}

bool iface_read_attrs(const struct iface_reader *r, const struct node *n, struct attr_specs *out,
		      int depth)
{
	if (n->kind != NODE_MAP)
		return iface_wrong(r, n, "%s: a map of attributes", n->key);
	if (depth > FIELDS_DEPTH_MAX)
		return iface_wrong(r, n, "%s: fields of fields of fields", n->key);
	for (const struct node *c = n->first; c; c = c->next) {
		struct attr_spec s;

		if (!read_attr(r, c, &s, depth))
			return false;
		vec_push(r->arena, out, s);
	}
	return true;
}
