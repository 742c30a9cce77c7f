/* json.c - values for programs to read, written into a buf */
#include "core/json.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/escape.h"

/* The reader gets the character that was meant, the terminal never sees it. */
static void hidden(struct buf *b, uint32_t c)
{
	if (c < 0x10000)
		buf_printf(b, "\\u%04x", c);
	else
		buf_printf(b, "\\u%04x\\u%04x", 0xd7c0 + (c >> 10), 0xdc00 + (c & 0x3ff));
}

void json_text(struct buf *b, const char *s)
{
	if (!s) {
		buf_str(b, "null");
		return;
	}
	buf_char(b, '"');
	while (*s) {
		size_t n = escape_utf8(s);
		uint32_t harmful = n ? escape_harmful(s) : 0;

		if (!n)
			buf_str(b, "\\ufffd");
		else if (*s == '"' || *s == '\\')
			buf_printf(b, "\\%c", *s);
		else if (harmful)
			hidden(b, harmful);
		else
			buf_add(b, s, n);
		s += n ? n : 1;
	}
	buf_char(b, '"');
}

void json_comma(struct buf *b)
{
	if (b->len && !strchr("{[", b->data[b->len - 1]))
		buf_char(b, ',');
}

void json_key(struct buf *b, const char *key)
{
	json_comma(b);
	json_text(b, key);
	buf_char(b, ':');
}

void json_pair(struct buf *b, const char *key, const char *text)
{
	json_key(b, key);
	json_text(b, text);
}

void json_pair_u64(struct buf *b, const char *key, unsigned long long n)
{
	json_key(b, key);
	buf_printf(b, "%llu", n);
}

void json_pair_bool(struct buf *b, const char *key, bool value)
{
	json_key(b, key);
	buf_str(b, value ? "true" : "false");
}

/* YAML knows numbers that JSON does not (0x10, 1_000, .inf), and more ways to write one. */
static void float_text(struct buf *b, const char *s)
{
	char *end, text[32];
	double d = strtod(s, &end);

	if (*end || !isfinite(d)) {
		json_text(b, s);
		return;
	}
	for (int digits = 15; digits <= 17; digits++) {
		snprintf(text, sizeof text, "%.*g", digits, d);
		if (strtod(text, NULL) == d)
			break;
	}
	buf_str(b, text);
}

static void scalar(struct buf *b, const struct node *n)
{
	int64_t i;
	bool yes;

	if (node_is_null(n))
		json_text(b, NULL);
	else if (node_bool(n, &yes))
		buf_str(b, yes ? "true" : "false");
	else if (node_int(n, &i))
		buf_printf(b, "%lld", (long long)i);
	else if (node_type(n) == TYPE_FLOAT)
		float_text(b, n->text);
	else
		json_text(b, n->text);
}

void json_node(struct buf *b, const struct node *root)
{
	struct node_walk w = {0};
	char close[NODE_DEPTH_MAX + 1];
	size_t open = 0;

	for (const struct node *n = root; n; n = node_walk(&w, n)) {
		while (open > w.depth)
			buf_char(b, close[--open]);
		if (w.depth && w.up[w.depth - 1]->kind == NODE_MAP)
			json_key(b, n->key);
		else if (w.depth)
			json_comma(b);
		if (n->kind == NODE_TEXT) {
			scalar(b, n);
			continue;
		}
		buf_char(b, n->kind == NODE_MAP ? '{' : '[');
		close[open++] = n->kind == NODE_MAP ? '}' : ']';
	}
	while (open)
		buf_char(b, close[--open]);
}
