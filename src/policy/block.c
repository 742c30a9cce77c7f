/* block.c - the little language in interface files: when, for-each, $(...)
 *
 * Only values that iface_check_port() accepted are substituted; what ends up in
 * AppArmor text is checked once more here, so that no attribute, however it
 * got in, becomes a rule of its own (attacks.md R17).
 */
#include "policy/block.h"

#include <stdio.h>
#include <string.h>

#include "core/str.h"
#include "policy/except.h"
#include "policy/mimic.h"

struct expansion {
	struct arena *arena;
	const struct scope *scope;
	const char *each_name, *each_value; /* or NULL */
	char *why;
};

static bool fail(struct expansion *e, const char *what, const char *name)
{
	snprintf(e->why, WHY_MAX, "$(%s): %s", name, what);
	return false;
}

/* Labels: which apps and hooks of the snap have this port? */
static bool has_port(const struct ports *list, const struct port *p)
{
	for (size_t i = 0; i < list->len; i++)
		if (list->at[i] == p)
			return true;
	return false;
}

static struct words bound_names(struct arena *a, const struct port *p, bool *all)
{
	struct words names = {0};
	const struct snap *s = p->snap;

	*all = true;
	for (size_t i = 0; i < s->apps.len; i++) {
		const struct app *app = s->apps.at[i];

		if (has_port(p->side == PLUG ? &app->plugs : &app->slots, p))
			vec_push(a, &names, app->name);
		else
			*all = false;
	}
	for (size_t i = 0; i < s->hooks.len; i++) {
		const struct hook *h = s->hooks.at[i];

		if (has_port(p->side == PLUG ? &h->plugs : &h->slots, p))
			vec_push(a, &names, arena_printf(a, "hook.%s", h->name));
		else
			*all = false;
	}
	return names;
}

const char *block_label(struct arena *a, const struct port *p, bool system)
{
	bool all;

	if (system)
		return "unconfined";
	struct words names = bound_names(a, p, &all);
	if (all && names.len > 1)
		return arena_printf(a, "snap.%s.*", p->snap->instance);
	if (names.len == 1)
		return arena_printf(a, "snap.%s.%s", p->snap->instance, names.at[0]);
	return arena_printf(a, "snap.%s.{%s}", p->snap->instance,
			    str_join(a, (char *const *)names.at, names.len, ","));
}

/* A label as part of a D-Bus name: what is no letter or digit is _ and its hex. */
static const char *dbus_form(struct arena *a, const char *label)
{
	struct buf b = buf_new(a);

	for (; *label; label++) {
		bool plain = (*label >= 'a' && *label <= 'z') || (*label >= 'A' && *label <= 'Z') ||
			     (*label >= '0' && *label <= '9') || strchr("{},*", *label);
		if (plain)
			buf_char(&b, *label);
		else
			buf_printf(&b, "_%02x", (unsigned char)*label);
	}
	return buf_text(&b);
}

/* The value of plug.X or slot.X, or NULL. */
static const char *side_value(struct expansion *e, const char *name)
{
	bool plug = *name == 'p';
	const struct port *p = plug ? e->scope->plug : e->scope->slot;
	bool system = plug ? e->scope->plug_system : e->scope->slot_system;
	const char *what = name + strlen("plug.");

	if (!p)
		return NULL;
	if (!strcmp(what, "label"))
		return block_label(e->arena, p, system);
	if (!strcmp(what, "dbus"))
		return dbus_form(e->arena, block_label(e->arena, p, system));
	if (!strcmp(what, "snap"))
		return p->snap->instance;
	if (!strcmp(what, "name"))
		return p->name;
	if (str_starts(what, "attr."))
		what += strlen("attr.");
	return node_text(p->attrs, what);
}

static const char *replaced(struct arena *a, const char *value, char from, char to)
{
	char *out = arena_dup(a, value);

	for (char *p = out; *p; p++)
		if (*p == from)
			*p = to;
	return out;
}

static const char *filtered(struct expansion *e, const char *value, const char *filter)
{
	struct node number = {.kind = NODE_TEXT, .text = value};
	const char *rest;
	int64_t n;

	if (!*filter)
		return value;
	if (!strcmp(filter, "hex2") || !strcmp(filter, "hex4"))
		return node_int(&number, &n) && n >= 0 && n <= UINT32_MAX ?
			arena_printf(e->arena, "%0*llx", filter[3] - '0', (unsigned long long)n) :
			NULL;
	if (!strcmp(filter, "in-dev"))
		return (rest = str_after(value, "/dev/")) ? rest : NULL;
	if (!strcmp(filter, "basename"))
		return (rest = strrchr(value, '/')) ? rest + 1 : value;
	if (!strcmp(filter, "slashes"))
		return replaced(e->arena, value, '.', '/');
	if (!strcmp(filter, "underscores"))
		return replaced(e->arena, value, '-', '_');
	return NULL;
}

/* Would this value change the structure of the text around it? Labels are ours. An @ in
 * front is an abstract socket's; elsewhere, a brace behind it would make it a variable. */
static bool is_inert(const char *name, const char *value)
{
	if (str_in(name, (const char *const[]){"plug.label", "slot.label", "plug.dbus", "slot.dbus",
					       NULL}))
		return true;
	for (const char *p = value; *p; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f || strchr("\"\\#{}[]^*?,$", *p) ||
		    (*p == '@' && (p != value || !p[1])))
			return false;
	return true;
}

static bool substitute(struct expansion *e, struct buf *out, const char *inner)
{
	const char *colon = strchr(inner, ':');
	char *name = arena_dupn(e->arena, inner, colon ? (size_t)(colon - inner) : strlen(inner));
	const char *value = NULL;

	if (e->each_name && !strcmp(name, e->each_name))
		value = e->each_value;
	else if (str_starts(name, "plug.") || str_starts(name, "slot."))
		value = side_value(e, name);
	if (!value)
		return fail(e, "there is no such value here", inner);
	value = filtered(e, value, colon ? colon + 1 : "");
	if (!value)
		return fail(e, "the filter does not apply", inner);
	if (!is_inert(name, value))
		return fail(e, "its value has characters that rules are made of", inner);
	buf_str(out, value);
	return true;
}

/* One line without "except". */
static bool expand_line(struct expansion *e, struct buf *out, const char *line)
{
	const char *open;

	while ((open = strstr(line, "$("))) {
		const char *close = strchr(open, ')');

		if (!close)
			return fail(e, "no closing bracket", open + 2);
		buf_add(out, line, (size_t)(open - line));
		if (!substitute(e, out, arena_dupn(e->arena, open + 2, (size_t)(close - open - 2))))
			return false;
		line = close + 1;
	}
	buf_str(out, line);
	buf_char(out, '\n');
	return true;
}

/* $(except WORD...) makes a line many; it brings its own end, so a slash
 * and two stars directly behind it are dropped. */
static bool expand_except(struct expansion *e, struct buf *out, const char *line, const char *open)
{
	const char *close = strchr(open, ')'), *rest;
	size_t count;

	if (!close)
		return fail(e, "no closing bracket", "except");
	char **words = str_split(e->arena, arena_dupn(e->arena, open + strlen("$(except "),
				 (size_t)(close - open) - strlen("$(except ")), ' ', &count);
	rest = str_after(close + 1, "/**");
	struct words patterns = except_patterns(e->arena, (const char *const *)words, count);
	for (size_t i = 0; i < patterns.len; i++)
		if (!expand_line(e, out, arena_printf(e->arena, "%.*s%s%s", (int)(open - line),
						      line, patterns.at[i],
						      rest ? rest : close + 1)))
			return false;
	return true;
}

/* $(mimic N PATH) on a line of its own. */
static bool expand_mimic(struct expansion *e, struct buf *out, const char *line)
{
	unsigned present;
	int n = 0;

	if (sscanf(line, "$(mimic %1u /%*[a-z0-9/._*-])%n", &present, &n) != 1 || !n || line[n] ||
	    !present)
		return fail(e, "a number and a path on a line of its own", "mimic");
	const char *path = strchr(line, '/');
	mimic_dir(out, arena_dupn(e->arena, path, strlen(path) - 1), present);
	return true;
}

static bool expand_line_of(struct expansion *e, struct buf *out, const char *line)
{
	const char *open = strstr(line, "$(except ");

	if (!*line)
		return true;
	if (str_starts(line, "$(mimic "))
		return expand_mimic(e, out, line);
	return open ? expand_except(e, out, line, open) : expand_line(e, out, line);
}

static bool expand_once(struct expansion *e, struct buf *out, const char *text)
{
	char **lines = str_split(e->arena, text, '\n', NULL);

	for (; *lines; lines++)
		if (!expand_line_of(e, out, *lines))
			return false;
	return true;
}

static const struct node *attribute(const struct scope *s, const char *name)
{
	const struct port *p = *name == 'p' ? s->plug : s->slot;

	return p ? node_get(p->attrs, name + strlen("plug.")) : NULL;
}

bool block_text(struct buf *out, const struct block *b, enum backend k, const struct scope *s,
		 char *why)
{
	struct expansion e = {.arena = out->arena, .scope = s, .each_name = b->as, .why = why};

	if (!b->text[k])
		return true;
	if (!b->each)
		return expand_once(&e, out, b->text[k]);
	const struct node *list = attribute(s, b->each);
	if (list && list->kind == NODE_TEXT) {
		e.each_value = list->text;
		return expand_once(&e, out, b->text[k]);
	}
	for (const struct node *n = list ? list->first : NULL; n; n = n->next) {
		e.each_value = n->text;
		if (n->kind != NODE_TEXT)
			return fail(&e, "not a list of texts", b->each);
		if (!expand_once(&e, out, b->text[k]))
			return false;
	}
	return true;
}

static bool has_word(const struct words *w, const char *s)
{
	for (size_t i = 0; i < w->len; i++)
		if (!strcmp(w->at[i], s))
			return true;
	return false;
}

static bool truth_is(const struct cond *c, bool value)
{
	return has_word(&c->values, value ? "true" : "false");
}

static bool attribute_is(const struct cond *c, const struct node *n)
{
	bool truth;

	if (has_word(&c->values, n ? "set" : "unset"))
		return true;
	if (!n) /* an absent switch is off */
		return has_word(&c->values, "false");
	if (node_bool(n, &truth))
		return truth_is(c, truth);
	if (n->kind == NODE_TEXT)
		return has_word(&c->values, n->text);
	for (const struct node *e = n->first; e; e = e->next)
		if (e->kind == NODE_TEXT && has_word(&c->values, e->text))
			return true;
	return false;
}

/* "plug.bus: $(slot.bus)": have both sides said the same? */
static bool same_as(const struct cond *c, const char *other, const struct scope *s)
{
	char name[128];
	const struct node *x = attribute(s, c->key), *y;

	snprintf(name, sizeof name, "%.*s", (int)strcspn(other, ")"), other);
	y = attribute(s, name);
	return x && y && x->kind == NODE_TEXT && y->kind == NODE_TEXT && !strcmp(x->text, y->text);
}

static bool holds(const struct cond *c, const struct scope *s)
{
	const char *feature = str_after(c->key, "feature.");
	const char *other = c->values.len ? str_after(c->values.at[0], "$(") : NULL;

	if (other)
		return same_as(c, other, s);
	if (!strcmp(c->key, "classic"))
		return truth_is(c, s->classic);
	if (!strcmp(c->key, "slot.system"))
		return truth_is(c, s->slot_system);
	if (!strcmp(c->key, "plug.system"))
		return truth_is(c, s->plug_system);
	if (!strcmp(c->key, "base"))
		return s->base && has_word(&c->values, s->base);
	if (feature)
		return truth_is(c, has_word(&s->features, feature));
	return attribute_is(c, attribute(s, c->key));
}

bool block_holds(const struct block *b, const struct scope *s)
{
	for (size_t i = 0; i < b->when.len; i++)
		if (!holds(&b->when.at[i], s))
			return false;
	return true;
}
