/* layout.c - the layout section of snap.yaml (behaviour M24)
 *
 * MUST refuse every place that the system needs as it is, and every place above
 * one; MUST compare by component, on paths with their variables expanded; MUST
 * let nothing through that AppArmor would take for a pattern (attacks.md
 * A255-A267, R17, R23). Where the path leads at the time of mounting, links
 * included, is for the mounting code to check again.
 */
#include <string.h>

#include "core/str.h"
#include "core/vec.h"
#include "policy/model/layout.h"
#include "policy/model/parts.h"

#define PATH_LENGTH_MAX 1024
#define COMPONENT_MAX 255
#define DEPTH_MAX 64

/* Nothing at, below or above these. */
static const char *const reserved[] = {
	"/dev", "/proc", "/sys", "/media", "/run", "/var/run", "/tmp", "/home", "/boot",
	"/lost+found", "/var/lib/snapd", "/var/snap", "/var/lib/snapbox", "/usr/lib/snapd",
	"/usr/lib/snapbox", "/lib/firmware", "/usr/lib/firmware", "/lib/modules",
	"/usr/lib/modules", "/snap/bin", NULL,
};

/* The directories of / that there can be: a new one cannot be made. */
static const char *const tops[] = {
	"bin", "etc", "lib", "lib64", "meta", "mnt", "opt", "root", "sbin", "snap", "srv", "usr",
	"var", "writable", NULL,
};

/* Absolute, no empty, "." or ".." component, within the limits. */
static bool is_clean(const char *path)
{
	int depth = 0;

	if (*path != '/' || strlen(path) > PATH_LENGTH_MAX)
		return false;
	while (*path) {
		size_t n = strcspn(++path, "/");

		if (!n || n > COMPONENT_MAX || (n <= 2 && strspn(path, ".") >= n) ||
		    ++depth > DEPTH_MAX)
			return false;
		path += n;
	}
	return true;
}

bool layout_path_is_plain(const char *path)
{
	for (const unsigned char *p = (const unsigned char *)path; *p; p++)
		if (*p < 0x20 || *p == 0x7f || strchr("?*[]{}^\"\\@", *p))
			return false;
	return true;
}

char *layout_expand(struct arena *a, const struct snap *s, const char *path)
{
	static const char *const names[] = {"$SNAP_DATA", "$SNAP_COMMON", "$SNAP", NULL};
	const char *revision = *s->revision ? s->revision : "unset", *rest = NULL;
	const char *roots[] = {
		arena_printf(a, "/var/snap/%s/%s", s->name, revision),
		arena_printf(a, "/var/snap/%s/common", s->name),
		arena_printf(a, "/snap/%s/%s", s->name, revision),
	};

	for (size_t i = 0; names[i]; i++)
		if (str_is_in(path, names[i])) {
			rest = str_after(path, names[i]);
			return strchr(rest, '$') ? NULL : arena_printf(a, "%s%s", roots[i], rest);
		}
	return strchr(path, '$') ? NULL : arena_dup(a, path);
}

/* The expanded path, or NULL with what is wrong. */
static const char *good_path(struct arena *a, const struct snap *s, const char *path,
			     const char **what)
{
	const char *full = layout_expand(a, s, path);

	*what = "uses a variable that is not $SNAP, $SNAP_DATA or $SNAP_COMMON at its beginning";
	if (!full)
		return NULL;
	*what = "has bytes that a path here must not have";
	if (!layout_path_is_plain(full))
		return NULL;
	*what = "is not an absolute path in its shortest form";
	return is_clean(full) ? full : NULL;
}

static const char *bad_place(struct arena *a, const struct snap *s, const char *full)
{
	char **parts = str_split(a, full, '/', NULL);

	for (const char *const *r = reserved; *r; r++)
		if (str_is_in(full, *r) || str_is_in(*r, full))
			return "is a place that must stay as it is";
	if (!str_in(parts[1], tops))
		return "would be a new directory in /";
	if (!strcmp(parts[1], "snap") && !str_is_in(full, arena_printf(a, "/snap/%s", s->name)))
		return "belongs to another snap";
	if (!strcmp(full, arena_printf(a, "/snap/%s", s->name)))
		return "holds the snap itself";
	return NULL;
}

static const char *bad_source(struct arena *a, const struct snap *s, const char *source)
{
	const char *what, *full = good_path(a, s, source, &what);

	if (!full)
		return what;
	if (str_is_in(full, layout_expand(a, s, "$SNAP")) ||
	    str_is_in(full, layout_expand(a, s, "$SNAP_DATA")) ||
	    str_is_in(full, layout_expand(a, s, "$SNAP_COMMON")))
		return NULL;
	return "does not begin with $SNAP, $SNAP_DATA or $SNAP_COMMON";
}

struct keys {
	const char *bind, *bind_file, *symlink, *type, *user, *group, *mode;
};

static bool is_root(const char *s)
{
	return !strcmp(s, "root");
}

static bool is_tmpfs(const char *s)
{
	return !strcmp(s, "tmpfs");
}

static bool is_mode(const char *s)
{
	return *s && str_only(s, "01234567") && strlen(s + strspn(s, "0")) <= 4 &&
	       (strlen(s + strspn(s, "0")) < 4 || s[strspn(s, "0")] == '1');
}

static const struct field fields[] = {
	{"bind", FIELD_TEXT, offsetof(struct keys, bind)},
	{"bind-file", FIELD_TEXT, offsetof(struct keys, bind_file)},
	{"symlink", FIELD_TEXT, offsetof(struct keys, symlink)},
	{"type", FIELD_TEXT, offsetof(struct keys, type), is_tmpfs, "tmpfs"},
	{"user", FIELD_TEXT, offsetof(struct keys, user), is_root, "root"},
	{"group", FIELD_TEXT, offsetof(struct keys, group), is_root, "root"},
	{"mode", FIELD_TEXT, offsetof(struct keys, mode), is_mode, "a mode up to 1777"},
	{0},
};

/* What kind of layout these keys make; -1 when they do not make exactly one. */
static int kind_of(const struct keys *k, const char **source)
{
	int kinds = !!k->bind + !!k->bind_file + !!k->symlink + !!k->type;

	*source = k->bind ? k->bind : k->bind_file ? k->bind_file : k->symlink;
	if (kinds != 1)
		return -1;
	return k->bind ? LAYOUT_BIND : k->bind_file ? LAYOUT_BIND_FILE :
	       k->symlink ? LAYOUT_SYMLINK : LAYOUT_TMPFS;
}

static bool read_layout(struct arena *a, struct snap *s, const struct node *n, char *why)
{
	struct layout l = {.path = n->key, .mode = 0755, .line = n->line};
	struct keys k = {0};
	const char *what, *full = good_path(a, s, n->key, &what);

	if (n->kind != NODE_MAP)
		return field_refuse(why, n->line, "layout %.64s: not a map", n->key);
	if (full)
		what = bad_place(a, s, full);
	if (what)
		return field_refuse(why, n->line, "layout %.64s: %s", n->key, what);
	if (!field_read(a, fields, n, arena_printf(a, "layout %.64s: ", n->key), &k, why))
		return false;
	int kind = kind_of(&k, &l.source);
	if (kind < 0)
		return field_refuse(why, n->line,
				    "layout %.64s: must have one of bind, bind-file, symlink "
				    "and type",
				    n->key);
	if (l.source && (what = bad_source(a, s, l.source)))
		return field_refuse(why, n->line, "layout %.64s: \"%.64s\" %s", n->key, l.source,
				    what);
	l.kind = (enum layout_kind)kind;
	if (k.mode) {
		l.mode = 0;
		for (const char *p = k.mode; *p; p++)
			l.mode = l.mode << 3 | (unsigned)(*p - '0');
	}
	vec_push(a, &s->layouts, l);
	return true;
}

/* No layout in another, and no source that is a file for one and a directory for the other. */
static const char *clash(struct arena *a, const struct snap *s, const struct layout *x,
			 const struct layout *y)
{
	const char *px = layout_expand(a, s, x->path), *py = layout_expand(a, s, y->path);

	if (str_is_in(px, py) || str_is_in(py, px))
		return "lies in";
	if ((x->kind == LAYOUT_BIND && y->kind == LAYOUT_BIND_FILE) ||
	    (x->kind == LAYOUT_BIND_FILE && y->kind == LAYOUT_BIND))
		if (!strcmp(layout_expand(a, s, x->source), layout_expand(a, s, y->source)))
			return "takes for a file, or a directory, what is the other for";
	return NULL;
}

bool layouts_read(struct arena *a, struct snap *s, const struct node *map, char *why)
{
	if (node_is_null(map))
		return true;
	if (map->kind != NODE_MAP)
		return field_refuse(why, map->line, "layout: not a map");
	if (map->count > MODEL_LAYOUTS_MAX)
		return field_refuse(why, map->line, "layout: more than %d", MODEL_LAYOUTS_MAX);
	for (const struct node *c = map->first; c; c = c->next)
		if (!read_layout(a, s, c, why))
			return false;
	for (size_t i = 0; i < s->layouts.len; i++)
		for (size_t k = 0; k < i; k++) {
			struct arena_mark m = arena_mark(a);
			const struct layout *x = &s->layouts.at[i], *y = &s->layouts.at[k];
			const char *what = clash(a, s, x, y);

			arena_rewind(a, m);
			if (what)
				return field_refuse(why, x->line, "layout %.64s: %s %.64s", x->path,
						    what, y->path);
		}
	return true;
}
