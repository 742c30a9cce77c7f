/* arena.c - the memory of one command
 *
 * A list of chunks, newest first, each twice its predecessor up to CHUNK_MAX.
 * The only caller of malloc in the project. Rewinding wipes, so that memory
 * handed out is always zero.
 *
 * Arenas for scratch come and go by the hundred; their pages need not be the
 * kernel's in between: chunks of the usual sizes are wiped and kept for the next
 * arena, ARENA_KEEP bytes of them. Builds that look for use after free keep none.
 */
#include "core/arena.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifndef ARENA_KEEP
#define ARENA_KEEP ((size_t)4 << 20)
#endif
#define SIZES 9 /* CHUNK_MIN doubled up to CHUNK_MAX */
#define CHUNK_MIN ((size_t)16 << 10)
#define CHUNK_MAX ((size_t)4 << 20)
#define ALIGN _Alignof(max_align_t)

struct chunk {
	struct chunk *older;
	size_t size, used;
	_Alignas(max_align_t) char data[];
};

struct arena {
	struct chunk *top;
	size_t total;
};

static struct {
	struct chunk *free[SIZES];
	size_t bytes;
} kept;

/* Where chunks of this size are kept; SIZES: nowhere. */
static unsigned size_class(size_t size)
{
	unsigned i = 0;

	while (i < SIZES && CHUNK_MIN << i != size)
		i++;
	return i;
}

static struct chunk *chunk_new(struct chunk *older, size_t at_least)
{
	size_t size = older ? older->size * 2 : CHUNK_MIN;

	if (size > CHUNK_MAX)
		size = CHUNK_MAX;
	while (size < at_least && size < CHUNK_MAX)
		size *= 2;
	if (size < at_least)
		size = at_least;
	unsigned class = size_class(size);
	struct chunk *c = class < SIZES ? kept.free[class] : NULL;
	if (c) {
		kept.free[class] = c->older;
		kept.bytes -= size;
	} else {
		c = calloc(1, sizeof *c + size);
	}
	if (!c)
		die("out of memory");
	c->older = older;
	c->size = size;
	return c;
}

static void chunk_drop(struct chunk *c)
{
	unsigned class = size_class(c->size);

	if (class == SIZES || kept.bytes + c->size > ARENA_KEEP) {
		free(c);
		return;
	}
	memset(c->data, 0, c->used);
	c->used = 0;
	c->older = kept.free[class];
	kept.free[class] = c;
	kept.bytes += c->size;
}

struct arena *arena_new(void)
{
	struct arena *a = calloc(1, sizeof *a);

	if (!a)
		die("out of memory");
	return a;
}

void arena_drop(struct arena *a)
{
	if (!a)
		return;
	while (a->top) {
		struct chunk *c = a->top;

		a->top = c->older;
		chunk_drop(c);
	}
	free(a);
}

static size_t rounded(size_t n)
{
	if (n > SIZE_MAX / 2)
		die("out of memory");
	return (n + ALIGN - 1) & ~(ALIGN - 1);
}

void *arena_alloc(struct arena *a, size_t count, size_t size)
{
	size_t n;

	if (__builtin_mul_overflow(count, size, &n))
		die("out of memory");
	n = rounded(n ? n : 1);
	if (!a->top || a->top->size - a->top->used < n)
		a->top = chunk_new(a->top, n);

	void *p = a->top->data + a->top->used;
	a->top->used += n;
	a->total += n;
	return p;
}

static bool is_newest(const struct arena *a, const char *p, size_t size)
{
	return a->top && p + size == a->top->data + a->top->used && p >= a->top->data;
}

void *arena_grow(struct arena *a, void *p, size_t old_size, size_t new_size)
{
	size_t old = rounded(old_size ? old_size : 1), new = rounded(new_size ? new_size : 1);

	if (p && new <= old)
		return p;
	if (p && is_newest(a, p, old) && a->top->size - a->top->used >= new - old) {
		a->top->used += new - old;
		a->total += new - old;
		return p;
	}
	void *q = arena_alloc(a, 1, new);
	if (p)
		memcpy(q, p, old_size);
	return q;
}

char *arena_dupn(struct arena *a, const char *s, size_t n)
{
	char *p = arena_alloc(a, n + 1, 1);

	if (n)
		memcpy(p, s, n);
	return p;
}

char *arena_dup(struct arena *a, const char *s)
{
	return arena_dupn(a, s, strlen(s));
}

char *arena_vprintf(struct arena *a, const char *fmt, va_list ap)
{
	va_list again;

	va_copy(again, ap);
	int n = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	if (n < 0)
		die("cannot format a message");
	char *p = arena_alloc(a, (size_t)n + 1, 1);
	vsnprintf(p, (size_t)n + 1, fmt, ap);
	return p;
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	char *p = arena_vprintf(a, fmt, ap);
	va_end(ap);
	return p;
}

size_t arena_used(const struct arena *a)
{
	return a->total;
}

struct arena_mark arena_mark(struct arena *a)
{
	return (struct arena_mark){a->top, a->top ? a->top->used : 0, a->total};
}

void arena_rewind(struct arena *a, struct arena_mark m)
{
	while (a->top && a->top != m.chunk) {
		struct chunk *c = a->top;

		a->top = c->older;
		chunk_drop(c);
	}
	if (a->top) {
		memset(a->top->data + m.used, 0, a->top->used - m.used);
		a->top->used = m.used;
	}
	a->total = m.total;
}
