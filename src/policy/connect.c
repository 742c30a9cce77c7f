/* connect.c - references to plugs and slots, and the connections that lines mean
 *
 * MUST find no port but those that a snap declares or the system is known to have:
 * a line of the file, or a word of a person, is only a name.
 */
#include "policy/connect.h"

#include <string.h>

#include "core/buf.h"
#include "core/str.h"
#include "policy/model/name.h"
#include "policy/model/snap.h"

static size_t place_of(const struct snaps *all, const char *instance)
{
	size_t low = 0, high = all->len;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (strcmp(all->at[mid]->instance, instance) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

const struct snap *snaps_find(const struct snaps *all, const char *instance)
{
	size_t i = place_of(all, instance);

	return i < all->len && !strcmp(all->at[i]->instance, instance) ? all->at[i] : NULL;
}

void snaps_put(struct arena *a, struct snaps *all, const struct snap *s)
{
	size_t i = place_of(all, s->instance);

	if (i < all->len && !strcmp(all->at[i]->instance, s->instance)) {
		all->at[i] = s;
		return;
	}
	vec_push(a, all, s);
	memmove(&all->at[i + 1], &all->at[i], (all->len - 1 - i) * sizeof *all->at);
	all->at[i] = s;
}

const struct port *connect_system_port(struct arena *a, const struct iface *i, enum side side)
{
	struct port *p = NEW(a, struct port);

	p->side = side;
	p->name = p->interface = i->name;
	p->attrs = node_new(a, NODE_MAP, 0, 0);
	p->snap = NEW(a, struct snap);
	p->snap->type = SNAP_OS;
	p->snap->name = p->snap->instance = CONNS_SYSTEM;
	p->snap->key = p->snap->revision = "";
	return p;
}

bool connect_system_has(const struct iface *i, enum side side, bool classic)
{
	if (side == PLUG)
		return classic ? i->implicit_plug_classic : i->implicit_plug_core;
	return classic ? i->implicit_slot_classic : i->implicit_slot_core;
}

static bool is_system(const char *snap)
{
	static const char *const names[] = {CONNS_SYSTEM, "snapd", "core", NULL};

	return str_in(snap, names);
}

bool connect_ref(struct arena *a, const char *text, bool strict, struct port_ref *out,
		 const char **why)
{
	size_t n;
	char **part = str_split(a, text, ':', &n);
	bool whole = n == 2 && *part[1];

	if ((whole || (!strict && n == 1 && *text)) && (!*part[0] || name_is_instance(part[0])) &&
	    (!whole || name_is_port(part[1]))) {
		out->snap = is_system(part[0]) ? CONNS_SYSTEM : part[0];
		out->name = whole ? part[1] : "";
		return true;
	}
	*why = arena_printf(a, "invalid value: \"%.100s\" (want %s)", text,
			    strict ? "snap:name or :name" : "snap:name or snap");
	return false;
}

const struct port *connect_port(struct arena *a, const struct snap *snap, enum side side,
				const char *name, const struct connect_on *on)
{
	const struct port *p = snap ? snap_port(snap, side, name) : NULL;
	const struct iface *i = !snap || p ? iface_load(a, p ? p->interface : name) : NULL;

	if (snap)
		return i ? p : NULL;
	return i && connect_system_has(i, side, on->classic) ? connect_system_port(a, i, side) :
							       NULL;
}

/* The one slot of the interface, when the person named none. */
static const struct port *only_slot(struct arena *a, const struct snap *snap,
				    const char *interface, const struct connect_on *on,
				    const char **why)
{
	const char *name = snap ? snap->instance : CONNS_SYSTEM;
	const struct port *found = snap ? NULL : connect_port(a, NULL, SLOT, interface, on);
	struct buf several = buf_new(a);
	size_t n = 0;

	for (size_t i = 0; snap && i < snap->slots.len; i++) {
		const struct port *p = snap->slots.at[i];

		if (strcmp(p->interface, interface))
			continue;
		found = p;
		buf_printf(&several, "%s%s", n++ ? ", " : "", p->name);
	}
	if (n < 2) {
		*why = arena_printf(a, "snap \"%s\" has no \"%s\" interface slots", name,
				    interface);
		return found;
	}
	*why = arena_printf(a, "snap \"%s\" has multiple \"%s\" interface slots: %s", name,
			    interface, buf_text(&several));
	return NULL;
}

/* Attributes that the interface does not take make no connection. */
static bool ports_fit(struct arena *a, const struct conn *c, const char **why)
{
	const struct iface *i = iface_load(a, c->plug->interface);
	char reason[WHY_MAX];

	if ((c->plug_system || policy_check_port(a, i, c->plug, reason)) &&
	    (c->slot_system || policy_check_port(a, i, c->slot, reason)))
		return true;
	*why = arena_dup(a, reason);
	return false;
}

bool connect_resolve(struct arena *a, const struct port_ref *plug, const struct snap *plug_snap,
		     const struct port_ref *slot, const struct snap *slot_snap,
		     const struct connect_on *on, struct conn *out, const char **why)
{
	const char *slot_name = slot_snap ? slot_snap->instance : CONNS_SYSTEM;

	if (!*plug->snap || !*plug->name) {
		*why = "cannot resolve connection, plug snap name is empty";
		return false;
	}
	*out = (struct conn){.plug_system = !plug_snap, .slot_system = !slot_snap};
	out->plug = connect_port(a, plug_snap, PLUG, plug->name, on);
	if (!out->plug) {
		*why = arena_printf(a, "snap \"%s\" has no plug named \"%s\"", plug->snap,
				    plug->name);
		return false;
	}
	if (!*slot->name) {
		out->slot = only_slot(a, slot_snap, out->plug->interface, on, why);
		return out->slot && ports_fit(a, out, why);
	}
	out->slot = connect_port(a, slot_snap, SLOT, slot->name, on);
	if (!out->slot) {
		*why = arena_printf(a, "snap \"%s\" has no slot named \"%s\"", slot_name,
				    slot->name);
		return false;
	}
	if (!strcmp(out->plug->interface, out->slot->interface))
		return ports_fit(a, out, why);
	*why = arena_printf(a, "cannot connect %s:%s (\"%s\" interface) to "
			       "%s:%s (\"%s\" interface)",
			    plug->snap, plug->name, out->plug->interface, slot_name, slot->name,
			    out->slot->interface);
	return false;
}

struct conn_line connect_line(const struct conn *c, enum conn_how how)
{
	return (struct conn_line){
		.plug_snap = c->plug->snap->instance, .plug = c->plug->name,
		.slot_snap = c->slot->snap->instance, .slot = c->slot->name,
		.iface = c->plug->interface, .how = how,
	};
}

static const char *snap_of(const struct port_ref *r)
{
	return *r->snap ? r->snap : CONNS_SYSTEM;
}

static bool touches(const struct conn_line *l, const struct port_ref *r)
{
	return (!strcmp(l->plug_snap, snap_of(r)) && !strcmp(l->plug, r->name)) ||
	       (!strcmp(l->slot_snap, snap_of(r)) && !strcmp(l->slot, r->name));
}

bool connect_lines_of(struct arena *a, const struct conn_lines *lines, const struct port_ref *one,
		      const struct port_ref *other, bool forget, struct line_numbers *out,
		      const char **why)
{
	*out = (struct line_numbers){0};
	for (size_t i = 0; i < lines->len; i++) {
		const struct conn_line *l = &lines->at[i];

		if (l->how == CONN_UNDESIRED && !forget)
			continue;
		if (other ? !strcmp(l->plug_snap, snap_of(one)) && !strcmp(l->plug, one->name) &&
				    !strcmp(l->slot_snap, snap_of(other)) &&
				    !strcmp(l->slot, other->name) :
			    touches(l, one))
			vec_push(a, out, i);
	}
	if (out->len || !other)
		return true;
	*why = arena_printf(a, "cannot %s %s:%s from %s:%s, it %s not connected",
			    forget ? "forget connection" : "disconnect", snap_of(one), one->name,
			    snap_of(other), other->name, forget ? "was" : "is");
	return false;
}

/* One end of a line: false when it is not there, or of another interface by now. */
static bool end_of(struct arena *a, const struct conn_line *l, enum side side,
		   const struct snaps *all, const struct connect_on *on, const struct port **out,
		   bool *system)
{
	const char *name = side == PLUG ? l->plug_snap : l->slot_snap;

	*system = !strcmp(name, CONNS_SYSTEM);
	const struct snap *s = *system ? NULL : snaps_find(all, name);
	if (!s && !*system)
		return false;
	*out = connect_port(a, s, side, side == PLUG ? l->plug : l->slot, on);
	return *out && !strcmp((*out)->interface, l->iface);
}

bool connect_of_line(struct arena *a, const struct conn_line *l, const struct snaps *all,
		     const struct connect_on *on, struct conn *out)
{
	return end_of(a, l, PLUG, all, on, &out->plug, &out->plug_system) &&
	       end_of(a, l, SLOT, all, on, &out->slot, &out->slot_system);
}

struct conns connect_of(struct arena *a, const struct conn_lines *lines, const struct snap *s,
			const struct snaps *all, const struct connect_on *on)
{
	struct conns out = {0};

	for (size_t i = 0; i < lines->len; i++) {
		struct conn c;

		if (conn_line_is_of(&lines->at[i], s->instance) &&
		    connect_of_line(a, &lines->at[i], all, on, &c))
			vec_push(a, &out, c);
	}
	return out;
}
