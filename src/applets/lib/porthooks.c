/* porthooks.c - the hooks that plugs and slots have for being connected */
#include "applets/lib/porthooks.h"

#include <signal.h>

#include "applets/lib/hook.h"
#include "applets/lib/progress.h"
#include "core/dirs.h"
#include "core/str.h"
#include "policy/model/snap.h"

/* One side's hook for one event: "prepare", PLUG is prepare-plug-NAME. */
static bool run(struct wiring *w, const struct conn_line *l, const char *event, enum side side,
		char *why)
{
	const char *name = side == PLUG ? l->plug_snap : l->slot_snap;
	const char *port = side == PLUG ? l->plug : l->slot;
	const char *hook = arena_printf(w->arena, "%s-%s-%s", event,
					side == PLUG ? "plug" : "slot", port);
	const struct snap *s = str_eq(name, CONNS_SYSTEM) ? NULL : wiring_snap(w, name);

	if (!s || !snap_hook(s, NULL, hook))
		return true;
	if (*dirs_root()) {
		warn("%s: its %s hook is not run, below another root", name, hook);
		return true;
	}
	progress("%s: running the %s hook", name, hook);
	return hook_run(w->arena, name, hook, why);
}

static void run_anyway(struct wiring *w, const struct conn_line *l, const char *event,
		       enum side side)
{
	char why[WHY_MAX];

	if (!run(w, l, event, side, why))
		warn("%s: %s", side == PLUG ? l->plug_snap : l->slot_snap, why);
}

static void unprepare(struct wiring *w, const struct conn_line *l)
{
	run_anyway(w, l, "unprepare", SLOT);
	run_anyway(w, l, "unprepare", PLUG);
}

bool porthooks_prepare(struct wiring *w, const struct conn_line *l, char *why)
{
	if (!run(w, l, "prepare", PLUG, why))
		return false;
	if (run(w, l, "prepare", SLOT, why))
		return true;
	run_anyway(w, l, "unprepare", PLUG);
	return false;
}

bool porthooks_connected(struct wiring *w, const struct conn_line *l, char *why)
{
	bool slot = run(w, l, "connect", SLOT, why);

	if (slot && run(w, l, "connect", PLUG, why))
		return true;
	if (slot)
		run_anyway(w, l, "disconnect", SLOT);
	unprepare(w, l);
	return false;
}

static bool is_new(const struct wiring *w, const struct conn_line *l)
{
	const struct conn_line *old = conns_find(&w->before, l);

	return l->how != CONN_UNDESIRED && (!old || old->how == CONN_UNDESIRED);
}

static void take_back(struct wiring *w, size_t count)
{
	while (count-- > 0) {
		struct conn_line *l = &w->lines.at[count];

		if (!is_new(w, l))
			continue;
		porthooks_disconnect(w, l);
		unprepare(w, l);
	}
}

void porthooks_take_back(struct wiring *w)
{
	take_back(w, w->lines.len);
}

bool porthooks_new(struct wiring *w, char *why)
{
	for (size_t i = 0; i < w->lines.len; i++) {
		const struct conn_line *l = &w->lines.at[i];

		if (!is_new(w, l) ||
		    (porthooks_prepare(w, l, why) && porthooks_connected(w, l, why)))
			continue;
		take_back(w, i);
		return false;
	}
	return true;
}

void porthooks_disconnect(struct wiring *w, const struct conn_line *l)
{
	sigset_t old;

	txn_hold_signals(&old); /* a failing hook would leave them blocked */
	run_anyway(w, l, "disconnect", SLOT);
	run_anyway(w, l, "disconnect", PLUG);
	sigprocmask(SIG_SETMASK, &old, NULL);
}
