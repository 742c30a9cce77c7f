/* fstab_text.c - one line of NAME.fstab, read and written
 *
 * MUST know every option by name; MUST refuse paths that climb, and a comma or a
 * blank where it would begin something else.
 */
#include <stdio.h>
#include <string.h>

#include "core/str.h"
#include "ns/fstab.h"
#include "ns/step.h"

#define LINE_BYTES_MAX 8192
#define FIELDS 6

static const char *const plain[] = {
	"bind", "rbind", "ro", "rw", "x-snapd.detach", "x-snapd.ignore-missing",
	"x-snapd.kind=ensure-dir", "x-snapd.kind=file", "x-snapd.kind=symlink",
	"x-snapd.origin=layout", "x-snapd.origin=overname", NULL,
};

/* A path, or with user one below what only the user's own start can tell. */
static bool is_path(const char *path, bool user)
{
	static const char *const homes[] = {"$HOME", "$XDG_RUNTIME_DIR", NULL};

	for (const char *const *h = homes; user && *h; h++)
		if (str_after(path, *h))
			return !*str_after(path, *h) || str_is_path(str_after(path, *h));
	return str_is_path(path) && !strchr(path, '$');
}

static bool is_number(const char *s, const char *digits, size_t max)
{
	return *s && strlen(s) <= max && str_only(s, digits);
}

static bool is_option(const char *o, bool user)
{
	const char *value;

	if (str_in(o, plain))
		return true;
	if ((value = str_after(o, "x-snapd.mode=")))
		return *value == '0' && is_number(value, "01234567", 5);
	if ((value = str_after(o, "x-snapd.uid=")) || (value = str_after(o, "x-snapd.gid=")))
		return is_number(value, "0123456789", 10);
	if ((value = str_after(o, "x-snapd.symlink=")) || (value = str_after(o, "x-snapd.id=")) ||
	    (value = str_after(o, "x-snapd.needed-by=")) ||
	    (value = str_after(o, "x-snapd.must-exist-dir=")))
		return is_path(value, user);
	return false;
}

static const char *kind_of(const struct fstab_entry *e)
{
	for (size_t i = 0; i < e->options.len; i++)
		if (str_after(e->options.at[i], "x-snapd.kind="))
			return str_after(e->options.at[i], "x-snapd.kind=");
	return "";
}

/* What kind of line it is follows from its type and options: exactly one kind. */
static bool fits(const struct fstab_entry *e, bool user)
{
	const char *kind = kind_of(e);
	bool bind = words_have(&e->options, "bind") + words_have(&e->options, "rbind") == 1;
	bool none = !strcmp(e->src, "none");

	if (!is_path(e->dst, user) || (words_have(&e->options, "ro") &&
				       words_have(&e->options, "rw")))
		return false;
	if (!strcmp(e->type, "tmpfs"))
		return !bind && !*kind && (none || !strcmp(e->src, "tmpfs"));
	if (strcmp(e->type, "none"))
		return false;
	if (!strcmp(kind, "symlink") || !strcmp(kind, "ensure-dir"))
		return none && !bind;
	return bind && is_path(e->src, user);
}

static bool refuse(char *why, const char *what, const char *line)
{
	snprintf(why, WHY_MAX, "%s: \"%.120s\"", what, line);
	return false;
}

bool fstab_parse(struct arena *a, const char *line, bool user, struct fstab_entry *out, char *why)
{
	size_t n = 0;
	char **field = str_split(a, line, ' ', &n);

	*out = (struct fstab_entry){.origin = ORIGIN_CONNECTION};
	if (strlen(line) > LINE_BYTES_MAX || n != FIELDS)
		return refuse(why, "not a line of six fields", line);
	for (const char *c = line; *c; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			return refuse(why, "a byte that is no text", line);
	for (size_t i = 0; i < 4; i++)
		if (!step_unescape(field[i]))
			return refuse(why, "wrong escape in a path", line);
	if (strcmp(field[4], "0") || strcmp(field[5], "0"))
		return refuse(why, "the last two fields are not 0", line);
	out->src = field[0];
	out->dst = field[1];
	out->type = field[2];
	for (char **o = str_split(a, field[3], ',', NULL); *o; o++) {
		if (!is_option(*o, user) || words_have(&out->options, *o))
			return refuse(why, "an option that is unknown or there twice", line);
		if (!strcmp(*o, "x-snapd.origin=layout"))
			out->origin = ORIGIN_LAYOUT;
		if (!strcmp(*o, "x-snapd.origin=overname"))
			out->origin = ORIGIN_OVERNAME;
		vec_push(a, &out->options, *o);
	}
	return fits(out, user) || refuse(why, "source, target, type and options do not fit", line);
}

void fstab_print(struct buf *out, const struct fstab_entry *e)
{
	const char *const first[] = {e->src, e->dst, e->type};

	for (size_t i = 0; i < 3; i++) {
		step_print_path(out, first[i]);
		buf_char(out, ' ');
	}
	for (size_t i = 0; i < e->options.len; i++) {
		if (i)
			buf_char(out, ',');
		step_print_path(out, e->options.at[i]);
	}
	buf_str(out, " 0 0");
}
