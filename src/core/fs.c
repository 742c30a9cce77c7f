/* fs.c - files and directories, by handle */
#include "core/fs.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/str.h"
#include "core/vec.h"

#define OPEN_TRIES 64  /* openat2 answers EAGAIN while somebody renames above us */

static int open_how(int dir, const char *path, int flags, mode_t mode, uint64_t resolve)
{
	struct open_how how = {
		.flags = (uint64_t)(flags | O_CLOEXEC),
		.mode = flags & (O_CREAT | O_TMPFILE) ? mode : 0,
		.resolve = resolve | RESOLVE_NO_MAGICLINKS,
	};
	int fd = -1;

	for (int i = 0; i < OPEN_TRIES; i++) {
		fd = (int)syscall(SYS_openat2, dir, path, &how, sizeof how);
		if (fd >= 0 || (errno != EAGAIN && errno != EINTR))
			break;
	}
	return fd;
}

int fs_open(int dir, const char *path, int flags, mode_t mode)
{
	if (path[0] == '/') /* below the root, not below dir */
		return open_how(AT_FDCWD, path, flags, mode, RESOLVE_NO_SYMLINKS);
	return open_how(dir, path, flags, mode, RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS);
}

int fs_open_in_root(int root, const char *path, int flags)
{
	return open_how(root, path, flags, 0, RESOLVE_IN_ROOT);
}

char *fs_read_fd(struct arena *a, int fd, size_t max, size_t *len)
{
	struct stat st;

	if (fstat(fd, &st))
		return NULL;
	if (!S_ISREG(st.st_mode)) {
		errno = EINVAL;
		return NULL;
	}
	/* Files of /proc and /sys say 0 or a page: read until the end, not st_size. */
	size_t cap = st.st_size > 0 && (size_t)st.st_size <= max ? (size_t)st.st_size + 1 : 4096;
	char *data = arena_alloc(a, cap + 1, 1);
	size_t n = 0;

	for (;;) {
		ssize_t got = read(fd, data + n, cap - n);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return NULL;
		if (!got)
			break;
		n += (size_t)got;
		if (n > max) {
			errno = EFBIG;
			return NULL;
		}
		if (n == cap) {
			data = arena_grow(a, data, cap + 1, cap * 2 + 1);
			cap *= 2;
		}
	}
	data[n] = '\0';
	if (len)
		*len = n;
	return data;
}

char *fs_read(struct arena *a, int dir, const char *path, size_t max, size_t *len)
{
	int fd = fs_open(dir, path, O_RDONLY | O_NONBLOCK | O_NOCTTY, 0);

	if (fd < 0)
		return NULL;
	char *data = fs_read_fd(a, fd, max, len);
	int saved = errno;

	close(fd);
	errno = saved;
	return data;
}

void fs_write_all(int fd, const void *data, size_t len)
{
	const char *p = data;

	while (len) {
		ssize_t n = write(fd, p, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			die("write: %m");
		p += n;
		len -= (size_t)n;
	}
}

/* A directory's descriptor and the last part of path in it. Dies. */
static int parent_of(int dir, const char *path, const char **last)
{
	const char *slash = strrchr(path, '/');
	char up[4096];

	*last = slash ? slash + 1 : path;
	if (!slash)
		snprintf(up, sizeof up, ".");
	else if (slash == path)
		snprintf(up, sizeof up, "/");
	else if ((size_t)(slash - path) < sizeof up)
		snprintf(up, sizeof up, "%.*s", (int)(slash - path), path);
	else
		die("%s: path too long", path);
	int fd = fs_open(dir, up, O_RDONLY | O_DIRECTORY, 0);
	if (fd < 0)
		die("%s: %m", up);
	return fd;
}

static void temporary_name(char *out, size_t size, const char *last)
{
	uint64_t n;

	if (getrandom(&n, sizeof n, 0) != sizeof n)
		die("no random bytes: %m");
	snprintf(out, size, ".%.200s.%016llx", last, (unsigned long long)n);
}

/* The temporary becomes last, or goes if it is not ready or cannot. Closes up. */
static bool take_place(int up, const char *temporary, const char *last, bool ready)
{
	if (ready && !renameat(up, temporary, up, last)) {
		fs_sync_dir(up);
		close(up);
		return true;
	}
	int saved = errno;
	unlinkat(up, temporary, 0);
	close(up);
	errno = saved;
	return false;
}

void fs_write(int dir, const char *path, const void *data, size_t len, mode_t mode)
{
	DOING("write", path);
	const char *last;
	char temporary[256];
	int up = parent_of(dir, path, &last);

	temporary_name(temporary, sizeof temporary, last);
	int fd = fs_open(up, temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0600);
	if (fd < 0)
		die("%m");
	fs_write_all(fd, data, len);
	if (!take_place(up, temporary, last, !fchmod(fd, mode) && !fsync(fd) && !close(fd)))
		die("%m");
}

static bool holds_nothing(int fd)
{
	char entries[512];

	/* "." and ".." fill no more than 48 bytes; lseek, as the position is shared. */
	if (lseek(fd, 0, SEEK_SET))
		return false;
	long n = syscall(SYS_getdents64, fd, entries, sizeof entries);
	return !lseek(fd, 0, SEEK_SET) && n <= 48;
}

/* What a crash left between mkdir and the last of owner and mode: ours, closed to
 * others though it is to be open, and with nothing in it. */
static bool is_unfinished(int fd, mode_t mode)
{
	struct stat st;

	return !fstat(fd, &st) && (st.st_mode & 07777) == 0700 && mode != 0700 &&
	       st.st_uid == geteuid() && holds_nothing(fd);
}

int fs_try_dir(int up, const char *name, mode_t mode, uid_t uid, gid_t gid)
{
	/* Nobody but the maker (and root's other processes, which may make it at the same
	 * time) enters before owner and mode are right. */
	bool made = !mkdirat(up, name, 0700);

	if (!made && errno != EEXIST)
		return -1;
	int fd = fs_open(up, name, O_RDONLY | O_DIRECTORY, 0);
	if (fd < 0)
		return -1;
	if ((!made && !is_unfinished(fd, mode)) || (!fchown(fd, uid, gid) && !fchmod(fd, mode)))
		return fd;
	int saved = errno;
	close(fd);
	errno = saved;
	return -1;
}

int fs_make_dirs(int dir, const char *path, mode_t mode, uid_t uid, gid_t gid)
{
	DOING("make", path);
	int at = path[0] == '/' ? open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC) :
				  fs_open(dir, ".", O_RDONLY | O_DIRECTORY, 0);

	if (at < 0)
		die("%m");
	for (const char *p = path; *p;) {
		size_t n = strcspn(p, "/");
		char name[256];

		if (n) {
			if (n >= sizeof name)
				die("name too long");
			snprintf(name, sizeof name, "%.*s", (int)n, p);
			bool last = !p[n + strspn(p + n, "/")];
			int next = last ? fs_try_dir(at, name, mode, uid, gid) :
					  fs_try_dir(at, name, 0755, 0, 0);
			if (next < 0)
				die("directory %s: %m", name);
			close(at);
			at = next;
		}
		p += n;
		p += strspn(p, "/");
	}
	return at;
}

bool fs_try_link(int dir, const char *name, const char *target)
{
	char temporary[256];
	int up = fs_open(dir, ".", O_RDONLY | O_DIRECTORY, 0);

	if (up < 0)
		return false;
	temporary_name(temporary, sizeof temporary, name);
	return take_place(up, temporary, name, !symlinkat(target, up, temporary));
}

void fs_link(int dir, const char *path, const char *target)
{
	DOING("link", path);
	const char *last;
	int up = parent_of(dir, path, &last);

	if (!fs_try_link(up, last, target))
		die("%m");
	close(up);
}

void fs_sync_dir(int dir)
{
	if (fsync(dir) && errno != EINVAL && errno != EROFS)
		die("sync directory: %m");
}

bool fs_is_roots(int fd)
{
	struct stat st;

	return !fstat(fd, &st) && !st.st_uid && !st.st_gid && !(st.st_mode & 022);
}
