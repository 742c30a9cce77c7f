/* fstab.c - layouts and connections to the mounts of a snap: NAME.fstab
 *
 * MUST write nothing that fstab_parse() would not read back: what a snap said is
 * in these lines, and whoever mounts them is root (attacks.md A263, R17).
 */
#include "ns/fstab.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/str.h"
#include "policy/model/layout.h"

struct table {
	struct fstab_entry *at;
	size_t len, cap;
};

static void add_option(struct arena *a, struct fstab_entry *e, const char *option)
{
	vec_push(a, &e->options, option);
}

/* M26: a parallel instance sees its own directories under the store's name. */
static void add_overname(struct arena *a, const struct snap *s, struct table *t)
{
	static const char *const dirs[] = {"/snap", "/var/snap"};

	for (size_t i = 0; i < 2 && *s->key; i++) {
		struct fstab_entry e = {
			.src = arena_printf(a, "%s/%s", dirs[i], s->instance),
			.dst = arena_printf(a, "%s/%s", dirs[i], s->name),
			.type = "none",
			.origin = ORIGIN_OVERNAME,
		};

		add_option(a, &e, "rbind");
		add_option(a, &e, "x-snapd.origin=overname");
		vec_push(a, t, e);
	}
}

static struct fstab_entry of_layout(struct arena *a, const struct snap *s, const struct layout *l)
{
	const char *source = l->source ? layout_expand(a, s, l->source) : NULL;
	struct fstab_entry e = {
		.src = source, .dst = layout_expand(a, s, l->path), .type = "none",
		.origin = ORIGIN_LAYOUT,
	};

	switch (l->kind) {
	case LAYOUT_BIND:
		add_option(a, &e, "rbind");
		add_option(a, &e, "rw");
		break;
	case LAYOUT_BIND_FILE:
		add_option(a, &e, "bind");
		add_option(a, &e, "rw");
		add_option(a, &e, "x-snapd.kind=file");
		break;
	case LAYOUT_TMPFS:
		e.src = e.type = "tmpfs";
		break;
	case LAYOUT_SYMLINK:
		e.src = "none";
		add_option(a, &e, "x-snapd.kind=symlink");
		add_option(a, &e, arena_printf(a, "x-snapd.symlink=%s", source));
		break;
	}
	if (l->mode != 0755)
		add_option(a, &e, arena_printf(a, "x-snapd.mode=%#o", l->mode));
	add_option(a, &e, "x-snapd.origin=layout");
	return e;
}

static bool add_layouts(struct arena *a, const struct snap *s, struct table *t, char *why)
{
	for (size_t i = 0; i < s->layouts.len; i++) {
		const struct layout *l = &s->layouts.at[i];

		/* A comma would begin an option of its own. */
		if (l->kind == LAYOUT_SYMLINK && strchr(l->source, ','))
			return field_refuse(why, l->line,
					    "layout %.64s: \"%.64s\" has a comma, which a link "
					    "cannot have here",
					    l->path, l->source);
		vec_push(a, t, of_layout(a, s, l));
	}
	return true;
}

static bool add_connections(struct arena *a, const struct policy *all, enum backend k,
			    struct table *t, char *why)
{
	char reason[WHY_MAX];

	for (size_t i = 0; i < all->pieces[k].len; i++) {
		const struct piece *p = &all->pieces[k].at[i];

		for (char **l = str_split(a, p->text, '\n', NULL); *l; l++) {
			struct fstab_entry e;

			if (!**l || **l == '#')
				continue;
			if (!fstab_parse(a, *l, k == BACK_USER_MOUNT, &e, reason)) {
				snprintf(why, WHY_MAX, "%s: mount of interface %s: %.120s",
					 p->port->name, p->iface->name, reason);
				return false;
			}
			vec_push(a, t, e);
		}
	}
	return true;
}

/* By path as if it ended in a slash: what lies in a place comes behind it. */
static int by_path(const char *x, const char *y)
{
	while (*x && *x == *y)
		x++, y++;
	unsigned char a = (unsigned char)(*x ? *x : *y ? '/' : 0);
	unsigned char b = (unsigned char)(*y ? *y : *x ? '/' : 0);

	if (a != b)
		return a < b ? -1 : 1;
	return *x ? 1 : *y ? -1 : 0;
}

static int by_options(const struct words *x, const struct words *y)
{
	for (size_t i = 0; i < x->len && i < y->len; i++)
		if (strcmp(x->at[i], y->at[i]))
			return strcmp(x->at[i], y->at[i]);
	return x->len < y->len ? -1 : x->len > y->len;
}

static int by_order(const void *x, const void *y)
{
	const struct fstab_entry *a = x, *b = y;
	int order;

	if (a->origin != b->origin)
		return a->origin < b->origin ? -1 : 1;
	if ((order = by_path(a->dst, b->dst)) || (order = strcmp(a->src, b->src)) ||
	    (order = strcmp(a->type, b->type)))
		return order;
	return by_options(&a->options, &b->options);
}

/* Two wishes for one source at one place are one mount with the rights of both. */
static void merge(struct arena *a, struct fstab_entry *into, const struct fstab_entry *e)
{
	bool ro = words_have(&into->options, "ro") && words_have(&e->options, "ro");
	bool rec = words_have(&into->options, "rbind") || words_have(&e->options, "rbind");
	bool bind = rec || words_have(&into->options, "bind");
	static const char *const own[] = {"ro", "rw", "bind", "rbind", NULL};
	const struct words *both[] = {&into->options, &e->options};
	struct words out = {0};

	if (bind)
		vec_push(a, &out, rec ? "rbind" : "bind");
	if (ro)
		vec_push(a, &out, "ro");
	for (size_t k = 0; k < 2; k++)
		for (size_t i = 0; i < both[k]->len; i++)
			if (!str_in(both[k]->at[i], own) && !words_have(&out, both[k]->at[i]))
				vec_push(a, &out, both[k]->at[i]);
	into->options = out;
}

static struct fstab_entry *find(const struct table *t, size_t count, const char *dst)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(t->at[i].dst, dst))
			return &t->at[i];
	return NULL;
}

/* What would be mounted where something is already gets a place beside it, -2, -3, as
 * snapd does; a directory that only has to be there is no mount. */
static void unclash(struct arena *a, struct table *t)
{
	size_t kept = 0;

	for (size_t i = 0; i < t->len; i++) {
		struct fstab_entry e = t->at[i], *first = find(t, kept, e.dst);
		const char *wanted = e.dst;

		if (words_have(&e.options, "x-snapd.kind=ensure-dir"))
			first = NULL;
		if (first && !strcmp(first->src, e.src) && !strcmp(first->type, e.type) &&
		    first->origin == ORIGIN_CONNECTION && e.origin == ORIGIN_CONNECTION) {
			merge(a, first, &e);
			continue;
		}
		for (unsigned n = 2; first && find(t, kept, e.dst); n++)
			e.dst = arena_printf(a, "%s-%u", wanted, n);
		t->at[kept++] = e;
	}
	t->len = kept;
}

static bool print(struct buf *out, struct table *t, bool user, char *why)
{
	struct arena *a = out->arena;

	unclash(a, t);
	if (t->len)
		qsort(t->at, t->len, sizeof *t->at, by_order);
	for (size_t i = 0; i < t->len; i++) {
		struct buf line = buf_new(a);
		struct fstab_entry again;

		fstab_print(&line, &t->at[i]);
		if (!fstab_parse(a, buf_text(&line), user, &again, why))
			return false;
		buf_printf(out, "%s\n", buf_text(&line));
	}
	return true;
}

bool fstab_text(struct buf *out, const struct snap *s, const struct policy *all, char *why)
{
	struct table t = {0};

	/* In the order of who keeps a place that two want. */
	add_overname(out->arena, s, &t);
	return add_layouts(out->arena, s, &t, why) &&
	       add_connections(out->arena, all, BACK_MOUNT, &t, why) &&
	       print(out, &t, false, why);
}

bool fstab_user_text(struct buf *out, const struct policy *all, char *why)
{
	struct table t = {0};

	return add_connections(out->arena, all, BACK_USER_MOUNT, &t, why) &&
	       print(out, &t, true, why);
}
