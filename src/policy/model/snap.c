/* snap.c - the text of snap.yaml, or the record of it, to a checked struct snap
 *
 * There is one way from text to model: yaml_parse() or node_parse(), then
 * snap_from_node(). What it accepts is what every later stage relies on.
 */
#include "policy/model/snap.h"

#include <string.h>

#include "core/str.h"
#include "core/vec.h"
#include "core/yaml.h"
#include "policy/model/grammar.h"
#include "policy/model/name.h"
#include "policy/model/parts.h"

static bool is_title(const char *s)
{
	return grammar_characters(s) <= 40;
}

static bool is_description(const char *s)
{
	return grammar_characters(s) <= 4096;
}

static bool is_base(const char *s)
{
	return !strcmp(s, "none") || name_is_snap(s);
}

static bool is_provenance(const char *s)
{
	return name_is_provenance(s) && strcmp(s, "global-upload");
}

#define AT(member) offsetof(struct snap, member)

static const struct field fields[] = {
	{"name", FIELD_TEXT, AT(name), name_is_snap, "the name of a snap"},
	{"version", FIELD_TEXT, AT(version), name_is_version, "a version"},
	{"type", FIELD_CHOICE, AT(type), NULL, NULL, snap_type_names},
	{"confinement", FIELD_CHOICE, AT(confinement), NULL, NULL, snap_confinement_names},
	{"grade", FIELD_CHOICE, AT(grade), NULL, NULL, snap_grade_names},
	{"base", FIELD_TEXT, AT(base), is_base, "the name of a base"},
	{"title", FIELD_LONG_TEXT, AT(title), is_title, "a title of at most 40 characters"},
	{"summary", FIELD_LONG_TEXT, AT(summary)},
	{"description", FIELD_LONG_TEXT, AT(description), is_description,
	 "a description of at most 4096 characters"},
	{"license", FIELD_TEXT, AT(license), grammar_license, "a license expression"},
	{"provenance", FIELD_TEXT, AT(provenance), is_provenance, "a provenance"},
	{"architectures", FIELD_WORDS, AT(architectures), grammar_architecture, "an architecture"},
	{"assumes", FIELD_WORDS, AT(assumes), grammar_assumes, "something a snap can assume"},
	{"environment", FIELD_PAIRS, AT(environment), grammar_env_key, "the name of a variable"},
	{"links", FIELD_MAP, AT(links)},
	{0},
};

/* --- the small sections --- */

static bool read_epoch(struct snap *s, const struct node *n, char *why)
{
	static const char *const lists[] = {"read", "write", NULL};

	if (node_is_null(n))
		return true;
	if (n->kind == NODE_TEXT) {
		s->epoch = n->text;
		return grammar_epoch(n->text) ||
		       field_refuse(why, n->line, "epoch: \"%.32s\" is not an epoch", n->text);
	}
	for (const char *const *key = lists; *key; key++) {
		const struct node *list = node_get(n, *key);
		int64_t last = -1, number;

		if (!list)
			continue;
		if (list->kind != NODE_LIST || !list->count || list->count > 10)
			return field_refuse(why, n->line, "epoch.%s: not a list of 1 to 10 numbers",
					    *key);
		for (const struct node *c = list->first; c; c = c->next, last = number)
			if (!node_int(c, &number) || number <= last || number > UINT32_MAX)
				return field_refuse(why, n->line, "epoch.%s: not numbers that grow",
						    *key);
	}
	return n->kind == NODE_MAP || field_refuse(why, n->line, "epoch: not an epoch");
}

/* "snap_daemon: shared", or a map with "scope: shared". */
static bool read_users(struct arena *a, struct snap *s, const struct node *map, char *why)
{
	if (node_is_null(map))
		return true;
	if (map->kind != NODE_MAP || map->count > FIELD_LIST_MAX)
		return field_refuse(why, map->line, "system-usernames: not a map of users");
	for (const struct node *c = map->first; c; c = c->next) {
		const char *scope = c->kind == NODE_TEXT ? c->text : node_text(c, "scope");

		if (!name_is_system_user(c->key))
			return field_refuse(why, c->line,
					    "system-usernames: \"%.64s\" is not a user that "
					    "a snap can have",
					    c->key);
		if (!scope || strcmp(scope, "shared"))
			return field_refuse(why, c->line,
					    "system-usernames.%s: the scope must be shared",
					    c->key);
		vec_push(a, &s->system_usernames, c->key);
	}
	return true;
}

static bool read_components(struct arena *a, struct snap *s, const struct node *map, char *why)
{
	static const char *const types[] = {"standard", "kernel-modules", NULL};
	static const struct field rows[] = {
		{"type", FIELD_TEXT, offsetof(struct component, type)},
		{"summary", FIELD_LONG_TEXT, offsetof(struct component, summary)},
		{"description", FIELD_LONG_TEXT, offsetof(struct component, description),
		 is_description, "a description of at most 4096 characters"},
		{0},
	};

	if (node_is_null(map))
		return true;
	if (map->kind != NODE_MAP || map->count > MODEL_COMPONENTS_MAX)
		return field_refuse(why, map->line, "components: not a map, or more than %d",
				    MODEL_COMPONENTS_MAX);
	for (const struct node *c = map->first; c; c = c->next) {
		struct component part = {.name = c->key};

		if (!name_is_snap(c->key) || c->kind != NODE_MAP)
			return field_refuse(why, c->line,
					    "components: \"%.64s\" is not a component", c->key);
		if (!field_read(a, rows, c, arena_printf(a, "components.%s.", c->key), &part, why))
			return false;
		if (!part.type || !str_in(part.type, types) ||
		    (!strcmp(part.type, "kernel-modules") && s->type != SNAP_KERNEL))
			return field_refuse(why, c->line,
					    "components.%s.type: not one that this snap can have",
					    c->key);
		vec_push(a, &s->components, part);
		if (!hooks_read(a, s, c->key, node_get(c, "hooks"), why))
			return false;
	}
	return true;
}

static bool links_are_lists(const struct snap *s, char *why)
{
	for (const struct node *c = s->links ? s->links->first : NULL; c; c = c->next) {
		if (c->kind != NODE_LIST || !name_is_app(c->key))
			return field_refuse(why, c->line, "links.%.64s: not a list of addresses",
					    c->key);
		for (const struct node *l = c->first; l; l = l->next)
			if (l->kind != NODE_TEXT || strlen(l->text) > FIELD_TEXT_MAX)
				return field_refuse(why, l->line, "links.%s: not an address",
						    c->key);
	}
	return true;
}

/* --- the whole --- */

static bool whole_makes_sense(const struct snap *s, const struct node *root, char *why)
{
	const struct node *base = node_get(root, "base"), *plural = node_get(root, "layouts");

	if (!s->name)
		return field_refuse(why, 0, "has no name");
	if (!s->version)
		return field_refuse(why, 0, "has no version");
	if (plural)
		return field_refuse(why, plural->line, "layouts: write \"layout\", without an s");
	if (s->base && !strcmp(s->base, "none") && (s->apps.len || s->hooks.len))
		return field_refuse(why, base->line,
				    "base: a snap without a base has no apps and hooks");
	if (s->base && strcmp(s->base, "none") && (s->type == SNAP_BASE || s->type == SNAP_OS))
		return field_refuse(why, base->line, "base: a base has no base");
	if (s->type == SNAP_SNAPD && strcmp(s->name, "snapd"))
		return field_refuse(why, node_get(root, "type")->line,
				    "type: only snapd is of type snapd");
	return true;
}

static bool read_sections(struct arena *a, struct snap *s, const struct node *root, char *why)
{
	return ports_read(a, s, PLUG, node_get(root, "plugs"), why) &&
	       ports_read(a, s, SLOT, node_get(root, "slots"), why) &&
	       read_components(a, s, node_get(root, "components"), why) &&
	       apps_read(a, s, node_get(root, "apps"), why) &&
	       hooks_read(a, s, NULL, node_get(root, "hooks"), why) && apps_activation(a, s, why);
}

struct snap *snap_from_node(struct arena *a, const struct node *root, char *why)
{
	struct snap *s = NEW(a, struct snap);

	s->record = root;
	s->revision = "";
	if (root->kind != NODE_MAP) {
		field_refuse(why, root->line, "not a map of keys and values");
		return NULL;
	}
	if (!field_read(a, fields, root, "", s, why))
		return NULL;
	s->instance = s->name;
	s->key = "";
	if (s->name && !strcmp(s->name, "snapd"))
		s->type = SNAP_SNAPD;
	if (!s->name || !s->version) {
		whole_makes_sense(s, root, why);
		return NULL;
	}
	if (!read_epoch(s, node_get(root, "epoch"), why) || !read_sections(a, s, root, why))
		return NULL;
	ports_bind(a, s);
	if (!apps_check(a, s, why) || !layouts_read(a, s, node_get(root, "layout"), why) ||
	    !read_users(a, s, node_get(root, "system-usernames"), why) ||
	    !links_are_lists(s, why) || !whole_makes_sense(s, root, why))
		return NULL;
	return s;
}

struct snap *snap_from_yaml(struct arena *a, const char *text, size_t len, char *why)
{
	const struct node *root = yaml_parse(a, text, len, why);

	return root ? snap_from_node(a, root, why) : NULL;
}

struct snap *snap_from_record(struct arena *a, const char *text, size_t len, char *why)
{
	const struct node *root = node_parse(a, text, len, why);

	return root ? snap_from_node(a, root, why) : NULL;
}

const char *snap_record(struct arena *a, const struct snap *s)
{
	struct buf b = buf_new(a);

	node_print(&b, s->record);
	return buf_text(&b);
}

void snap_add_hook(struct arena *a, struct node *root, const char *name)
{
	const struct node *found = node_get(root, "hooks");
	struct node *hooks = NULL;

	if (root->kind != NODE_MAP || !name_is_known_hook(name, false) || node_get(found, name) ||
	    (found && found->kind != NODE_MAP && !node_is_null(found)))
		return;
	for (struct node *c = root->first; c; c = c->next)
		if (c == found)
			hooks = c;
	if (!hooks) {
		hooks = node_new(a, NODE_MAP, root->line, root->column);
		hooks->key = "hooks";
		node_add(root, hooks);
	}
	hooks->kind = NODE_MAP;
	struct node *hook = node_new(a, NODE_MAP, hooks->line, hooks->column);
	hook->key = arena_dup(a, name);
	node_add(hooks, hook);
}

void snap_set_instance(struct arena *a, struct snap *s, const char *instance, const char *revision)
{
	if (!name_is_instance(instance) || strcmp(name_snap_of(a, instance), s->name))
		die("\"%s\" is not a name for the snap %s", instance, s->name);
	if (*revision && !name_is_revision(revision))
		die("\"%s\" is not a revision", revision);
	s->instance = arena_dup(a, instance);
	s->key = name_key_of(s->instance);
	s->revision = arena_dup(a, revision);
}
