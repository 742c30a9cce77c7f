/* ifaces.c - all interfaces there are
 *
 * Local files MUST be root's and not writable by others: they are policy.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/dirs.h"
#include "core/fs.h"
#include "core/str.h"
#include "core/template.h"
#include "core/vec.h"
#include "policy/model/iface.h"
#include "policy/model/name.h"

#define FILE_MAX ((size_t)256 << 10)
#define EMBEDDED "interfaces/"

/* What was asked for: no interface of that name is NULL. */
struct known {
	const char *name;
	const struct iface *iface;
};

/* The directory of local interfaces, or -1. */
static int local_dir(void)
{
	int config = dirs_open(DIR_CONFIG);

	if (config < 0)
		return -1;
	int fd = fs_open(config, "interfaces", O_RDONLY | O_DIRECTORY, 0);
	close(config);
	return fd;
}

static const char *local_text(struct arena *a, const char *file, size_t *len)
{
	int dir = local_dir();
	int fd = dir < 0 ? -1 : fs_open(dir, file, O_RDONLY | O_NONBLOCK, 0);

	if (dir >= 0)
		close(dir);
	if (fd < 0)
		return NULL;
	DOING("read interface", file);
	if (!fs_is_roots(fd))
		die("not owned by root, or others may write it");
	const char *text = fs_read_fd(a, fd, FILE_MAX, len);
	if (!text)
		die("%m");
	close(fd);
	return text;
}

static const struct iface *load(struct arena *a, const char *name)
{
	char why[WHY_MAX];
	size_t len;

	const char *file = arena_printf(a, "%s.yaml", name);
	const char *text = local_text(a, file, &len);
	if (!text)
		text = template_text(a, arena_printf(a, EMBEDDED "%s", file), &len);
	if (!text)
		return NULL;
	const struct iface *i = iface_parse(a, file, text, len, why);
	if (!i)
		die("interface %s", why);
	if (strcmp(i->name, name))
		die("interface %s: it names itself %s", file, i->name);
	return i;
}

/* Every plug of every app asks for its interface: what was read for a root is kept
 * for as long as that is the root, in an arena that outlives the askers'. */
const struct iface *iface_load(struct arena *a, const char *name)
{
	static struct arena *kept;
	static VEC(struct known) known;
	static char *root;

	(void)a;
	if (!name_is_port(name))
		return NULL;
	if (!str_eq(root, dirs_root())) {
		arena_drop(kept);
		kept = arena_new();
		known.at = NULL;
		known.len = known.cap = 0;
		root = arena_dup(kept, dirs_root());
	}
	for (size_t i = 0; i < known.len; i++)
		if (!strcmp(known.at[i].name, name))
			return known.at[i].iface;
	struct known k = {arena_dup(kept, name), load(kept, name)};
	vec_push(kept, &known, k);
	return k.iface;
}

static void add_name(struct arena *a, struct words *names, const char *file)
{
	if (str_ends(file, ".yaml"))
		vec_push(a, names, arena_dupn(a, file, strlen(file) - strlen(".yaml")));
}

const char **iface_names(struct arena *a, size_t *count)
{
	struct words names = {0};
	int dir = local_dir();
	char **files = dir < 0 ? NULL : fs_list(a, dir, ".", NULL);
	size_t n = 0;

	for (const char **t = template_names(a, EMBEDDED, NULL); *t; t++)
		add_name(a, &names, *t + strlen(EMBEDDED));
	for (; files && *files; files++)
		add_name(a, &names, *files);
	if (dir >= 0)
		close(dir);
	if (names.len)
		qsort(names.at, names.len, sizeof *names.at, str_order);
	for (size_t i = 0; i < names.len; i++)
		if (!n || strcmp(names.at[n - 1], names.at[i]))
			names.at[n++] = names.at[i];
	names.len = n;
	vec_push(a, &names, NULL);
	if (count)
		*count = n;
	return names.at;
}
