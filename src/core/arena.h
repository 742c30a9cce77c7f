/* arena.h - the memory of one command
 *
 * Everything a command allocates lives until the command ends; nothing is
 * freed one by one. Memory is zeroed. Out of memory dies. Loops with scratch
 * take a mark and rewind to it.
 */
#ifndef CORE_ARENA_H
#define CORE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

#include "core/die.h"

struct arena;

struct arena *arena_new(void);
void arena_drop(struct arena *a); /* gives all of it back; NULL is fine */

/* count * size zeroed bytes, aligned for anything. Dies on overflow. */
void *arena_alloc(struct arena *a, size_t count, size_t size);

/* The block p of old_size bytes with room for new_size; the rest is zero. In
 * place when p is the newest block. p may be NULL. */
void *arena_grow(struct arena *a, void *p, size_t old_size, size_t new_size);

char *arena_dup(struct arena *a, const char *s);
char *arena_dupn(struct arena *a, const char *s, size_t n); /* n bytes and a NUL */
char *arena_printf(struct arena *a, const char *fmt, ...) PRINTF(2, 3);
char *arena_vprintf(struct arena *a, const char *fmt, va_list ap);

/* The bytes asked for so far: what budgets on untrusted input look at. */
size_t arena_used(const struct arena *a);

/* arena_rewind forgets everything allocated since the mark was taken. */
struct arena_mark {
	void *chunk;
	size_t used, total;
};
struct arena_mark arena_mark(struct arena *a);
void arena_rewind(struct arena *a, struct arena_mark m);

#define NEW(a, type) ((type *)arena_alloc(a, 1, sizeof(type)))
#define NEW_N(a, type, n) ((type *)arena_alloc(a, n, sizeof(type)))

#endif
