/* json.h - values for programs to read, written into a buf
 *
 * Only a writer. The caller writes brackets, commas and colons; texts and keys
 * go through json_text(), so that nothing of a stranger becomes syntax.
 */
#ifndef CORE_JSON_H
#define CORE_JSON_H

#include "core/buf.h"
#include "core/node.h"

/* A quoted JSON string. Bytes that are not UTF-8 become U+FFFD; NULL becomes null. */
void json_text(struct buf *b, const char *s);

/* "key":"text" with a comma in front unless the last byte written was '{' or '['. */
void json_pair(struct buf *b, const char *key, const char *text);
void json_pair_u64(struct buf *b, const char *key, unsigned long long n);
void json_pair_bool(struct buf *b, const char *key, bool value);

/* The comma that json_pair puts; then "key": for a value that the caller writes. */
void json_key(struct buf *b, const char *key);
void json_comma(struct buf *b);

/* A tree as objects, arrays, texts, numbers and truths: texts mean what node_type() says. */
void json_node(struct buf *b, const struct node *root);

#endif
