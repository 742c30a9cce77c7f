/* interface.c - what interfaces there are, and who has plugs and slots of one */
#include <stdio.h>
#include <string.h>

#include "applets/applet.h"
#include "applets/lib/attrs.h"
#include "applets/lib/endpoints.h"
#include "applets/lib/table.h"
#include "core/json.h"
#include "core/str.h"
#include "core/template.h"

#define DOCUMENTATION "https://snapcraft.io/docs/%s-interface"

/* There is a page about each that snapd knows too; not about what a file here added. */
static const char *documentation(struct arena *a, const struct iface *i)
{
	if (!template_text(a, arena_printf(a, "interfaces/%s.yaml", i->name), NULL))
		return NULL;
	return arena_printf(a, DOCUMENTATION, i->name);
}

static void add_ports(struct table *t, const char *head, const struct endpoints *e, enum side side,
		      bool attrs)
{
	struct arena *a = t->text.arena;

	if (e->side[side].len)
		table_add(t, "%s:\n", head);
	for (size_t i = 0; i < e->side[side].len; i++) {
		const struct port *p = e->side[side].at[i].port;
		bool same = str_eq(p->name, p->interface), show = attrs && p->attrs->count;
		bool titled = p->title && *p->title;

		table_add(t, "  - %s%s%s%s%s%s%s\n", p->snap->instance, same ? "" : ":",
			  same ? "" : p->name, titled ? " (" : "",
			  titled ? table_cell(a, p->title) : "", titled ? ")" : "",
			  show ? ":" : "");
		if (show)
			attrs_add(t, p->attrs);
	}
}

static void print_one(struct arena *a, const struct iface *i, const struct endpoints *e, bool attrs)
{
	struct table t = table_new(a, 2, 1);
	const char *page = documentation(a, i);

	table_add(&t, "name:\t%s\n", i->name);
	if (i->summary)
		table_add(&t, "summary:\t%s\n", table_cell(a, i->summary));
	if (page)
		table_add(&t, "documentation:\t%s\n", page);
	add_ports(&t, "plugs", e, PLUG, attrs);
	add_ports(&t, "slots", e, SLOT, attrs);
	table_print(&t);
}

/* e is NULL in a list of many, which tells no plugs and slots. */
static void add_object(struct buf *b, const struct iface *i, const struct endpoints *e)
{
	static const char *const keys[] = {"plugs", "slots"};
	const char *page = documentation(b->arena, i);

	json_comma(b);
	buf_char(b, '{');
	json_pair(b, "name", i->name);
	if (i->summary)
		json_pair(b, "summary", i->summary);
	if (e && page)
		json_pair(b, "doc-url", page);
	for (enum side side = PLUG; e && side <= SLOT; side++) {
		json_key(b, keys[side]);
		buf_char(b, '[');
		for (size_t k = 0; k < e->side[side].len; k++)
			endpoint_json(b, &e->side[side].at[k]);
		buf_char(b, ']');
	}
	buf_char(b, '}');
}

static size_t show_one(struct cmd *c, const char *name)
{
	struct endpoints_ask ask = {.iface = name, .system = true};
	const struct iface *i = iface_load(c->arena, name);

	if (!i) {
		const char *near = str_nearest(name, iface_names(c->arena, NULL));

		die("no such interface%s%s%s", near ? ", did you mean \"" : "", near ? near : "",
		    near ? "\"?" : "");
	}
	struct endpoints e = endpoints_load(c->arena, &ask);
	if (cmd_option(c, "json")) {
		struct buf b = buf_new(c->arena);

		buf_char(&b, '[');
		add_object(&b, i, &e);
		printf("%s]\n", b.data);
	} else {
		print_one(c->arena, i, &e, cmd_option(c, "attrs"));
	}
	return e.damaged;
}

/* The interfaces of what is connected, sorted; *damaged is how many snaps are. */
static const char **connected(struct arena *a, size_t *count, size_t *damaged)
{
	struct endpoints_ask ask = {0};
	struct endpoints e = endpoints_load(a, &ask);
	const char **all = iface_names(a, NULL);
	struct words used = {0};
	size_t n = 0;

	for (size_t i = 0; i < e.links.len; i++)
		if (e.links.at[i].how != CONN_UNDESIRED &&
		    !words_have(&used, e.links.at[i].plug->interface))
			vec_push(a, &used, e.links.at[i].plug->interface);
	for (const char **name = all; *name; name++)
		if (words_have(&used, *name))
			all[n++] = *name;
	*count = n;
	*damaged = e.damaged;
	return all;
}

static size_t show_many(struct cmd *c)
{
	struct table t = table_new(c->arena, 5, 2);
	struct buf b = buf_new(c->arena);
	bool all = cmd_option(c, "all"), json = cmd_option(c, "json");
	size_t n, damaged = 0;
	const char **names = all ? iface_names(c->arena, &n) :
				   connected(c->arena, &n, &damaged);

	if (!n && !json)
		die(all ? "no interfaces found" : "no interfaces currently connected");
	table_add(&t, "Name\tSummary\n");
	buf_char(&b, '[');
	for (size_t i = 0; i < n; i++) {
		const struct iface *f = iface_load(c->arena, names[i]);

		if (!f)
			continue;
		add_object(&b, f, NULL);
		table_add(&t, "%s\t%s\n", f->name,
			  table_cell(c->arena, f->summary ? f->summary : ""));
	}
	if (json)
		printf("%s]\n", b.data);
	else
		table_print(&t);
	return damaged;
}

static int interface_main(struct cmd *c)
{
	size_t damaged = c->argc ? show_one(c, c->argv[0]) : show_many(c);

	return damaged ? EXIT_REFUSED : EXIT_DONE;
}

APPLET(interface) = {
	.name = "interface",
	.args = "[INTERFACE]",
	.help =
		"Show details of snap interfaces\n"
		"\n"
		"Of one: what it is for and who has plugs and slots of it. Without a name, those\n"
		"that something is connected with.\n"
		"\n"
		"With --json a list of objects with name and summary; of a named one also\n"
		"doc-url, plugs and slots, each with snap, plug or slot, interface, attrs, apps,\n"
		"label and connections.\n",
	.examples =
		"snapbox interface\n"
		"snapbox interface --all\n"
		"snapbox interface --attrs serial-port\n"
		"snapbox interface network --json\n",
	.complete = "interfaces",
	.max = 1,
	.need = TAKES_ROOT,
	.options = (const struct option_spec[]){
		{"attrs", NULL, "show attributes of plugs and slots", 0},
		{"all", NULL, "also interfaces that nothing is connected with", 0},
		{"json", NULL, "print JSON for programs", 0},
		ROOT_OPTION,
		{0},
	},
	.main = interface_main,
};
