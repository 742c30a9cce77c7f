/* node.h - a tree of maps, lists and texts, and its canonical plain form
 *
 * What yaml.c makes of a stranger's file, and what is kept of it: the record.
 * The record is text with one line a node, written by node_print() and read by
 * node_parse(), which accepts nothing but what node_print() writes:
 *
 *	snapbox-record 1
 *	{ 1:1
 *		name ' 1:7 hello
 *		apps { 2:7
 *			sh { 3:8
 *				command " 3:18 bin/sh
 *		assumes [ 4:11
 *			' 4:12 snapd2.40
 *
 * A line is: tabs (the depth), in a map the key and a blank, then "{" for a map,
 * "[" for a list, "'" for a plain text (which may mean a number or a truth) or
 * '"' for one that was quoted (always text), a blank, line:column of the source,
 * and for texts a blank and the text. Backslash, newline, other control bytes
 * and, in keys, blanks are \xNN.
 */
#ifndef CORE_NODE_H
#define CORE_NODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/buf.h"

/* The documented limits of a tree, wherever it comes from. */
#define NODE_DEPTH_MAX 32
#define NODE_COUNT_MAX 32768
#define NODE_TEXT_MAX 65536 /* bytes of one text or key */
#define NODE_RECORD_MAX ((size_t)8 << 20)

#define WHY_MAX 256 /* the size of every "char *why" that readers fill with one line */

enum node_kind { NODE_MAP, NODE_LIST, NODE_TEXT };

struct node {
	enum node_kind kind;
	bool quoted;           /* of a text: it was quoted, so it is never a number */
	unsigned line, column; /* in the source, from 1 */
	const char *key;       /* in a map; else NULL */
	const char *text;      /* of a text; no NUL in it */
	size_t count;          /* of a map or a list */
	struct node *first, *last, *next;
};

/* What a text means when a type is wanted (YAML 1.1, as snapd reads it). */
enum node_type { TYPE_TEXT, TYPE_NULL, TYPE_BOOL, TYPE_INT, TYPE_FLOAT };
enum node_type node_type(const struct node *n); /* n is a NODE_TEXT */
bool node_bool(const struct node *n, bool *out);
bool node_int(const struct node *n, int64_t *out);
bool node_is_null(const struct node *n); /* NULL itself, or a plain null or empty text */

/* Children: build, look up, walk (for (c = n->first; c; c = c->next)). */
struct node *node_new(struct arena *a, enum node_kind kind, unsigned line, unsigned column);
void node_add(struct node *parent, struct node *child);
const struct node *node_get(const struct node *map, const char *key); /* NULL if not a map */
const char *node_text(const struct node *map, const char *key); /* NULL unless a text */

/* A key that a map has twice, or NULL. n log n. */
const struct node *node_twice(struct arena *a, const struct node *map);

/* All nodes of a tree, parents first, without recursion:
 *	struct node_walk w = {0};
 *	for (const struct node *n = root; n; n = node_walk(&w, n))
 * w.depth is how deep n lies below root. */
struct node_walk {
	const struct node *up[NODE_DEPTH_MAX + 1];
	size_t depth;
};
const struct node *node_walk(struct node_walk *w, const struct node *n);

void node_print(struct buf *out, const struct node *root);

/* NULL with one line in why (WHY_MAX bytes) when text is not exactly what
 * node_print writes. text is NUL-terminated, len bytes; it may come from a
 * child that a stranger's file has taken over. */
struct node *node_parse(struct arena *a, const char *text, size_t len, char *why);

#endif
