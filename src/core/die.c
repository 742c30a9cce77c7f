/* die.c - the one way out of a command that cannot go on
 *
 * The message is built in a fixed buffer and leaves in one write(2), so lines
 * of parallel commands do not mix and no allocation happens on the way out.
 */
#include "core/die.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/escape.h"

#define UNDO_MAX 64

jmp_buf *die_trap;
char die_message[1024];
enum exit_code die_code;
static enum exit_code refused = EXIT_REFUSED;
struct doing *doing_top;

static struct {
	void (*fn)(void *);
	void *arg;
} undo_stack[UNDO_MAX];
static size_t undo_depth;

static size_t add_doing(char *out, size_t size, const struct doing *d)
{
	size_t n = 0;
	const struct doing *chain[16];
	size_t depth = 0;

	for (; d && depth < 16; d = d->up)
		chain[depth++] = d;
	while (depth-- && n < size)
		n += snprintf(out + n, size - n, "%s%s%s: ", chain[depth]->verb,
			      chain[depth]->noun ? " " : "",
			      chain[depth]->noun ? chain[depth]->noun : "");
	return n < size ? n : size - 1;
}

#define LINE_SIZE (4 * sizeof die_message + 16)

static size_t compose(char *line, const char *prefix, const char *fmt, va_list ap)
{
	int saved = errno;
	char raw[sizeof die_message];
	size_t n = add_doing(raw, sizeof raw, doing_top);

	errno = saved; /* for %m */
	vsnprintf(raw + n, sizeof raw - n, fmt, ap);
	memcpy(die_message, raw, sizeof raw);
	n = snprintf(line, LINE_SIZE, "%s", prefix);
	n += escape_text(line + n, LINE_SIZE - n - 1, raw);
	line[n++] = '\n';
	errno = saved;
	return n;
}

static void say(const char *line, size_t n)
{
	int saved = errno;

	if (n && !die_trap && write(STDERR_FILENO, line, n) < 0)
		errno = saved;
	errno = saved;
}

/* What is undone may be a lock or a privilege, and the writing may block for as long
 * as whoever reads it likes: the words come last (attacks.md R03, R22). A death while
 * undoing says both. */
static _Noreturn void leave(enum exit_code code, const char *fmt, va_list ap)
{
	static char line[LINE_SIZE];
	static size_t n;

	say(line, n);
	n = compose(line, "snapbox: ", fmt, ap);
	while (undo_depth) {
		undo_depth--;
		undo_stack[undo_depth].fn(undo_stack[undo_depth].arg);
	}
	size_t len = n;
	n = 0;
	say(line, len);
	die_code = code;
	if (die_trap) {
		doing_top = NULL;
		longjmp(*die_trap, 1);
	}
	exit(code);
}

void die(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	leave(refused, fmt, ap);
}

void die_as(enum exit_code code)
{
	refused = code;
}

void die_with(enum exit_code code, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	leave(code, fmt, ap);
}

void warn(const char *fmt, ...)
{
	char line[LINE_SIZE];
	va_list ap;

	va_start(ap, fmt);
	size_t n = compose(line, "snapbox: warning: ", fmt, ap);
	va_end(ap);
	say(line, n);
}

size_t undo_push(void (*fn)(void *), void *arg)
{
	if (undo_depth == UNDO_MAX)
		die("more than %d things to undo", UNDO_MAX);
	undo_stack[undo_depth].fn = fn;
	undo_stack[undo_depth].arg = arg;
	return undo_depth++;
}

void undo_forget(size_t mark)
{
	if (mark < undo_depth)
		undo_depth = mark;
}
