/* step_snap.c - do the steps of a snap's own: layouts, content, parallel instances
 *
 * MUST set every flag on the detached mount, and mount on handles only (attacks.md R09).
 */
#include "ns/step_snap.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/die.h"
#include "core/mountfd.h"

#define MS_PRIVATE_ (1u << 18) /* sys/mount.h clashes with linux/mount.h */
#define MS_SLAVE_ (1u << 19)

static uint64_t flags_of(const struct step *s)
{
	return MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV |
	       (s->flags & STEP_RO ? MOUNT_ATTR_RDONLY : 0);
}

/* -1: a connection to something that is not there, which the app has to live with. */
static int copy(struct places *p, const struct step *s)
{
	bool rec = s->flags & STEP_REC;
	int from = place_source(p, s), tree;

	if (from < 0 && s->flags & STEP_LAYOUT && !(s->flags & STEP_OPTIONAL))
		die("%s: %s", s->src, strerror(ENOENT));
	if (from < 0)
		return -1;
	tree = mountfd_clone(from, "", rec);
	/* Revisions that are mounted later belong to a parallel instance as well. */
	if (tree < 0 || mountfd_attr(tree, flags_of(s), 0,
				     s->flags & STEP_OVERNAME ? MS_SLAVE_ : MS_PRIVATE_, rec))
		die("%s: %m", s->src);
	close(from);
	return tree;
}

static int new_tmpfs(struct places *p, const struct step *s)
{
	const char *const options[] = {
		arena_printf(p->arena, "mode=%o", s->mode ? s->mode : 0755),
		arena_printf(p->arena, "uid=%u", s->uid),
		arena_printf(p->arena, "gid=%u", s->gid), NULL,
	};
	int tree = mountfd_new("tmpfs", options, flags_of(s));

	if (tree < 0)
		die("new tmpfs: %m");
	return tree;
}

struct snap_mount step_snap_run(struct places *p, const struct step *s)
{
	DOING("mount", s->dst);
	struct snap_mount made = {.point = s->dst};

	if (!(s->flags & STEP_OVERNAME))
		made.point = place_real(p, s);
	if (s->flags & STEP_LINK) {
		place_link(p, made.point, s->link);
		return made;
	}
	mode_t kind = s->flags & STEP_FILE ? S_IFREG : S_IFDIR;
	if (!(s->flags & (STEP_LAYOUT | STEP_OVERNAME)) && !place_fits(p, made.point, kind))
		return made;
	int tree = s->flags & STEP_BIND ? copy(p, s) : new_tmpfs(p, s);
	if (tree < 0)
		return made;
	int at = place_open(p, made.point, kind);
	if (mountfd_attach(tree, at))
		die("attach: %m");
	made.id = mountfd_id(tree);
	if (!(s->flags & STEP_OVERNAME))
		vec_push(p->arena, &p->lent, made.id);
	close(at);
	close(tree);
	return made;
}

void step_snap_check(const struct snap_mount *made, size_t count, const struct mount_table *t)
{
	for (size_t i = 0; i < count; i++) {
		size_t k = 0;

		while (k < t->len && t->at[k].id != made[i].id)
			k++;
		if (made[i].id && (k == t->len || strcmp(t->at[k].point, made[i].point)))
			die("the mount on %s is missing", made[i].point);
	}
}
