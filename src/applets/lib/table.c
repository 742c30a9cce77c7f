/* table.c - columns of text */
#include "applets/lib/table.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/str.h"
#include "core/vec.h"

struct cell {
	const char *text;
	size_t len, width; /* in bytes; of its column, in characters, 0 for the last of a line */
};

struct line {
	struct cell *cells;
	size_t len, cap;
};

struct table table_new(struct arena *a, size_t min, size_t padding)
{
	return (struct table){.text = buf_new(a), .min = min, .padding = padding};
}

void table_add(struct table *t, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	buf_str(&t->text, arena_vprintf(t->text.arena, fmt, ap));
	va_end(ap);
}

const char *table_cell(struct arena *a, const char *s)
{
	return str_show(a, s);
}

size_t table_width(const char *s, size_t len)
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++)
		n += ((unsigned char)s[i] & 0xc0) != 0x80;
	return n;
}

static struct line split_line(struct arena *a, const char *s, size_t len)
{
	struct {
		struct cell *at;
		size_t len, cap;
	} cells = {0};
	const char *end = s + len;

	for (;;) {
		const char *tab = memchr(s, '\t', (size_t)(end - s));
		struct cell c = {.text = s, .len = (size_t)((tab ? tab : end) - s)};

		vec_push(a, &cells, c);
		if (!tab)
			break;
		s = tab + 1;
	}
	return (struct line){cells.at, cells.len, cells.cap};
}

/* Has the line the column c, that is, a cell c with a tab behind it? */
static bool has_column(const struct line *l, size_t c)
{
	return l->len > c + 1;
}

static void measure(const struct table *t, struct line *lines, size_t n)
{
	size_t columns = 0;

	for (size_t i = 0; i < n; i++)
		columns = lines[i].len > columns ? lines[i].len : columns;
	for (size_t c = 0; c < columns; c++)
		for (size_t i = 0; i < n;) {
			size_t first = i, width = t->min;

			for (; i < n && has_column(&lines[i], c); i++) {
				const struct cell *cell = &lines[i].cells[c];
				size_t w = table_width(cell->text, cell->len) + t->padding;

				width = w > width ? w : width;
			}
			for (size_t k = first; k < i; k++)
				lines[k].cells[c].width = width;
			if (i == first)
				i++;
		}
}

void table_print(struct table *t)
{
	struct arena *a = t->text.arena;
	struct {
		struct line *at;
		size_t len, cap;
	} lines = {0};

	for (const char *s = buf_text(&t->text); *s;) {
		size_t len = strcspn(s, "\n");
		struct line l = split_line(a, s, len);

		vec_push(a, &lines, l);
		s += len + (s[len] == '\n');
	}
	measure(t, lines.at, lines.len);
	for (size_t i = 0; i < lines.len; i++) {
		for (size_t c = 0; c < lines.at[i].len; c++) {
			const struct cell *cell = &lines.at[i].cells[c];
			size_t w = table_width(cell->text, cell->len);

			printf("%.*s%*s", (int)cell->len, cell->text,
			       (int)(cell->width > w ? cell->width - w : 0), "");
		}
		putchar('\n');
	}
}
