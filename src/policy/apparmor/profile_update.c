/* profile_update.c - the profile of the program that makes the mounts of one snap
 *
 * MUST grant no mount but those that the snap's layouts and connections name, and
 * what it takes to make their places (attacks.md A255-A267).
 */
#include <stdlib.h>
#include <string.h>

#include "core/str.h"
#include "policy/apparmor/profile.h"
#include "policy/apparmor/profile_pieces.h"
#include "policy/mimic.h"
#include "policy/quote.h"

/* How much of a path is there for certain: "/" and a directory of it; or the
 * directory of the snap's revision. */
#define PRESENT_TARGET 2
#define PRESENT_SOURCE 4

/* A mount of one thing on another, or of a tmpfs, and taking it away. */
static void add_mount(struct buf *out, const char *how, const char *source, const char *path,
		      const char *slash)
{
	buf_printf(out, "mount %s ", how);
	if (source)
		quote_path(out, source, slash);
	else
		buf_str(out, "tmpfs");
	buf_str(out, " -> ");
	quote_path(out, path, slash);
	buf_str(out, ",\nmount options=(rprivate) -> ");
	quote_path(out, path, slash);
	buf_str(out, ",\numount ");
	quote_path(out, path, slash);
	buf_str(out, ",\n");
}

/* What it takes that path can be mounted on. */
static void add_place(struct buf *out, const char *path, bool is_file, unsigned present)
{
	if (is_file)
		mimic_file(out, path, present);
	else
		mimic_dir(out, path, present);
}

static void add_layout(struct buf *out, const struct snap *s, const struct layout *l)
{
	struct arena *a = out->arena;
	const char *path = pieces_path(a, s, l->path);
	bool is_file = l->kind == LAYOUT_BIND_FILE;

	if (l->kind == LAYOUT_SYMLINK) {
		quote_path(out, path, "");
		buf_str(out, " rw,\n");
	} else if (l->kind == LAYOUT_TMPFS) {
		add_mount(out, "fstype=tmpfs", NULL, path, "/");
	} else {
		const char *source = pieces_path(a, s, l->source);

		add_mount(out, is_file ? "options=(bind, rw)" : "options=(rbind, rw)", source, path,
			  is_file ? "" : "/");
		add_place(out, source, is_file, PRESENT_SOURCE);
	}
	add_place(out, path, is_file, PRESENT_TARGET);
}

/* A rule, and which layout asked for it first. */
struct line {
	const char *text;
	size_t layout, order;
};

struct lines {
	struct line *at;
	size_t len, cap;
};

static int by_text(const void *x, const void *y)
{
	const struct line *a = x, *b = y;
	int d = strcmp(a->text, b->text);

	return d ? d : (a->order > b->order) - (a->order < b->order);
}

static int by_order(const void *x, const void *y)
{
	const struct line *a = x, *b = y;

	return (a->order > b->order) - (a->order < b->order);
}

/* Layouts in one directory need nearly the same: each rule once, with the first. */
static void keep_first(struct lines *l)
{
	size_t n = 0;

	qsort(l->at, l->len, sizeof *l->at, by_text);
	for (size_t i = 0; i < l->len; i++)
		if (!n || strcmp(l->at[n - 1].text, l->at[i].text))
			l->at[n++] = l->at[i];
	l->len = n;
	qsort(l->at, l->len, sizeof *l->at, by_order);
}

static int by_path(const void *x, const void *y)
{
	const struct layout *a = x, *b = y;

	return strcmp(a->path, b->path);
}

static void add_layouts(struct buf *out, const struct snap *s)
{
	struct arena *a = out->arena;
	size_t count = s->layouts.len, last = count;
	struct layout *layouts = NEW_N(a, struct layout, count + 1);
	struct lines lines = {0};

	if (!count)
		return;
	memcpy(layouts, s->layouts.at, count * sizeof *layouts);
	qsort(layouts, count, sizeof *layouts, by_path);
	for (size_t i = 0; i < count; i++) {
		struct buf one = buf_new(a);

		add_layout(&one, s, &layouts[i]);
		for (char **t = str_split(a, buf_text(&one), '\n', NULL); *t; t++)
			if (**t)
				vec_push(a, &lines, ((struct line){*t, i, lines.len}));
	}
	keep_first(&lines);
	for (size_t i = 0; i < lines.len; last = lines.at[i++].layout) {
		if (lines.at[i].layout != last)
			buf_printf(out, "\n  # layout: %s\n",
				   pieces_path(a, s, layouts[lines.at[i].layout].path));
		buf_printf(out, "  %s\n", lines.at[i].text);
	}
}

/* An instance with a key sees its directories under the name without. */
static void add_names(struct buf *out, const struct snap *s)
{
	static const char *const dirs[] = {"/snap", "/var/snap"};

	if (!s->key || !*s->key)
		return;
	buf_str(out, "\n  # This instance sees its directories under the name of the snap.\n");
	for (size_t i = 0; i < 2; i++) {
		buf_printf(out, "  mount options=(rw rbind) %s/", dirs[i]);
		quote_name(out, s->instance);
		buf_printf(out, "/ -> %s/", dirs[i]);
		quote_name(out, s->name);
		buf_str(out, "/,\n");
	}
}

const char *profile_update_ns_text(struct arena *a, const struct snap *s,
				   const struct policy *all, const struct policy_target *t)
{
	struct buf out = buf_new(a);
	struct bodies bodies = {0};

	DOING("write policy of snap-update-ns for", s->instance);
	buf_str(&out, PROFILE_HEAD "\nprofile snap-update-ns.");
	quote_name(&out, s->instance);
	buf_str(&out, " flags=(attach_disconnected) {\n");
	pieces_template(&out, "apparmor/parts/update-ns", s);
	add_names(&out, s);
	pieces_overlay(&out, t);
	add_layouts(&out, s);
	pieces_gather(a, &bodies, all, BACK_UPDATE_NS);
	pieces_print(&out, &bodies);
	buf_str(&out, "}\n");
	return buf_text(&out);
}
