/* yaml.c - a stranger's YAML file to a tree of nodes
 *
 * The only caller of libyaml. MUST look at every byte before libyaml does, MUST
 * use its events only (its document loader follows aliases), and MUST stop at
 * the first thing it does not expect: budgets are checked event by event, the
 * open containers are a fixed array and nothing recurses (attacks.md A219-A233).
 */
#include "core/yaml.h"

#include <stdio.h>
#include <string.h>
#include <yaml.h>

#include "core/str.h"

#define CORE_TAG "tag:yaml.org,2002:"

struct reader {
	struct arena *arena;
	char *why;
	struct node *root;
	struct node *up[NODE_DEPTH_MAX];
	const char *key[NODE_DEPTH_MAX]; /* of up[i]: read, its value not yet */
	size_t depth, count;
	bool document, done;
};

static bool refuse(struct reader *r, yaml_mark_t at, const char *what)
{
	snprintf(r->why, WHY_MAX, "%zu:%zu: %s", at.line + 1, at.column + 1, what);
	return false;
}

/* --- what libyaml never gets to see --- */

/* The length of one character at s (of n bytes), or 0 when it may not be in a file. */
static size_t character(const unsigned char *s, size_t n, const char **what)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	size_t k = s[0] < 0x80 ? 1 : s[0] < 0xc2 ? 0 : s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 :
		   s[0] < 0xf5 ? 4 : 0;
	uint32_t c = k == 1 ? s[0] : k ? s[0] & (0x7fu >> k) : 0;

	*what = "not UTF-8 text";
	if (!k || k > n)
		return 0;
	for (size_t i = 1; i < k; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (s[i] & 0x3f);
	}
	if (k > 1 && (c < least[k] || c > 0x10ffff || (c >= 0xd800 && c < 0xe000)))
		return 0;
	*what = "a control character";
	if ((c < 0x20 && c != '\n' && c != '\t' && c != '\r') || (c >= 0x7f && c < 0xa0))
		return 0;
	*what = "a byte order mark or a Unicode line break";
	return c == 0xfeff || c == 0x2028 || c == 0x2029 || c == 0xfffe || c == 0xffff ? 0 : k;
}

static bool bytes_are_plain(struct reader *r, const unsigned char *s, size_t len)
{
	yaml_mark_t at = {0};
	const char *what;

	if (len > YAML_BYTES_MAX)
		return refuse(r, at, "larger than 1 MiB");
	for (size_t i = 0; i < len; at.column++) {
		size_t k = character(s + i, len - i, &what);

		if (!k)
			return refuse(r, at, what);
		if (s[i] == '\n') {
			at.line++;
			at.column = (size_t)-1;
		}
		i += k;
	}
	return true;
}

/* --- events to nodes --- */

static bool put(struct reader *r, struct node *n, yaml_mark_t at)
{
	if (++r->count > NODE_COUNT_MAX)
		return refuse(r, at, "more than 32768 values");
	if (!r->depth) {
		if (n->kind != NODE_MAP)
			return refuse(r, at, "not a map of keys and values");
		r->root = n;
	} else {
		struct node *parent = r->up[r->depth - 1];

		if (parent->kind == NODE_MAP) {
			if (!r->key[r->depth - 1])
				return refuse(r, at, "a key that is not a text");
			n->key = r->key[r->depth - 1];
			r->key[r->depth - 1] = NULL;
		}
		node_add(parent, n);
	}
	if (n->kind == NODE_TEXT)
		return true;
	if (r->depth == NODE_DEPTH_MAX - 1)
		return refuse(r, at, "nested deeper than 31 levels");
	r->key[r->depth] = NULL;
	r->up[r->depth++] = n;
	return true;
}

static bool take_key(struct reader *r, const yaml_event_t *e)
{
	const char *text = (const char *)e->data.scalar.value;

	if (e->data.scalar.tag)
		return refuse(r, e->start_mark, "a key with a tag");
	if (!*text)
		return refuse(r, e->start_mark, "an empty key");
	if (!strcmp(text, "<<") && e->data.scalar.style == YAML_PLAIN_SCALAR_STYLE)
		return refuse(r, e->start_mark, "merge keys are not allowed");
	r->key[r->depth - 1] = arena_dup(r->arena, text);
	return true;
}

/* A tag may say what is so anyway; !!str also makes a text of what looks like a number. */
static bool tag_fits(const char *tag, struct node *n)
{
	static const char *const names[] = {
		[TYPE_NULL] = "null", [TYPE_BOOL] = "bool", [TYPE_INT] = "int",
		[TYPE_FLOAT] = "float",
	};
	const char *name = str_after(tag, CORE_TAG);

	if (!name)
		return false;
	if (n->kind != NODE_TEXT)
		return !strcmp(name, n->kind == NODE_MAP ? "map" : "seq");
	if (!strcmp(name, "str"))
		return n->quoted = true;
	return node_type(n) != TYPE_TEXT && !strcmp(name, names[node_type(n)]);
}

static bool take_text(struct reader *r, const yaml_event_t *e)
{
	const char *text = (const char *)e->data.scalar.value;
	size_t len = e->data.scalar.length;

	if (e->data.scalar.anchor)
		return refuse(r, e->start_mark, "anchors and aliases are not allowed");
	if (len > NODE_TEXT_MAX)
		return refuse(r, e->start_mark, "a text of more than 65536 bytes");
	if (memchr(text, '\0', len))
		return refuse(r, e->start_mark, "a text with a NUL in it");
	if (r->depth && r->up[r->depth - 1]->kind == NODE_MAP && !r->key[r->depth - 1])
		return take_key(r, e);
	struct node *n = node_new(r->arena, NODE_TEXT, (unsigned)e->start_mark.line + 1,
				  (unsigned)e->start_mark.column + 1);
	n->text = arena_dupn(r->arena, text, len);
	n->quoted = e->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
	if (e->data.scalar.tag && !tag_fits((const char *)e->data.scalar.tag, n))
		return refuse(r, e->start_mark, "a tag that is not allowed");
	return put(r, n, e->start_mark);
}

static bool take_start(struct reader *r, const yaml_event_t *e, enum node_kind kind)
{
	const yaml_char_t *anchor = kind == NODE_MAP ? e->data.mapping_start.anchor :
						       e->data.sequence_start.anchor;
	const yaml_char_t *tag = kind == NODE_MAP ? e->data.mapping_start.tag :
						    e->data.sequence_start.tag;
	struct node *n = node_new(r->arena, kind, (unsigned)e->start_mark.line + 1,
				  (unsigned)e->start_mark.column + 1);

	if (anchor)
		return refuse(r, e->start_mark, "anchors and aliases are not allowed");
	if (tag && !tag_fits((const char *)tag, n))
		return refuse(r, e->start_mark, "a tag that is not allowed");
	return put(r, n, e->start_mark);
}

static bool take_end(struct reader *r)
{
	struct node *n = r->up[--r->depth];
	const struct node *twice = n->kind == NODE_MAP ? node_twice(r->arena, n) : NULL;

	if (twice)
		snprintf(r->why, WHY_MAX, "%u:%u: the key \"%.64s\" is there twice", twice->line,
			 twice->column, twice->key);
	return !twice;
}

static bool take(struct reader *r, const yaml_event_t *e)
{
	switch (e->type) {
	case YAML_DOCUMENT_START_EVENT:
		if (r->document)
			return refuse(r, e->start_mark, "a second document");
		if (e->data.document_start.version_directive ||
		    e->data.document_start.tag_directives.start !=
			    e->data.document_start.tag_directives.end)
			return refuse(r, e->start_mark, "directives are not allowed");
		r->document = true;
		return true;
	case YAML_ALIAS_EVENT:
		return refuse(r, e->start_mark, "anchors and aliases are not allowed");
	case YAML_SCALAR_EVENT:
		return take_text(r, e);
	case YAML_SEQUENCE_START_EVENT:
		return take_start(r, e, NODE_LIST);
	case YAML_MAPPING_START_EVENT:
		return take_start(r, e, NODE_MAP);
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		return take_end(r);
	case YAML_STREAM_END_EVENT:
		r->done = true;
		return r->root || refuse(r, e->start_mark, "no document in it");
	default:
		return true;
	}
}

static bool next(struct reader *r, yaml_parser_t *p)
{
	yaml_event_t e;

	if (!yaml_parser_parse(p, &e))
		return refuse(r, p->problem_mark, p->problem ? p->problem : "not YAML");
	bool ok = take(r, &e);

	yaml_event_delete(&e);
	return ok;
}

struct node *yaml_parse(struct arena *a, const char *text, size_t len, char *why)
{
	struct reader r = {.arena = a, .why = why};
	yaml_parser_t p;
	bool ok = bytes_are_plain(&r, (const unsigned char *)text, len);

	if (!ok)
		return NULL;
	if (!yaml_parser_initialize(&p))
		die("out of memory");
	yaml_parser_set_encoding(&p, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&p, (const unsigned char *)text, len);
	while (ok && !r.done)
		ok = next(&r, &p);
	yaml_parser_delete(&p);
	return ok ? r.root : NULL;
}
