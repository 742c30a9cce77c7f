/* home.c - where a snap keeps what belongs to one user
 *
 * MUST act with the caller's own rights only, and MUST NOT follow a link below
 * the home directory: apps can put one there (attacks.md A093, A102). The way to
 * the home directory itself may have links: it is the administrator's.
 */
#include "applets/lib/home.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "applets/lib/copytree.h"
#include "core/fs.h"
#include "policy/model/name.h"

static int open_home(const struct env_user *u)
{
	struct stat st;
	int fd = -1;

	if (!strcmp(u->home, "/"))
		die("the home directory of uid %u is /: there is no place for a snap's data",
		    u->euid);
	fd = open(u->home, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT && !u->euid && !mkdir(u->home, 0700))
		fd = open(u->home, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		die("the home directory %s: %m", u->home);
	if (fstat(fd, &st))
		die("the home directory %s: %m", u->home);
	if (st.st_uid != u->euid)
		die("the home directory %s belongs to uid %u", u->home, st.st_uid);
	return fd;
}

/* The directory name in dir, made with mode when it is missing; the caller's. Closes dir. */
static int enter(int dir, const char *name, mode_t mode, const struct env_user *u)
{
	struct stat st;

	if (mkdirat(dir, name, mode) && errno != EEXIST)
		die("make the directory %s in %s: %m", name, u->home);
	int fd = fs_open(dir, name, O_RDONLY | O_DIRECTORY, 0);
	if (fd < 0 && (errno == ELOOP || errno == ENOTDIR))
		die("%s below %s/snap is not a directory: remove it", name, u->home);
	if (fd < 0 || fstat(fd, &st))
		die("%s below %s: %m", name, u->home);
	if (st.st_uid != u->euid)
		die("%s below %s belongs to uid %u", name, u->home, st.st_uid);
	close(dir);
	return fd;
}

static bool points_to(int dir, const char *link, const char *target)
{
	char is[64];
	ssize_t n = readlinkat(dir, link, is, sizeof is);

	return n == (ssize_t)strlen(target) && !memcmp(is, target, (size_t)n);
}

/* The first start of another revision begins with a copy of what the one before had
 * (behaviour R3). Done here and not by install: it takes no more than the user's own
 * rights, and nobody waits for a slow home directory but its owner. */
static void bring_along(struct arena *a, int dir, const struct env_user *u)
{
	char old[64], *fresh = arena_printf(a, ".%s.%d.new", u->revision, getpid());
	ssize_t n = readlinkat(dir, "current", old, sizeof old - 1);

	old[n < 0 ? 0 : n] = '\0';
	if (!name_is_revision(old) || !strcmp(old, u->revision) ||
	    !faccessat(dir, u->revision, F_OK, AT_SYMLINK_NOFOLLOW) ||
	    faccessat(dir, old, F_OK, AT_SYMLINK_NOFOLLOW))
		return;
	if (!fs_remove_tree(dir, fresh))
		die("remove %s: %m", fresh);
	copytree(dir, old, dir, fresh);
	/* Another start may have been faster: its copy is as good. */
	if (renameat(dir, fresh, dir, u->revision) && !fs_remove_tree(dir, fresh))
		die("remove %s: %m", fresh);
}

/* All is there already: two lookups and one link. */
static bool is_prepared(struct arena *a, int home, const struct env_user *u)
{
	const char *top = arena_printf(a, "snap/%s", u->instance);
	int dir = fs_open(home, top, O_RDONLY | O_DIRECTORY, 0);
	int data = dir < 0 ? -1 : fs_open(dir, u->revision, O_PATH | O_DIRECTORY, 0);
	int common = dir < 0 ? -1 : fs_open(dir, "common", O_PATH | O_DIRECTORY, 0);
	struct stat st;
	bool ok = data >= 0 && common >= 0 && points_to(dir, "current", u->revision) &&
		  !fstat(data, &st) && st.st_uid == u->euid && !fstat(common, &st) &&
		  st.st_uid == u->euid;

	if (dir >= 0)
		close(dir);
	if (data >= 0)
		close(data);
	if (common >= 0)
		close(common);
	return ok;
}

/* Absent where nobody makes a directory for the user: then there is none for the snap. */
static void runtime_dir(struct arena *a, const struct env_user *u)
{
	struct stat st;
	int dir = fs_open(AT_FDCWD, arena_printf(a, "/run/user/%u", u->euid),
			  O_PATH | O_DIRECTORY, 0);

	if (dir < 0)
		return;
	if (!fstat(dir, &st) && st.st_uid == u->euid) {
		const char *name = arena_printf(a, "snap.%s", u->instance);

		if (mkdirat(dir, name, 0700) && errno != EEXIST)
			warn("make the directory /run/user/%u/%s: %m", u->euid, name);
	}
	close(dir);
}

void home_prepare(struct arena *a, const struct env_user *u)
{
	int dir = open_home(u);

	if (!is_prepared(a, dir, u)) {
		dir = enter(dir, "snap", 0700, u);
		dir = enter(dir, u->instance, 0755, u);
		close(enter(fcntl(dir, F_DUPFD_CLOEXEC, 3), "common", 0755, u));
		bring_along(a, dir, u);
		close(enter(fcntl(dir, F_DUPFD_CLOEXEC, 3), u->revision, 0755, u));
		if (!points_to(dir, "current", u->revision))
			fs_link(dir, "current", u->revision);
	}
	close(dir);
	runtime_dir(a, u);
}
