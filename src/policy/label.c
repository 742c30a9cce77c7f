/* label.c - the AppArmor labels that have a plug or slot */
#include "policy/label.h"

#include <string.h>

#include "core/buf.h"
#include "core/str.h"

/* Labels: which apps and hooks of the snap have this port? */
static bool has_port(const struct ports *list, const struct port *p)
{
	for (size_t i = 0; i < list->len; i++)
		if (list->at[i] == p)
			return true;
	return false;
}

static struct words bound_names(struct arena *a, const struct port *p, bool *all)
{
	struct words names = {0};
	const struct snap *s = p->snap;

	*all = true;
	for (size_t i = 0; i < s->apps.len; i++) {
		const struct app *app = s->apps.at[i];

		if (has_port(p->side == PLUG ? &app->plugs : &app->slots, p))
			vec_push(a, &names, app->name);
		else
			*all = false;
	}
	for (size_t i = 0; i < s->hooks.len; i++) {
		const struct hook *h = s->hooks.at[i];

		if (has_port(p->side == PLUG ? &h->plugs : &h->slots, p))
			vec_push(a, &names, arena_printf(a, "hook.%s", h->name));
		else
			*all = false;
	}
	return names;
}

const char *label_of(struct arena *a, const struct port *p, bool system)
{
	bool all;

	if (system)
		return "unconfined";
	struct words names = bound_names(a, p, &all);
	if (all && names.len > 1)
		return arena_printf(a, "snap.%s.*", p->snap->instance);
	if (names.len == 1)
		return arena_printf(a, "snap.%s.%s", p->snap->instance, names.at[0]);
	return arena_printf(a, "snap.%s.{%s}", p->snap->instance,
			    str_join(a, (char *const *)names.at, names.len, ","));
}

/* A label as part of a D-Bus name: what is no letter or digit is _ and its hex. */
const char *label_for_dbus(struct arena *a, const char *label)
{
	struct buf b = buf_new(a);

	for (; *label; label++) {
		bool plain = (*label >= 'a' && *label <= 'z') || (*label >= 'A' && *label <= 'Z') ||
			     (*label >= '0' && *label <= '9') || strchr("{},*", *label);
		if (plain)
			buf_char(&b, *label);
		else
			buf_printf(&b, "_%02x", (unsigned char)*label);
	}
	return buf_text(&b);
}
