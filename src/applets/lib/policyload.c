/* policyload.c - texts of AppArmor policy into the running kernel, in one write */
#include "applets/lib/policyload.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/dirs.h"
#include "core/fs.h"
#include "core/str.h"
#include "core/mountfd.h"
#include "policy/apparmor/cache.h"
#include "policy/apparmor/kernel.h"
#include "policy/apparmor/profile.h"

#define MOUNTED "/sys/kernel/security/apparmor"
#define LIST_MAX ((size_t)64 << 20)

const char *policyload_dir(struct arena *a)
{
	static char path[64];

	if (!access(MOUNTED "/.replace", F_OK))
		return MOUNTED;
	if (!*path) {
		int fd = mountfd_new("securityfs", NULL, 0);

		if (fd < 0)
			return NULL;
		snprintf(path, sizeof path, "/proc/self/fd/%d/apparmor", fd);
	}
	return access(arena_printf(a, "%s/.replace", path), F_OK) ? NULL : path;
}

bool policyload_have(const struct words *sorted, const char *name)
{
	return sorted->len &&
	       bsearch(&name, sorted->at, sorted->len, sizeof *sorted->at, str_order);
}

/* The kernel says "name (mode)" a line. */
struct words policyload_names(struct arena *a)
{
	const char *dir = policyload_dir(a);
	struct words names = {0};
	char *list = dir ? fs_read(a, AT_FDCWD, arena_printf(a, "%s/profiles", dir), LIST_MAX,
				   NULL) : NULL;

	for (char *l = list, *end; l && (end = strchr(l, '\n')); l = end + 1) {
		*end = '\0';
		char *mode = strrchr(l, ' ');

		if (mode)
			*mode = '\0';
		vec_push(a, &names, l);
	}
	if (names.len)
		qsort(names.at, names.len, sizeof *names.at, str_order);
	return names;
}

struct policyload {
	struct arena *arena;
	struct compile compile;
	struct cache cache;
	int dir;
};

struct policyload *policyload_start(struct arena *a, const struct features *f)
{
	struct policyload *l = NEW(a, struct policyload);

	l->arena = a;
	compile_start(&l->compile, a, f);
	l->compile.source = profile_source();
	dirs_make(DIR_CACHE);
	l->dir = dirs_open(DIR_CACHE);
	cache_start(&l->cache, l->dir, true, true);
	return l;
}

bool policyload_add(struct policyload *l, const char *name, const char *text, const char **why)
{
	return cache_compile(&l->cache, &l->compile, name, text, strlen(text), why);
}

bool policyload_finish(struct policyload *l, const char **why)
{
	const struct compile *c = &l->compile;
	struct arena *a = l->arena;

	if (l->dir >= 0)
		close(l->dir);
	if (!c->binary.len)
		return true;
	if (!kernel_load(policyload_dir(a), KERNEL_REPLACE, c->binary.data, c->binary.len)) {
		*why = arena_printf(a, "the kernel does not take AppArmor policy: %s",
				    strerror(errno));
		return false;
	}
	struct words loaded = policyload_names(a);
	for (size_t i = 0; i < c->names.len; i++)
		if (!policyload_have(&loaded, c->names.at[i])) {
			*why = arena_printf(a, "the kernel does not list the AppArmor profile %s",
					    c->names.at[i]);
			return false;
		}
	return true;
}

bool policyload_remove(struct arena *a, const char *name)
{
	return kernel_remove(policyload_dir(a), name) || errno == ENOENT;
}
