/* lex_base.c - what the other files of the reader stand on: the first error, escapes */
#include <stdarg.h>
#include <string.h>

#include "policy/apparmor/lex.h"

void lex_fail(struct lex *l, const char *fmt, ...)
{
	va_list ap;

	if (l->failed)
		return;
	const struct lex_file *f = &l->stack[l->depth];
	va_start(ap, fmt);
	char *what = arena_vprintf(l->arena, fmt, ap);
	va_end(ap);
	l->failed = true;
	l->ahead = false;
	l->why = arena_printf(l->arena, "%s:%d: %s", f->name, f->line, what);
}

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
		return (c | 0x20) - 'a' + 10;
	return 99;
}

/* At most max digits whose value stays within a byte; -1 when there is none. */
static int number(const char **s, const char *end, int base, int max)
{
	int value = 0, n = 0;

	while (n < max && *s < end && digit(**s) < base && value * base + digit(**s) <= 255) {
		value = value * base + digit(**s);
		(*s)++;
		n++;
	}
	return n ? value : -1;
}

int lex_escape(const char **s, const char *end, const char *more)
{
	static const char names[] = "aefnrt", values[] = "\a\033\f\n\r\t";

	if (*s >= end)
		return -1;
	char c = **s;
	if (c >= '0' && c <= '7')
		return number(s, end, 8, 3);
	(*s)++;
	if (c == 'd')
		return number(s, end, 10, 3);
	if (c == 'x')
		return number(s, end, 16, 2);
	if (c == '\\' || c == '"')
		return c;
	const char *name = c ? strchr(names, c) : NULL;
	if (name)
		return values[name - names];
	return c && strchr(more, c) ? (unsigned char)c : -1;
}
