/* template.c - the files embedded from data/templates, and their overrides */
#include "core/template.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/dirs.h"
#include "core/fs.h"
#include "core/str.h"
#include "core/vec.h"

#define OVERRIDE_MAX ((size_t)1 << 20)

static int by_name(const void *key, const void *entry)
{
	return strcmp(key, ((const struct template_entry *)entry)->name);
}

static const char *override(struct arena *a, const char *name, size_t *len)
{
	int dir = dirs_open(DIR_CONFIG);
	int fd = dir < 0 ? -1 : fs_open(dir, arena_printf(a, "templates/%s", name), O_RDONLY, 0);

	if (dir >= 0)
		close(dir);
	if (fd < 0)
		return NULL;
	DOING("read", dirs_path(a, DIR_CONFIG, "templates/%s", name));
	if (!fs_is_roots(fd))
		die("not owned by root, or others may write it");
	const char *text = fs_read_fd(a, fd, OVERRIDE_MAX, len);
	if (!text)
		die("%m");
	close(fd);
	return text;
}

const char *template_text(struct arena *a, const char *name, size_t *len)
{
	const char *text = override(a, name, len);

	if (text)
		return text;
	const struct template_entry *e =
		bsearch(name, template_table, template_count, sizeof *template_table, by_name);
	if (!e)
		return NULL;
	if (len)
		*len = (size_t)(e->end - e->text);
	return e->text;
}

const char **template_names(struct arena *a, const char *prefix, size_t *count)
{
	VEC(const char *) names = {0};

	for (size_t i = 0; i < template_count; i++)
		if (str_starts(template_table[i].name, prefix))
			vec_push(a, &names, template_table[i].name);
	if (count)
		*count = names.len;
	vec_push(a, &names, NULL);
	return names.at;
}
