/* Columns are as wide as they need to be, and end where a line has none. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "check.h"
#include "applets/lib/table.h"

/* What table_print() writes to standard output. */
static char *printed(struct arena *a, struct table *t)
{
	static char text[4096];
	FILE *file = tmpfile();
	int saved = dup(STDOUT_FILENO);

	(void)a;
	assert_non_null(file);
	fflush(stdout);
	dup2(fileno(file), STDOUT_FILENO);
	table_print(t);
	fflush(stdout);
	dup2(saved, STDOUT_FILENO);
	close(saved);
	rewind(file);
	text[fread(text, 1, sizeof text - 1, file)] = '\0';
	fclose(file);
	return text;
}

static void columns_are_as_wide_as_their_widest_cell(void **state)
{
	struct table t = table_new(*state, 5, 2);

	table_add(&t, "Name\tRev\tNotes\n");
	table_add(&t, "a-long-name\tx1\t%s\n", "-");
	table_add(&t, "b\tx10\tbase,disabled\n");
	assert_string_equal(printed(*state, &t), "Name         Rev  Notes\n"
						 "a-long-name  x1   -\n"
						 "b            x10  base,disabled\n");
}

static void a_line_without_a_column_ends_it(void **state)
{
	struct table t = table_new(*state, 2, 1);

	table_add(&t, "name:\tfoo\nsummary:\tsome text\ncommands:\n  - foo\nx:\ty\n");
	assert_string_equal(printed(*state, &t), "name:    foo\nsummary: some text\n"
						 "commands:\n  - foo\nx: y\n");
}

static void characters_count_not_bytes(void **state)
{
	struct table t = table_new(*state, 2, 1);

	table_add(&t, "\xc3\xa4\xc3\xb6\t1\nabc\t2\n");
	assert_string_equal(printed(*state, &t), "\xc3\xa4\xc3\xb6  1\nabc 2\n");
	assert_int_equal(table_width("\xe2\x80\x93x", 4), 2);
}

static void a_stranger_makes_no_cells(void **state)
{
	struct table t = table_new(*state, 2, 1);

	table_add(&t, "name:\t%s\n", table_cell(*state, "a\tb\nc\x1b[31m"));
	assert_string_equal(printed(*state, &t), "name: a\\x09b\\x0ac\\x1b[31m\n");
}

int main(void)
{
	return RUN(UNIT(columns_are_as_wide_as_their_widest_cell),
		   UNIT(a_line_without_a_column_ends_it), UNIT(characters_count_not_bytes),
		   UNIT(a_stranger_makes_no_cells));
}
