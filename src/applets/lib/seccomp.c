/* seccomp.c - filters as files, for the commands that compile and show them */
#include "applets/lib/seccomp.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/fs.h"
#include "core/str.h"
#include "seccomp/filter.h"
#include "seccomp/pack.h"

char *seccomp_read_file(struct arena *a, const char *path, size_t max, size_t *len)
{
	DOING("read", path);
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	char *text = fd < 0 ? NULL : fs_read_fd(a, fd, max, len);

	if (!text)
		die("%m");
	close(fd);
	return text;
}

void seccomp_compile_file(struct arena *a, const char *path, struct sc_target target,
			  const char *root, struct sc_compiled *out)
{
	struct sc_users users = users_load(a, root);
	char why[COMPILE_WHY];
	size_t len;
	char *text = seccomp_read_file(a, path, FILTER_TEXT_MAX, &len);

	DOING("compile", path);
	if (!compile_text(a, text, len, target, &users, out, why))
		die("%s", why);
}

void seccomp_replace(struct arena *a, const char *path, const void *bytes, size_t len)
{
	DOING("write", path);
	const char *slash = strrchr(path, '/');
	const char *up = slash == path ? "/"
			 : slash       ? arena_dupn(a, path, (size_t)(slash - path))
				       : ".";
	int dir = open(up, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	const char *name = slash ? slash + 1 : path;
	struct stat st;

	if (dir < 0)
		die("%s: %m", up);
	/* A rename would take the place of a device as of any other file: /dev/null as OUT. */
	if (!fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) && !S_ISREG(st.st_mode))
		die("not a regular file");
	fs_write(dir, name, bytes, len, 0644);
	close(dir);
}

void seccomp_write_file(struct arena *a, const char *path, const struct sc_compiled *compiled)
{
	size_t len;
	const void *bytes = pack_bin(a, compiled, &len);

	seccomp_replace(a, path, bytes, len);
}

void seccomp_tell(FILE *out, struct sc_target target, const struct sc_compiled *compiled)
{
	fprintf(out, "for      %s%s%s\n", target.arch->name, target.second ? " " : "",
		target.second ? target.second->name : "");
	if (compiled->unrestricted) {
		fprintf(out, "filter   none, @unrestricted\n");
		return;
	}
	fprintf(out, "allow    %zu instructions\n", compiled->allow.count);
	fprintf(out, "deny     %zu instructions\n", compiled->deny.count);
	for (size_t i = 0; compiled->skipped[i]; i++)
		fprintf(out, "skipped  %s\n", compiled->skipped[i]);
}
