/* dirs.c - every path we own, all below --root
 *
 * Directories that hold anything confine relies on MUST be root's and not
 * writable by others, or nothing works on: dirs_open() checks on the handle.
 */
#include "core/dirs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/fs.h"

static const struct {
	const char *path;
	mode_t mode;
} table[DIR_COUNT] = {
	[DIR_STATE] = {"/var/lib/snapbox", 0755},
	[DIR_INSTALLED] = {"/var/lib/snapbox/installed", 0755},
	[DIR_RECORDS] = {"/var/lib/snapbox/records", 0755},
	[DIR_SNAP_FILES] = {"/var/lib/snapbox/snaps", 0700},
	[DIR_TREES] = {"/var/lib/snapbox/trees", 0700},
	[DIR_PLANS] = {"/var/lib/snapbox/plans", 0755},
	[DIR_SECCOMP] = {"/var/lib/snapbox/seccomp", 0755},
	[DIR_APPARMOR] = {"/var/lib/snapbox/apparmor", 0755},
	[DIR_DEVICES] = {"/var/lib/snapbox/devices", 0755},
	[DIR_STAGING] = {"/var/lib/snapbox/staging", 0700},
	[DIR_TMP] = {"/var/lib/snapbox/tmp", 0700},
	[DIR_CACHE] = {"/var/cache/snapbox/apparmor", 0700},
	[DIR_RUN] = {"/run/snapbox", 0755},
	[DIR_NS] = {"/run/snapbox/ns", 0700},
	[DIR_LOCK] = {"/run/snapbox/lock", 0700},
	[DIR_SNAPS] = {"/snap", 0755},
	[DIR_BIN] = {"/snap/bin", 0755},
	[DIR_DATA] = {"/var/snap", 0755},
	[DIR_CONFIG] = {"/etc/snapbox", 0755},
	[DIR_LIBEXEC] = {"/usr/lib/snapbox", 0755},
};

static char root[2048];

void dirs_set_root(const char *path)
{
	struct stat st;
	size_t n = strlen(path);

	while (n && path[n - 1] == '/')
		n--;
	if (path[0] != '/' || n >= sizeof root)
		die_with(EXIT_USAGE, "--root %s: an absolute path is needed", path);
	if (stat(path, &st))
		die("--root %s: %m", path);
	if (!S_ISDIR(st.st_mode))
		die("--root %s: not a directory", path);
	memcpy(root, path, n);
	root[n] = '\0';
}

const char *dirs_root(void)
{
	return root;
}

char *dirs_path(struct arena *a, enum dir d, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	char *rest = arena_vprintf(a, fmt, ap);
	va_end(ap);
	return arena_printf(a, "%s%s%s%s", root, table[d].path, *rest ? "/" : "", rest);
}

static void check(int fd, enum dir d)
{
	struct stat st;

	if (fstat(fd, &st))
		die("%s%s: %m", root, table[d].path);
	/* Below --root the image builder is the owner; on a system it is root. */
	if (st.st_uid && (!*root || st.st_uid != geteuid()))
		die("%s%s: owned by uid %u, not by root", root, table[d].path, st.st_uid);
	if (st.st_mode & 022 & ~table[d].mode)
		die("%s%s: mode %04o lets others write", root, table[d].path, st.st_mode & 07777);
}

static int open_root(void)
{
	int fd = open(*root ? root : "/", O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		die("%s: %m", *root ? root : "/");
	return fd;
}

/* A crash may have left it before it got its mode: fs_make_dirs() knows for sure. */
static bool maybe_unfinished(int fd, enum dir d)
{
	struct stat st;

	return table[d].mode != 0700 && !fstat(fd, &st) && (st.st_mode & 07777) == 0700;
}

/* One part after the other, so that a link of the host (/var -> /data/var) is
 * followed, inside the root, and only what is missing is made. */
void dirs_make(enum dir d)
{
	DOING("make", table[d].path);
	const char *path = table[d].path;
	int top = open_root();

	for (size_t n = 1; path[n - 1]; n += path[n] ? 1 : 0) {
		char part[256];

		n += strcspn(path + n, "/");
		snprintf(part, sizeof part, "%.*s", (int)n, path);
		int fd = fs_open_in_root(top, part, O_PATH | O_DIRECTORY);
		bool missing = fd < 0 && errno == ENOENT;
		if (missing || (fd >= 0 && !path[n] && maybe_unfinished(fd, d))) {
			char *name = strrchr(part, '/');

			*name++ = '\0';
			if (fd >= 0)
				close(fd);
			int up = fs_open_in_root(top, *part ? part : "/", O_RDONLY | O_DIRECTORY);
			if (up < 0)
				die("%s: %m", part);
			fd = fs_make_dirs(up, name, path[n] ? 0755 : table[d].mode,
					  *root ? geteuid() : 0, *root ? getegid() : 0);
			close(up);
		}
		if (fd < 0)
			die("%s: %m", part);
		if (!path[n])
			check(fd, d);
		close(fd);
		if (!path[n])
			break;
	}
	close(top);
}

int dirs_open(enum dir d)
{
	/* Every start does this four times: on the running system, in one call. */
	int top = *root ? open_root() : -1;
	int fd = *root ? fs_open_in_root(top, table[d].path, O_PATH | O_DIRECTORY) :
			 openat(AT_FDCWD, table[d].path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	int saved = errno;

	if (top >= 0)
		close(top);
	if (fd >= 0)
		check(fd, d);
	errno = saved;
	return fd;
}
