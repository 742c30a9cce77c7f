/* place.c - where an installed revision is seen: /snap/NAME/REV
 *
 * What is mounted MUST be the descriptor that was checked, never a path that is
 * looked up again (attacks.md A091).
 */
#include "applets/lib/place.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/dirs.h"
#include "core/fs.h"
#include "core/loop.h"
#include "core/mountfd.h"
#include "core/str.h"
#include "policy/model/state.h"

#define ATTRIBUTES (MOUNT_ATTR_RDONLY | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOSUID)

/* /snap/NAME, or -1. */
static int open_snap(const char *name, int flags)
{
	int snaps = dirs_open(DIR_SNAPS);

	if (snaps < 0)
		return -1;
	int fd = fs_open(snaps, name, flags | O_DIRECTORY, 0);
	int saved = errno;
	close(snaps);
	errno = saved;
	return fd;
}

bool place_is_mounted(const char *name, const char *rev)
{
	int dir = open_snap(name, O_PATH), at = dir < 0 ? -1 : fs_open(dir, rev, O_PATH, 0);
	bool yes = at >= 0 && mountfd_id(at) != mountfd_id(dir);

	if (at >= 0)
		close(at);
	if (dir >= 0)
		close(dir);
	return yes;
}

static int mount_of(int file, bool tree, struct loop_failure *f)
{
	if (!tree)
		return loop_mount(file, "squashfs", f);
	int fd = mountfd_clone(file, "", false);
	if (fd < 0 || mountfd_attr(fd, ATTRIBUTES, 0, 0, false)) {
		snprintf(f->why, sizeof f->why, "bind mount: %m");
		return -1;
	}
	return fd;
}

enum placed place_mount(struct arena *a, const char *name, const char *rev, int file, bool tree,
			char *why)
{
	struct loop_failure f = {0};

	if (place_is_mounted(name, rev))
		return PLACED;
	dirs_make(DIR_SNAPS);
	int dir = dirs_open(DIR_SNAPS);
	if (dir < 0)
		die("%s: %m", dirs_path(a, DIR_SNAPS, "%s", ""));
	int own = fs_make_dirs(dir, name, 0755, geteuid(), getegid());
	int at = fs_make_dirs(own, rev, 0755, geteuid(), getegid());
	int fd = mount_of(file, tree, &f);
	bool ok = fd >= 0 && !mountfd_attach(fd, at);

	if (!ok)
		snprintf(why, WHY_MAX, "%.60s/%.12s: %.160s", name, rev,
			 *f.why ? f.why : "cannot be mounted");
	if (fd >= 0)
		close(fd);
	close(at);
	close(own);
	close(dir);
	return ok ? PLACED : f.unsupported ? PLACE_UNSUPPORTED : PLACE_FAILED;
}

enum placed place_installed(struct arena *a, const char *instance, const char *rev, bool tree,
			    char *why)
{
	char *key = state_key(a, instance, rev);
	int dir = dirs_open(tree ? DIR_TREES : DIR_SNAP_FILES);
	int flags = tree ? O_PATH | O_DIRECTORY : O_RDONLY | O_NONBLOCK;
	char *name = tree ? key : arena_printf(a, "%s.snap", key);
	int file = dir < 0 ? -1 : fs_open(dir, name, flags, 0);
	enum placed p = PLACE_FAILED;

	if (file < 0)
		snprintf(why, WHY_MAX, "%s of %s: %m", tree ? "tree" : "image", key);
	else
		p = place_mount(a, instance, rev, file, tree, why);
	if (file >= 0)
		close(file);
	if (dir >= 0)
		close(dir);
	return p;
}

bool place_remove(const char *name, const char *rev)
{
	int dir = open_snap(name, O_RDONLY);

	if (dir < 0)
		return errno == ENOENT;
	/* Several mounts can lie on each other when a start was interrupted. */
	while (place_is_mounted(name, rev) && !mountfd_detach(dir, rev))
		;
	bool ok = !unlinkat(dir, rev, AT_REMOVEDIR) || errno == ENOENT;

	close(dir);
	return ok;
}
