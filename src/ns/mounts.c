/* mounts.c - the mount table of this process */
#include "ns/mounts.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "core/fs.h"
#include "core/str.h"
#include "core/vec.h"

#define TABLE_BYTES_MAX (16 * 1024 * 1024)
#define FIELDS_MIN 6 /* before the optional ones */

static bool octal(const char *s, unsigned *out)
{
	unsigned value = 0;

	for (int i = 0; i < 3; i++) {
		if (s[i] < '0' || s[i] > '7')
			return false;
		value = value * 8 + (unsigned)(s[i] - '0');
	}
	*out = value;
	return value && value <= 0xff;
}

/* The kernel writes blanks, tabs, newlines, backslashes and "#" as \ooo, and no
 * other backslash. In place. */
static bool decode(char *s)
{
	char *to = s;

	for (; *s; s++) {
		unsigned c = (unsigned char)*s;

		if (c == '\\') {
			if (!octal(s + 1, &c))
				return false;
			s += 3;
		}
		*to++ = (char)c;
	}
	*to = '\0';
	return true;
}

static bool parse_device(const char *s)
{
	uint64_t n;
	const char *colon = strchr(s, ':');
	char major[16];

	if (!colon || (size_t)(colon - s) >= sizeof major)
		return false;
	memcpy(major, s, (size_t)(colon - s));
	major[colon - s] = '\0';
	return str_to_u64(major, UINT32_MAX, &n) && str_to_u64(colon + 1, UINT32_MAX, &n);
}

static bool parse_optional(struct mount *m, const char *field)
{
	if (str_starts(field, "shared:"))
		m->shared = true;
	else if (str_starts(field, "master:"))
		m->slave = true;
	else
		return str_starts(field, "propagate_from:") || !strcmp(field, "unbindable") ||
		       strchr(field, ':'); /* tag[:value], of a newer kernel */
	return true;
}

/* The super options may be empty on some filesystems and then end the line. */
static bool parse_line(struct arena *a, char *line, struct mount *m)
{
	size_t n, i = FIELDS_MIN;
	char **f = str_split(a, line, ' ', &n);

	if (n < FIELDS_MIN + 4 || !str_to_u64(f[0], UINT64_MAX, &m->id) ||
	    !str_to_u64(f[1], UINT64_MAX, &m->parent) || !parse_device(f[2]))
		return false;
	for (; i < n && strcmp(f[i], "-"); i++)
		if (!parse_optional(m, f[i]))
			return false;
	if (n != i + 4)
		return false;
	if (!decode(f[3]) || !decode(f[4]) || !decode(f[i + 1]) || !decode(f[i + 2]) ||
	    !decode(f[i + 3]))
		return false;
	m->root = f[3];
	m->point = f[4];
	m->options = f[5];
	m->type = f[i + 1];
	m->source = f[i + 2];
	m->super = f[i + 3];
	return m->root[0] && m->point[0] == '/' && *m->options && *m->type;
}

bool mounts_parse(struct arena *a, const char *text, size_t len, struct mount_table *out,
		  const char **why)
{
	VEC(struct mount) list = {0};
	char *at = arena_dupn(a, text, len), *end;

	*why = "holds a NUL byte";
	if (strlen(at) != len)
		return false;
	for (size_t number = 1; *at; number++, at = end + 1) {
		struct mount m = {0};

		end = strchr(at, '\n');
		*why = arena_printf(a, "line %zu is cut off", number);
		if (!end)
			return false;
		*end = '\0';
		*why = arena_printf(a, "line %zu is not a mount", number);
		if (!parse_line(a, at, &m))
			return false;
		vec_push(a, &list, m);
	}
	*out = (struct mount_table){list.at, list.len};
	*why = NULL;
	return true;
}

struct mount_table mounts_read(struct arena *a)
{
	DOING("read", "/proc/self/mountinfo");
	struct mount_table table;
	struct statfs fs;
	const char *why;
	size_t len;
	int fd = open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	if (fd < 0 || fstatfs(fd, &fs))
		die("%m");
	if (fs.f_type != PROC_SUPER_MAGIC)
		die("not of procfs");
	char *text = fs_read_fd(a, fd, TABLE_BYTES_MAX, &len);
	if (!text)
		die("%m");
	close(fd);
	if (!mounts_parse(a, text, len, &table, &why))
		die("%s", why);
	return table;
}

bool mounts_has_option(const struct mount *m, const char *word)
{
	size_t n = strlen(word);

	for (const char *p = m->options;; p++) {
		size_t k = strcspn(p, ",");

		if (k == n && !memcmp(p, word, n))
			return true;
		p += k;
		if (!*p)
			return false;
	}
}
