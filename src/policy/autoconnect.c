/* autoconnect.c - what is connected without being asked for
 *
 * MUST connect nothing when in doubt: two slots that would do for a plug that may
 * have one are none.
 */
#include "policy/autoconnect.h"

#include <string.h>

#include "core/str.h"
#include "policy/decl.h"
#include "policy/model/name.h"
#include "policy/model/snap.h"

/* Rules compare the labels of content, and who gives none gives the port's name. */
static const struct port *with_label(struct arena *a, const struct port *p)
{
	if (strcmp(p->interface, "content") || node_get(p->attrs, "content") ||
	    node_get(p->attrs, "compatibility"))
		return p;
	struct port *copy = NEW(a, struct port);
	struct node *attrs = node_new(a, NODE_MAP, 0, 0), *label = node_new(a, NODE_TEXT, 0, 0);

	for (const struct node *n = p->attrs->first; n; n = n->next) {
		struct node *same = NEW(a, struct node);

		*same = *n;
		same->next = NULL;
		node_add(attrs, same);
	}
	label->key = "content";
	label->text = p->name;
	node_add(attrs, label);
	*copy = *p;
	copy->attrs = attrs;
	return copy;
}

static struct decl_party party(struct arena *a, const struct port *p)
{
	enum snap_type type = p->snap->type;

	return (struct decl_party){
		.port = with_label(a, p),
		.snap_type = type == SNAP_OS || type == SNAP_SNAPD ? "core" :
								     snap_type_names[type],
		.snap_id = "", .publisher_id = "",
	};
}

static struct decl_question question(const struct iface *i, const struct connect_on *on)
{
	return (struct decl_question){
		.iface = i, .classic = on->classic, .core_desktop = on->core_desktop,
		.distro = on->distro,
	};
}

static bool fits(struct arena *a, const struct iface *i, const struct port *p)
{
	char why[WHY_MAX];

	return !strcmp(p->snap->instance, CONNS_SYSTEM) || policy_check_port(a, i, p, why);
}

bool autoconnect_allows(struct arena *a, const struct port *plug, const struct port *slot,
			const struct connect_on *on, unsigned *arity)
{
	const struct iface *i = iface_load(a, plug->interface);
	const char *why;

	if (!i || strcmp(plug->interface, slot->interface) || !fits(a, i, plug) ||
	    !fits(a, i, slot) || decl_is_super_privileged(i))
		return false;
	struct decl_question q = question(i, on);
	q.plug = party(a, plug);
	q.slot = party(a, slot);
	return decl_allows(a, DECL_AUTO_CONNECTION, &q, arity, &why);
}

struct candidates {
	const struct port **at;
	size_t len, cap;
};

/* The slots that a plug gets: all that the rules allow, or none when it may have
 * but one and there are more. Slots of parallel instances do not count. */
static struct candidates slots_for(struct arena *a, const struct port *plug,
				   const struct snaps *all, const struct connect_on *on)
{
	const struct iface *i = iface_load(a, plug->interface);
	struct candidates out = {0};
	bool several = true;
	unsigned arity;

	if (i && connect_system_has(i, SLOT, on->classic)) {
		const struct port *slot = connect_system_port(a, i, SLOT);

		if (autoconnect_allows(a, plug, slot, on, &arity)) {
			vec_push(a, &out, slot);
			several = arity == ANY_NUMBER;
		}
	}
	for (size_t k = 0; i && k < all->len; k++)
		for (size_t n = 0; n < all->at[k]->slots.len; n++) {
			const struct port *slot = all->at[k]->slots.at[n];

			if (strcmp(slot->interface, plug->interface) ||
			    *name_key_of(all->at[k]->instance) ||
			    !autoconnect_allows(a, plug, slot, on, &arity))
				continue;
			vec_push(a, &out, slot);
			several = several && arity == ANY_NUMBER;
		}
	if (!several && out.len > 1)
		out.len = 0;
	return out;
}

static void connect_plug(struct arena *a, struct conn_lines *lines, const struct port *plug,
			 const struct snap *to, const struct snaps *all,
			 const struct connect_on *on)
{
	struct candidates slots = slots_for(a, plug, all, on);

	for (size_t k = 0; k < slots.len; k++) {
		struct conn c = {.plug = plug, .slot = slots.at[k]};
		struct conn_line line = connect_line(&c, CONN_AUTO);

		if ((!to || slots.at[k]->snap == to) && !conns_find(lines, &line))
			conns_put(a, lines, line);
	}
}

static bool offers(const struct snap *s, const char *interface)
{
	for (size_t i = 0; i < s->slots.len; i++)
		if (!strcmp(s->slots.at[i]->interface, interface))
			return true;
	return false;
}

/* The system's own plugs of the interfaces that s offers. */
static void connect_system_plugs(struct arena *a, struct conn_lines *lines, const struct snap *s,
				 const struct snaps *all, const struct connect_on *on)
{
	for (size_t k = 0; k < s->slots.len; k++) {
		const struct iface *i = iface_load(a, s->slots.at[k]->interface);

		if (i && connect_system_has(i, PLUG, on->classic))
			connect_plug(a, lines, connect_system_port(a, i, PLUG), s, all, on);
	}
}

void autoconnect(struct arena *a, struct conn_lines *lines, const struct snap *s,
		 const struct snaps *all, const struct connect_on *on)
{
	for (size_t k = 0; k < s->plugs.len; k++)
		connect_plug(a, lines, s->plugs.at[k], NULL, all, on);
	if (!s->slots.len)
		return;
	for (size_t k = 0; k < all->len; k++)
		for (size_t n = 0; n < all->at[k]->plugs.len; n++)
			if (offers(s, all->at[k]->plugs.at[n]->interface))
				connect_plug(a, lines, all->at[k]->plugs.at[n], s, all, on);
	connect_system_plugs(a, lines, s, all, on);
}

bool autoconnect_may_offer(struct arena *a, const struct port *slot, const struct connect_on *on,
			   const char **why)
{
	const struct iface *i = iface_load(a, slot->interface);

	if (!i)
		return true; /* nobody will connect to it */
	struct decl_question q = question(i, on);
	q.slot = party(a, slot);
	if (decl_allows_dangerous(&q))
		return true;
	*why = arena_printf(a, "installation not allowed by \"%s\" slot rule of interface \"%s\"",
			    slot->name, slot->interface);
	return false;
}
