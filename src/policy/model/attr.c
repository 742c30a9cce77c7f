/* attr.c - the attributes of plugs and slots, with their types */
#include "policy/model/attr.h"

#include <string.h>

const struct node *attr_get(const struct port *p, const char *path)
{
	const struct node *at = p->attrs;

	while (at) {
		size_t n = strcspn(path, ".");
		const struct node *c = at->kind == NODE_MAP ? at->first : NULL;

		while (c && (strncmp(c->key, path, n) || c->key[n]))
			c = c->next;
		at = c;
		if (!path[n])
			break;
		path += n + 1;
	}
	return at;
}

const char *attr_text(const struct port *p, const char *path)
{
	const struct node *n = attr_get(p, path);

	return n && n->kind == NODE_TEXT && node_type(n) == TYPE_TEXT ? n->text : NULL;
}

bool attr_bool(const struct port *p, const char *path, bool *out)
{
	const struct node *n = attr_get(p, path);

	return n && node_bool(n, out);
}

bool attr_int(const struct port *p, const char *path, int64_t *out)
{
	const struct node *n = attr_get(p, path);

	return n && node_int(n, out);
}

const struct node *attr_unfit(const struct node *value)
{
	struct node_walk w = {0};

	for (const struct node *n = value; n; n = node_walk(&w, n))
		if (node_is_null(n))
			return n;
	return NULL;
}
