/* policy.c - the one place where interfaces, connections and apps meet */
#include "policy/policy.h"

#include <stdlib.h>
#include <string.h>

#include "core/str.h"

struct gathering {
	struct arena *arena;
	struct policy *out;
	const struct snap *snap;
	const struct policy_target *target;
	char *why;
};

static bool add_block(struct gathering *g, const struct iface *i, enum moment m,
		      const struct block *b, const struct port *port, const struct conn *c)
{
	struct scope s = {
		.plug = c ? c->plug : port->side == PLUG ? port : NULL,
		.slot = c ? c->slot : port->side == SLOT ? port : NULL,
		.plug_system = c && c->plug_system,
		.slot_system = c && c->slot_system,
		.classic = g->target->classic,
		.base = g->snap->base,
		.features = g->target->features,
	};

	if (!block_holds(b, &s))
		return true;
	for (size_t k = 0; k < BACK_COUNT; k++) {
		struct buf text = buf_new(g->arena);

		if (!block_text(&text, b, (enum backend)k, &s, g->why))
			return false;
		if (!text.len)
			continue;
		struct piece p = {buf_text(&text), i, port,
				  c ? port->side == PLUG ? c->slot : c->plug : NULL, m, b->line};
		vec_push(g->arena, &g->out->pieces[k], p);
	}
	for (size_t f = 0; f < b->flags.len; f++)
		if (!policy_has_flag(g->out, b->flags.at[f]))
			vec_push(g->arena, &g->out->flags, b->flags.at[f]);
	return true;
}

static bool add_moment(struct gathering *g, const struct iface *i, enum moment m,
		       const struct port *port, const struct conn *c)
{
	for (size_t b = 0; b < i->blocks[m].len; b++)
		if (!add_block(g, i, m, &i->blocks[m].at[b], port, c))
			return false;
	return true;
}

static bool add_port(struct gathering *g, const struct port *p, const struct conn *conns,
		     size_t count)
{
	const struct iface *i = iface_load(g->arena, p->interface);

	if (!i) /* its plugs and slots were dropped with a warning at install (I14) */
		return true;
	if (!iface_check_port(i, p, g->why) ||
	    !add_moment(g, i, p->side == PLUG ? PERMANENT_PLUG : PERMANENT_SLOT, p, NULL))
		return false;
	for (size_t k = 0; k < count; k++) {
		const struct conn *c = &conns[k];

		if ((p->side == PLUG ? c->plug : c->slot) != p)
			continue;
		if (!add_moment(g, i, p->side == PLUG ? CONNECTED_PLUG : CONNECTED_SLOT, p, c))
			return false;
	}
	return true;
}

static int by_bytes(const void *x, const void *y)
{
	return strcmp(*(const char *const *)x, *(const char *const *)y);
}

bool policy_gather(struct arena *a, struct policy *out, const struct snap *snap,
		   const struct ports *plugs, const struct ports *slots,
		   const struct conn *conns, size_t count, const struct policy_target *target,
		   char *why)
{
	struct gathering g = {a, out, snap, target, why};

	*out = (struct policy){0};
	for (size_t i = 0; i < plugs->len; i++)
		if (!add_port(&g, plugs->at[i], conns, count))
			return false;
	for (size_t i = 0; i < slots->len; i++)
		if (!add_port(&g, slots->at[i], conns, count))
			return false;
	if (out->flags.len)
		qsort(out->flags.at, out->flags.len, sizeof *out->flags.at, by_bytes);
	return true;
}

bool policy_has_flag(const struct policy *p, const char *flag)
{
	for (size_t i = 0; i < p->flags.len; i++)
		if (!strcmp(p->flags.at[i], flag))
			return true;
	return false;
}
