/* policy.c - the one place where interfaces, connections and apps meet */
#include "policy/policy.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/str.h"
#include "policy/native.h"

struct gathering {
	struct arena *arena;
	struct policy *out;
	const struct snap *snap;
	const struct policy_target *target;
	char *why;
};

static struct scope scope_of(const struct gathering *g, const struct iface *i,
			     const struct port *port, const struct conn *c)
{
	return (struct scope){
		.iface = i,
		.plug = c ? c->plug : port->side == PLUG ? port : NULL,
		.slot = c ? c->slot : port->side == SLOT ? port : NULL,
		.plug_system = c && c->plug_system,
		.slot_system = c && c->slot_system,
		.classic = g->target->classic,
		.base = g->snap->base,
		.features = g->target->features,
	};
}

static void add_piece(struct gathering *g, size_t k, const struct buf *text, struct piece p)
{
	p.text = buf_text(text);
	if (text->len)
		vec_push(g->arena, &g->out->pieces[k], p);
}

static void add_flags(struct gathering *g, const struct words *flags)
{
	for (size_t f = 0; f < flags->len; f++)
		if (!policy_has_flag(g->out, flags->at[f]))
			vec_push(g->arena, &g->out->flags, flags->at[f]);
}

static bool refuse(const struct iface *i, const struct port *p, const struct block *b,
		   const struct turn *t, char *why)
{
	int n = snprintf(why, WHY_MAX, "%s \"%.40s\" of interface %s: ",
			 p->side == PLUG ? "plug" : "slot", p->name, i->name);

	if (b->loop_count && n < WHY_MAX)
		n += snprintf(why + n, WHY_MAX - (size_t)n, "%s[%zu]: ",
			      strchr(b->loops[0].over, '.') + 1, t->number[0]);
	if (n < WHY_MAX)
		snprintf(why + n, WHY_MAX - (size_t)n, "%s", b->refusal);
	return false;
}

static bool add_block(struct gathering *g, const struct iface *i, enum moment m,
		      const struct block *b, const struct port *port, const struct conn *c)
{
	struct piece p = {NULL, i, port, c ? port->side == PLUG ? c->slot : c->plug : NULL, m,
			  b->line};
	struct scope s = scope_of(g, i, port, c);
	struct buf text[BACK_COUNT];
	struct turn t = {0};

	for (size_t k = 0; k < BACK_COUNT; k++)
		text[k] = buf_new(g->arena);
	while (block_next(g->arena, b, &s, &t)) {
		if (b->refusal)
			return refuse(i, port, b, &t, g->why);
		for (size_t k = 0; k < BACK_COUNT; k++)
			if (!block_text(&text[k], b, (enum backend)k, &s, &t, g->why))
				return false;
		add_flags(g, &b->flags);
	}
	for (size_t k = 0; k < BACK_COUNT; k++)
		add_piece(g, k, &text[k], p);
	return true;
}

static bool add_moment(struct gathering *g, const struct iface *i, enum moment m,
		       const struct port *port, const struct conn *c)
{
	struct piece p = {NULL, i, port, c ? port->side == PLUG ? c->slot : c->plug : NULL, m, 0};
	struct scope s = scope_of(g, i, port, c);

	for (size_t b = 0; b < i->blocks[m].len; b++)
		if (!add_block(g, i, m, &i->blocks[m].at[b], port, c))
			return false;
	for (size_t k = 0; i->native && k < BACK_COUNT; k++) {
		struct buf text = buf_new(g->arena);

		if (!native_text(&text, i->native, m, (enum backend)k, &s, g->why))
			return false;
		add_piece(g, k, &text, p);
	}
	return true;
}

bool policy_check_port(struct arena *a, const struct iface *i, const struct port *p, char *why)
{
	enum moment m = p->side == PLUG ? PERMANENT_PLUG : PERMANENT_SLOT;
	struct scope s = {.iface = i, .plug = p->side == PLUG ? p : NULL,
			  .slot = p->side == SLOT ? p : NULL};

	if (!iface_check_port(i, p, why))
		return false;
	for (size_t b = 0; b < i->blocks[m].len; b++) {
		struct turn t = {0};

		if (i->blocks[m].at[b].refusal && block_next(a, &i->blocks[m].at[b], &s, &t))
			return refuse(i, p, &i->blocks[m].at[b], &t, why);
	}
	return native_check(a, i, p, why);
}

/* The other side's attributes are as much a stranger's as ours. The system has none. */
static bool check_peer(struct gathering *g, const struct iface *i, enum side mine,
		       const struct conn *c)
{
	if (mine == PLUG ? c->slot_system : c->plug_system)
		return true;
	return policy_check_port(g->arena, i, mine == PLUG ? c->slot : c->plug, g->why);
}

static bool add_port(struct gathering *g, const struct port *p, const struct conn *conns,
		     size_t count)
{
	const struct iface *i = iface_load(g->arena, p->interface);

	if (!i) /* its plugs and slots were dropped with a warning at install (I14) */
		return true;
	if (!policy_check_port(g->arena, i, p, g->why) ||
	    !add_moment(g, i, p->side == PLUG ? PERMANENT_PLUG : PERMANENT_SLOT, p, NULL))
		return false;
	for (size_t k = 0; k < count; k++) {
		const struct conn *c = &conns[k];

		if ((p->side == PLUG ? c->plug : c->slot) != p)
			continue;
		if (!check_peer(g, i, p->side, c) ||
		    !add_moment(g, i, p->side == PLUG ? CONNECTED_PLUG : CONNECTED_SLOT, p, c))
			return false;
	}
	return true;
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
		qsort(out->flags.at, out->flags.len, sizeof *out->flags.at, str_order);
	return true;
}

bool policy_has_flag(const struct policy *p, const char *flag)
{
	for (size_t i = 0; i < p->flags.len; i++)
		if (!strcmp(p->flags.at[i], flag))
			return true;
	return false;
}
