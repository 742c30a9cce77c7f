/* lint.c - check interface files by name, for those who write them */
#include "applets/lib/lint.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/fs.h"
#include "core/str.h"
#include "policy/lint.h"

#define FILE_MAX ((size_t)256 << 10)

static bool lint_one(struct arena *a, const char *path)
{
	const char *slash = strrchr(path, '/'), *file = slash ? slash + 1 : path;
	char why[WHY_MAX];
	size_t len;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	const char *text = fd < 0 ? NULL : fs_read_fd(a, fd, FILE_MAX, &len);

	if (fd >= 0)
		close(fd);
	if (!text) {
		warn("%s: %m", path);
		return false;
	}
	const struct iface *i = iface_parse(a, path, text, len, why);
	if (!i) {
		warn("%s", why);
		return false;
	}
	if (strcmp(file, arena_printf(a, "%s.yaml", i->name))) {
		warn("%s: an interface named %s belongs in %s.yaml", path, i->name, i->name);
		return false;
	}
	if (!lint_iface(a, i, why)) {
		warn("%s: %s", path, why);
		return false;
	}
	return true;
}

int lint_files(struct cmd *c)
{
	int code = EXIT_DONE;

	for (int i = 1; i < c->argc; i++)
		if (!lint_one(c->arena, c->argv[i]))
			code = EXIT_REFUSED;
	return code;
}
