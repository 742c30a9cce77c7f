/* mimic.c - a directory in which something can be made, in place of one in which it cannot
 *
 * MUST keep what every entry is mounted with: a clone has the flags of its origin.
 * MUST have handles on what is covered before it is covered.
 */
#include "ns/mimic.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "core/die.h"
#include "core/fs.h"
#include "core/mountfd.h"

#define ENTRIES_MAX 8000

static void copy_link(int from, int up, const char *name)
{
	char target[4096];
	ssize_t n = readlinkat(from, "", target, sizeof target);

	if (n <= 0 || n == (ssize_t)sizeof target)
		die("read link: %m");
	target[n] = '\0';
	if (symlinkat(target, up, name))
		die("link: %m");
}

/* A directory or a file to mount on. */
static int make_point(int up, const char *name, bool is_dir)
{
	if (is_dir) {
		if (mkdirat(up, name, 0755))
			die("make: %m");
		return fs_open(up, name, O_PATH | O_DIRECTORY, 0);
	}
	return fs_open(up, name, O_RDONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0444);
}

static void copy_entry(int orig, int up, const char *name)
{
	DOING("entry", name);
	struct stat st;
	int from = fs_open(orig, name, O_PATH | O_NOFOLLOW, 0);

	if (from < 0 && errno == ENOENT)
		return; /* of the host's, and just removed */
	if (from < 0 || fstat(from, &st))
		die("%m");
	if (S_ISLNK(st.st_mode)) {
		copy_link(from, up, name);
	} else {
		int at = make_point(up, name, S_ISDIR(st.st_mode));
		int tree = mountfd_clone(from, "", S_ISDIR(st.st_mode));

		if (at < 0 || tree < 0 || mountfd_attach(tree, at))
			die("mount again: %m");
		close(tree);
		close(at);
	}
	close(from);
}

static int new_tmpfs(struct arena *a, const struct stat *st)
{
	const char *const options[] = {
		arena_printf(a, "mode=%o", st->st_mode & 07777),
		arena_printf(a, "uid=%u", st->st_uid), arena_printf(a, "gid=%u", st->st_gid),
		"size=4m", "nr_inodes=16384", NULL,
	};
	int fd = mountfd_new("tmpfs", options, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV);

	if (fd < 0)
		die("new tmpfs: %m");
	return fd;
}

int mimic_make(struct arena *a, int at, bool *ro)
{
	struct statvfs fs;
	struct stat st;
	size_t n;
	int orig = fs_open(at, ".", O_RDONLY | O_DIRECTORY, 0);
	char **names = orig < 0 ? NULL : fs_list(a, orig, ".", &n);

	if (!names || fstat(orig, &st) || fstatvfs(orig, &fs))
		die("%m");
	if (n > ENTRIES_MAX)
		die("more than %d entries", ENTRIES_MAX);
	*ro = fs.f_flag & ST_RDONLY;
	int tree = new_tmpfs(a, &st);
	if (mountfd_attach(tree, at))
		die("attach: %m");
	for (; *names; names++)
		copy_entry(orig, tree, *names);
	close(orig);
	return tree;
}
