/* endpoints.c - all plugs and slots of the system, and what is connected to what
 *
 * Everything is sorted once and found by halving: a thousand snaps have ten thousand
 * connections. Files of interfaces are read for the system's own ports alone.
 */
#include "applets/lib/endpoints.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "applets/lib/examine.h"
#include "applets/lib/release.h"
#include "core/dirs.h"
#include "core/str.h"
#include "policy/model/state.h"

struct loader {
	struct arena *a;
	const struct endpoints_ask *ask;
	struct endpoints *out;
	const char **ifaces; /* all there are, sorted */
	size_t count;
};

/* The number of an interface, or count. */
static size_t known(const struct loader *l, const char *name)
{
	const char **at = bsearch(&name, l->ifaces, l->count, sizeof *at, str_order);

	return at ? (size_t)(at - l->ifaces) : l->count;
}

static void add(struct loader *l, const struct port *p)
{
	struct endpoint e = {.port = p};

	vec_push(l->a, &l->out->side[p->side], e);
}

static void add_all(struct loader *l, const struct ports *list)
{
	for (size_t i = 0; i < list->len; i++) {
		const struct port *p = list->at[i];
		bool wanted = !l->ask->iface || !strcmp(p->interface, l->ask->iface);

		if (wanted && known(l, p->interface) < l->count)
			add(l, p);
	}
}

static void add_snap(struct loader *l, int dir, const char *name)
{
	char why[WHY_MAX] = "";
	const struct state *st = state_try_in(l->a, dir, name, why);
	const struct snap *s = st ? examine_try(l->a, name, st->current, why) : NULL;

	if (s) {
		add_all(l, &s->plugs);
		add_all(l, &s->slots);
	} else if (*why) {
		warn("%s: %s", name, why);
		l->out->damaged++;
	}
}

/* Whoever has to do with the snap that was asked for, sorted. */
static struct words around(struct loader *l, const struct conn_lines *lines)
{
	struct words out = {0};

	vec_push(l->a, &out, l->ask->snap);
	for (size_t i = 0; i < lines->len; i++) {
		const struct conn_line *line = &lines->at[i];

		if (!strcmp(line->plug_snap, l->ask->snap))
			vec_push(l->a, &out, line->slot_snap);
		else if (!strcmp(line->slot_snap, l->ask->snap))
			vec_push(l->a, &out, line->plug_snap);
	}
	qsort(out.at, out.len, sizeof *out.at, str_order);
	return out;
}

static void add_snaps(struct loader *l, const struct conn_lines *lines)
{
	int dir = dirs_open(DIR_INSTALLED);
	struct words some = l->ask->snap ? around(l, lines) : (struct words){0};
	size_t n;

	for (char **name = state_names(l->a, &n); *name; name++)
		if (!l->ask->snap || bsearch(name, some.at, some.len, sizeof *some.at, str_order))
			add_snap(l, dir, *name);
	if (dir >= 0)
		close(dir);
}

static void add_system(struct loader *l, const struct conn_lines *lines)
{
	struct connect_on on = release_read(l->a, NULL);
	bool *wanted = NEW_N(l->a, bool, l->count + 1);

	for (size_t i = 0; i < lines->len; i++) {
		const struct conn_line *line = &lines->at[i];

		if (!strcmp(line->slot_snap, CONNS_SYSTEM) ||
		    !strcmp(line->plug_snap, CONNS_SYSTEM))
			wanted[known(l, line->iface)] = true;
	}
	for (size_t i = 0; i < l->count; i++) {
		bool asked = !l->ask->iface || !strcmp(l->ask->iface, l->ifaces[i]);

		if (!asked || !(wanted[i] || l->ask->system))
			continue;
		const struct iface *f = iface_load(l->a, l->ifaces[i]);
		for (enum side side = PLUG; f && side <= SLOT; side++)
			if (connect_system_has(f, side, on.classic))
				add(l, connect_system_port(l->a, f, side));
	}
}

static int compare_port(const struct port *x, const struct port *y)
{
	int n = strcmp(x->snap->instance, y->snap->instance);

	return n ? n : strcmp(x->name, y->name);
}

static int by_port(const void *x, const void *y)
{
	const struct endpoint *a = x, *b = y;

	return compare_port(a->port, b->port);
}

static int by_link(const void *x, const void *y)
{
	const struct link *a = x, *b = y;
	int n = compare_port(a->plug, b->plug);

	return n ? n : compare_port(a->slot, b->slot);
}

static struct endpoint *find(struct endpoints *all, enum side side, const char *snap,
			     const char *name)
{
	struct snap s = {.instance = snap};
	struct port p = {.snap = &s, .name = name};
	struct endpoint like = {.port = &p};

	if (!all->side[side].len)
		return NULL;
	return bsearch(&like, all->side[side].at, all->side[side].len, sizeof like, by_port);
}

static void add_links(struct loader *l, const struct conn_lines *lines)
{
	struct endpoints *out = l->out;

	for (size_t i = 0; i < lines->len; i++) {
		const struct conn_line *line = &lines->at[i];
		struct endpoint *plug = find(out, PLUG, line->plug_snap, line->plug),
				*slot = find(out, SLOT, line->slot_snap, line->slot);

		if (!plug || !slot || strcmp(plug->port->interface, line->iface) ||
		    strcmp(slot->port->interface, line->iface))
			continue;
		struct link link = {plug->port, slot->port, line->how};
		vec_push(l->a, &out->links, link);
	}
	if (out->links.len)
		qsort(out->links.at, out->links.len, sizeof *out->links.at, by_link);
	/* In the order of links the peers of both sides come sorted. */
	for (size_t i = 0; i < out->links.len; i++) {
		const struct port *p = out->links.at[i].plug, *s = out->links.at[i].slot;
		struct endpoint *plug = find(out, PLUG, p->snap->instance, p->name),
				*slot = find(out, SLOT, s->snap->instance, s->name);

		if (out->links.at[i].how == CONN_UNDESIRED)
			continue;
		vec_push(l->a, &plug->peers, slot);
		vec_push(l->a, &slot->peers, plug);
	}
}

struct endpoints endpoints_load(struct arena *a, const struct endpoints_ask *ask)
{
	struct endpoints out = {0};
	struct loader l = {.a = a, .ask = ask, .out = &out};
	struct conn_lines lines = conns_load(a);

	l.ifaces = iface_names(a, &l.count);
	add_snaps(&l, &lines);
	add_system(&l, &lines);
	for (enum side side = PLUG; side <= SLOT; side++)
		if (out.side[side].len)
			qsort(out.side[side].at, out.side[side].len, sizeof *out.side[side].at,
			      by_port);
	add_links(&l, &lines);
	return out;
}

const char *endpoints_snap(const char *word)
{
	static const char *const names[] = {CONNS_SYSTEM, "snapd", "core", NULL};

	return str_in(word, names) ? CONNS_SYSTEM : word;
}

const char *endpoint_text(struct arena *a, const struct port *p)
{
	const char *snap = p->snap->instance;

	return arena_printf(a, "%s:%s", strcmp(snap, CONNS_SYSTEM) ? snap : "", p->name);
}

bool link_is_of(const struct link *l, const char *snap)
{
	return !strcmp(l->plug->snap->instance, snap) || !strcmp(l->slot->snap->instance, snap);
}

bool endpoint_is_of(const struct endpoint *e, const char *snap)
{
	bool is = !strcmp(e->port->snap->instance, snap);

	for (size_t i = 0; i < e->peers.len && !is; i++)
		is = !strcmp(e->peers.at[i]->port->snap->instance, snap);
	return is;
}
