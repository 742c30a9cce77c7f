/* decl.c - allow and deny: installation, connection, auto-connection */
#include "policy/decl.h"

#include <stdio.h>
#include <string.h>

#include "core/str.h"
#include "policy/compat.h"

static const char *const actions[] = {"installation", "connection", "auto-connection"};

struct asking {
	struct arena *arena;
	const struct decl_question *q;
	enum side side; /* of the rule: what "plugs:" or "slots:" it stands below */
};

/* Are two attribute values the same? Trees are small: a stack of pairs does. */
static bool same_value(const struct node *x, const struct node *y)
{
	if (!x || !y || x->kind != y->kind)
		return false;
	if (x->kind == NODE_TEXT)
		return !strcmp(x->text, y->text);
	if (x->count != y->count || x->kind == NODE_MAP)
		return false; /* rules compare texts and lists of texts only */
	for (x = x->first, y = y->first; x; x = x->next, y = y->next)
		if (x->kind != NODE_TEXT || y->kind != NODE_TEXT || strcmp(x->text, y->text))
			return false;
	return true;
}

static const struct node *party_attr(const struct asking *k, const struct decl_party *p,
				     const char *name)
{
	return p->port ? iface_attr(k->arena, k->q->iface, p->port, name) : NULL;
}

/* $SLOT(x), $PLUG(x), or with what in front of the bracket: the value of the other side's
 * attribute. NULL: not of that form. */
static const struct node *referred(const struct asking *k, const char *text, const char *what,
				   bool *is_reference)
{
	const char *slot = str_after(text, arena_printf(k->arena, "$SLOT%s(", what));
	const char *plug = str_after(text, arena_printf(k->arena, "$PLUG%s(", what));
	const char *name = slot ? slot : plug;

	*is_reference = name && str_ends(name, ")");
	if (!*is_reference)
		return NULL;
	char *bare = arena_dupn(k->arena, name, strlen(name) - 1);
	return party_attr(k, slot ? &k->q->slot : &k->q->plug, bare);
}

static bool text_fits(const struct asking *k, const char *want, const struct node *have)
{
	bool reference, compat;
	const struct node *other = referred(k, want, "", &reference);
	const struct node *label = referred(k, want, "_COMPAT", &compat);

	if (!strcmp(want, "$MISSING"))
		return !have;
	if (!have)
		return false;
	if (reference)
		return same_value(have, other);
	if (compat)
		return label && label->kind == NODE_TEXT && have->kind == NODE_TEXT &&
		       compat_fits(k->arena, have->text, label->text);
	if (have->kind == NODE_TEXT)
		return str_like(have->text, want);
	if (have->kind != NODE_LIST)
		return false;
	for (const struct node *n = have->first; n; n = n->next) /* all of a list must fit */
		if (n->kind != NODE_TEXT || !str_like(n->text, want))
			return false;
	return true;
}

static bool value_fits(const struct asking *k, const struct node *want, const struct node *have)
{
	if (want->kind == NODE_TEXT)
		return text_fits(k, want->text, have);
	if (want->kind != NODE_LIST)
		return false;
	for (const struct node *n = want->first; n; n = n->next)
		if (n->kind == NODE_TEXT && text_fits(k, n->text, have))
			return true;
	return false;
}

/* A map of attributes, all of which must fit; or a list of such maps, one of which must. */
static bool attributes_fit(const struct asking *k, const struct node *want,
			   const struct decl_party *party)
{
	const struct node *maps = want->kind == NODE_LIST ? want->first : want;

	for (; maps; maps = want->kind == NODE_LIST ? maps->next : NULL) {
		bool all = maps->kind == NODE_MAP;

		for (const struct node *n = all ? maps->first : NULL; n && all; n = n->next)
			all = value_fits(k, n, party_attr(k, party, n->key));
		if (all)
			return true;
	}
	return false;
}

static bool id_fits(const struct asking *k, const char *want, const char *have)
{
	if (!strcmp(want, "$PLUG_PUBLISHER_ID"))
		want = k->q->plug.publisher_id;
	else if (!strcmp(want, "$SLOT_PUBLISHER_ID"))
		want = k->q->slot.publisher_id;
	return *have && !strcmp(want, have); /* two unknown publishers are not one */
}

static bool any_id(const struct asking *k, const struct node *want, const char *have)
{
	for (const struct node *n = want->kind == NODE_LIST ? want->first : want; n;
	     n = want->kind == NODE_LIST ? n->next : NULL)
		if (n->kind == NODE_TEXT && id_fits(k, n->text, have))
			return true;
	return false;
}

static bool any_text(const struct node *want, const char *have)
{
	for (const struct node *n = want->kind == NODE_LIST ? want->first : want; n;
	     n = want->kind == NODE_LIST ? n->next : NULL)
		if (n->kind == NODE_TEXT && !strcmp(n->text, have))
			return true;
	return false;
}

static bool any_name(const struct asking *k, const struct node *want, const struct port *p)
{
	for (const struct node *n = want->kind == NODE_LIST ? want->first : want; n && p;
	     n = want->kind == NODE_LIST ? n->next : NULL)
		if (n->kind == NODE_TEXT &&
		    (!strcmp(n->text, "$INTERFACE") ? !strcmp(p->name, k->q->iface->name) :
						      str_like(p->name, n->text)))
			return true;
	return false;
}

static bool on_classic(const struct asking *k, const struct node *want)
{
	bool value;

	if (want->kind == NODE_TEXT && node_bool(want, &value))
		return value == k->q->classic;
	return k->q->classic && any_text(want, k->q->distro);
}

static bool constraint_holds(const struct asking *k, const struct node *c)
{
	const char *rest = str_after(c->key, "plug-");
	const struct decl_party *party = rest ? &k->q->plug : &k->q->slot;
	bool value;

	if (!rest)
		rest = str_after(c->key, "slot-");
	if (!strcmp(c->key, "on-classic"))
		return on_classic(k, c);
	if (!strcmp(c->key, "on-core-desktop"))
		return node_bool(c, &value) && value == k->q->core_desktop;
	if (!strcmp(c->key, "slots-per-plug") || !strcmp(c->key, "plugs-per-slot"))
		return true; /* not a condition: how many, see arity_of() */
	if (!rest)
		return false; /* on-store, on-brand, on-model: none here */
	if (!strcmp(rest, "attributes"))
		return attributes_fit(k, c, party);
	if (!strcmp(rest, "snap-type"))
		return any_text(c, party->snap_type);
	if (!strcmp(rest, "snap-id"))
		return any_id(k, c, party->snap_id);
	if (!strcmp(rest, "publisher-id"))
		return any_id(k, c, party->publisher_id);
	if (!strcmp(rest, "names"))
		return any_name(k, c, party->port);
	return false;
}

/* The map of constraints that holds; the node itself for a plain true; else NULL. */
static const struct node *what_holds(const struct asking *k, const struct node *n)
{
	bool value;

	if (n->kind == NODE_TEXT)
		return node_bool(n, &value) && value ? n : NULL;
	for (const struct node *m = n->kind == NODE_LIST ? n->first : n; m;
	     m = n->kind == NODE_LIST ? m->next : NULL) {
		bool all = m->kind == NODE_MAP;

		for (const struct node *c = all ? m->first : NULL; c && all; c = c->next)
			all = constraint_holds(k, c);
		if (all)
			return m;
	}
	return NULL;
}

static const struct node *rule_for(const struct decl_question *q, enum side *side,
				   const char **whose)
{
	const struct {
		const struct node *rule;
		enum side side;
		const char *whose;
	} order[] = {
		{q->plug.granted, PLUG, "the plug's snap-declaration"},
		{q->slot.granted, SLOT, "the slot's snap-declaration"},
		{q->iface->declaration[PLUG], PLUG, "the interface's rule for plugs"},
		{q->iface->declaration[SLOT], SLOT, "the interface's rule for slots"},
	};

	for (size_t i = 0; i < sizeof order / sizeof order[0]; i++)
		if (order[i].rule) {
			*side = order[i].side;
			*whose = order[i].whose;
			return order[i].rule;
		}
	return NULL;
}

static unsigned arity_of(const struct node *held)
{
	const char *slots = node_text(held, "slots-per-plug");

	return slots && !strcmp(slots, "*") ? ANY_NUMBER : 1;
}

/* Some interfaces connect by themselves only what bears one name on both sides. */
static bool are_same(const struct asking *k)
{
	const struct words *names = &k->q->iface->same;

	for (size_t i = 0; i < names->len; i++)
		if (!same_value(party_attr(k, &k->q->plug, names->at[i]),
				party_attr(k, &k->q->slot, names->at[i])))
			return false;
	return true;
}

bool decl_allows(struct arena *a, enum decl_action action, const struct decl_question *q,
		 unsigned *arity, const char **why)
{
	struct asking k = {.arena = a, .q = q};
	const char *whose = "";
	const struct node *rule = NULL, *held = NULL;

	if (action == DECL_INSTALLATION) { /* each side is asked about its own port only */
		k.side = q->plug.port ? PLUG : SLOT;
		rule = q->plug.port ? q->plug.granted : q->slot.granted;
		if (!rule)
			rule = q->iface->declaration[k.side];
		whose = "the interface's rule";
	} else {
		rule = rule_for(q, &k.side, &whose);
	}
	if (arity)
		*arity = 1;
	if (action == DECL_AUTO_CONNECTION && !are_same(&k)) {
		*why = arena_printf(a, "both sides bear different names");
		return false;
	}
	if (!rule)
		return true;
	const struct node *deny = node_get(rule, arena_printf(a, "deny-%s", actions[action]));
	const struct node *allow = node_get(rule, arena_printf(a, "allow-%s", actions[action]));
	if (deny && what_holds(&k, deny)) {
		*why = arena_printf(a, "%s denies %s", whose, actions[action]);
		return false;
	}
	if (allow && !(held = what_holds(&k, allow))) {
		*why = arena_printf(a, "%s allows %s only on conditions that do not hold", whose,
				    actions[action]);
		return false;
	}
	if (arity)
		*arity = arity_of(held);
	return true;
}

/* Of a map of constraints only these say what kind of snap and system it speaks of. */
static bool kind_fits(const struct asking *k, const struct node *map, bool *speaks)
{
	static const char *const kinds[] = {"slot-snap-type", "on-classic", "on-core-desktop"};
	bool fits = true;

	*speaks = false;
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		const struct node *c = node_get(map, kinds[i]);

		if (!c)
			continue;
		*speaks = true;
		fits = fits && constraint_holds(k, c);
	}
	return fits;
}

bool decl_allows_dangerous(const struct decl_question *q)
{
	const struct asking k = {.q = q, .side = SLOT};
	const struct node *rule = q->slot.port ? q->iface->declaration[SLOT] : NULL;
	const struct node *allow = node_get(rule, "allow-installation");
	bool refused = false, speaks;

	if (!allow || allow->kind == NODE_TEXT)
		return true;
	for (const struct node *m = allow->kind == NODE_LIST ? allow->first : allow; m;
	     m = allow->kind == NODE_LIST ? m->next : NULL) {
		bool fits = kind_fits(&k, m, &speaks);

		if (speaks && fits)
			return true;
		refused |= speaks;
	}
	return !refused;
}

bool decl_is_super_privileged(const struct iface *i)
{
	const struct node *allow = node_get(i->declaration[PLUG], "allow-installation");
	bool value;

	return allow && allow->kind == NODE_TEXT && node_bool(allow, &value) && !value;
}

static const char *const keys[] = {
	"plug-attributes", "slot-attributes", "plug-snap-type", "slot-snap-type", "plug-snap-id",
	"slot-snap-id", "plug-publisher-id", "slot-publisher-id", "plug-names", "slot-names",
	"on-classic", "on-core-desktop", "on-store", "on-brand", "on-model", "slots-per-plug",
	"plugs-per-slot", NULL,
};

static bool check_constraints(const struct node *n, char *why)
{
	bool value;

	if (n->kind == NODE_TEXT && node_bool(n, &value))
		return true;
	for (const struct node *m = n->kind == NODE_LIST ? n->first : n; m;
	     m = n->kind == NODE_LIST ? m->next : NULL) {
		if (m->kind != NODE_MAP) {
			snprintf(why, WHY_MAX, "line %u: constraints are true, false or a map",
				 m->line);
			return false;
		}
		for (const struct node *c = m->first; c; c = c->next)
			if (!str_in(c->key, keys)) {
				snprintf(why, WHY_MAX, "line %u: unknown constraint %s", c->line,
					 c->key);
				return false;
			}
	}
	return true;
}

bool decl_check(const struct iface *i, char *why)
{
	static const char *const rules[] = {
		"allow-installation", "deny-installation", "allow-connection", "deny-connection",
		"allow-auto-connection", "deny-auto-connection", NULL,
	};

	for (int side = PLUG; side <= SLOT; side++) {
		const struct node *d = i->declaration[side];

		if (d && d->kind != NODE_MAP) {
			snprintf(why, WHY_MAX, "line %u: a declaration is a map of rules", d->line);
			return false;
		}
		for (const struct node *n = d ? d->first : NULL; n; n = n->next) {
			if (!str_in(n->key, rules)) {
				snprintf(why, WHY_MAX, "line %u: unknown rule %s", n->line, n->key);
				return false;
			}
			if (!check_constraints(n, why))
				return false;
		}
	}
	return true;
}
