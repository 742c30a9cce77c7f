/* place.c - places to mount on, made where they are missing
 *
 * MUST make nothing on the host but in /var/snap (attacks.md A121): what decides is
 * the mount a handle is on, never the path alone.
 * MUST walk by handle, one component at a time, and through no link (R08, A097).
 */
#include "ns/place.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/die.h"
#include "core/fs.h"
#include "core/mountfd.h"
#include "core/str.h"
#include "ns/mimic.h"

/* The component at s, and behind it; false at the end of the path. */
static bool component(const char **s, char name[256])
{
	*s += **s == '/';
	size_t n = strcspn(*s, "/");

	if (!n)
		return false;
	if (n > 255)
		die("a name is too long");
	snprintf(name, 256, "%.*s", (int)n, *s);
	*s += n;
	return true;
}

const char *place_real(struct places *p, const struct step *s)
{
	char top[256], link[264], merged[264];
	const char *path = s->dst, *rest = path, *real = path;

	component(&rest, top);
	ssize_t n = readlinkat(p->root, top, link, sizeof link - 1);
	if (n > 0) {
		link[n] = '\0';
		snprintf(merged, sizeof merged, "usr/%s", top);
		if (strcmp(link + (*link == '/'), merged))
			die("/%s is a link", top);
		real = arena_printf(p->arena, "/usr%s", path);
	}
	/* "/lib/snapd" is not what it seems. */
	if (real != path && step_is_kept(real))
		die("it is %s, which must stay as it is", real);
	return real;
}

static bool is_ours(const struct places *p, int at)
{
	uint64_t id = mountfd_id(at);

	for (size_t i = 0; i < p->mimics.len; i++)
		if (id == mountfd_id(p->mimics.at[i].tree))
			return true;
	return id == mountfd_id(p->root);
}

/* At or below /var/snap/NAME, or any snap's when name is ""; or in the private /tmp. */
static bool is_data(const char *path, const char *name)
{
	const char *rest = str_after(path, "/var/snap/");

	if (str_starts(path, "/tmp/"))
		return true;
	if (rest && *name && (rest = str_after(rest, name)) && *rest && *rest != '/')
		rest = NULL;
	return rest && (*name || strchr(rest, '/'));
}

/* Is what is made in there the snap's to have: data of it, and not lent to it? */
static bool may_make(const struct places *p, int at, const char *path)
{
	uint64_t id = mountfd_id(at);

	if (is_ours(p, at))
		return true;
	for (size_t i = 0; i < p->lent.len; i++)
		if (id == p->lent.at[i])
			return false;
	return is_data(path, p->snap);
}

/* Never replaced: what comes to be in there later is to be seen. */
static bool must_stay(const struct places *p, const char *path)
{
	const char *name = str_after(path, "/snap/");

	return !strcmp(path, "/snap") || str_eq(name, p->snap) || !strcmp(path, "/var/snap") ||
	       step_is_kept(path);
}

static int add_mimic(struct places *p, int at, const char *path)
{
	DOING("make room in", path);

	if (must_stay(p, path))
		die("nothing can be made there");
	struct mimic m = {.path = arena_dup(p->arena, path)};
	m.tree = mimic_make(p->arena, at, &m.ro);
	close(at);
	vec_push(p->arena, &p->mimics, m);
	int fd = fs_open(m.tree, ".", O_PATH | O_DIRECTORY, 0);
	if (fd < 0)
		die("%m");
	return fd;
}

/* The directory that a path's last component is to be in, as far as it exists. */
struct walk {
	int at;          /* the last directory there is */
	const char *rest; /* what of the path is missing below it, "" when nothing */
	bool blocked;     /* by a link, or what is no directory: errno */
	char last[256];
};

static struct walk walk(struct places *p, const char *path)
{
	struct walk w = {.at = fs_open(p->root, ".", O_PATH | O_DIRECTORY, 0), .rest = path};
	const char *next = path;

	while (component(&next, w.last) && *next) {
		int fd = fs_open(w.at, w.last, O_PATH | O_DIRECTORY, 0);

		w.blocked = fd < 0 && errno != ENOENT;
		if (fd < 0)
			return w;
		close(w.at);
		w.at = fd;
		w.rest = next;
	}
	if (!faccessat(w.at, w.last, F_OK, AT_SYMLINK_NOFOLLOW))
		w.rest = next;
	return w;
}

static const char *so_far(const struct places *p, const char *path, const char *rest)
{
	size_t n = (size_t)(rest - path);

	return n ? arena_dupn(p->arena, path, n) : "/";
}

/* Walk to where something is missing, make the directories above it: a handle on the
 * last, and the name in it. *there: nothing is missing. */
static struct walk reach(struct places *p, const char *path, bool *there)
{
	struct walk w = walk(p, path);
	const char *have = so_far(p, path, w.rest);

	if (w.blocked)
		die("a link, or no directory, is in the way: %m");
	*there = !*w.rest;
	if (*there)
		return w;
	if (!may_make(p, w.at, path))
		w.at = add_mimic(p, w.at, have);
	for (const char *next = w.rest; component(&next, w.last) && *next;) {
		int fd = fs_try_dir(w.at, w.last, 0755, 0, 0);

		if (fd < 0)
			die("make %.*s: %m", (int)(next - path), path);
		close(w.at);
		w.at = fd;
	}
	return w;
}

static int compare_paths(const void *x, const void *y)
{
	return strcmp(*(const char *const *)x, *(const char *const *)y);
}

/* From the host: as it is there, links too, but not where anybody can plant them. */
static int open_host(struct places *p, const char *path)
{
	if (str_starts(path, "/tmp/") || str_starts(path, "/var/lib/snapbox/"))
		return fs_open(p->host, path + 1, O_PATH, 0);
	return fs_open_in_root(p->host, path + 1, O_PATH);
}

static bool has_source(struct places *p, const struct step *s)
{
	const char *path = step_host_source(p->arena, s);
	int fd = path ? open_host(p, path) : -1;

	if (fd >= 0)
		close(fd);
	return !path || fd >= 0;
}

void place_prepare(struct places *p, const struct step *steps, size_t count)
{
	VEC(const char *) rooms = {0};

	for (size_t i = 0; i < count; i++) {
		DOING("mount", steps[i].dst);
		const char *real = steps[i].flags & STEP_OVERNAME ? steps[i].dst :
								   place_real(p, &steps[i]);
		struct walk w = walk(p, real);

		if (*w.rest && !w.blocked && has_source(p, &steps[i]) && !may_make(p, w.at, real))
			vec_push(p->arena, &rooms, so_far(p, real, w.rest));
		close(w.at);
	}
	if (rooms.len)
		qsort(rooms.at, rooms.len, sizeof *rooms.at, compare_paths);
	for (size_t i = 0; i < rooms.len; i++) {
		if (i && !strcmp(rooms.at[i], rooms.at[i - 1]))
			continue;
		int at = fs_open(p->root, rooms.at[i] + 1, O_PATH | O_DIRECTORY, 0);

		if (at < 0)
			die("%s: %m", rooms.at[i]);
		close(add_mimic(p, at, rooms.at[i]));
	}
}

bool place_fits(struct places *p, const char *real, mode_t kind)
{
	struct stat st;
	struct walk w = walk(p, real);
	bool fits = !w.blocked;

	if (fits && !*w.rest)
		fits = !fstatat(w.at, w.last, &st, AT_SYMLINK_NOFOLLOW) &&
		       (st.st_mode & S_IFMT) == kind;
	close(w.at);
	return fits;
}

int place_open(struct places *p, const char *real, mode_t kind)
{
	struct stat st;
	bool there;
	struct walk w = reach(p, real, &there);
	int fd = -1;

	if (!there && kind == S_IFDIR)
		close(fd = fs_try_dir(w.at, w.last, 0755, 0, 0));
	else if (!there)
		close(fd = fs_open(w.at, w.last, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0644));
	if (!there && fd < 0)
		die("make a place for it: %m");
	fd = fs_open(w.at, w.last, O_PATH | O_NOFOLLOW, 0);
	if (fd < 0 || fstat(fd, &st))
		die("the place for it: %m");
	if ((st.st_mode & S_IFMT) != kind)
		die("%s is there and is no %s", real, kind == S_IFDIR ? "directory" : "file");
	close(w.at);
	return fd;
}

void place_link(struct places *p, const char *real, const char *target)
{
	bool there;
	struct walk w = reach(p, real, &there);
	char have[4096];
	ssize_t n = there ? readlinkat(w.at, w.last, have, sizeof have) : 0;

	if (there && (n != (ssize_t)strlen(target) || memcmp(have, target, (size_t)n)))
		die("%s is there already", real);
	if (!there && symlinkat(target, w.at, w.last))
		die("link: %m");
	close(w.at);
}

/* Data of a snap: its package may say that a directory or file of it is to be there. */
static void make_source(struct places *p, const struct step *s)
{
	const char *next = s->src;
	struct walk w = walk(p, s->src);
	bool shm = str_starts(s->src, "/dev/shm/");
	mode_t mode = shm ? 01777 : s->mode ? s->mode : 0755;

	/* Not the snap's directory itself, nor a revision's. */
	if (w.blocked)
		die("%s: %m", s->src);
	if (!shm && !is_data(so_far(p, s->src, w.rest), ""))
		w.rest = "";
	for (next = w.rest; component(&next, w.last);) {
		int fd = *next || !(s->flags & STEP_FILE) ?
			 fs_try_dir(w.at, w.last, *next ? 0755 : mode, s->uid, s->gid) :
			 fs_open(w.at, w.last, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0600);

		if (fd < 0)
			die("make %s: %m", s->src);
		if (!*next && s->flags & STEP_FILE &&
		    (fchown(fd, s->uid, s->gid) || fchmod(fd, mode & ~(mode_t)0111)))
			die("make %s: %m", s->src);
		close(w.at);
		w.at = fd;
	}
	close(w.at);
}

static int open_source(struct places *p, const struct step *s)
{
	const char *host = step_host_source(p->arena, s);
	int fd = host ? open_host(p, host) : fs_open(p->root, s->src + 1, O_PATH, 0);

	if (host || fd >= 0 || errno != ENOENT)
		return fd;
	make_source(p, s);
	return fs_open(p->root, s->src + 1, O_PATH, 0);
}

int place_source(struct places *p, const struct step *s)
{
	struct stat st;
	mode_t kind = s->flags & STEP_FILE ? S_IFREG : S_IFDIR;
	int fd = open_source(p, s);

	if (fd < 0 && errno == ENOENT)
		return -1;
	if (fd < 0 || fstat(fd, &st))
		die("%s: %m", s->src);
	if ((st.st_mode & S_IFMT) != kind)
		die("%s: is no %s", s->src, kind == S_IFREG ? "file" : "directory");
	/* Anybody can make things in there. */
	if (str_starts(s->src, "/dev/shm/") && st.st_uid)
		die("%s: belongs to %u, not to root", s->src, st.st_uid);
	return fd;
}

void place_finish(struct places *p)
{
	for (size_t i = 0; i < p->mimics.len; i++)
		if (p->mimics.at[i].ro &&
		    mountfd_attr(p->mimics.at[i].tree, MOUNT_ATTR_RDONLY, 0, 0, false))
			die("make %s read-only: %m", p->mimics.at[i].path);
}

bool place_holds(const struct places *p, const char *point)
{
	for (size_t i = 0; i < p->mimics.len; i++)
		if (str_is_in(point, p->mimics.at[i].path))
			return true;
	return false;
}
