/* copyfile.c - a stranger's file becomes ours
 *
 * MUST NOT link to, or keep a descriptor of, the source's inode as the copy.
 * MUST read what is measured from the copy.
 */
#include "core/copyfile.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/fs.h>
#include <linux/openat2.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/fs.h"

#define CHUNK ((size_t)4 << 20)  /* between two calls of progress */
#define BUFFER ((size_t)256 << 10)

static const char *kind_of(mode_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFDIR: return "a directory";
	case S_IFLNK: return "a symbolic link: name the file itself";
	case S_IFIFO: return "a FIFO";
	case S_IFSOCK: return "a socket";
	default: return "a device";
	}
}

static int open_path(const char *path, int flags)
{
	struct open_how how = {
		.flags = (uint64_t)(flags | O_CLOEXEC | O_NOFOLLOW),
		.resolve = RESOLVE_NO_MAGICLINKS,
	};
	int fd = (int)syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof how);

	if (fd < 0 && errno == ELOOP)
		die("%s: leads through a link of /proc", path);
	if (fd < 0)
		die("%s: %m", path);
	return fd;
}

/* Looked at before it is opened: opening alone can make a device do something. */
int copyfile_open(const char *path)
{
	struct stat seen, st;
	int handle = open_path(path, O_PATH);

	if (fstat(handle, &seen))
		die("%s: %m", path);
	close(handle);
	if (!S_ISREG(seen.st_mode))
		die("%s: not a file but %s", path, kind_of(seen.st_mode));
	int fd = open_path(path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
	if (fstat(fd, &st))
		die("%s: %m", path);
	if (st.st_dev != seen.st_dev || st.st_ino != seen.st_ino || !S_ISREG(st.st_mode))
		die("%s: changed while it was opened", path);
	return fd;
}

struct job {
	struct copyfile *c;
	int from, to;
	struct stat source;
	uint8_t *buffer;
	uint64_t total;
};

static void show(const struct job *j, uint64_t done)
{
	if (j->c->progress)
		j->c->progress(j->c->arg, done, j->total);
}

static void no_room(const struct job *j)
{
	struct statvfs sf;
	uint64_t free = fstatvfs(j->to, &sf) ? 0 : (uint64_t)sf.f_bavail * sf.f_frsize;

	die("no room: %" PRIu64 " bytes are needed, %" PRIu64 " are free",
	    (uint64_t)j->source.st_size, free);
}

/* In the kernel where it can; false when this pair of filesystems cannot. */
static bool copy_inside(struct job *j)
{
	uint64_t size = (uint64_t)j->source.st_size, done = 0;

	while (done < size) {
		loff_t in = (loff_t)done, out = (loff_t)done;
		size_t want = size - done < CHUNK ? (size_t)(size - done) : CHUNK;
		ssize_t n = copy_file_range(j->from, &in, j->to, &out, want, 0);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == ENOSPC)
			no_room(j);
		if (n <= 0 && !done) /* some say 0 when they cannot */
			return false;
		if (n < 0)
			die("copy: %m");
		if (!n)
			die("the file became shorter while it was read");
		done += (uint64_t)n;
		show(j, done);
	}
	return true;
}

static void copy_through(struct job *j)
{
	uint64_t size = (uint64_t)j->source.st_size, done = 0, shown = 0;

	while (done < size) {
		size_t want = size - done < BUFFER ? (size_t)(size - done) : BUFFER;
		ssize_t n = pread(j->from, j->buffer, want, (off_t)done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			die("read: %m");
		if (!n)
			die("the file became shorter while it was read");
		for (ssize_t at = 0; at < n;) {
			ssize_t put = pwrite(j->to, j->buffer + at, (size_t)(n - at),
					     (off_t)(done + (uint64_t)at));

			if (put < 0 && errno == EINTR)
				continue;
			if (put < 0 && (errno == ENOSPC || errno == EDQUOT))
				no_room(j);
			if (put < 0)
				die("write: %m");
			at += put;
		}
		done += (uint64_t)n;
		if (done - shown >= CHUNK || done == size)
			show(j, shown = done);
	}
}

static void copy_bytes(struct job *j)
{
	struct stat now;

	if (!ioctl(j->to, FICLONE, j->from)) {
		j->c->shared = true;
		show(j, (uint64_t)j->source.st_size);
	} else {
		/* Room first, so that a full disk is known before the work is done. */
		if (j->source.st_size && fallocate(j->to, 0, 0, j->source.st_size) &&
		    (errno == ENOSPC || errno == EDQUOT))
			no_room(j);
		if (!copy_inside(j))
			copy_through(j);
	}
	if (fstat(j->from, &now))
		die("%m");
	if (now.st_size != j->source.st_size || now.st_mtim.tv_sec != j->source.st_mtim.tv_sec ||
	    now.st_mtim.tv_nsec != j->source.st_mtim.tv_nsec)
		die("the file changed while it was read");
}

static void measure(struct arena *a, struct job *j)
{
	struct digest *d[DIGEST_COUNT] = {NULL};
	uint64_t size = j->c->size, done = 0, shown = 0;

	for (enum digest_kind k = 0; k < DIGEST_COUNT; k++)
		if (j->c->digests & 1u << k)
			d[k] = digest_new(a, k);
	while (done < size) {
		ssize_t n = pread(j->to, j->buffer, BUFFER, (off_t)done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			die("read the copy: %m");
		for (enum digest_kind k = 0; k < DIGEST_COUNT; k++)
			if (d[k])
				digest_add(d[k], j->buffer, (size_t)n);
		done += (uint64_t)n;
		if (done - shown >= CHUNK || done == size)
			show(j, size + (shown = done));
	}
	for (enum digest_kind k = 0; k < DIGEST_COUNT; k++)
		if (d[k])
			digest_end(d[k], j->c->digest[k]);
}

/* A file of its own, that nobody else knows or can open. */
static void check_target(const struct job *j)
{
	struct stat to;

	if (fstat(j->to, &to))
		die("%m");
	if (!S_ISREG(to.st_mode) || to.st_nlink != 1 || to.st_size || to.st_mode & 077 ||
	    to.st_uid != geteuid() ||
	    (to.st_dev == j->source.st_dev && to.st_ino == j->source.st_ino))
		die("the copy has no empty file of its own");
}

void copyfile(struct arena *a, struct copyfile *c, int source, int to)
{
	struct job j = {.c = c, .from = source, .to = to};
	struct arena_mark mark = arena_mark(a);

	if (fstat(source, &j.source))
		die("%m");
	if (!S_ISREG(j.source.st_mode))
		die("not a file but %s", kind_of(j.source.st_mode));
	if ((uint64_t)j.source.st_size > c->max)
		die("%" PRIu64 " bytes are more than %" PRIu64, (uint64_t)j.source.st_size, c->max);
	check_target(&j);
	c->size = (uint64_t)j.source.st_size;
	c->shared = false;
	j.total = c->digests ? c->size * 2 : c->size;
	j.buffer = arena_alloc(a, BUFFER, 1);
	copy_bytes(&j);
	if (c->digests)
		measure(a, &j);
	arena_rewind(a, mark);
}
