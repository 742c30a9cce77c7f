/* value.c - what a name in an interface file stands for */
#include "policy/value.h"

#include <string.h>

#include "core/str.h"

/* plug.A or slot.A; anything else is nothing. */
static struct value side_value(struct arena *a, const struct scope *s, const char *name)
{
	const char *plug = str_after(name, "plug."), *slot = str_after(name, "slot.");
	struct value v = {.port = plug ? s->plug : slot ? s->slot : NULL};
	const char *path = plug ? plug : slot;

	if (!v.port)
		return v;
	if (str_starts(path, "attr."))
		path += strlen("attr.");
	v.node = iface_attr(a, s->iface, v.port, path);
	if (s->iface)
		v.spec = attr_spec_find(&s->iface->attrs[v.port->side], path);
	return v;
}

/* The loop that name begins with, or -1. */
static int loop_of(const struct block *b, const char *name)
{
	for (size_t i = 0; i < b->loop_count; i++) {
		const char *rest = str_after(name, b->loops[i].as);

		if (rest && (!*rest || *rest == '.'))
			return (int)i;
	}
	return -1;
}

/* Where the value of a loop comes from: plug. or slot., or a field of the loop outside. */
struct value value_of(struct arena *a, const struct block *b, const struct scope *s,
		      const struct turn *t, const char *name)
{
	int i = loop_of(b, name);
	struct value v;
	const char *over, *path;

	if (i < 0)
		return side_value(a, s, name);
	over = b->loops[i].over;
	v = loop_of(b, over) == 0 && i == 1 ? value_of(a, b, s, t, over) : side_value(a, s, over);
	v.node = t->at[i];
	path = strchr(name, '.');
	if (!path || !v.node)
		return v;
	static const struct attr_specs none;
	v.node = iface_field(a, v.spec ? &v.spec->fields : &none, v.node,
			     v.port ? v.port->name : "", path + 1);
	v.spec = v.spec ? attr_spec_find(&v.spec->fields, path + 1) : NULL;
	return v;
}
