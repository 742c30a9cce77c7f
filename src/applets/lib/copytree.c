/* copytree.c - a directory with all that is in it, once more
 *
 * MUST work by handle only: what is copied may be moved about by its owner.
 */
#include "applets/lib/copytree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/die.h"
#include "core/fs.h"

#define DEPTH_MAX 128
#define CHUNK ((size_t)1 << 20)

struct level {
	DIR *from;
	int to;
	struct stat st;
};

/* Owner first: it takes set-id bits away, which the mode then brings back. A user
 * cannot give anything away: the copy of a stranger's file is his own, and plain. */
static void finish(int fd, const struct stat *st)
{
	struct timespec times[2] = {st->st_atim, st->st_mtim};
	bool given = !fchown(fd, st->st_uid, st->st_gid);

	if ((!given && !geteuid()) || fchmod(fd, st->st_mode & (given ? 07777 : 0777)) ||
	    futimens(fd, times))
		die("%m");
}

static void copy_bytes(int in, int out)
{
	static char block[1 << 16];
	ssize_t n;

	if (!ioctl(out, FICLONE, in))
		return;
	while ((n = copy_file_range(in, NULL, out, NULL, CHUNK, 0)) > 0)
		;
	if (!n)
		return;
	/* Some filesystems cannot at all: from where it stopped, by hand. */
	while ((n = read(in, block, sizeof block)) > 0)
		fs_write_all(out, block, (size_t)n);
	if (n < 0)
		die("read: %m");
}

static void copy_file(struct level *l, const char *name)
{
	struct stat st;
	int in = fs_open(dirfd(l->from), name, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_NOCTTY, 0);

	if (in < 0 && errno == EACCES && geteuid()) {
		warn("%s cannot be read and is not copied", name);
		return;
	}
	if (in < 0 || fstat(in, &st))
		die("%m");
	if (!S_ISREG(st.st_mode))
		die("changed while it was copied");
	int out = fs_open(l->to, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0600);
	if (out < 0)
		die("%m");
	copy_bytes(in, out);
	finish(out, &st);
	if (close(out))
		die("%m");
	close(in);
}

static void copy_link(struct level *l, const char *name, const struct stat *st)
{
	char target[4096];
	ssize_t n = readlinkat(dirfd(l->from), name, target, sizeof target - 1);

	if (n < 0)
		die("%m");
	target[n] = '\0';
	if (symlinkat(target, l->to, name) ||
	    (fchownat(l->to, name, st->st_uid, st->st_gid, AT_SYMLINK_NOFOLLOW) && !geteuid()))
		die("%m");
}

static void copy_fifo(struct level *l, const char *name, const struct stat *st)
{
	if (mkfifoat(l->to, name, 0600) ||
	    (fchownat(l->to, name, st->st_uid, st->st_gid, AT_SYMLINK_NOFOLLOW) && !geteuid()) ||
	    fchmodat(l->to, name, st->st_mode & 0777, 0))
		die("%m");
}

/* Both ends of a directory, opened. The copy gets owner and mode when it is full. */
static struct level enter(int from, const char *name, int to, const char *copy)
{
	struct level l = {.to = -1};
	int fd = fs_open(from, name, O_RDONLY | O_DIRECTORY, 0);

	if (fd < 0 || fstat(fd, &l.st) || !(l.from = fdopendir(fd)))
		die("%m");
	if (mkdirat(to, copy, 0700) ||
	    (l.to = fs_open(to, copy, O_RDONLY | O_DIRECTORY, 0)) < 0)
		die("%m");
	return l;
}

static void leave(struct level *l)
{
	finish(l->to, &l->st);
	close(l->to);
	closedir(l->from);
}

/* True when name is a directory to go into. */
static bool copy_one(struct level *l, const char *name, dev_t device)
{
	DOING("copy", name);
	struct stat st;

	if (fstatat(dirfd(l->from), name, &st, AT_SYMLINK_NOFOLLOW))
		die("%m");
	if (S_ISDIR(st.st_mode))
		return st.st_dev == device;
	if (S_ISREG(st.st_mode))
		copy_file(l, name);
	else if (S_ISLNK(st.st_mode))
		copy_link(l, name, &st);
	else if (S_ISFIFO(st.st_mode))
		copy_fifo(l, name, &st);
	return false;
}

void copytree(int from, const char *name, int to, const char *copy)
{
	struct level stack[DEPTH_MAX];
	size_t depth = 1;

	DOING("copy", name);
	stack[0] = enter(from, name, to, copy);
	while (depth) {
		struct level *l = &stack[depth - 1];
		struct dirent *e = readdir(l->from);

		if (!e) {
			leave(l);
			depth--;
			continue;
		}
		if (!strcmp(e->d_name, ".") || !strcmp(e->d_name, ".."))
			continue;
		if (!copy_one(l, e->d_name, stack[0].st.st_dev))
			continue;
		if (depth == DEPTH_MAX)
			die("directories are more than %d deep", DEPTH_MAX);
		stack[depth++] = enter(dirfd(l->from), e->d_name, l->to, e->d_name);
	}
}
