/* fs_list.c - what is in a directory, and clearing what was left there
 *
 * Asked of the kernel in big pieces: our own directories have a file for each app.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/fs.h"
#include "core/str.h"
#include "core/vec.h"

#define PIECE ((size_t)32 << 10)

/* What getdents64(2) writes. */
struct entry {
	uint64_t inode;
	int64_t next;
	uint16_t size;
	uint8_t type;
	char name[];
};

struct names {
	char **at;
	size_t len, cap;
};

static bool read_all(struct arena *a, int fd, const char *prefix, struct names *out)
{
	_Alignas(struct entry) char piece[PIECE];
	size_t n = strlen(prefix);
	long got;

	while ((got = syscall(SYS_getdents64, fd, piece, sizeof piece)) > 0)
		for (long at = 0; at < got;) {
			const struct entry *e = (const struct entry *)(piece + at);

			at += e->size;
			if (!strncmp(e->name, prefix, n) && strcmp(e->name, ".") &&
			    strcmp(e->name, ".."))
				vec_push(a, out, arena_dup(a, e->name));
		}
	return !got;
}

char **fs_list_of(struct arena *a, int dir, const char *path, const char *prefix, size_t *count)
{
	struct names names = {0};
	int fd = fs_open(dir, path, O_RDONLY | O_DIRECTORY, 0);
	bool ok = fd >= 0 && read_all(a, fd, prefix, &names);
	int saved = errno;

	if (fd >= 0)
		close(fd);
	errno = saved;
	if (!ok)
		return NULL;
	if (names.len)
		qsort(names.at, names.len, sizeof *names.at, str_order);
	if (count)
		*count = names.len;
	vec_push(a, &names, NULL);
	return names.at;
}

char **fs_list(struct arena *a, int dir, const char *path, size_t *count)
{
	return fs_list_of(a, dir, path, "", count);
}

static bool is_temporary(const char *name)
{
	size_t len = strlen(name);

	return len > 18 && name[0] == '.' && name[len - 17] == '.' &&
	       str_only(name + len - 16, "0123456789abcdef");
}

void fs_clear_temporary(struct arena *a, int dir)
{
	struct arena_mark mark = arena_mark(a);

	for (char **f = fs_list_of(a, dir, ".", ".", NULL); f && *f; f++)
		if (is_temporary(*f))
			unlinkat(dir, *f, 0);
	arena_rewind(a, mark);
}
