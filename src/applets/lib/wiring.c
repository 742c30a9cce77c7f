/* wiring.c - installed snaps and their connections, as they will be after a change */
#include "applets/lib/wiring.h"

#include <string.h>
#include <unistd.h>

#include "applets/lib/examine.h"
#include "applets/lib/release.h"
#include "core/buf.h"
#include "core/dirs.h"
#include "core/fs.h"
#include "core/str.h"
#include "policy/autoconnect.h"
#include "policy/model/state.h"

static void copy_lines(struct arena *a, struct conn_lines *to, const struct conn_lines *from)
{
	*to = (struct conn_lines){0};
	for (size_t i = 0; i < from->len; i++)
		vec_push(a, to, from->at[i]);
}

struct wiring *wiring_load(struct arena *a)
{
	struct wiring *w = NEW(a, struct wiring);

	w->arena = a;
	w->before = conns_load(a);
	copy_lines(a, &w->lines, &w->before);
	w->on = release_read(a, NULL);
	return w;
}

const struct snap *wiring_snap(struct wiring *w, const char *name)
{
	const struct snap *s = snaps_find(&w->snaps, name);

	if (s || words_have(&w->gone, name))
		return s;
	const struct state *st = state_load(w->arena, name);
	if (!st)
		return NULL;
	s = examine_installed(w->arena, name, st->current);
	snaps_put(w->arena, &w->snaps, s);
	return s;
}

void wiring_put(struct wiring *w, const struct snap *s)
{
	snaps_put(w->arena, &w->snaps, s);
}

void wiring_gone(struct wiring *w, const char *name)
{
	struct snaps left = {0};

	for (size_t i = 0; i < w->snaps.len; i++)
		if (!str_eq(w->snaps.at[i]->instance, name))
			vec_push(w->arena, &left, w->snaps.at[i]);
	w->snaps = left;
	vec_push(w->arena, &w->gone, name);
}

void wiring_stale(struct wiring *w, const char *name)
{
	if (!str_eq(name, CONNS_SYSTEM) && !words_have(&w->stale, name))
		vec_push(w->arena, &w->stale, name);
}

static const char *peer_of(const struct conn_line *l, const char *name)
{
	return str_eq(l->plug_snap, name) ? l->slot_snap : l->plug_snap;
}

void wiring_stale_peers(struct wiring *w, const char *name)
{
	const struct conn_lines *const both[] = {&w->before, &w->lines};

	for (size_t k = 0; k < 2; k++)
		for (size_t i = 0; i < both[k]->len; i++)
			if (conn_line_is_of(&both[k]->at[i], name))
				wiring_stale(w, peer_of(&both[k]->at[i], name));
}

/* Whom a line is about, as far as they are installed. */
static void read_sides(struct wiring *w, const struct conn_line *l)
{
	if (!str_eq(l->plug_snap, CONNS_SYSTEM))
		wiring_snap(w, l->plug_snap);
	if (!str_eq(l->slot_snap, CONNS_SYSTEM))
		wiring_snap(w, l->slot_snap);
}

struct conns wiring_conns(struct wiring *w, const struct snap *s)
{
	for (size_t i = 0; i < w->lines.len; i++)
		if (conn_line_is_of(&w->lines.at[i], s->instance))
			read_sides(w, &w->lines.at[i]);
	return connect_of(w->arena, &w->lines, s, &w->snaps, &w->on);
}

/* Can a snap of which this is the record have a port of that side and of one of these
 * interfaces? Reading texts is many times faster than making snaps of them. */
static bool may_have(const char *record, const char *key, const struct ports *of)
{
	bool some = of->len && strstr(record, key);

	for (size_t i = 0; some && i < of->len; i++)
		if (strstr(record, of->at[i]->interface))
			return true;
	return false;
}

static bool is_candidate(struct wiring *w, int records, const char *name, const struct snap *of)
{
	struct arena_mark mark = arena_mark(w->arena);
	char why[WHY_MAX];
	const struct state *st = state_try(w->arena, name, why);
	const char *key = st ? state_key(w->arena, name, st->current) : NULL;
	const char *text = key ? fs_read(w->arena, records, key, NODE_RECORD_MAX, NULL) : NULL;
	bool yes = text && (may_have(text, "\tslots ", &of->plugs) ||
			    may_have(text, "\tplugs ", &of->slots) ||
			    may_have(text, "\tslots ", &of->slots));

	arena_rewind(w->arena, mark);
	return yes;
}

/* Whoever could be connected to s. */
static void read_candidates(struct wiring *w, const struct snap *s)
{
	int records = dirs_open(DIR_RECORDS);
	size_t n;

	for (char **name = state_names(w->arena, &n); records >= 0 && *name; name++)
		if (!snaps_find(&w->snaps, *name) && is_candidate(w, records, *name, s))
			wiring_snap(w, *name);
	if (records >= 0)
		close(records);
}

/* Does the line mean a connection, and one that is still as harmless as it was when
 * the rules made it: attributes of a new revision may ask for more? */
static bool is_good(struct wiring *w, const struct conn_line *l)
{
	struct conn c;

	return connect_of_line(w->arena, l, &w->snaps, &w->on, &c) &&
	       (l->how != CONN_AUTO || autoconnect_allows(w->arena, c.plug, c.slot, &w->on, NULL));
}

static void drop_meaningless(struct wiring *w, const struct snap *s)
{
	for (size_t i = w->lines.len; i-- > 0;) {
		struct conn_line *l = &w->lines.at[i];

		if (!conn_line_is_of(l, s->instance))
			continue;
		read_sides(w, l);
		if (!is_good(w, l))
			conns_drop(&w->lines, i);
	}
}

void wiring_settle(struct wiring *w, const struct snap *s)
{
	drop_meaningless(w, s);
	if (s->plugs.len || s->slots.len) {
		read_candidates(w, s);
		autoconnect(w->arena, &w->lines, s, &w->snaps, &w->on);
	}
	wiring_stale_peers(w, s->instance);
}

void wiring_drop(struct wiring *w, const char *name)
{
	wiring_stale_peers(w, name);
	for (size_t i = w->lines.len; i-- > 0;) {
		const struct conn_line *l = &w->lines.at[i];

		if (str_eq(l->plug_snap, name) || str_eq(l->slot_snap, name))
			conns_drop(&w->lines, i);
	}
}

static bool is_connected(const struct wiring *w, const struct port *plug)
{
	for (size_t i = 0; i < w->lines.len; i++) {
		const struct conn_line *l = &w->lines.at[i];

		if (l->how != CONN_UNDESIRED && str_eq(l->plug_snap, plug->snap->instance) &&
		    str_eq(l->plug, plug->name))
			return true;
	}
	return false;
}

void wiring_warn_idle(struct wiring *w, const struct snap *s)
{
	struct buf idle = buf_new(w->arena);

	for (size_t i = 0; i < s->plugs.len; i++)
		if (!is_connected(w, s->plugs.at[i]))
			buf_printf(&idle, "%s%s", idle.len ? ", " : "", s->plugs.at[i]->name);
	if (idle.len)
		warn("%s: these plugs are not connected: %s", s->instance, buf_text(&idle));
}

static bool same_lines(const struct conn_lines *x, const struct conn_lines *y)
{
	bool same = x->len == y->len;

	for (size_t i = 0; same && i < x->len; i++) {
		const struct conn_line *l = conns_find(y, &x->at[i]);

		same = l && l->how == x->at[i].how && str_eq(l->iface, x->at[i].iface);
	}
	return same;
}

void wiring_stage(struct wiring *w, struct txn *t)
{
	if (!same_lines(&w->before, &w->lines))
		conns_stage(t, &w->lines);
}
