/* load.c - give a compiled filter to the kernel
 *
 * Reached with privileges, so it MUST NOT depend on libseccomp or the compiler.
 * What is checked MUST be what is read: one descriptor serves both, and every
 * part of the path is opened below the one before (attacks.md A168).
 */
#include "seccomp/load.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/fs.h"
#include "seccomp/bin.h"

/* Always false, so that callers can return it. */
static bool PRINTF(2, 3) refuse(char *why, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why, LOAD_WHY, fmt, ap);
	va_end(ap);
	return false;
}

/* A directory may be writable by root's group, the file may not (behaviour.md C10). */
static bool trusted(int fd, mode_t kind, mode_t loose, char *why, const char *path, int len)
{
	struct stat st;

	if (fstat(fd, &st))
		return refuse(why, "%.*s: %s", len, path, strerror(errno));
	if ((st.st_mode & S_IFMT) != kind)
		return refuse(why, "%.*s: not a %s", len, path,
			      kind == S_IFDIR ? "directory" : "regular file");
	if (st.st_uid || st.st_gid)
		return refuse(why, "%.*s: not owned by root", len, path);
	if (st.st_mode & loose)
		return refuse(why, "%.*s: others may write it", len, path);
	return true;
}

/* A descriptor of the file, after every part of its path was found good; -1 with why. */
static int open_checked(const char *path, char *why)
{
	int dir = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	const char *part = path + 1;
	bool ok = dir >= 0 && *path == '/' && trusted(dir, S_IFDIR, S_IWOTH, why, "/", 1);

	if (dir < 0 || *path != '/')
		refuse(why, "%s: not an absolute path", path);
	while (ok) {
		size_t n = strcspn(part, "/");
		char name[256];
		bool last = !part[n];

		ok = n && n < sizeof name && !(part[0] == '.' && (n == 1 || (n == 2 && part[1] == '.')));
		if (!ok) {
			refuse(why, "%s: not a plain path", path);
			break;
		}
		memcpy(name, part, n);
		name[n] = '\0';
		/* O_NONBLOCK: a FIFO must not hold us up before it is refused. */
		int fd = openat(dir, name, last ? O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC
						: O_PATH | O_NOFOLLOW | O_DIRECTORY | O_CLOEXEC);
		int len = (int)(part + n - path);

		if (fd < 0) {
			ok = refuse(why, "%.*s: %s", len, path, strerror(errno));
			break;
		}
		close(dir);
		dir = fd;
		ok = trusted(fd, last ? S_IFREG : S_IFDIR, last ? S_IWGRP | S_IWOTH : S_IWOTH, why, path,
			     len);
		if (ok && last)
			return fd;
		part += n + 1;
	}
	if (dir >= 0)
		close(dir);
	return -1;
}

bool load_prepare(struct arena *a, const char *path, bool may_be_unrestricted,
		  struct sc_loadable *out, char *why)
{
	const char *reason;
	struct sc_bin bin;
	size_t len;

	*out = (struct sc_loadable){0};
	int fd = open_checked(path, why);
	if (fd < 0)
		return false;
	char *bytes = fs_read_fd(a, fd, BIN_FILE_MAX, &len);
	int saved = errno;
	close(fd);
	if (!bytes)
		return refuse(why, "%s: %s", path, strerror(saved));
	if (!bin_read(bytes, len, &bin, &reason))
		return refuse(why, "%s: %s", path, reason);
	if (bin.unrestricted && !may_be_unrestricted)
		return refuse(why, "%s: unrestricted, for an app that is to be confined", path);
	out->unrestricted = bin.unrestricted;
	/* The kernel's struct is not const; it does not write. */
	out->deny = (struct sock_fprog){(unsigned short)bin.deny_count, (void *)bin.deny};
	out->allow = (struct sock_fprog){(unsigned short)bin.allow_count, (void *)bin.allow};
	return true;
}

static int load_one(const struct sock_fprog *prog)
{
	if (!syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_LOG, prog))
		return 0;
	/* A kernel without the flag, or without the call (C3). All else is a refusal. */
	if (errno != EINVAL && errno != ENOSYS)
		return -1;
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, prog);
}

int load_apply(const struct sc_loadable *filter)
{
	if (filter->unrestricted)
		return 0;
	return load_one(&filter->deny) || load_one(&filter->allow) ? -1 : 0;
}
