/* prepare.c - what the host needs before the first namespace of a snap
 *
 * MUST NOT use a directory that somebody else could have made: everything lies
 * below root-only directories outside of /tmp (attacks.md R10), and owner and
 * mode are checked on the handle.
 */
#include "ns/prepare.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/stat.h>

#include "core/dirs.h"
#include "core/fs.h"
#include "core/lock.h"
#include "core/mountfd.h"
#include "core/str.h"
#include "ns/mounts.h"

#define MS_PRIVATE_ (1u << 18) /* sys/mount.h clashes with linux/mount.h */
#define MS_SHARED_ (1u << 20)

static bool is_mount_root(int fd)
{
	struct statx sx;

	if (syscall(SYS_statx, fd, "", AT_EMPTY_PATH, 0, &sx))
		die("statx: %m");
	return sx.stx_attributes & STATX_ATTR_MOUNT_ROOT;
}

int prepare_open(void)
{
	int dir = dirs_open(DIR_NS);

	if (dir >= 0 && !is_mount_root(dir)) {
		close(dir);
		return -1;
	}
	return dir;
}

/* Mount a directory on itself with this propagation, which comes last: what is
 * attached to a shared mount becomes shared. The old handle stays below. */
static void bind_on_itself(int dir, unsigned propagation, bool recursive)
{
	int tree = mountfd_clone(dir, "", recursive);

	if (tree < 0 || mountfd_attach(tree, dir) ||
	    mountfd_attr(tree, 0, 0, propagation, recursive))
		die("mount it on itself: %m");
	close(tree);
}

static const struct mount *find(struct mount_table t, uint64_t id)
{
	for (size_t i = 0; i < t.len; i++)
		if (t.at[i].id == id)
			return &t.at[i];
	return NULL;
}

/* The images that were mounted before are below the new mount as well now; there
 * they would stay busy for ever. */
static void drop_lower(struct arena *a, int lower)
{
	char **names = fs_list(a, lower, ".", NULL);

	for (size_t i = 0; names && names[i]; i++) {
		int snap = fs_open(lower, names[i], O_RDONLY | O_DIRECTORY, 0);
		char **revisions = snap < 0 ? NULL : fs_list(a, snap, ".", NULL);

		for (size_t k = 0; revisions && revisions[k]; k++) {
			int rev = fs_open(snap, revisions[k], O_PATH | O_DIRECTORY, 0);
			bool mounted = rev >= 0 && is_mount_root(rev);

			if (rev >= 0)
				close(rev);
			if (mounted && mountfd_detach(snap, revisions[k]))
				die("detach %s/%s: %m", names[i], revisions[k]);
		}
		if (snap >= 0)
			close(snap);
	}
}

static void share_snaps(struct arena *a)
{
	DOING("share", "the directory of mounted snaps");
	int dir = dirs_open(DIR_SNAPS);

	if (dir < 0)
		die("%m");
	const struct mount *m = find(mounts_read(a), mountfd_id(dir));
	if (!m)
		die("its mount is not in the mount table");
	if (!m->shared) {
		int lower = fs_open(dir, ".", O_RDONLY | O_DIRECTORY, 0);

		bind_on_itself(dir, MS_SHARED_, true);
		drop_lower(a, lower);
		close(lower);
	}
	close(dir);
}

void prepare_host(struct arena *a)
{
	static const enum dir ours[] = {DIR_RUN, DIR_NS, DIR_LOCK, DIR_SNAPS, DIR_DATA, DIR_TMP};
	int lock = lock_take("ns", false), dir;
	size_t mark = undo_push(lock_undo, &lock);

	for (size_t i = 0; i < sizeof ours / sizeof ours[0]; i++)
		dirs_make(ours[i]);
	dir = prepare_open();
	if (dir < 0) {
		DOING("prepare", "the directory of namespaces");
		share_snaps(a);
		dir = dirs_open(DIR_NS);
		if (dir < 0)
			die("%m");
		bind_on_itself(dir, MS_PRIVATE_, false);
	}
	close(dir);
	undo_forget(mark);
	lock_drop(lock);
}

/* The modes are what snapd's are; 0700 on the inner one is what a crash between
 * making and opening it up leaves, and nobody but root can have been in there. */
static int make_exactly(int dir, const char *name, mode_t mode)
{
	DOING("private /tmp", name);
	struct stat st;
	int fd = fs_make_dirs(dir, name, mode, 0, 0);

	if (fstat(fd, &st))
		die("%m");
	if (st.st_uid || st.st_gid)
		die("belongs to %u:%u, not to root", st.st_uid, st.st_gid);
	if ((st.st_mode & 07777) == 0700 && mode != 0700 && fchmod(fd, mode))
		die("%m");
	if ((st.st_mode & 07777) != mode && (st.st_mode & 07777) != 0700)
		die("has mode %04o, not %04o", st.st_mode & 07777, mode);
	return fd;
}

void prepare_tmp(const char *instance)
{
	char name[300] = "snap.";
	int top, outer;

	strncat(name, instance, sizeof name - sizeof "snap.");
	dirs_make(DIR_TMP);
	top = dirs_open(DIR_TMP);
	if (top < 0)
		die("directory of private /tmp: %m");
	outer = make_exactly(top, name, 0700);
	close(make_exactly(outer, "tmp", 01777));
	close(outer);
	close(top);
}

int prepare_open_tmp(const char *instance)
{
	char name[300] = "snap.";
	int top = dirs_open(DIR_TMP), fd = -1;

	strncat(name, instance, sizeof name - sizeof "snap.");
	if (top >= 0)
		fd = fs_open(top, name, O_PATH | O_DIRECTORY, 0);
	if (fd < 0 || !fs_is_roots(fd))
		die("private /tmp of %s: %m", instance);
	close(top);
	return fd;
}
