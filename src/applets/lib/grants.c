/* grants.c - what the system's own slots give to the apps of a snap */
#include "applets/lib/grants.h"

#include <string.h>

#include "core/buf.h"
#include "core/str.h"
#include "policy/decl.h"
#include "policy/policy.h"

/* The system's slot of an interface: no attributes, no name but the interface's. */
static const struct port *system_slot(struct arena *a, const struct iface *i)
{
	struct port *p = NEW(a, struct port);

	p->side = SLOT;
	p->name = p->interface = i->name;
	p->attrs = node_new(a, NODE_MAP, 0, 0);
	p->snap = NEW(a, struct snap);
	p->snap->name = p->snap->instance = "system";
	return p;
}

static bool connects_itself(struct arena *a, const struct port *plug, const struct port *slot,
			    const struct iface *i)
{
	struct decl_question q = {
		.iface = i, .classic = true, .distro = "",
		.plug = {.port = plug, .snap_type = "app", .snap_id = "", .publisher_id = ""},
		.slot = {.port = slot, .snap_type = "core", .snap_id = "", .publisher_id = ""},
	};
	const char *why;

	return i->implicit_slot_classic &&
	       decl_allows(a, DECL_AUTO_CONNECTION, &q, NULL, &why);
}

struct grants grants_filter(struct arena *a, const struct snap *s, const struct ports *plugs)
{
	const struct policy_target target = {.classic = true};
	static const struct ports no_slots;
	VEC(struct conn) conns = {0};
	struct grants out = {0};
	struct policy p;
	char why[WHY_MAX];

	for (size_t k = 0; k < plugs->len; k++) {
		const struct iface *i = iface_load(a, plugs->at[k]->interface);
		const struct port *slot = i ? system_slot(a, i) : NULL;
		struct conn c = {plugs->at[k], slot, false, true};

		if (i && connects_itself(a, plugs->at[k], slot, i))
			vec_push(a, &conns, c);
	}
	if (!policy_gather(a, &p, s, plugs, &no_slots, conns.at, conns.len, &target, why))
		die("%s", why);
	for (size_t k = 0; k < p.pieces[BACK_SECCOMP].len; k++) {
		const struct piece *piece = &p.pieces[BACK_SECCOMP].at[k];
		struct sc_snippet snippet = {
			.origin = arena_printf(a, "%s: plug %s", piece->iface->name,
					       piece->port->name),
			.text = piece->text,
		};

		vec_push(a, &out, snippet);
	}
	return out;
}

void grants_warn(struct arena *a, const struct snap *s)
{
	struct buf idle = buf_new(a);

	for (size_t k = 0; k < s->plugs.len; k++) {
		const struct port *p = s->plugs.at[k];
		const struct iface *i = iface_load(a, p->interface);

		if (!i || !connects_itself(a, p, system_slot(a, i), i))
			buf_printf(&idle, "%s%s", idle.len ? ", " : "", p->name);
	}
	if (idle.len)
		warn("%s: these plugs are not connected: %s", s->instance, buf_text(&idle));
}
