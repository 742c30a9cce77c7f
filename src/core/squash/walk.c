/* walk.c - all names of an image
 *
 * MUST end: every directory is entered once, by its number, and the way down is
 * a stack of at most limits.depth, not recursion.
 */
#include "core/squash/walk.h"

#include <inttypes.h>
#include <limits.h>
#include <string.h>

#include "core/squash/inner.h"
#include "core/vec.h"

struct level {
	struct dir_at dir;
	uint32_t number;
	size_t path_len;
};

struct squash_walk {
	struct squash *s;
	struct level *stack;
	uint32_t depth, entries;
	bool started;
	struct squash_node top;
	uint64_t *refs, total; /* by inode number: the reference plus one, 0 for not met */
	char path[PATH_MAX];
	size_t path_len;
};

/* Has this number been met? Two inodes cannot have the same. */
static bool meet(struct squash_walk *w, const struct squash_node *n, bool *again)
{
	uint64_t *ref = &w->refs[n->number];

	*again = *ref;
	if (*ref && *ref != n->ref + 1)
		return squash_no(w->s, "\"%s\": inode number %" PRIu32 " is there twice", w->path,
				 n->number);
	if (*ref && n->type == SQUASH_DIR)
		return squash_no(w->s, "\"%s\": the directory can be reached twice", w->path);
	*ref = n->ref + 1;
	if (n->type == SQUASH_FILE && !*again) {
		w->total += n->size;
		if (w->total > w->s->limits.total)
			return squash_no(w->s, "\"%s\": files have more than %" PRIu64 " bytes",
					 w->path, w->s->limits.total);
	}
	return true;
}

static bool enter(struct squash_walk *w, const struct squash_node *n)
{
	struct level *l = &w->stack[w->depth];

	if (w->depth == w->s->limits.depth)
		return squash_no(w->s, "\"%.60s...\": more than %" PRIu32
				 " directories below each other", w->path, w->s->limits.depth);
	l->number = n->number;
	l->path_len = w->path_len;
	if (!dir_open(w->s, n, &l->dir))
		return false;
	w->depth++;
	return true;
}

static bool add_name(struct squash_walk *w, const struct level *l)
{
	size_t at = l->path_len, need = at + (at ? 1 : 0) + l->dir.name_len;

	if (need >= sizeof w->path)
		return squash_no(w->s, "\"%.60s...\": a path of %zu bytes", w->path, need);
	if (at)
		w->path[at++] = '/';
	memcpy(w->path + at, l->dir.name, l->dir.name_len + 1);
	w->path_len = need;
	if (++w->entries > w->s->limits.entries)
		return squash_no(w->s, "\"%s\": more than %" PRIu32 " names", w->path,
				 w->s->limits.entries);
	return true;
}

struct squash_walk *squash_walk(struct squash *s, const char *path)
{
	struct squash_node n;

	if (!squash_lookup(s, path, &n))
		return NULL;
	struct squash_walk *w = NEW(s->arena, struct squash_walk);
	w->s = s;
	w->top = n;
	w->stack = NEW_N(s->arena, struct level, s->limits.depth);
	w->refs = NEW_N(s->arena, uint64_t, (size_t)s->info.inodes + 1);
	w->path_len = strlen(path);
	memcpy(w->path, path, w->path_len + 1);
	return w;
}

static bool show(struct squash_walk *w, struct squash_entry *e)
{
	const char *slash = strrchr(w->path, '/');

	if (!meet(w, &e->node, &e->again))
		return false;
	e->path = w->path;
	e->name = slash ? slash + 1 : w->path;
	e->depth = w->depth;
	return e->node.type != SQUASH_DIR || enter(w, &e->node);
}

bool squash_next(struct squash_walk *w, struct squash_entry *e)
{
	struct squash *s = w->s;

	if (s->why)
		return false;
	if (!w->started) {
		w->started = true;
		e->node = w->top;
		return show(w, e);
	}
	while (w->depth) {
		struct level *l = &w->stack[w->depth - 1];

		if (!dir_next(s, &l->dir)) {
			if (s->why)
				return false;
			w->depth--;
			continue;
		}
		if (!add_name(w, l) || !dir_node(s, &l->dir, &e->node))
			return false;
		if (e->node.type == SQUASH_DIR && e->node.parent != l->number)
			return squash_no(s, "\"%s\": says its parent is inode %" PRIu32 ", not %"
					 PRIu32, w->path, e->node.parent, l->number);
		return show(w, e);
	}
	return false;
}

char **squash_list(struct squash *s, const char *path, size_t *count)
{
	VEC(char *) names = {0};
	struct squash_node n;
	struct dir_at d;

	if (!squash_lookup(s, path, &n) || n.type != SQUASH_DIR || !dir_open(s, &n, &d))
		return NULL;
	while (dir_next(s, &d))
		vec_push(s->arena, &names, arena_dup(s->arena, d.name));
	if (s->why)
		return NULL;
	if (count)
		*count = names.len;
	vec_push(s->arena, &names, NULL);
	return names.at;
}
