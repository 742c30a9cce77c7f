/* journal.c - the list of a decided change, as text
 *
 * It lies in a directory that only root can enter; still it is read whole and
 * checked before its first line is acted on.
 */
#include "core/journal.h"

#include <stdint.h>
#include <string.h>

#include "core/buf.h"
#include "core/str.h"
#include "core/vec.h"

static const char *dir_text(struct arena *a, enum dir d)
{
	return dirs_path(a, d, "%s", "") + strlen(dirs_root());
}

static bool dir_parse(struct arena *a, const char *text, enum dir *out)
{
	for (int d = 0; d < DIR_COUNT; d++)
		if (!strcmp(text, dir_text(a, (enum dir)d))) {
			*out = (enum dir)d;
			return true;
		}
	return false;
}

char *journal_print(struct arena *a, const struct journal *j)
{
	struct buf b = buf_new(a);

	for (size_t i = 0; i < j->len; i++) {
		const struct journal_op *op = &j->at[i];

		if (op->drop)
			buf_printf(&b, "drop %s %s\n", dir_text(a, op->dir), op->name);
		else
			buf_printf(&b, "put %zu %o %s %s\n", op->number, op->mode,
				   dir_text(a, op->dir), op->name);
	}
	buf_str(&b, "end\n");
	return b.data;
}

static bool parse_op(struct arena *a, const char *line, struct journal_op *op)
{
	size_t n;
	uint64_t number, mode = 0;
	char **f = str_split(a, line, ' ', &n);

	op->drop = str_eq(f[0], "drop");
	if (op->drop ? n != 3 : n != 5 || !str_eq(f[0], "put"))
		return false;
	op->name = f[n - 1];
	if (!dir_parse(a, f[n - 2], &op->dir) || !*op->name || *op->name == '.' ||
	    strchr(op->name, '/'))
		return false;
	if (op->drop)
		return true;
	if (!str_to_u64(f[1], SIZE_MAX, &number) || !str_only(f[2], "01234567") ||
	    strlen(f[2]) > 4)
		return false;
	for (const char *p = f[2]; *p; p++)
		mode = mode * 8 + (uint64_t)(*p - '0');
	op->number = (size_t)number;
	op->mode = (mode_t)mode;
	return true;
}

bool journal_parse(struct arena *a, const char *text, size_t len, struct journal *j)
{
	size_t n;
	char **lines = str_split(a, text, '\n', &n);

	*j = (struct journal){0};
	if (strlen(text) != len || n < 2 || *lines[n - 1] || !str_eq(lines[n - 2], "end"))
		return false;
	for (size_t i = 0; i + 2 < n; i++) {
		struct journal_op op = {0};

		if (!parse_op(a, lines[i], &op))
			return false;
		vec_push(a, j, op);
	}
	return true;
}
