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

#define LINKS_MAX 8 /* on the way to one file */

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

struct walk {
	char path[4096]; /* absolute; what a link says takes the place of what was walked */
	int links;
	char *why;
};

/* Put what the link name in dir says before the rest of the path, to be walked from "/". Who
 * could make a link there was found good already. */
static bool take_link(struct walk *w, int dir, const char *name, size_t up, const char *rest)
{
	char to[1024], again[sizeof w->path];
	ssize_t n = readlinkat(dir, name, to, sizeof to - 1);
	int len;

	if (n <= 0 || n == sizeof to - 1 || ++w->links > LINKS_MAX)
		return refuse(w->why, "%s: not a usable link", w->path);
	to[n] = '\0';
	if (*to == '/')
		len = snprintf(again, sizeof again, "%s%s", to, rest);
	else
		len = snprintf(again, sizeof again, "%.*s/%s%s", (int)up, w->path, to, rest);
	if (len < 0 || (size_t)len >= sizeof again)
		return refuse(w->why, "%s: path too long", w->path);
	memcpy(w->path, again, (size_t)len + 1);
	return true;
}

enum step {
	STEP_BAD,
	STEP_DOWN, /* *dir is what was there */
	STEP_OVER, /* the path is another now */
};

/* One part of the path, of n bytes at w->path + at, below *dir. */
static enum step step_into(struct walk *w, int *dir, size_t at, size_t n)
{
	char name[256];
	bool last = !w->path[at + n];

	if (!n || n >= sizeof name)
		return refuse(w->why, "%s: not a plain path", w->path);
	memcpy(name, w->path + at, n);
	name[n] = '\0';
	if (!strcmp(name, ".") || !strcmp(name, ".."))
		return refuse(w->why, "%s: not a plain path", w->path);
	/* O_NONBLOCK: a FIFO must not hold us up before it is refused. */
	int fd = openat(*dir, name,
			O_NOFOLLOW | O_CLOEXEC |
				(last ? O_RDONLY | O_NONBLOCK | O_NOCTTY : O_PATH | O_DIRECTORY));
	if (fd < 0 && !last && (errno == ENOTDIR || errno == ELOOP))
		return take_link(w, *dir, name, at - 1, w->path + at + n) ? STEP_OVER : STEP_BAD;
	if (fd < 0)
		return refuse(w->why, "%.*s: %s", (int)(at + n), w->path, strerror(errno));
	close(*dir);
	*dir = fd;
	return trusted(fd, last ? S_IFREG : S_IFDIR, last ? S_IWGRP | S_IWOTH : S_IWOTH, w->why,
		       w->path, (int)(at + n))
		       ? STEP_DOWN
		       : STEP_BAD;
}

/* A descriptor of the file, after every part of its path was found good; -1 with why. */
static int open_checked(const char *path, char *why)
{
	struct walk w = {.why = why};
	size_t at = 0, n;
	int dir = -1;

	if (*path != '/' || strlen(path) >= sizeof w.path) {
		refuse(why, "%s: not an absolute path", path);
		return -1;
	}
	strcpy(w.path, path);
	for (;;) {
		if (!at) {
			if (dir >= 0)
				close(dir);
			dir = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
			if (dir < 0 || !trusted(dir, S_IFDIR, S_IWOTH, why, "/", 1))
				break;
			at = 1;
		}
		n = strcspn(w.path + at, "/");
		enum step step = step_into(&w, &dir, at, n);
		if (step == STEP_BAD)
			break;
		if (step == STEP_DOWN && !w.path[at + n])
			return dir;
		at = step == STEP_OVER ? 0 : at + n + 1;
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
