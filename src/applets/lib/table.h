/* table.h - columns of text
 *
 * Cells are separated by tabs; the last cell of a line belongs to no column. A
 * column is as wide as its widest cell in the lines, one below the other, that
 * have it: a line without it ends the column. That is how snapd's lists look.
 * Nothing of a stranger steers the terminal: give texts to table_cell().
 */
#ifndef APPLETS_LIB_TABLE_H
#define APPLETS_LIB_TABLE_H

#include "core/buf.h"

struct table {
	struct buf text;
	size_t min, padding; /* of a column, in characters */
};

struct table table_new(struct arena *a, size_t min, size_t padding);

/* Add text, tabs and newlines as they are. */
void table_add(struct table *t, const char *fmt, ...) PRINTF(2, 3);

/* s made visible (str_show): it can hold neither tab nor newline any more. */
const char *table_cell(struct arena *a, const char *s);

/* All lines with their columns, on standard output. */
void table_print(struct table *t);

/* Characters, not bytes, of UTF-8 text. */
size_t table_width(const char *s, size_t len);

#endif
