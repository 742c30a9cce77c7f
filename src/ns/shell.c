/* shell.c - a shell in an app's place */
#include "ns/shell.h"

#include <unistd.h>

#include "core/dirs.h"

static const char *const names[] = {
	"/bin/bash", "/usr/bin/bash", "/bin/sh", "/usr/bin/sh", "/bin/ash", NULL,
};

static const char *find(struct arena *a, const char *outside, const char *inside)
{
	for (const char *const *n = names; *n; n++)
		if (!access(arena_printf(a, "%s%s", outside, *n), X_OK))
			return arena_printf(a, "%s%s", inside, *n);
	return NULL;
}

const struct plan *shell_plan(struct arena *a, const struct plan *p, const char **why)
{
	struct plan *copy = NEW(a, struct plan);

	*copy = *p;
	copy->args = (struct plan_list){0};
	copy->command = find(a, p->kind == PLAN_CLASSIC ? "" : p->base_dir, "");
	if (!copy->command)
		copy->command = find(a, dirs_path(a, DIR_SNAPS, "%s/%s", p->instance, p->revision),
				     p->dir);
	if (copy->command)
		return copy;
	*why = "neither its base nor the snap itself has a shell";
	return NULL;
}
