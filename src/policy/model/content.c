/* content.c - what the content interface shares between snaps
 *
 * Paths become mounts and AppArmor rules in two snaps: MUST be refused unless
 * clean, inside and free of patterns (attacks.md A259, A261).
 */
#include "policy/model/content.h"

#include <string.h>

#include "core/str.h"
#include "core/vec.h"
#include "policy/model/attr.h"
#include "policy/model/layout.h"
#include "policy/model/name.h"

/* No empty, "." or ".." part; a lone "/" in front is what old snaps write. */
static bool is_clean(const char *path)
{
	if (*path == '/')
		path++;
	for (;;) {
		size_t n = strcspn(path, "/");

		if (!n || (n <= 2 && strspn(path, ".") >= n))
			return false;
		if (!path[n])
			return true;
		path += n + 1;
	}
}

const char *content_path(struct arena *a, const struct snap *s, const char *path)
{
	if (strlen(path) > FIELD_TEXT_MAX || !layout_path_is_plain(path))
		return NULL;
	if (!strcmp(path, "/") || !strcmp(path, "."))
		return layout_expand(a, s, "$SNAP");
	if (!is_clean(path))
		return NULL;
	if (*path == '$')
		return layout_expand(a, s, path);
	return layout_expand(a, s, arena_printf(a, "$SNAP/%s", path + (*path == '/')));
}

static bool read_list(struct arena *a, const struct port *p, const char *key, struct words *out,
		      char *why)
{
	const struct node *n = attr_get(p, key);

	if (!n)
		return true;
	if (n->kind != NODE_LIST || n->count > CONTENT_PATHS_MAX)
		return field_refuse(why, n->line, "slots.%s.%s: not a list of at most %d paths",
				    p->name, key, CONTENT_PATHS_MAX);
	for (const struct node *c = n->first; c; c = c->next) {
		if (c->kind != NODE_TEXT || node_type(c) != TYPE_TEXT ||
		    !content_path(a, p->snap, c->text))
			return field_refuse(why, c->line,
					    "slots.%s.%s: not a path that can be shared", p->name,
					    key);
		vec_push(a, out, c->text);
	}
	return true;
}

static bool read_slot(struct arena *a, const struct port *p, struct content *out, char *why)
{
	out->source = attr_get(p, "source");
	if (out->source && (attr_get(p, "read") || attr_get(p, "write")))
		return field_refuse(why, p->line, "slots.%s: read and write belong into source",
				    p->name);
	if (!read_list(a, p, out->source ? "source.read" : "read", &out->reads, why) ||
	    !read_list(a, p, out->source ? "source.write" : "write", &out->writes, why))
		return false;
	return out->reads.len || out->writes.len ||
	       field_refuse(why, p->line, "slots.%s: shares nothing: has no read and no write",
			    p->name);
}

static bool read_plug(struct arena *a, const struct port *p, struct content *out, char *why)
{
	const char *provider = attr_text(p, "default-provider");

	out->target = attr_text(p, "target");
	if (!out->target || !content_path(a, p->snap, out->target))
		return field_refuse(why, p->line, "plugs.%s.target: not a path to put content at",
				    p->name);
	if (!provider)
		return true;
	/* snapd takes SNAP:SLOT as well and looks at the snap alone. */
	out->provider = arena_dupn(a, provider, strcspn(provider, ":"));
	return name_is_snap(out->provider) ||
	       field_refuse(why, p->line,
			    "plugs.%s.default-provider: \"%.64s\" is not the name of a snap",
			    p->name, provider);
}

bool content_read(struct arena *a, const struct port *p, struct content *out, char *why)
{
	const char *label = attr_text(p, "content");

	*out = (struct content){.compatibility = attr_text(p, "compatibility")};
	if (label && *label && out->compatibility)
		return field_refuse(why, p->line, "%s.%s: has both content and compatibility",
				    p->side == PLUG ? "plugs" : "slots", p->name);
	out->label = label && *label ? label : p->name;
	return p->side == PLUG ? read_plug(a, p, out, why) : read_slot(a, p, out, why);
}
