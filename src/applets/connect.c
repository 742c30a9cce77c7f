/* connect.c - let a plug use a slot
 *
 *	snapbox connect foo:home              to the system's slot
 *	snapbox connect foo:web bar           to the one slot of bar that fits
 *	snapbox connect foo:web bar:web
 *
 * All is decided, and the policy of both sides made, before anything on the system
 * changes: one change of files, or none. What the hooks of both sides say is asked
 * around it, and a hook that fails afterwards takes the change back.
 */
#include <string.h>

#include "applets/applet.h"
#include "applets/lib/porthooks.h"
#include "applets/lib/progress.h"
#include "applets/lib/renew.h"
#include "applets/lib/settle.h"
#include "applets/lib/wiring.h"
#include "core/str.h"
#include "core/txn.h"

static struct port_ref read_ref(struct arena *a, const char *text)
{
	struct port_ref r;
	const char *why;

	if (!connect_ref(a, text, false, &r, &why))
		die_with(EXIT_USAGE, "%s", why);
	return r;
}

/* The snap that is meant; NULL is the system. */
static const struct snap *snap_of(struct wiring *w, const char *name)
{
	const struct snap *s = NULL;

	if (*name && !str_eq(name, CONNS_SYSTEM) && !(s = wiring_snap(w, name)))
		die("snap \"%s\" is not installed", name);
	return s;
}

static struct conn_line resolve(struct wiring *w, const struct cmd *c)
{
	struct port_ref plug = read_ref(c->arena, c->argv[0]), slot = {"", ""};
	const char *why;
	struct conn conn;

	if (c->argc > 1)
		slot = read_ref(c->arena, c->argv[1]);
	if (!*plug.name) /* one word is a plug, of nobody */
		plug = (struct port_ref){"", plug.snap};
	const struct snap *plug_snap = snap_of(w, plug.snap), *slot_snap = snap_of(w, slot.snap);
	if (!connect_resolve(c->arena, &plug, plug_snap, &slot, slot_snap, &w->on, &conn, &why))
		die("%s", why);
	return connect_line(&conn, CONN_MANUAL);
}

/* The lines of w, and the policy of both sides of l, as one change. */
static bool change(struct wiring *w, const struct conn_line *l)
{
	struct txn *t = txn_begin(w->arena, settle);

	wiring_stale(w, l->plug_snap);
	wiring_stale(w, l->slot_snap);
	for (size_t i = 0; i < w->stale.len; i++) {
		txn_name(t, w->stale.at[i]);
		renew_stage_installed(t, w, w->stale.at[i]);
	}
	wiring_stage(w, t);
	return txn_commit(t);
}

static int connect_main(struct cmd *c)
{
	DOING("connect", c->argv[0]);
	struct wiring *w = wiring_load(c->arena);
	struct conn_line line = resolve(w, c);
	const struct conn_line *old = conns_find(&w->lines, &line);
	char why[WHY_MAX];

	if (old && old->how != CONN_UNDESIRED)
		return EXIT_DONE;
	if (!porthooks_prepare(w, &line, why))
		die("%s", why);
	conns_put(c->arena, &w->lines, line);
	bool ok = change(w, &line);
	if (!porthooks_connected(w, &line, why)) {
		struct conn_lines now = w->lines;

		w->lines = w->before;
		w->before = now;
		change(w, &line);
		die("%s", why);
	}
	progress_end();
	return ok ? EXIT_DONE : EXIT_WEAKER;
}

APPLET(connect) = {
	.name = "connect",
	.args = "SNAP:PLUG [[SNAP]:SLOT]",
	.help =
		"Connect a plug to a slot\n"
		"\n"
		"Without a slot the system's own slot of the plug's interface is meant. Of a snap\n"
		"without the name of a slot it is the only one of that interface. The policy of\n"
		"both sides is made again; running apps keep their filter of system calls until\n"
		"they are started the next time.\n",
	.examples =
		"snapbox connect foo:home\n"
		"snapbox connect foo:web bar\n"
		"snapbox connect foo:web bar:web\n",
	.complete = "ports",
	.min = 1, .max = 2,
	.need = NEED_ROOT | NEED_LOCK | TAKES_ROOT,
	.options = (const struct option_spec[]){
		ROOT_OPTION,
		{0},
	},
	.main = connect_main,
};
