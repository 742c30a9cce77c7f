/* buf.h - text that grows in an arena
 *
 * Always NUL-terminated once something was added; buf_text() of an empty one
 * is "". len does not count the NUL. Bytes of any value may be added.
 */
#ifndef CORE_BUF_H
#define CORE_BUF_H

#include <stddef.h>

#include "core/arena.h"

struct buf {
	struct arena *arena;
	char *data;
	size_t len, cap;
};

static inline struct buf buf_new(struct arena *a)
{
	return (struct buf){.arena = a};
}

void buf_add(struct buf *b, const void *data, size_t n);
/* n more bytes, zero or not, to be written by the caller before anything else is added. */
char *buf_room(struct buf *b, size_t n);
void buf_str(struct buf *b, const char *s);
void buf_char(struct buf *b, char c);
void buf_printf(struct buf *b, const char *fmt, ...) PRINTF(2, 3);
const char *buf_text(const struct buf *b);

#endif
