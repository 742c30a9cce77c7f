/* json.c - values for programs to read, written into a buf */
#include "core/json.h"

#include <string.h>

#include "core/escape.h"

void json_text(struct buf *b, const char *s)
{
	if (!s) {
		buf_str(b, "null");
		return;
	}
	buf_char(b, '"');
	while (*s) {
		unsigned char c = (unsigned char)*s;
		size_t n = escape_utf8(s);

		if (!n)
			buf_str(b, "\\ufffd");
		else if (c == '"' || c == '\\')
			buf_printf(b, "\\%c", c);
		else if (c < 0x20 || c == 0x7f)
			buf_printf(b, "\\u%04x", c);
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
