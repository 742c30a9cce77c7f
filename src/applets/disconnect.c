/* disconnect.c - let a plug use a slot no longer
 *
 *	snapbox disconnect foo:home :home     this connection
 *	snapbox disconnect foo:home           all of this plug
 *	snapbox disconnect bar:web            all of this slot
 *
 * What the rules connected is kept in mind as undesired: no install connects it
 * again, until it is forgotten or connected by hand.
 */
#include <stdio.h>
#include <string.h>

#include "applets/applet.h"
#include "applets/lib/porthooks.h"
#include "applets/lib/progress.h"
#include "applets/lib/renew.h"
#include "applets/lib/settle.h"
#include "applets/lib/wiring.h"
#include "core/str.h"
#include "core/txn.h"

static struct port_ref read_ref(struct wiring *w, const char *text)
{
	struct port_ref r;
	const char *why;

	if (!connect_ref(w->arena, text, true, &r, &why))
		die_with(EXIT_USAGE, "%s", why);
	if (*r.snap && !str_eq(r.snap, CONNS_SYSTEM) && !wiring_snap(w, r.snap))
		die("snap \"%s\" is not installed", r.snap);
	return r;
}

/* Is there such a plug, or slot? What is forgotten need not be there any more. */
static void check_there(struct wiring *w, const struct port_ref *r, bool plug, bool slot)
{
	const char *name = *r->snap ? r->snap : CONNS_SYSTEM;
	const struct snap *s = str_eq(name, CONNS_SYSTEM) ? NULL : wiring_snap(w, name);

	if (!(plug && connect_port(w->arena, s, PLUG, r->name, &w->on)) &&
	    !(slot && connect_port(w->arena, s, SLOT, r->name, &w->on)))
		die("snap \"%s\" has no %s%s%s named \"%s\"", name, plug ? "plug" : "",
		    plug && slot ? " or " : "", slot ? "slot" : "", r->name);
}

/* The hooks of what still connects, and who is to get other policy. */
static void announce(struct wiring *w, const struct line_numbers *n)
{
	for (size_t i = 0; i < n->len; i++) {
		const struct conn_line *l = &w->lines.at[n->at[i]];

		if (l->how == CONN_UNDESIRED)
			continue;
		porthooks_disconnect(w, l);
		wiring_stale(w, l->plug_snap);
		wiring_stale(w, l->slot_snap);
	}
}

static void drop_lines(struct wiring *w, const struct line_numbers *n, bool forget)
{
	for (size_t i = n->len; i-- > 0;) {
		struct conn_line *l = &w->lines.at[n->at[i]];

		if (!forget && l->how == CONN_AUTO)
			l->how = CONN_UNDESIRED;
		else
			conns_drop(&w->lines, n->at[i]);
	}
}

static int disconnect_main(struct cmd *c)
{
	DOING("disconnect", c->argv[0]);
	struct wiring *w = wiring_load(c->arena);
	struct port_ref one = read_ref(w, c->argv[0]), other;
	bool forget = cmd_option(c, "forget");
	struct line_numbers n;
	const char *why;

	if (c->argc > 1)
		other = read_ref(w, c->argv[1]);
	if (!forget)
		check_there(w, &one, true, c->argc == 1);
	if (!forget && c->argc > 1)
		check_there(w, &other, false, true);
	if (!connect_lines_of(c->arena, &w->lines, &one, c->argc > 1 ? &other : NULL, forget, &n,
			      &why))
		die("%s", why);
	if (!n.len) {
		puts("No connections to disconnect");
		return EXIT_DONE;
	}
	announce(w, &n);
	drop_lines(w, &n, forget);
	struct txn *t = txn_begin(c->arena, settle);
	for (size_t i = 0; i < w->stale.len; i++) {
		txn_name(t, w->stale.at[i]);
		renew_stage_installed(t, w, w->stale.at[i]);
	}
	wiring_stage(w, t);
	bool ok = txn_commit(t);
	progress_end();
	return ok ? EXIT_DONE : EXIT_WEAKER;
}

APPLET(disconnect) = {
	.name = "disconnect",
	.args = "SNAP:PLUG [SNAP]:SLOT | SNAP:PLUG-OR-SLOT",
	.help =
		"Disconnect a plug from a slot\n"
		"\n"
		"With one word, everything goes from that plug or slot. The name of the\n"
		"snap may be left out for the system. What was connected by itself is kept in\n"
		"mind as unwanted, so that no later install connects it again; --forget clears\n"
		"that.\n",
	.examples =
		"snapbox disconnect foo:home\n"
		"snapbox disconnect foo:home :home --forget\n"
		"snapbox disconnect foo:web bar:web\n",
	.complete = "ports",
	.min = 1, .max = 2,
	.need = NEED_ROOT | NEED_LOCK | TAKES_ROOT,
	.options = (const struct option_spec[]){
		{"forget", NULL, "forget that it was ever disconnected, or connected", 0},
		ROOT_OPTION,
		{0},
	},
	.main = disconnect_main,
};
