/* iface.c - an interface: what a plug may do with a slot, as data */
#include "policy/model/iface.h"

#include <stdio.h>
#include <string.h>

#include "core/str.h"
#include "core/yaml.h"
#include "policy/model/name.h"

const char *const backend_names[BACK_COUNT] = {
	"apparmor", "update-ns", "seccomp", "udev", "device", "mount", "user-mount", "kmod", "dbus",
};
const char *const moment_names[MOMENT_COUNT] = {
	"permanent-plug", "permanent-slot", "connected-plug", "connected-slot",
};
static const char *const flags_known[] = {
	"controls-device-cgroup", "home-ix", "suppress-desktop-files", "suppress-home-ix",
	"suppress-ptrace-trace", "suppress-pycache-deny", "suppress-sys-module", "unconfined",
	"uses-desktop-files", "uses-mountinfo", "uses-ptrace-trace", "uses-sys-module", NULL,
};

/* What one file is read with. */
struct reader {
	struct arena *arena;
	const char *file;
	char *why;
};

__attribute__((format(printf, 3, 4)))
static bool wrong(const struct reader *r, const struct node *n, const char *fmt, ...)
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
static bool read_words(const struct reader *r, const struct node *n, struct words *out)
{
	if (n->kind == NODE_TEXT) {
		vec_push(r->arena, out, n->text);
		return true;
	}
	if (n->kind != NODE_LIST)
		return wrong(r, n, "%s: a word or a list of words", n->key);
	for (const struct node *c = n->first; c; c = c->next) {
		if (c->kind != NODE_TEXT)
			return wrong(r, c, "%s: a list of words", n->key);
		vec_push(r->arena, out, c->text);
	}
	return true;
}

static bool read_systems(const struct reader *r, const struct node *n, bool *core, bool *classic)
{
	struct words w = {0};

	if (!read_words(r, n, &w))
		return false;
	for (size_t i = 0; i < w.len; i++) {
		if (!strcmp(w.at[i], "core"))
			*core = true;
		else if (!strcmp(w.at[i], "classic"))
			*classic = true;
		else
			return wrong(r, n, "%s: \"%s\" is neither core nor classic", n->key,
				     w.at[i]);
	}
	return true;
}

static bool read_attr_type(const struct reader *r, const struct node *n, struct attr_spec *s)
{
	static const char *const types[] = {"text", "path", "int", "bool", "texts", "paths", "any"};

	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
		if (n->kind == NODE_TEXT && !strcmp(n->text, types[i])) {
			s->type = (enum attr_type)i;
			return true;
		}
	return wrong(r, n, "%s: not a type of attributes", s->name);
}

static bool read_attr(const struct reader *r, const struct node *n, struct attr_spec *s)
{
	bool typed = false;

	*s = (struct attr_spec){.name = n->key, .min = INT64_MIN, .max = INT64_MAX};
	if (n->kind != NODE_MAP)
		return wrong(r, n, "%s: a map of type, optional, ...", n->key);
	for (const struct node *c = n->first; c; c = c->next) {
		bool ok = true;

		if (!strcmp(c->key, "type"))
			ok = typed = read_attr_type(r, c, s);
		else if (!strcmp(c->key, "optional"))
			ok = node_bool(c, &s->optional) || wrong(r, c, "optional: true or false");
		else if (!strcmp(c->key, "min"))
			ok = node_int(c, &s->min) || wrong(r, c, "min: a number");
		else if (!strcmp(c->key, "max"))
			ok = node_int(c, &s->max) || wrong(r, c, "max: a number");
		else if (!strcmp(c->key, "pattern"))
			s->pattern = c->text;
		else if (!strcmp(c->key, "values"))
			ok = read_words(r, c, &s->values);
		else
			return wrong(r, c, "%s: unknown key %s", n->key, c->key);
		if (!ok)
			return false;
	}
	return typed || wrong(r, n, "%s: no type", n->key);
}

static bool read_attrs(const struct reader *r, const struct node *n, struct iface *i,
		       enum side side)
{
	if (n->kind != NODE_MAP)
		return wrong(r, n, "%s: a map of attributes", n->key);
	for (const struct node *c = n->first; c; c = c->next) {
		struct attr_spec s;

		if (!read_attr(r, c, &s))
			return false;
		vec_push(r->arena, &i->attrs[side], s);
	}
	return true;
}

static bool read_declaration(const struct reader *r, const struct node *n, struct iface *i)
{
	if (n->kind != NODE_MAP)
		return wrong(r, n, "declaration: a map of plugs and slots");
	for (const struct node *c = n->first; c; c = c->next) {
		if (!strcmp(c->key, "plugs"))
			i->declaration[PLUG] = c;
		else if (!strcmp(c->key, "slots"))
			i->declaration[SLOT] = c;
		else
			return wrong(r, c, "declaration: unknown key %s", c->key);
	}
	return true;
}

static bool read_when(const struct reader *r, const struct node *n, struct block *b)
{
	static const char *const plain[] = {"classic", "base", "slot.system", "plug.system", NULL};

	if (n->kind != NODE_MAP)
		return wrong(r, n, "when: a map of conditions");
	for (const struct node *c = n->first; c; c = c->next) {
		struct cond cond = {.key = c->key};

		if (!str_in(c->key, plain) && !str_starts(c->key, "plug.") &&
		    !str_starts(c->key, "slot.") && !str_starts(c->key, "feature."))
			return wrong(r, c, "when: unknown condition %s", c->key);
		if (!read_words(r, c, &cond.values))
			return false;
		vec_push(r->arena, &b->when, cond);
	}
	return true;
}

/* "plug.read as path" */
static bool read_each(const struct reader *r, const struct node *n, struct block *b)
{
	char **w = n->kind == NODE_TEXT ? str_split(r->arena, n->text, ' ', NULL) : NULL;

	if (!w || !w[0] || !w[1] || strcmp(w[1], "as") || !w[2] || !*w[2] || w[3] ||
	    !(str_starts(w[0], "plug.") || str_starts(w[0], "slot.")))
		return wrong(r, n, "for-each: written as \"plug.ATTRIBUTE as NAME\"");
	b->each = w[0];
	b->as = w[2];
	return true;
}

static bool read_flags(const struct reader *r, const struct node *n, struct block *b)
{
	if (!read_words(r, n, &b->flags))
		return false;
	for (size_t i = 0; i < b->flags.len; i++)
		if (!str_in(b->flags.at[i], flags_known))
			return wrong(r, n, "flags: unknown flag %s", b->flags.at[i]);
	return true;
}

static bool read_text(const struct reader *r, const struct node *n, struct block *b)
{
	for (size_t k = 0; k < BACK_COUNT; k++) {
		if (strcmp(n->key, backend_names[k]))
			continue;
		if (n->kind != NODE_TEXT || !*n->text)
			return wrong(r, n, "%s: a text", n->key);
		b->text[k] = n->text;
		return true;
	}
	return wrong(r, n, "unknown key %s", n->key);
}

static bool read_block(const struct reader *r, const struct node *n, struct block *b)
{
	bool says = false;

	*b = (struct block){.line = n->line};
	if (n->kind != NODE_MAP)
		return wrong(r, n, "a block is a map");
	for (const struct node *c = n->first; c; c = c->next) {
		bool ok;

		if (!strcmp(c->key, "when"))
			ok = read_when(r, c, b);
		else if (!strcmp(c->key, "for-each"))
			ok = read_each(r, c, b);
		else if (!strcmp(c->key, "flags"))
			ok = says = read_flags(r, c, b);
		else
			ok = says = read_text(r, c, b);
		if (!ok)
			return false;
	}
	return says || wrong(r, n, "the block says nothing");
}

static bool read_blocks(const struct reader *r, const struct node *n, struct iface *i,
			size_t moment)
{
	if (n->kind != NODE_LIST)
		return wrong(r, n, "%s: a list of blocks", n->key);
	for (const struct node *c = n->first; c; c = c->next) {
		struct block b;

		if (!read_block(r, c, &b))
			return false;
		vec_push(r->arena, &i->blocks[moment], b);
	}
	return true;
}

static bool read_key(const struct reader *r, const struct node *n, struct iface *i)
{
	const char *k = n->key;

	for (size_t m = 0; m < MOMENT_COUNT; m++)
		if (!strcmp(k, moment_names[m]))
			return read_blocks(r, n, i, m);
	if (!strcmp(k, "declaration"))
		return read_declaration(r, n, i);
	if (!strcmp(k, "plug") || !strcmp(k, "slot"))
		return read_attrs(r, n, i, *k == 'p' ? PLUG : SLOT);
	if (!strcmp(k, "implicit-slot"))
		return read_systems(r, n, &i->implicit_slot_core, &i->implicit_slot_classic);
	if (!strcmp(k, "implicit-plug"))
		return read_systems(r, n, &i->implicit_plug_core, &i->implicit_plug_classic);
	if (n->kind != NODE_TEXT)
		return wrong(r, n, "unknown key %s", k);
	if (!strcmp(k, "name"))
		i->name = n->text;
	else if (!strcmp(k, "summary"))
		i->summary = n->text;
	else if (!strcmp(k, "native"))
		i->native = n->text;
	else
		return wrong(r, n, "unknown key %s", k);
	return true;
}

const struct iface *iface_parse(struct arena *a, const char *file, const char *text, size_t len,
				char *why)
{
	struct reader r = {a, file, why};
	struct iface *i = NEW(a, struct iface);
	char reason[WHY_MAX];
	const struct node *root = yaml_parse(a, text, len, reason);

	if (!root) {
		snprintf(why, WHY_MAX, "%s: %.200s", file, reason);
		return NULL;
	}
	for (const struct node *n = root->first; n; n = n->next)
		if (!read_key(&r, n, i))
			return NULL;
	if (!i->name || !name_is_port(i->name)) {
		wrong(&r, root, "no proper name");
		return NULL;
	}
	if (!i->summary || !*i->summary) {
		wrong(&r, root, "no summary");
		return NULL;
	}
	return i;
}
