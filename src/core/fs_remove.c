/* fs_remove.c - a tree goes, however deep a stranger made it
 *
 * MUST NOT follow links, leave the device, or need more descriptors than a few: whoever
 * may write somewhere can nest directories without end. Those that lie too deep are
 * moved up to the top, under a name nobody knows, and go when the top is read again.
 */
#include "core/fs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#define OPEN_MAX_HERE 64 /* directories open at once */

struct removal {
	DIR *stack[OPEN_MAX_HERE];
	char names[OPEN_MAX_HERE][NAME_MAX + 1];
	size_t depth;
	dev_t dev;
	bool moved; /* something came to the top after it was read */
};

static bool enter(struct removal *r, int fd, const char *name)
{
	DIR *d = fdopendir(fd);

	if (!d) {
		close(fd);
		return false;
	}
	snprintf(r->names[r->depth], sizeof r->names[0], "%s", name);
	r->stack[r->depth++] = d;
	return true;
}

static bool move_up(struct removal *r, int here, const char *name)
{
	char fresh[32];
	uint64_t n;

	if (getrandom(&n, sizeof n, 0) != sizeof n)
		return false;
	snprintf(fresh, sizeof fresh, ".deep.%016llx", (unsigned long long)n);
	r->moved = true;
	return !renameat(here, name, dirfd(r->stack[0]), fresh);
}

static bool remove_entry(struct removal *r, const char *name)
{
	int here = dirfd(r->stack[r->depth - 1]);
	struct stat st;

	if (!strcmp(name, ".") || !strcmp(name, "..") || !unlinkat(here, name, 0))
		return true;
	if (errno == ENOENT)
		return true;
	if (errno != EISDIR && errno != EPERM)
		return false;
	int fd = fs_open(here, name, O_RDONLY | O_DIRECTORY, 0);
	if (fd < 0)
		return false;
	if (!fstat(fd, &st) && st.st_dev == r->dev) {
		if (r->depth < OPEN_MAX_HERE)
			return enter(r, fd, name);
		close(fd);
		return move_up(r, here, name);
	}
	close(fd);
	errno = EXDEV;
	return false;
}

/* The innermost directory has been read to its end. */
static bool leave(struct removal *r, int dir, const char *path)
{
	if (r->depth == 1 && r->moved) {
		r->moved = false;
		rewinddir(r->stack[0]);
		return true;
	}
	closedir(r->stack[--r->depth]);
	return !(r->depth ? unlinkat(dirfd(r->stack[r->depth - 1]), r->names[r->depth],
				     AT_REMOVEDIR) :
			    unlinkat(dir, path, AT_REMOVEDIR));
}

bool fs_remove_tree(int dir, const char *path)
{
	struct removal r = {0};
	struct stat st;

	if (!unlinkat(dir, path, 0) || errno == ENOENT)
		return true;
	if (errno != EISDIR && errno != EPERM)
		return false;
	int fd = fs_open(dir, path, O_RDONLY | O_DIRECTORY, 0);
	if (fd < 0)
		return false;
	bool ok = !fstat(fd, &st) && enter(&r, fd, "");
	r.dev = st.st_dev;
	while (ok && r.depth) {
		struct dirent *e = readdir(r.stack[r.depth - 1]);

		ok = e ? remove_entry(&r, e->d_name) : leave(&r, dir, path);
	}
	int saved = errno;
	while (r.depth)
		closedir(r.stack[--r.depth]);
	errno = saved;
	return ok;
}
