/* release.c - what kind of system is below the root: os-release */
#include "applets/lib/release.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "core/dirs.h"
#include "core/fs.h"
#include "core/str.h"

#define OS_RELEASE_MAX 65536

/* The value of KEY=value, KEY="value" or KEY='value'; "" when there is none. */
static const char *value_of(struct arena *a, char *const *lines, const char *key)
{
	for (; *lines; lines++) {
		const char *v = str_after(*lines, key);

		if (!v)
			continue;
		size_t n = strlen(v);
		if (n >= 2 && (*v == '"' || *v == '\'') && v[n - 1] == *v)
			return arena_dupn(a, v + 1, n - 2);
		return v;
	}
	return "";
}

struct connect_on release_parse(struct arena *a, const char *text)
{
	char **lines = str_split(a, text, '\n', NULL);
	const char *id = value_of(a, lines, "ID=");
	bool core = str_eq(id, "ubuntu-core");

	return (struct connect_on){
		.classic = !core,
		.core_desktop = core && str_eq(value_of(a, lines, "VARIANT_ID="), "desktop"),
		.distro = id,
	};
}

/* The file is a link on most systems; one of another root stays below that root. */
static int open_release(const char *root)
{
	static const char *const paths[] = {"etc/os-release", "usr/lib/os-release"};
	int dir = open(*root ? root : "/", O_PATH | O_DIRECTORY | O_CLOEXEC), fd = -1;

	for (size_t i = 0; dir >= 0 && fd < 0 && i < 2; i++)
		fd = fs_open_in_root(dir, paths[i], O_RDONLY | O_NONBLOCK);
	if (dir >= 0)
		close(dir);
	return fd;
}

struct connect_on release_read(struct arena *a, bool *known)
{
	int fd = open_release(dirs_root());
	char *text = fd < 0 ? NULL : fs_read_fd(a, fd, OS_RELEASE_MAX, NULL);

	if (fd >= 0)
		close(fd);
	if (known)
		*known = text;
	return release_parse(a, text ? text : "");
}
