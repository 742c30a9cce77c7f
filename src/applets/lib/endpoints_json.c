/* endpoints_json.c - plugs, slots and connections for programs, in the form of snapd's API */
#include "applets/lib/endpoints.h"

#include "core/json.h"

static const char *const words[] = {[PLUG] = "plug", [SLOT] = "slot"};

static void put_ref(struct buf *b, const struct port *p)
{
	json_pair(b, "snap", p->snap->instance);
	json_pair(b, words[p->side], p->name);
}

void endpoint_json_ref(struct buf *b, const struct port *p)
{
	json_comma(b);
	buf_char(b, '{');
	put_ref(b, p);
	buf_char(b, '}');
}

static void put_attrs(struct buf *b, const char *key, const struct port *p)
{
	if (!p->attrs->count)
		return;
	json_key(b, key);
	json_node(b, p->attrs);
}

static bool has(const struct app *app, const struct port *p)
{
	const struct ports *list = p->side == PLUG ? &app->plugs : &app->slots;

	for (size_t i = 0; i < list->len; i++)
		if (list->at[i] == p)
			return true;
	return false;
}

static void put_apps(struct buf *b, const struct port *p)
{
	const struct snap *s = p->snap;

	json_key(b, "apps");
	buf_char(b, '[');
	for (size_t i = 0; i < s->apps.len; i++)
		if (has(s->apps.at[i], p)) {
			json_comma(b);
			json_text(b, s->apps.at[i]->name);
		}
	buf_char(b, ']');
}

void endpoint_json(struct buf *b, const struct endpoint *e)
{
	const struct port *p = e->port;

	json_comma(b);
	buf_char(b, '{');
	put_ref(b, p);
	json_pair(b, "interface", p->interface);
	put_attrs(b, "attrs", p);
	if (p->snap->apps.len)
		put_apps(b, p);
	if (p->title)
		json_pair(b, "label", p->title);
	if (e->peers.len) {
		json_key(b, "connections");
		buf_char(b, '[');
		for (size_t i = 0; i < e->peers.len; i++)
			endpoint_json_ref(b, e->peers.at[i]->port);
		buf_char(b, ']');
	}
	buf_char(b, '}');
}

void link_json(struct buf *b, const struct link *l)
{
	json_comma(b);
	buf_char(b, '{');
	json_key(b, "slot");
	buf_char(b, '{');
	put_ref(b, l->slot);
	buf_str(b, "}");
	json_key(b, "plug");
	buf_char(b, '{');
	put_ref(b, l->plug);
	buf_str(b, "}");
	json_pair(b, "interface", l->plug->interface);
	/* What a person disconnected is a person's doing as well. */
	json_pair_bool(b, "manual", l->how != CONN_AUTO);
	json_pair_bool(b, "gadget", false);
	put_attrs(b, "slot-attrs", l->slot);
	put_attrs(b, "plug-attrs", l->plug);
	buf_char(b, '}');
}
