/* mimic.c - rules for making a place to mount on where nothing can be made */
#include "policy/mimic.h"

#include <string.h>

#include "core/str.h"

/* Directories that are there in every tree that a snap sees. */
static const char *const always[] = {
	"", "/snap", "/var", "/var/snap", "/tmp", "/usr", "/etc", NULL,
};

static bool is_writable(const char *path)
{
	return str_starts(path, "/var/snap/") || str_starts(path, "/home/") ||
	       str_starts(path, "/root/");
}

/* dir ends with a slash; it may turn out to be the one to replace. */
static void replace(struct buf *out, const char *dir)
{
	struct arena *a = out->arena;
	const char *aside = arena_printf(a, "/tmp/.snap%s", dir);

	/* Look at what it holds, and set it aside. */
	buf_printf(out, "\"%s\" r,\n\"%s\" rw,\n", dir, aside);
	buf_printf(out, "mount options=(rbind, rw) \"%s\" -> \"%s\",\n", dir, aside);
	/* Cover it, and make in the cover what it held. */
	buf_printf(out, "mount fstype=tmpfs options=(rw) tmpfs -> \"%s\",\n", dir);
	buf_printf(out, "\"%s*/\" rw,\n\"%s*/\" rw,\n\"%s*\" rw,\n\"%s*\" rw,\n", aside, dir, aside,
		   dir);
	buf_printf(out, "mount options=(rbind, rw) \"%s*/\" -> \"%s*/\",\n", aside, dir);
	buf_printf(out, "mount options=(bind, rw) \"%s*\" -> \"%s*\",\n", aside, dir);
	/* Drop what was set aside; undo everything when a part fails. */
	buf_printf(out, "mount options=(rprivate) -> \"%s\",\numount \"%s\",\n", aside, aside);
	buf_printf(out, "mount options=(rprivate) -> \"%s{,*,*/}\",\n", dir);
	buf_printf(out, "umount \"%s{,*,*/}\",\n", dir);
}

/* Every directory above path that may be the one, from the root on. */
static void replace_above(struct buf *out, const char *path, unsigned present)
{
	unsigned depth = 0;

	for (const char *p = strchr(path, '/'); p && p[1]; p = strchr(p + 1, '/')) {
		const char *dir = arena_dupn(out->arena, path, (size_t)(p - path) + 1);

		if (++depth < present)
			buf_printf(out, "\"%s\" r,\n", dir);
		else
			replace(out, dir);
	}
}

/* The directories of path, path included, that are not always there. */
static void make_all(struct buf *out, const char *path)
{
	char *p = arena_dup(out->arena, path);

	while (!str_in(p, always)) {
		buf_printf(out, "\"%s/\" rw,\n", p);
		*strrchr(p, '/') = '\0';
	}
}

void mimic_dir(struct buf *out, const char *path, unsigned present)
{
	if (is_writable(path))
		make_all(out, path);
	else
		replace_above(out, path, present);
}

void mimic_file(struct buf *out, const char *path, unsigned present)
{
	if (!is_writable(path)) {
		replace_above(out, path, present);
		return;
	}
	buf_printf(out, "\"%s\" rw,\n", path);
	make_all(out, arena_dupn(out->arena, path, (size_t)(strrchr(path, '/') - path)));
}
