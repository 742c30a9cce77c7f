/* step.c - do one step
 *
 * MUST resolve source and target once, to handles, and act on those.
 * MUST set every flag on the detached mount: an attached one is finished.
 * Targets are looked up inside the new root only, so no name in a base can lead
 * out of it (attacks.md A099, A124).
 */
#include "ns/step.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/fs.h"
#include "core/mountfd.h"
#include "core/str.h"

#define MS_PRIVATE_ (1u << 18) /* sys/mount.h clashes with linux/mount.h */
#define MS_SLAVE_ (1u << 19)

/* A place below a directory; "/x" and "x" are the same. */
static int open_below(int dir, const char *path, bool links)
{
	while (*path == '/')
		path++;
	if (!*path)
		path = ".";
	return links ? fs_open_in_root(dir, path, O_PATH) : fs_open(dir, path, O_PATH, 0);
}

static uint64_t attributes(const struct step *s)
{
	uint64_t attr = MOUNT_ATTR_NOSUID;

	if (!(s->flags & STEP_DEV))
		attr |= MOUNT_ATTR_NODEV;
	if (s->flags & STEP_RO)
		attr |= MOUNT_ATTR_RDONLY;
	if (s->flags & STEP_NOEXEC)
		attr |= MOUNT_ATTR_NOEXEC;
	return attr;
}

static bool may_miss(const struct step *s)
{
	return s->flags & (STEP_OPTIONAL | STEP_SAME) && errno == ENOENT;
}

/* A detached copy of what the handle shows, or, from the host, of what the path
 * does: every part of those is root's. */
static int copy(const struct step *s, int from)
{
	bool rec = s->flags & STEP_REC;
	int tree = mountfd_clone(from, s->from == FROM_HOST ? s->src + 1 : "", rec);
	uint64_t propagation = s->flags & STEP_SHARED ? 0 :
			       s->flags & STEP_SLAVE  ? MS_SLAVE_ : MS_PRIVATE_;

	if (tree < 0 && !may_miss(s))
		die("%s: %m", s->src);
	if (tree >= 0 && mountfd_attr(tree, attributes(s), 0, propagation, rec))
		die("set mount flags: %m");
	return tree;
}

static int make(const struct step *s)
{
	char text[256], *save;
	const char *options[16] = {0};
	size_t n = 0;

	snprintf(text, sizeof text, "%s", s->data ? s->data : "");
	for (char *o = strtok_r(text, ",", &save); o && n < 15; o = strtok_r(NULL, ",", &save))
		options[n++] = o;
	int fd = mountfd_new(s->type, options, attributes(s));
	if (fd < 0)
		die("new %s: %m%s%s", s->type, *mountfd_why ? ": " : "", mountfd_why);
	return fd;
}

static int open_source(const struct step *s, const struct step_dirs *d)
{
	const int dirs[] = {
		[FROM_BASE] = d->base, [FROM_OWN] = d->own, [FROM_TMP] = d->tmp,
		[FROM_ROOT] = d->root,
	};
	int from = open_below(dirs[s->from], s->src, false);

	if (from < 0 && !may_miss(s))
		die("%s: %m", s->src);
	return from;
}

static int open_target(const struct step *s, const struct step_dirs *d)
{
	int at = open_below(d->root, s->dst, s->flags & STEP_LINKED);

	if (at < 0 && !may_miss(s))
		die("there is no such place inside: %m");
	return at;
}

static void done(int fd)
{
	if (fd >= 0)
		close(fd);
}

int step_take(const struct step *s, const struct step_dirs *d)
{
	DOING("mount", s->dst);

	return copy(s, d->host);
}

void step_put(const struct step *s, int tree, const struct step_dirs *d)
{
	DOING("mount", s->dst);
	int at = tree < 0 ? -1 : open_target(s, d);

	if (at >= 0 && mountfd_attach(tree, at))
		die("attach: %m");
	done(at);
	done(tree);
}

static mode_t kind(int fd)
{
	struct stat st;

	return fstat(fd, &st) ? 0 : st.st_mode & S_IFMT;
}

/* Where both sides belong to strangers: one kind, a file or a directory, or
 * nothing. A link was refused when it was opened. */
static bool is_same(int from, int at)
{
	mode_t k = kind(from);

	return (k == S_IFREG || k == S_IFDIR) && k == kind(at);
}

/* STEP_SAME puts up with anything that is not there as wished, links included. */
static void run_same(const struct step *s, const struct step_dirs *d)
{
	int from = open_below(s->from == FROM_BASE ? d->base : d->root, s->src, false);
	int at = from < 0 ? -1 : open_below(d->root, s->dst, false);

	int tree = from >= 0 && at >= 0 && is_same(from, at) ? copy(s, from) : -1;

	if (tree >= 0 && mountfd_attach(tree, at))
		die("attach: %m");
	done(from);
	done(at);
	done(tree);
}

/* A place for a mount, on a tmpfs of ours: a directory or a file, as the mount is. */
static void make_target(const struct step *s, int tree, const struct step_dirs *d)
{
	char dir[4096];
	char *slash;

	snprintf(dir, sizeof dir, "%s", s->dst + 1);
	if (kind(tree) == S_IFDIR) {
		close(fs_make_dirs(d->root, dir, 0755, 0, 0));
		return;
	}
	slash = strrchr(dir, '/');
	if (slash) {
		*slash = '\0';
		close(fs_make_dirs(d->root, dir, 0755, 0, 0));
	}
	done(fs_open(d->root, s->dst + 1, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0444));
}

void step_run(const struct step *s, const struct step_dirs *d)
{
	DOING("mount", s->dst);
	bool direct = s->from == FROM_HOST;
	int from = -1, tree = -1;

	if (s->flags & STEP_SAME) {
		run_same(s, d);
		return;
	}
	if (!(s->flags & STEP_BIND))
		tree = make(s);
	else if (direct || (from = open_source(s, d)) >= 0)
		tree = copy(s, direct ? d->host : from);
	done(from);
	if (tree >= 0 && s->flags & STEP_MAKE)
		make_target(s, tree, d);
	int at = tree < 0 ? -1 : open_target(s, d);
	if (at >= 0 && mountfd_attach(tree, at))
		die("attach: %m");
	done(at);
	done(tree);
}

bool step_covers(const struct step *s, const char *path)
{
	const char *rest = str_after(path, s->dst);

	return rest && (!*rest || (*rest == '/' && s->flags & STEP_REC));
}
