/* interfaces.c - slots and the plugs that use them, as older scripts expect it
 *
 * The two columns of snapd's legacy command: a slot with all its plugs, then the
 * plugs that use none.
 */
#include <stdio.h>
#include <string.h>

#include "applets/applet.h"
#include "applets/lib/endpoints.h"
#include "applets/lib/table.h"
#include "core/json.h"
#include "core/str.h"
#include "policy/model/state.h"

/* "-" is none; a plug of the slot's own name needs no name. */
static const char *plugs_of(struct arena *a, const struct endpoint *slot)
{
	struct buf b = buf_new(a);

	for (size_t i = 0; i < slot->peers.len; i++) {
		const struct port *p = slot->peers.at[i]->port;
		bool same = str_eq(p->name, slot->port->name);

		buf_printf(&b, "%s%s%s%s", i ? "," : "", p->snap->instance, same ? "" : ":",
			   same ? "" : p->name);
	}
	return b.len ? buf_text(&b) : "-";
}

static bool asked_for(const struct endpoint *e, const struct port_ref *want)
{
	enum side side = e->port->side;

	if (*want->name && !str_eq(want->name, e->port->name))
		return false;
	if (!*want->snap)
		return true;
	return side == SLOT ? endpoint_is_of(e, want->snap) :
			      str_eq(e->port->snap->instance, want->snap);
}

static void print(struct arena *a, const struct endpoints *all, const struct port_ref *want)
{
	struct table t = table_new(a, 5, 2);

	table_add(&t, "Slot\tPlug\n");
	for (size_t i = 0; i < all->side[SLOT].len; i++) {
		const struct endpoint *e = &all->side[SLOT].at[i];

		if (asked_for(e, want))
			table_add(&t, "%s\t%s\n", endpoint_text(a, e->port), plugs_of(a, e));
	}
	for (size_t i = 0; i < all->side[PLUG].len; i++) {
		const struct endpoint *e = &all->side[PLUG].at[i];

		if (asked_for(e, want) && !e->peers.len)
			table_add(&t, "-\t%s:%s\n", e->port->snap->instance, e->port->name);
	}
	table_print(&t);
}

static void print_json(struct arena *a, const struct endpoints *all, const struct port_ref *want)
{
	static const char *const keys[] = {"plugs", "slots"};
	struct buf b = buf_new(a);

	buf_char(&b, '{');
	for (enum side side = PLUG; side <= SLOT; side++) {
		json_key(&b, keys[side]);
		buf_char(&b, '[');
		for (size_t i = 0; i < all->side[side].len; i++)
			if (asked_for(&all->side[side].at[i], want))
				endpoint_json(&b, &all->side[side].at[i]);
		buf_char(&b, ']');
	}
	printf("%s}\n", b.data);
}

static bool has_any(const struct endpoints *all, const char *snap)
{
	for (enum side side = PLUG; side <= SLOT; side++)
		for (size_t i = 0; i < all->side[side].len; i++)
			if (!*snap || endpoint_is_of(&all->side[side].at[i], snap))
				return true;
	return false;
}

static int interfaces_main(struct cmd *c)
{
	struct endpoints_ask ask = {.iface = cmd_option(c, "interface"), .system = true};
	struct port_ref want = {"", ""};
	const char *why;

	if (c->argc && !connect_ref(c->arena, c->argv[0], false, &want, &why))
		die_with(EXIT_USAGE, "interfaces: %s", why);
	if (*want.snap && !str_eq(want.snap, CONNS_SYSTEM) && !state_load(c->arena, want.snap))
		die("snap \"%s\" not found", want.snap);
	ask.snap = *want.snap ? want.snap : NULL;
	struct endpoints all = endpoints_load(c->arena, &ask);
	if (!has_any(&all, ask.iface ? "" : want.snap))
		die("no interfaces found");
	if (cmd_option(c, "json")) {
		print_json(c->arena, &all, &want);
	} else {
		print(c->arena, &all, &want);
		fflush(stdout);
		fputs("\n'snapbox interfaces' is for older scripts; use 'snapbox connections'.\n",
		      stderr);
	}
	return all.damaged ? EXIT_REFUSED : EXIT_DONE;
}

APPLET(interfaces) = {
	.name = "interfaces",
	.args = "[SNAP[:PLUG|:SLOT]]",
	.help =
		"List slots and the plugs that use them\n"
		"\n"
		"The form of older scripts: see connections for another. With a snap, its slots,\n"
		"those that it uses, and its plugs that use none.\n"
		"\n"
		"With --json one object with \"plugs\" and \"slots\", as in connections.\n",
	.examples =
		"snapbox interfaces\n"
		"snapbox interfaces -i network\n"
		"snapbox interfaces foo\n"
		"snapbox interfaces foo:home\n",
	.complete = "ports",
	.max = 1,
	.need = TAKES_ROOT,
	.options = (const struct option_spec[]){
		{"interface", "NAME", "only plugs and slots of this interface", 'i'},
		{"json", NULL, "print JSON for programs", 0},
		ROOT_OPTION,
		{0},
	},
	.main = interfaces_main,
};
