/* step.h - a mount as data
 *
 * A namespace is a list of steps: first those of step_base (what every app sees
 * of the host), then those of the snap's fstab (layouts, content). Order
 * matters: a later step may cover part of an earlier one.
 *
 * The text form is fstab(5) as snapd keeps it, one step a line:
 *	/dev /dev none rbind,rslave 0 0
 *	none /usr/share/x tmpfs mode=0755,uid=0,gid=0 0 0
 *	none /opt/x none x-snapd.kind=symlink,x-snapd.symlink=/snap/foo/1/x 0 0
 * Blanks, tabs, newlines and backslashes in paths are \ooo. Every mount is made
 * nosuid, and nodev unless it says "dev": an option can only take more away.
 */
#ifndef NS_STEP_H
#define NS_STEP_H

#include <stdbool.h>
#include <stddef.h>

#include "core/arena.h"
#include "core/buf.h"

enum step_flag {
	STEP_BIND = 1 << 0,     /* "bind"; src is a path */
	STEP_REC = 1 << 1,      /* "rbind": with all that is mounted below */
	STEP_RO = 1 << 2,       /* "ro" */
	STEP_DEV = 1 << 3,      /* "dev": device nodes work there */
	STEP_NOEXEC = 1 << 4,   /* "noexec" */
	STEP_SLAVE = 1 << 5,    /* "rslave": the host's mounts arrive, ours do not leave */
	STEP_PRIVATE = 1 << 6,  /* "rprivate": neither */
	STEP_SHARED = 1 << 7,   /* "rshared": both ways. Only the host's own two places. */
	STEP_OPTIONAL = 1 << 8, /* "x-snapd.ignore-missing": fine if either end is missing */
	STEP_SAME = 1 << 9,     /* skipped unless both ends exist, and are one kind, and no links */
	STEP_MAKE = 1 << 11,    /* dst is made when it is missing: on our own tmpfs only */
	STEP_LINKED = 1 << 10,  /* the way to dst may lead through the base's links (/lib) */
	STEP_FILE = 1 << 12,    /* "x-snapd.kind=file": both ends are files, else directories */
	STEP_LINK = 1 << 13,    /* "x-snapd.kind=symlink": no mount, dst is a link to .link */
	STEP_LAYOUT = 1 << 14,  /* "x-snapd.origin=layout": the snap cannot be without it */
	STEP_OVERNAME = 1 << 15, /* "x-snapd.origin=overname": likewise */
};

/* Where src begins. Text can only say FROM_ROOT; the rest is for step_base. No
 * links are followed but from the host: every part of those paths is root's. */
enum step_from {
	FROM_ROOT, /* the new root as it is so far */
	FROM_HOST, /* the host's "/" */
	FROM_BASE, /* the base's directory */
	FROM_OWN,  /* what we made on the new root's own tmpfs, out of sight */
	FROM_TMP,  /* DIR_TMP/snap.INSTANCE */
};

struct step {
	const char *src, *dst; /* dst is absolute; src "none" without STEP_BIND */
	const char *type;      /* "none" for binds; else tmpfs or devpts */
	const char *data;      /* options of the filesystem, comma separated, or NULL */
	unsigned flags;
	enum step_from from;
	const char *link;        /* "x-snapd.symlink=" */
	unsigned mode, uid, gid; /* "x-snapd.mode=" and so on: of what is made; mode 0 is 0755 */
};

/* One line of fstab text. False with *why when it is anything but a step;
 * blank lines and comments are not steps. */
bool step_parse(struct arena *a, const char *line, struct step *out, const char **why);
void step_print(struct buf *out, const struct step *s);

/* All lines of INSTANCE.fstab. False with *why ("line 2: ...") when one is no step, or
 * asks for more than a snap's own steps may do (step_rules.c). */
struct plan;
struct step_list {
	const struct step *at;
	size_t len;
};
bool step_read(struct arena *a, const char *instance, const char *snap, const char *text,
	       struct step_list *out, const char **why);

/* Where on the host the source of a snap's step is, or NULL: not from there. */
const char *step_host_source(struct arena *a, const struct step *s);

/* Is path a place that every snap needs as it is, or in one? */
bool step_is_kept(const char *path);

/* The parts of that form, for whoever has other options: \040 \011 \012 \134 and nothing
 * else resolved in place; the same written. */
bool step_unescape(char *s);
void step_print_path(struct buf *out, const char *path);

/* The descriptors that steps begin at, all O_PATH directories. */
struct step_dirs {
	int host, base, own, tmp, root;
};

/* Do it: source and target opened to handles, flags set on the detached mount,
 * attached last (attacks.md R08, R09). Dies. Linux 5.12. */
void step_run(const struct step *s, const struct step_dirs *dirs);

/* The two halves for FROM_HOST steps that must be copied before the rest of the
 * host is cut off: step_take gives the mount, or -1 when it may be missing. */
int step_take(const struct step *s, const struct step_dirs *dirs);
void step_put(const struct step *s, int tree, const struct step_dirs *dirs);

/* What every app sees. Rows whose condition the plan does not meet are left out. */
struct step_list step_base(struct arena *a, const struct plan *p);

/* Could this step be what shows path? Used to check the finished mount table. */
bool step_covers(const struct step *s, const char *path);

#endif
