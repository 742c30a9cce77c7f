/* pack.c - what the compiler made, as the bytes of a NAME.bin2 */
#include "seccomp/pack.h"

#include <string.h>

#include "core/buf.h"
#include "seccomp/bin.h"

static void number(struct buf *b, uint32_t v, int bytes, bool big)
{
	for (int i = 0; i < bytes; i++)
		buf_char(b, (char)(v >> 8 * (big ? bytes - 1 - i : i)));
}

static void program(struct buf *b, const struct sc_program *p, bool big)
{
	for (size_t i = 0; i < p->count; i++) {
		number(b, p->code[i].code, 2, big);
		buf_char(b, (char)p->code[i].jt);
		buf_char(b, (char)p->code[i].jf);
		number(b, p->code[i].k, 4, big);
	}
}

const void *pack_bin(struct arena *a, const struct sc_compiled *compiled, size_t *len)
{
	static const char nothing[BIN_HEADER];
	struct buf b = buf_new(a);
	uint32_t size = sizeof(struct sock_filter);

	buf_add(&b, "SC\1", 3);
	buf_char(&b, (char)compiled->unrestricted);
	buf_add(&b, nothing, 4);
	number(&b, (uint32_t)compiled->allow.count * size, 4, compiled->big);
	number(&b, (uint32_t)compiled->deny.count * size, 4, compiled->big);
	buf_add(&b, nothing, BIN_HEADER - b.len);
	program(&b, &compiled->allow, compiled->big);
	program(&b, &compiled->deny, compiled->big);
	*len = b.len;
	return b.data;
}
