/* node.c - a tree of maps, lists and texts, and its canonical plain form
 *
 * The reader MUST take nothing on trust: what it reads may have been written by
 * a reader of strangers' files that was taken over. It is kept tiny and strict,
 * has no recursion, and ends by writing the tree again and comparing: there is
 * one text for a tree (attacks.md A217).
 */
#include "core/node.h"

#include <stdio.h>
#include <string.h>

#include "core/str.h"

#define HEAD "snapbox-record 1\n"

struct node *node_new(struct arena *a, enum node_kind kind, unsigned line, unsigned column)
{
	struct node *n = NEW(a, struct node);

	n->kind = kind;
	n->line = line;
	n->column = column;
	return n;
}

void node_add(struct node *parent, struct node *child)
{
	if (parent->last)
		parent->last->next = child;
	else
		parent->first = child;
	parent->last = child;
	parent->count++;
}

const struct node *node_get(const struct node *map, const char *key)
{
	if (!map || map->kind != NODE_MAP)
		return NULL;
	for (const struct node *c = map->first; c; c = c->next)
		if (!strcmp(c->key, key))
			return c;
	return NULL;
}

const char *node_text(const struct node *map, const char *key)
{
	const struct node *n = node_get(map, key);

	return n && n->kind == NODE_TEXT ? n->text : NULL;
}

/* Merge sort, from runs of 1 upwards: qsort of a C library may ask for more than a jailed
 * reader is allowed. */
static const struct node **sorted_by_key(struct arena *a, const struct node *map)
{
	const struct node **from = NEW_N(a, const struct node *, map->count);
	const struct node **to = NEW_N(a, const struct node *, map->count);
	size_t n = 0;

	for (const struct node *c = map->first; c; c = c->next)
		from[n++] = c;
	for (size_t run = 1; run < n; run *= 2) {
		for (size_t at = 0; at < n; at += 2 * run) {
			size_t i = at, mid = at + run < n ? at + run : n, j = mid;
			size_t end = mid + run < n ? mid + run : n;

			for (size_t k = at; k < end; k++)
				to[k] = j == end ||
					(i < mid && strcmp(from[i]->key, from[j]->key) <= 0) ?
						from[i++] : from[j++];
		}
		const struct node **swap = from;
		from = to;
		to = swap;
	}
	return from;
}

const struct node *node_twice(struct arena *a, const struct node *map)
{
	struct arena_mark m = arena_mark(a);
	const struct node **list = sorted_by_key(a, map), *found = NULL;

	for (size_t i = 1; i < map->count && !found; i++)
		if (!strcmp(list[i - 1]->key, list[i]->key))
			found = list[i];
	arena_rewind(a, m);
	return found;
}

/* --- the writer --- */

/* The reader writes every record again to compare: bytes go in runs, without printf. */
static void print_text(struct buf *out, const char *s, bool is_key)
{
	while (*s) {
		const char *end = s;

		while ((unsigned char)*end >= 0x20 && *end != 0x7f && *end != '\\' &&
		       !(is_key && *end == ' '))
			end++;
		if (end > s)
			buf_add(out, s, (size_t)(end - s));
		s = end;
		if (*s)
			buf_printf(out, "\\x%02x", (unsigned char)*s++);
	}
}

static void print_number(struct buf *out, unsigned n)
{
	char digits[10], *p = digits + sizeof digits;

	do
		*--p = (char)('0' + n % 10);
	while (n /= 10);
	buf_add(out, p, (size_t)(digits + sizeof digits - p));
}

static void print_line(struct buf *out, const struct node *n, size_t depth)
{
	static const char tabs[] = "\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t"
				   "\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t";
	_Static_assert(sizeof tabs > NODE_DEPTH_MAX, "a tab for each level");

	buf_add(out, tabs, depth);
	if (n->key) {
		print_text(out, n->key, true);
		buf_char(out, ' ');
	}
	buf_str(out, n->kind == NODE_MAP ? "{ " : n->kind == NODE_LIST ? "[ " :
		     n->quoted ? "\" " : "' ");
	print_number(out, n->line);
	buf_char(out, ':');
	print_number(out, n->column);
	if (n->kind == NODE_TEXT) {
		buf_char(out, ' ');
		print_text(out, n->text, false);
	}
	buf_char(out, '\n');
}

const struct node *node_walk(struct node_walk *w, const struct node *n)
{
	if (n->first) {
		w->up[w->depth++] = n;
		return n->first;
	}
	while (w->depth && !n->next)
		n = w->up[--w->depth];
	return w->depth ? n->next : NULL;
}

void node_print(struct buf *out, const struct node *root)
{
	struct node_walk w = {0};

	buf_str(out, HEAD);
	for (const struct node *n = root; n; n = node_walk(&w, n))
		print_line(out, n, w.depth);
}

/* --- the reader --- */

static int hex(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* n bytes with their escapes undone, or NULL. */
static const char *plain(struct arena *a, const char *s, size_t n)
{
	char *out = n <= 4 * NODE_TEXT_MAX ? arena_alloc(a, n + 1, 1) : NULL, *p = out;

	for (size_t i = 0; out && i < n;) {
		if (s[i] != '\\') {
			*p++ = s[i++];
			continue;
		}
		if (n - i < 4 || s[i + 1] != 'x' || hex(s[i + 2]) < 0 || hex(s[i + 3]) < 0)
			return NULL;
		*p = (char)(hex(s[i + 2]) << 4 | hex(s[i + 3]));
		if (!*p++)
			return NULL;
		i += 4;
	}
	return out && p - out <= NODE_TEXT_MAX ? out : NULL;
}

static bool take_number(const char **s, const char *end, unsigned *out)
{
	*out = 0;
	for (; *s < end && **s >= '0' && **s <= '9'; (*s)++) {
		if (*out > 100000000)
			return false;
		*out = *out * 10 + (unsigned)(**s - '0');
	}
	return *out > 0;
}

/* One line without its tabs and newline. */
static struct node *parse_line(struct arena *a, const char *s, const char *end, bool in_map)
{
	struct node *n = node_new(a, NODE_TEXT, 0, 0);

	if (in_map) {
		const char *blank = memchr(s, ' ', (size_t)(end - s));

		if (!blank || blank == s || !(n->key = plain(a, s, (size_t)(blank - s))))
			return NULL;
		s = blank + 1;
	}
	if (end - s < 2 || !strchr("{['\"", *s) || !*s || s[1] != ' ')
		return NULL;
	n->kind = *s == '{' ? NODE_MAP : *s == '[' ? NODE_LIST : NODE_TEXT;
	n->quoted = *s == '"';
	s += 2;
	if (!take_number(&s, end, &n->line) || s == end || *s++ != ':' ||
	    !take_number(&s, end, &n->column))
		return NULL;
	if (n->kind != NODE_TEXT)
		return s == end ? n : NULL;
	if (s == end || *s++ != ' ')
		return NULL;
	n->text = plain(a, s, (size_t)(end - s));
	return n->text ? n : NULL;
}

static struct node *broken(char *why, unsigned line, const char *what)
{
	snprintf(why, WHY_MAX, "record, line %u: %s", line, what);
	return NULL;
}

static bool is_canonical(struct arena *a, const struct node *root, const char *text)
{
	struct buf again = buf_new(a);

	node_print(&again, root);
	return !strcmp(buf_text(&again), text);
}

static const char *twice_anywhere(struct arena *a, const struct node *root)
{
	struct node_walk w = {0};

	for (const struct node *n = root; n; n = node_walk(&w, n)) {
		const struct node *twice = n->kind == NODE_MAP ? node_twice(a, n) : NULL;

		if (twice)
			return twice->key;
	}
	return NULL;
}

struct node *node_parse(struct arena *a, const char *text, size_t len, char *why)
{
	struct node *up[NODE_DEPTH_MAX + 1] = {NULL}, *root = NULL;
	const char *s = text + strlen(HEAD), *end = text + len;
	unsigned line = 2;
	size_t open = 0, count = 0; /* up[0..open) are the containers that can take a child */

	if (len > NODE_RECORD_MAX || memchr(text, '\0', len) || !str_starts(text, HEAD))
		return broken(why, 1, "not a record");
	for (; s < end; line++) {
		const char *eol = memchr(s, '\n', (size_t)(end - s));
		size_t depth = strspn(s, "\t");

		if (!eol || depth > open || (!depth && root) || depth >= NODE_DEPTH_MAX)
			return broken(why, line, "wrong depth, or cut short");
		open = depth;
		struct node *n = parse_line(a, s + depth, eol,
					    depth && up[depth - 1]->kind == NODE_MAP);
		if (!n || ++count > NODE_COUNT_MAX)
			return broken(why, line, n ? "too many lines" : "not a line of a record");
		if (depth)
			node_add(up[depth - 1], n);
		else
			root = n;
		if (n->kind != NODE_TEXT)
			up[open++] = n;
		s = eol + 1;
	}
	if (!root || !is_canonical(a, root, text))
		return broken(why, line, root ? "not written as it should be" : "empty");
	if (twice_anywhere(a, root))
		return broken(why, line, "a key is there twice");
	return root;
}
