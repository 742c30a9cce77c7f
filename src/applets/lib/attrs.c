/* attrs.c - the attributes of a plug or slot, for people */
#include "applets/lib/attrs.h"

#include <stdlib.h>
#include <string.h>

#include "core/json.h"

#define INDENT 4 /* and two for each level */

static int by_key(const void *x, const void *y)
{
	const struct node *const *a = x, *const *b = y;

	return strcmp((*a)->key, (*b)->key);
}

static void sort_children(struct arena *a, struct node *map)
{
	struct node **list = NEW_N(a, struct node *, map->count), *c = map->first;
	size_t n = map->count;

	for (size_t i = 0; i < n; i++, c = c->next)
		list[i] = c;
	if (n)
		qsort(list, n, sizeof *list, by_key);
	map->first = map->last = NULL;
	map->count = 0;
	for (size_t i = 0; i < n; i++) {
		list[i]->next = NULL;
		node_add(map, list[i]);
	}
}

/* A copy of the tree with all maps sorted. */
static struct node *sorted(struct arena *a, const struct node *root)
{
	struct node *up[NODE_DEPTH_MAX + 1];
	struct node_walk w = {0};

	for (const struct node *n = root; n; n = node_walk(&w, n)) {
		struct node *copy = NEW(a, struct node);

		*copy = *n;
		copy->first = copy->last = copy->next = NULL;
		copy->count = 0;
		if (w.depth)
			node_add(up[w.depth - 1], copy);
		up[w.depth] = copy;
	}
	w = (struct node_walk){0};
	for (const struct node *n = up[0]; n; n = node_walk(&w, n))
		if (n->kind == NODE_MAP)
			sort_children(a, (struct node *)n);
	return up[0];
}

/* What is in a list may be anything: one line says all of it. */
static const char *item(struct arena *a, const struct node *n)
{
	struct buf b = buf_new(a);

	if (n->kind == NODE_TEXT)
		return n->text;
	json_node(&b, n);
	return buf_text(&b);
}

void attrs_add(struct table *t, const struct node *attrs)
{
	struct arena *a = t->text.arena;
	struct node_walk w = {0};
	size_t skip = NODE_DEPTH_MAX; /* what lies deeper has been said */

	for (const struct node *n = sorted(a, attrs); n; n = node_walk(&w, n)) {
		int indent = INDENT + 2 * (int)w.depth;

		if (!w.depth || w.depth > skip)
			continue;
		skip = NODE_DEPTH_MAX;
		if (w.up[w.depth - 1]->kind == NODE_LIST) {
			table_add(t, "%*s- %s\n", indent, "", table_cell(a, item(a, n)));
			skip = w.depth;
		} else if (n->kind == NODE_TEXT) {
			table_add(t, "%*s%s:\t%s\n", indent, "", table_cell(a, n->key),
				  table_cell(a, n->text));
		} else {
			table_add(t, "%*s%s:\n", indent, "", table_cell(a, n->key));
		}
	}
}
