/* search.c - where included profile text is found */
#include "policy/apparmor/search.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/fs.h"
#include "core/str.h"
#include "core/template.h"

struct listing {
	const char *dir;
	char **names;
	size_t next;
};

bool ap_search_ignored(const char *name)
{
	static const char *const endings[] = {
		".dpkg-new", ".dpkg-old", ".dpkg-dist", ".dpkg-bak", ".dpkg-remove", ".pacsave",
		".pacnew", ".rpmnew", ".rpmsave", ".orig", ".rej", "~",
	};

	if (*name == '.' || str_eq(name, "README"))
		return true;
	for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++)
		if (str_ends(name, endings[i]))
			return true;
	return false;
}

static char *read_file(struct arena *a, const char *path, size_t *len)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	char *text = fd < 0 ? NULL : fs_read_fd(a, fd, LEX_TEXT_MAX, len);

	if (fd >= 0)
		close(fd);
	return text;
}

/* The next regular file of a directory; *more is NULL after the last. */
static char *next_of(struct arena *a, struct listing *l, size_t *len, const char **found,
		     void **more)
{
	for (; l->names[l->next]; l->next++) {
		if (ap_search_ignored(l->names[l->next]))
			continue;
		char *path = arena_printf(a, "%s/%s", l->dir, l->names[l->next]);
		char *text = read_file(a, path, len);
		if (!text)
			continue;
		l->next++;
		*found = path;
		*more = l;
		return text;
	}
	*more = NULL;
	return NULL;
}

static char *open_path(struct arena *a, const char *path, size_t *len, const char **found,
		       void **more)
{
	struct stat st;

	if (stat(path, &st))
		return NULL;
	if (!S_ISDIR(st.st_mode)) {
		char *text = read_file(a, path, len);
		if (text)
			*found = path;
		return text;
	}
	struct listing *l = NEW(a, struct listing);
	l->dir = path;
	l->names = fs_list(a, AT_FDCWD, path, NULL);
	*found = path;
	return l->names ? next_of(a, l, len, found, more) : NULL;
}

static char *open_include(struct arena *a, void *arg, const char *name, bool angle, size_t *len,
			  const char **found, void **more)
{
	struct ap_search *s = arg;

	if (*more)
		return next_of(a, *more, len, found, more);
	if (!angle)
		return open_path(a, arena_dup(a, name), len, found, more);
	for (size_t i = 0; i < s->dirs.len; i++) {
		char *path = arena_printf(a, "%s/%s", s->dirs.at[i], name);
		char *text = open_path(a, path, len, found, more);
		if (text || *found)
			return text;
	}
	if (!s->embedded)
		return NULL;
	char *key = arena_printf(a, "apparmor/%s", name);
	const char *text = template_text(a, key, len);
	if (text)
		*found = key;
	return (char *)text;
}

struct lex_source ap_search_source(struct ap_search *search)
{
	return (struct lex_source){open_include, search};
}
