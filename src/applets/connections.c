/* connections.c - which plug uses which slot
 *
 * Words and columns are snapd's. Without a snap: what is connected, and with --all
 * also what is not, but for the many slots of the system that nobody uses.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "applets/applet.h"
#include "applets/lib/endpoints.h"
#include "applets/lib/table.h"
#include "core/json.h"
#include "core/str.h"
#include "policy/model/attr.h"
#include "policy/model/state.h"

struct row {
	const char *iface, *detail, *plug, *slot, *notes; /* detail: "[label]" of content, or "" */
};

struct rows {
	struct row *at;
	size_t len, cap;
};

/* Which content it is: what both sides must agree on. */
static const char *detail_of(struct arena *a, const struct link *l)
{
	const struct port *const sides[] = {l->plug, l->slot};
	static const char *const keys[] = {"compatibility", "content"};
	const char *value = NULL;

	if (strcmp(l->plug->interface, "content"))
		return "";
	for (size_t k = 0; k < 4 && !value; k++)
		value = attr_text(sides[k % 2], keys[k / 2]);
	return arena_printf(a, "[%s]", table_cell(a, value ? value : l->plug->name));
}

static void add_links(struct arena *a, struct rows *rows, const struct endpoints *e,
		      const char *snap)
{
	for (size_t i = 0; i < e->links.len; i++) {
		const struct link *l = &e->links.at[i];
		struct row r = {l->plug->interface, detail_of(a, l), endpoint_text(a, l->plug),
				endpoint_text(a, l->slot), l->how == CONN_MANUAL ? "manual" : "-"};

		if (l->how != CONN_UNDESIRED && (!snap || link_is_of(l, snap)))
			vec_push(a, rows, r);
	}
}

static void add_free(struct arena *a, struct rows *rows, const struct endpoints *e, enum side side,
		     const char *snap)
{
	for (size_t i = 0; i < e->side[side].len; i++) {
		const struct endpoint *p = &e->side[side].at[i];
		const char *owner = p->port->snap->instance, *text = endpoint_text(a, p->port);
		struct row r = {p->port->interface, "", side == PLUG ? text : "-",
				side == PLUG ? "-" : text, "-"};

		if (!p->peers.len && (snap ? str_eq(owner, snap) : !str_eq(owner, CONNS_SYSTEM)))
			vec_push(a, rows, r);
	}
}

static int by_row(const void *x, const void *y)
{
	const struct row *a = x, *b = y;
	int n = strcmp(a->iface, b->iface);

	if (!n)
		n = strcmp(a->plug, b->plug);
	return n ? n : strcmp(a->slot, b->slot);
}

static void print(struct arena *a, const struct endpoints *e, const char *snap, bool all)
{
	struct table t = table_new(a, 5, 2);
	struct rows rows = {0};

	add_links(a, &rows, e, snap);
	if (all || snap) {
		add_free(a, &rows, e, PLUG, snap);
		add_free(a, &rows, e, SLOT, snap);
	}
	if (!rows.len)
		return;
	qsort(rows.at, rows.len, sizeof *rows.at, by_row);
	table_add(&t, "Interface\tPlug\tSlot\tNotes\n");
	for (size_t i = 0; i < rows.len; i++) {
		const struct row *r = &rows.at[i];

		table_add(&t, "%s%s\t%s\t%s\t%s\n", r->iface, r->detail, r->plug, r->slot,
			  r->notes);
	}
	table_print(&t);
}

static void print_links(struct buf *b, const char *key, const struct endpoints *e,
			const char *snap, bool undesired)
{
	json_key(b, key);
	buf_char(b, '[');
	for (size_t i = 0; i < e->links.len; i++) {
		const struct link *l = &e->links.at[i];

		if ((l->how == CONN_UNDESIRED) == undesired && (!snap || link_is_of(l, snap)))
			link_json(b, l);
	}
	buf_char(b, ']');
}

static void print_json(struct arena *a, const struct endpoints *e, const char *snap, bool all)
{
	static const char *const keys[] = {"plugs", "slots"};
	struct buf b = buf_new(a);

	buf_char(&b, '{');
	print_links(&b, "established", e, snap, false);
	if (all || snap)
		print_links(&b, "undesired", e, snap, true);
	for (enum side side = PLUG; side <= SLOT; side++) {
		json_key(&b, keys[side]);
		buf_char(&b, '[');
		for (size_t i = 0; i < e->side[side].len; i++) {
			const struct endpoint *p = &e->side[side].at[i];

			if ((p->peers.len || all || snap) && (!snap || endpoint_is_of(p, snap)))
				endpoint_json(&b, p);
		}
		buf_char(&b, ']');
	}
	printf("%s}\n", b.data);
}

static int connections_main(struct cmd *c)
{
	const char *snap = c->argc ? endpoints_snap(c->argv[0]) : NULL;
	bool all = cmd_option(c, "all"), json = cmd_option(c, "json");
	struct endpoints_ask ask = {
		.snap = snap, .system = (json && all) || str_eq(snap, CONNS_SYSTEM),
	};

	if (snap && all)
		die_with(EXIT_USAGE, "cannot use --all with snap name");
	if (snap && !str_eq(snap, CONNS_SYSTEM) && !state_load(c->arena, snap))
		die("snap \"%s\" not found", snap);
	struct endpoints e = endpoints_load(c->arena, &ask);
	if (json)
		print_json(c->arena, &e, snap, all);
	else
		print(c->arena, &e, snap, all);
	return e.damaged ? EXIT_REFUSED : EXIT_DONE;
}

APPLET(connections) = {
	.name = "connections",
	.args = "[SNAP]",
	.help =
		"List interface connections\n"
		"\n"
		"Which plug uses which slot. Of a snap everything is shown, also what is not\n"
		"connected. Slots of the system begin with a colon. Notes say manual for what\n"
		"a person connected.\n"
		"\n"
		"With --json one object with \"established\", \"undesired\" (what a person\n"
		"disconnected; with --all or a snap), \"plugs\" and \"slots\". A connection has\n"
		"slot and plug, interface, manual, gadget, slot-attrs and plug-attrs; a plug or\n"
		"slot has snap, plug or slot, interface, attrs, apps, label and connections.\n",
	.examples =
		"snapbox connections\n"
		"snapbox connections --all\n"
		"snapbox connections foo\n"
		"snapbox connections --json\n",
	.max = 1,
	.need = TAKES_ROOT,
	.options = (const struct option_spec[]){
		{"all", NULL, "also plugs and slots that are not connected", 0},
		{"json", NULL, "print JSON for programs", 0},
		ROOT_OPTION,
		{0},
	},
	.main = connections_main,
};
