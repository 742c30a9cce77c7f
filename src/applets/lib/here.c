/* here.c - facts of this system: the running kernel, and what is below the root */
#include "applets/lib/here.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "applets/lib/release.h"
#include "core/dirs.h"
#include "core/str.h"
#include "core/vec.h"
#include "ns/mounts.h"
#include "policy/model/name.h"
#include "seccomp/users.h"

#define SYSTEM_ID_MAX 999 /* people begin behind it on nearly all distributions */

/* Network file systems, and what mounts them when somebody looks. */
static bool is_remote(const struct mount *m)
{
	static const char *const types[] = {"nfs", "nfs4", "cifs", "autofs", NULL};

	return str_in(m->type, types) &&
	       (str_eq(m->point, "/home") || str_starts(m->point, "/home/"));
}

/* The upper directory of an overlay as AppArmor sees it: live systems mount their
 * overlay somewhere else first, and say where as its source. "" when there is none. */
static const char *upper_of(struct arena *a, const struct mount *m)
{
	for (char **o = str_split(a, m->super, ',', NULL); *o; o++) {
		const char *dir = str_after(*o, "upperdir="), *rest;

		if (!dir)
			continue;
		if (m->source[0] == '/' && (rest = str_after(dir, m->source)) && *rest == '/')
			dir = rest;
		return host_overlay_ok(dir) ? dir : "";
	}
	return "";
}

static void add_mounts(struct arena *a, struct host *h)
{
	struct mount_table t = mounts_read(a);

	for (size_t i = 0; i < t.len; i++) {
		const struct mount *m = &t.at[i];

		h->remote_home = h->remote_home || is_remote(m);
		if (str_eq(m->type, "overlay") && str_eq(m->point, "/"))
			h->overlay_root = upper_of(a, m);
	}
}

static int by_name(const void *x, const void *y)
{
	return strcmp(((const struct host_id *)x)->name, ((const struct host_id *)y)->name);
}

/* The accounts of a text in the form of passwd(5) or group(5). */
static void add_ids(struct arena *a, struct host *h, size_t kind, const struct sc_users *users)
{
	const char *text = kind ? users->group : users->passwd;
	VEC(struct host_id) ids = {0};
	size_t kept = 0;

	for (char **l = str_split(a, text, '\n', NULL); *l; l++) {
		struct host_id id = {.name = arena_dupn(a, *l, strcspn(*l, ":"))};

		if (!host_id_name_ok(id.name) ||
		    !(kind ? users_gid : users_uid)(users, id.name, &id.id))
			continue;
		if (id.id <= SYSTEM_ID_MAX || name_is_system_user(id.name))
			vec_push(a, &ids, id);
	}
	if (ids.len)
		qsort(ids.at, ids.len, sizeof *ids.at, by_name);
	/* The first line of a name counts, and users_uid() told that one's id each time. */
	for (size_t i = 0; i < ids.len; i++)
		if (!kept || !str_eq(ids.at[kept - 1].name, ids.at[i].name))
			ids.at[kept++] = ids.at[i];
	h->ids[kind].at = ids.at;
	h->ids[kind].count = kept;
}

const struct host *here(struct arena *a)
{
	struct host *h = host_probe(a);
	struct sc_users users = users_load(a, dirs_root());
	const char *distro = release_read(a, NULL).distro;

	h->distro = host_distro_ok(distro) ? distro : "";
	if (!*dirs_root())
		add_mounts(a, h);
	add_ids(a, h, 0, &users);
	add_ids(a, h, 1, &users);
	return h;
}

int here_show(struct cmd *c)
{
	struct buf b = buf_new(c->arena);

	host_print(&b, here(c->arena));
	fputs(buf_text(&b), stdout);
	return EXIT_DONE;
}
