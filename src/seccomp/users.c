/* users.c - the users and groups of the target, for u:NAME and g:NAME */
#include "seccomp/users.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "core/fs.h"
#include "core/str.h"

#define FILE_MAX ((size_t)4 << 20)
#define NAME_MAX_LEN 32
#define ID_MAX 0xfffffffeu /* the next one means "leave it" */

static const char *text_of(struct arena *a, int root, const char *path)
{
	int fd = fs_open_in_root(root, path, O_RDONLY | O_NONBLOCK | O_NOCTTY);

	if (fd < 0 && errno == ENOENT)
		return "";
	const char *text = fd < 0 ? NULL : fs_read_fd(a, fd, FILE_MAX, NULL);
	if (!text)
		die("%s: %m", path);
	close(fd);
	return text;
}

struct sc_users users_load(struct arena *a, const char *root)
{
	DOING("read the users of", *root ? root : "/");
	int fd = open(*root ? root : "/", O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		die("%m");
	struct sc_users users = {text_of(a, fd, "/etc/passwd"), text_of(a, fd, "/etc/group")};
	close(fd);
	return users;
}

bool users_name_ok(const char *name)
{
	return ((*name >= 'a' && *name <= 'z') || *name == '_') && strlen(name) <= NAME_MAX_LEN &&
	       str_only(name, "abcdefghijklmnopqrstuvwxyz0123456789-_");
}

/* Both files have the id in the third field. The first line of a name counts. */
static bool id_in(const char *text, const char *name, uint32_t *id)
{
	size_t n = strlen(name);

	for (const char *line = text; *line;) {
		const char *end = strchrnul(line, '\n');

		if (!strncmp(line, name, n) && line[n] == ':') {
			const char *field = memchr(line + n + 1, ':', (size_t)(end - line) - n - 1);
			const char *stop =
				field ? memchr(field + 1, ':', (size_t)(end - field) - 1) : NULL;
			char digits[16];
			uint64_t value;

			if (!stop || (size_t)(stop - field) > sizeof digits)
				return false;
			memcpy(digits, field + 1, (size_t)(stop - field) - 1);
			digits[stop - field - 1] = '\0';
			if (!str_to_u64(digits, ID_MAX, &value))
				return false;
			*id = (uint32_t)value;
			return true;
		}
		line = *end ? end + 1 : end;
	}
	*id = 0;
	return !strcmp(name, "root");
}

bool users_uid(const struct sc_users *users, const char *name, uint32_t *id)
{
	return users_name_ok(name) && id_in(users->passwd, name, id);
}

bool users_gid(const struct sc_users *users, const char *name, uint32_t *id)
{
	return users_name_ok(name) && id_in(users->group, name, id);
}
