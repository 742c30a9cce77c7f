/* snap_find.c - questions to a snap that has been read, and the words for its kinds */
#include <string.h>

#include "core/str.h"
#include "policy/model/name.h"
#include "policy/model/parts.h"
#include "policy/model/snap.h"

const char *const snap_type_names[] = {"app", "base", "kernel", "gadget", "os", "snapd", NULL};
const char *const snap_confinement_names[] = {"strict", "classic", "devmode", NULL};
const char *const snap_grade_names[] = {"stable", "devel", NULL};

const struct app *snap_app(const struct snap *s, const char *name)
{
	for (size_t i = 0; i < s->apps.len; i++)
		if (!strcmp(s->apps.at[i]->name, name))
			return s->apps.at[i];
	return NULL;
}

const struct hook *snap_hook(const struct snap *s, const char *component, const char *name)
{
	for (size_t i = 0; i < s->hooks.len; i++)
		if (!strcmp(s->hooks.at[i]->name, name) &&
		    str_eq(s->hooks.at[i]->component, component))
			return s->hooks.at[i];
	return NULL;
}

const struct port *snap_port(const struct snap *s, enum side side, const char *name)
{
	const struct ports *list = side == PLUG ? &s->plugs : &s->slots;

	for (size_t i = 0; i < list->len; i++)
		if (!strcmp(list->at[i]->name, name))
			return list->at[i];
	return NULL;
}

const char *snap_base(const struct snap *s)
{
	if (s->type == SNAP_BASE || s->type == SNAP_OS || s->type == SNAP_SNAPD)
		return NULL;
	if (!s->base)
		return "core";
	return strcmp(s->base, "none") ? s->base : NULL;
}

bool snap_label_fits(const char *label)
{
	return label && strlen(label) + 1 + NAME_KEY_MAX <= LABEL_MAX;
}

const char *snap_app_label(struct arena *a, const struct app *app)
{
	struct label l = {.instance = app->snap->instance, .app = app->name};

	return label_print(a, &l);
}

const char *snap_hook_label(struct arena *a, const struct hook *hook)
{
	struct label l = {.instance = hook->snap->instance, .component = hook->component,
			  .hook = hook->name};

	return label_print(a, &l);
}
