/* iface.c - an interface: what a plug may do with a slot, as data */
#include "policy/model/iface.h"

#include <stdio.h>
#include <string.h>

#include "core/str.h"
#include "core/yaml.h"
#include "policy/model/iface_parts.h"
#include "policy/model/name.h"

const char *const backend_names[BACK_COUNT] = {
	"apparmor", "update-ns", "seccomp", "udev", "device", "mount", "user-mount", "kmod",
	"modprobe", "dbus",
};
const char *const moment_names[MOMENT_COUNT] = {
	"permanent-plug", "permanent-slot", "connected-plug", "connected-slot",
};
static const char *const flags_known[] = {
	"controls-device-cgroup", "home-ix", "suppress-desktop-files", "suppress-home-ix",
	"suppress-ptrace-trace", "suppress-pycache-deny", "suppress-sys-module", "unconfined",
	"uses-desktop-files", "uses-mountinfo", "uses-ptrace-trace", "uses-sys-module", NULL,
};

static bool read_systems(const struct iface_reader *r, const struct node *n, bool *core,
			 bool *classic)
{
	struct words w = {0};

	if (!iface_words(r, n, &w))
		return false;
	for (size_t i = 0; i < w.len; i++) {
		if (!strcmp(w.at[i], "core"))
			*core = true;
		else if (!strcmp(w.at[i], "classic"))
			*classic = true;
		else
			return iface_wrong(r, n, "%s: \"%s\" is neither core nor classic", n->key,
				     w.at[i]);
	}
	return true;
}

static bool read_declaration(const struct iface_reader *r, const struct node *n, struct iface *i)
{
	if (n->kind != NODE_MAP)
		return iface_wrong(r, n, "declaration: a map of plugs and slots");
	for (const struct node *c = n->first; c; c = c->next) {
		if (!strcmp(c->key, "plugs"))
			i->declaration[PLUG] = c;
		else if (!strcmp(c->key, "slots"))
			i->declaration[SLOT] = c;
		else
			return iface_wrong(r, c, "declaration: unknown key %s", c->key);
	}
	return true;
}

static bool is_loop(const struct block *b, const char *name)
{
	for (size_t i = 0; i < b->loop_count; i++)
		if (!strcmp(b->loops[i].as, name))
			return true;
	return false;
}

/* Whether a key with a dot names something is for lint to say. */
static bool read_when(const struct iface_reader *r, const struct node *n, struct block *b)
{
	static const char *const plain[] = {"classic", "base", NULL};

	if (n->kind != NODE_MAP)
		return iface_wrong(r, n, "when: a map of conditions");
	for (const struct node *c = n->first; c; c = c->next) {
		struct cond cond = {.key = c->key};

		if (!str_in(c->key, plain) && !strchr(c->key, '.') && !is_loop(b, c->key))
			return iface_wrong(r, c, "when: unknown condition %s", c->key);
		if (!iface_words(r, c, &cond.values))
			return false;
		vec_push(r->arena, &b->when, cond);
	}
	return true;
}

/* "plug.read as path" */
static bool read_loop(const struct iface_reader *r, const struct node *n, struct block *b)
{
	char **w = n->kind == NODE_TEXT ? str_split(r->arena, n->text, ' ', NULL) : NULL;

	if (!w || !w[0] || !w[1] || strcmp(w[1], "as") || !w[2] || !*w[2] || w[3])
		return iface_wrong(r, n, "for-each: written as \"plug.ATTRIBUTE as NAME\"");
	if (strchr(w[2], '.'))
		return iface_wrong(r, n, "for-each: \"%s\" is no name", w[2]);
	if (b->loop_count == LOOPS_MAX)
		return iface_wrong(r, n, "for-each: more than %d", LOOPS_MAX);
	b->loops[b->loop_count++] = (struct loop){w[0], w[2]};
	return true;
}

static bool read_each(const struct iface_reader *r, const struct node *n, struct block *b)
{
	if (n->kind != NODE_LIST)
		return read_loop(r, n, b);
	for (const struct node *c = n->first; c; c = c->next)
		if (!read_loop(r, c, b))
			return false;
	return true;
}

static bool read_flags(const struct iface_reader *r, const struct node *n, struct block *b)
{
	if (!iface_words(r, n, &b->flags))
		return false;
	for (size_t i = 0; i < b->flags.len; i++)
		if (!str_in(b->flags.at[i], flags_known))
			return iface_wrong(r, n, "flags: unknown flag %s", b->flags.at[i]);
	return true;
}

static bool read_text(const struct iface_reader *r, const struct node *n, struct block *b)
{
	if (!strcmp(n->key, "refuse")) {
		b->refusal = n->text;
		return n->kind == NODE_TEXT || iface_wrong(r, n, "refuse: a text");
	}
	for (size_t k = 0; k < BACK_COUNT; k++) {
		if (strcmp(n->key, backend_names[k]))
			continue;
		if (n->kind != NODE_TEXT || !*n->text)
			return iface_wrong(r, n, "%s: a text", n->key);
		b->text[k] = n->text;
		return true;
	}
	return iface_wrong(r, n, "unknown key %s", n->key);
}

static bool read_block(const struct iface_reader *r, const struct node *n, struct block *b)
{
	bool says = false;

	*b = (struct block){.line = n->line};
	if (n->kind != NODE_MAP)
		return iface_wrong(r, n, "a block is a map");
	const struct node *each = node_get(n, "for-each");
	if (each && !read_each(r, each, b))
		return false;
	for (const struct node *c = n->first; c; c = c->next) {
		bool ok = true;

		if (!strcmp(c->key, "when"))
			ok = read_when(r, c, b);
		else if (c == each)
			continue;
		else if (!strcmp(c->key, "flags"))
			ok = says = read_flags(r, c, b);
		else
			ok = says = read_text(r, c, b);
		if (!ok)
			return false;
	}
	return says || iface_wrong(r, n, "the block says nothing");
}

static bool read_blocks(const struct iface_reader *r, const struct node *n, struct iface *i,
			size_t moment)
{
	if (n->kind != NODE_LIST)
		return iface_wrong(r, n, "%s: a list of blocks", n->key);
	for (const struct node *c = n->first; c; c = c->next) {
		struct block b;

		if (!read_block(r, c, &b))
			return false;
		vec_push(r->arena, &i->blocks[moment], b);
	}
	return true;
}

static bool read_key(const struct iface_reader *r, const struct node *n, struct iface *i)
{
	const char *k = n->key;

	for (size_t m = 0; m < MOMENT_COUNT; m++)
		if (!strcmp(k, moment_names[m]))
			return read_blocks(r, n, i, m);
	if (!strcmp(k, "declaration"))
		return read_declaration(r, n, i);
	if (!strcmp(k, "plug") || !strcmp(k, "slot"))
		return iface_read_attrs(r, n, &i->attrs[*k == 'p' ? PLUG : SLOT], 1);
	if (!strcmp(k, "implicit-slot"))
		return read_systems(r, n, &i->implicit_slot_core, &i->implicit_slot_classic);
	if (!strcmp(k, "implicit-plug"))
		return read_systems(r, n, &i->implicit_plug_core, &i->implicit_plug_classic);
	if (!strcmp(k, "same"))
		return iface_words(r, n, &i->same);
	if (n->kind != NODE_TEXT)
		return iface_wrong(r, n, "unknown key %s", k);
	if (!strcmp(k, "name"))
		i->name = n->text;
	else if (!strcmp(k, "summary"))
		i->summary = n->text;
	else if (!strcmp(k, "native"))
		i->native = n->text;
	else
		return iface_wrong(r, n, "unknown key %s", k);
	return true;
}

const struct iface *iface_parse(struct arena *a, const char *file, const char *text, size_t len,
				char *why)
{
	struct iface_reader r = {a, file, why};
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
		iface_wrong(&r, root, "no proper name");
		return NULL;
	}
	if (!i->summary || !*i->summary) {
		iface_wrong(&r, root, "no summary");
		return NULL;
	}
	return i;
}
