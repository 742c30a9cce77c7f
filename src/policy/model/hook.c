/* hook.c - the hooks section of snap.yaml, and those of components
 *
 * A hook that snapd does not know is not run by anybody: it is left out of the
 * model of a snap, as there, and refused in a component.
 */
#include <string.h>

#include "core/vec.h"
#include "policy/model/grammar.h"
#include "policy/model/name.h"
#include "policy/model/parts.h"
#include "policy/model/snap.h"

static const struct field fields[] = {
	{"command-chain", FIELD_WORDS, offsetof(struct hook, command_chain), grammar_chain,
	 "a program in the snap"},
	{"environment", FIELD_PAIRS, offsetof(struct hook, environment), grammar_env_key,
	 "the name of a variable"},
	{0},
};

static bool read_hook(struct arena *a, struct snap *s, const char *component, const struct node *n,
		      char *why)
{
	struct hook *h = NEW(a, struct hook);
	const char *path = component ?
				   arena_printf(a, "components.%s.hooks.%s.", component, n->key) :
				   arena_printf(a, "hooks.%s.", n->key);

	h->name = n->key;
	h->component = component;
	h->snap = s;
	h->line = n->line;
	if (!node_is_null(n) && n->kind != NODE_MAP)
		return field_refuse(why, n->line, "%.*s: not a map", (int)strlen(path) - 1, path);
	if (!field_read(a, fields, n, path, h, why) ||
	    !ports_list(a, s, PLUG, n, path, &h->plugs, why))
		return false;
	if (component && !node_is_null(node_get(n, "slots")))
		return field_refuse(why, n->line, "%sslots: a component has none", path);
	if (!component && !ports_list(a, s, SLOT, n, path, &h->slots, why))
		return false;
	vec_push(a, &s->hooks, h);
	return snap_label_fits(snap_hook_label(a, h)) ||
	       field_refuse(why, n->line, "%.64s: the name is too long for a label", path);
}

bool hooks_read(struct arena *a, struct snap *s, const char *component, const struct node *map,
		char *why)
{
	if (node_is_null(map))
		return true;
	if (map->kind != NODE_MAP || map->count > MODEL_PORTS_MAX)
		return field_refuse(why, map->line, "hooks: not a map, or more than %d",
				    MODEL_PORTS_MAX);
	for (const struct node *c = map->first; c; c = c->next) {
		if (!name_is_hook(c->key) || (component && !name_is_known_hook(c->key, true)))
			return field_refuse(why, c->line,
					    "hooks: \"%.64s\" is not the name of a hook", c->key);
		if (name_is_known_hook(c->key, component) && !read_hook(a, s, component, c, why))
			return false;
	}
	if (component)
		return true;
	if (snap_hook(s, NULL, "default-configure") && !snap_hook(s, NULL, "configure"))
		return field_refuse(why, map->line, "hooks: default-configure needs configure");
	if ((s->type == SNAP_BASE || s->type == SNAP_OS || s->type == SNAP_SNAPD) &&
	    (snap_hook(s, NULL, "default-configure") ||
	     (s->type != SNAP_OS && snap_hook(s, NULL, "configure"))))
		return field_refuse(why, map->line, "hooks: a %s has no configure hooks",
				    snap_type_names[s->type]);
	return true;
}
