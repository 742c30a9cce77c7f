/* port.c - plugs and slots, and who has them (behaviour I3)
 *
 * A plug that no app and no hook lists belongs to all of them; one that any of
 * them lists belongs to those alone. Getting this wrong gives an app rights that
 * its author meant for another.
 */
#include <string.h>

#include "core/str.h"
#include "core/vec.h"
#include "policy/model/attr.h"
#include "policy/model/name.h"
#include "policy/model/parts.h"

static const char *const words[] = {[PLUG] = "plugs", [SLOT] = "slots"};

static struct ports *ports_of(struct snap *s, enum side side)
{
	return side == PLUG ? &s->plugs : &s->slots;
}

static struct port *find(const struct ports *list, const char *name)
{
	for (size_t i = 0; i < list->len; i++)
		if (!strcmp(list->at[i]->name, name))
			return list->at[i];
	return NULL;
}

static struct port *add(struct arena *a, struct snap *s, enum side side, const char *name,
			unsigned line)
{
	struct port *p = NEW(a, struct port);

	p->side = side;
	p->name = p->interface = name;
	p->snap = s;
	p->line = line;
	p->attrs = node_new(a, NODE_MAP, line, 1);
	vec_push(a, ports_of(s, side), p);
	return p;
}

/* Name, number, and no second meaning for one name in the snap. */
static bool may_be(struct snap *s, enum side side, const char *name, unsigned line, char *why)
{
	if (!name_is_port(name))
		return field_refuse(why, line, "%s: \"%.64s\" is not a name", words[side], name);
	if (ports_of(s, side)->len >= MODEL_PORTS_MAX)
		return field_refuse(why, line, "%s: more than %d", words[side], MODEL_PORTS_MAX);
	if (find(ports_of(s, side == PLUG ? SLOT : PLUG), name))
		return field_refuse(why, line, "%s.%s: is a plug and a slot", words[side], name);
	return true;
}

static bool is_text(const struct node *n)
{
	return n->kind == NODE_TEXT && node_type(n) == TYPE_TEXT;
}

/* The keys of one port: "interface", "label", and its attributes. */
static bool read_keys(struct arena *a, struct port *p, const struct node *map, const char *word,
		      char *why)
{
	struct node *attrs = node_new(a, NODE_MAP, map->line, map->column);

	for (const struct node *c = map->first; c; c = c->next) {
		bool is_interface = !strcmp(c->key, "interface"),
		     is_label = !strcmp(c->key, "label");

		if ((is_interface || is_label) && !is_text(c))
			return field_refuse(why, c->line, "%s.%s.%s: not a text", word, p->name,
					    c->key);
		if (is_interface) {
			p->interface = c->text;
			continue;
		}
		if (is_label) {
			p->title = c->text;
			continue;
		}
		const struct node *odd = c->key[0] == '$' ? c : attr_unfit(c);
		if (odd)
			return field_refuse(
				why, odd->line, "%s.%s.%.64s: %s", word, p->name, c->key,
				odd->key && odd->key[0] == '$' ? "names with $ are reserved" :
								 "has no value");
		struct node *copy = NEW(a, struct node);
		*copy = *c;
		copy->next = NULL;
		node_add(attrs, copy);
	}
	p->attrs = attrs;
	return true;
}

static bool read_port(struct arena *a, struct snap *s, enum side side, const struct node *n,
		      char *why)
{
	if (!may_be(s, side, n->key, n->line, why))
		return false;
	struct port *p = add(a, s, side, n->key, n->line);

	if (n->kind == NODE_MAP) {
		if (!read_keys(a, p, n, words[side], why))
			return false;
	} else if (n->kind == NODE_LIST || (!node_is_null(n) && !is_text(n))) {
		return field_refuse(why, n->line, "%s.%s: not an interface and not a map",
				    words[side], n->key);
	} else if (!node_is_null(n)) {
		p->interface = n->text;
	}
	return name_is_port(p->interface) ||
	       field_refuse(why, n->line, "%s.%s: \"%.64s\" is not the name of an interface",
			    words[side], p->name, p->interface);
}

bool ports_read(struct arena *a, struct snap *s, enum side side, const struct node *map, char *why)
{
	if (node_is_null(map))
		return true;
	if (map->kind != NODE_MAP)
		return field_refuse(why, map->line, "%s: not a map", words[side]);
	for (const struct node *c = map->first; c; c = c->next)
		if (!read_port(a, s, side, c, why))
			return false;
	return true;
}

bool ports_list(struct arena *a, struct snap *s, enum side side, const struct node *owner,
		const char *path, struct ports *out, char *why)
{
	struct words list = {0};
	const struct node *n = node_get(owner, words[side]);
	const struct field table[] = {{words[side], FIELD_WORDS, 0, name_is_port, "a name"}, {0}};

	if (!field_read(a, table, owner, path, &list, why))
		return false;
	for (size_t i = 0; i < list.len; i++) {
		struct port *p = find(ports_of(s, side), list.at[i]);

		if (!p) {
			if (!may_be(s, side, list.at[i], n->line, why))
				return false;
			p = add(a, s, side, list.at[i], 0);
		}
		p->scoped = true;
		if (!find(out, p->name))
			vec_push(a, out, p);
	}
	return true;
}

static void bind_all(struct arena *a, const struct ports *all, struct ports *to)
{
	for (size_t i = 0; i < all->len; i++)
		if (!all->at[i]->scoped)
			vec_push(a, to, all->at[i]);
}

void ports_bind(struct arena *a, struct snap *s)
{
	for (size_t i = 0; i < s->apps.len; i++) {
		bind_all(a, &s->plugs, &s->apps.at[i]->plugs);
		bind_all(a, &s->slots, &s->apps.at[i]->slots);
	}
	for (size_t i = 0; i < s->hooks.len; i++) {
		bind_all(a, &s->plugs, &s->hooks.at[i]->plugs);
		if (!s->hooks.at[i]->component)
			bind_all(a, &s->slots, &s->hooks.at[i]->slots);
	}
}
