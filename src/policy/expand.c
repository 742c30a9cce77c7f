/* expand.c - texts of interface files with $(...) replaced
 *
 * MUST put values in through fit_add() only, and only after attr_fault() has
 * nothing to say against them, so that no attribute, however it got in, becomes
 * a rule of its own (attacks.md R17).
 */
#include <stdio.h>
#include <string.h>

#include "core/str.h"
#include "policy/except.h"
#include "policy/label.h"
#include "policy/mimic.h"
#include "policy/fit.h"
#include "policy/value.h"

struct expansion {
	struct arena *arena;
	const struct block *block;
	const struct scope *scope;
	const struct turn *turn;
	enum backend backend;
	const char *dir; /* what $(parents NAME) is in this line, or NULL */
	char *why;
};

static bool fail(struct expansion *e, const char *what, const char *name)
{
	snprintf(e->why, WHY_MAX, "$(%.64s): %s", name, what);
	return false;
}

/* $(plug.label) and the like, or NULL when name is none of them. */
static const char *derived(struct expansion *e, const char *name)
{
	bool plug = str_starts(name, "plug.");
	const struct port *p = plug ? e->scope->plug : e->scope->slot;
	bool system = plug ? e->scope->plug_system : e->scope->slot_system;
	const char *what = plug || str_starts(name, "slot.") ? name + strlen("plug.") : "";

	if (!p)
		return NULL;
	if (!strcmp(what, "label"))
		return label_of(e->arena, p, system);
	if (!strcmp(what, "dbus"))
		return label_for_dbus(e->arena, label_of(e->arena, p, system));
	if (!strcmp(what, "snap"))
		return p->snap->instance;
	return strcmp(what, "name") ? NULL : p->name;
}

static const char *replaced(struct arena *a, const char *value, char from, char to)
{
	char *out = arena_dup(a, value);

	for (char *p = out; *p; p++)
		if (*p == from)
			*p = to;
	return out;
}

/* $SNAP_COMMON/ wherever it stands, as the host sees it. */
static const char *with_common(struct arena *a, const char *text, const struct port *p)
{
	struct buf out = buf_new(a);
	const char *at;

	for (; (at = strstr(text, "$SNAP_COMMON/")); text = at + strlen("$SNAP_COMMON")) {
		buf_add(&out, text, (size_t)(at - text));
		buf_printf(&out, "/var/snap/%s/common", p->snap->instance);
	}
	buf_str(&out, text);
	return buf_text(&out);
}

static const char *filtered_once(struct expansion *e, const struct value *v, const char *text,
				 const char *filter)
{
	const char *rest = strrchr(text, '/');
	int64_t n;

	if (!strcmp(filter, "hex2") || !strcmp(filter, "hex4"))
		return node_int(v->node, &n) && n >= 0 && n <= UINT32_MAX ?
			arena_printf(e->arena, "%0*llx", filter[3] - '0', (unsigned long long)n) :
			NULL;
	if (!strcmp(filter, "in-dev"))
		return str_after(text, "/dev/");
	if (!strcmp(filter, "in-class"))
		return str_after(text, "/sys/class/");
	if (!strcmp(filter, "dir"))
		return rest ? arena_dupn(e->arena, text, (size_t)(rest - text)) : NULL;
	if (!strcmp(filter, "basename"))
		return rest ? rest + 1 : text;
	if (!strcmp(filter, "number")) {
		rest = strpbrk(rest ? rest : text, "0123456789");
		return rest;
	}
	if (!strcmp(filter, "slashes"))
		return replaced(e->arena, text, '.', '/');
	if (!strcmp(filter, "underscores"))
		return replaced(e->arena, text, '-', '_');
	if (!strcmp(filter, "rooted"))
		return *text == '/' ? text : arena_printf(e->arena, "/%s", text);
	return strcmp(filter, "expand") ? NULL : with_common(e->arena, text, v->port);
}

/* One filter after the other: "dir:in-class". */
static const char *filtered(struct expansion *e, const struct value *v, const char *text,
			    const char *filters)
{
	for (char **f = str_split(e->arena, filters, ':', NULL); text && *f; f++)
		text = filtered_once(e, v, text, *f);
	return text;
}

/* The text of one value: numbers in decimal, truths as words. */
static const char *text_of(struct expansion *e, const struct value *v, const char *name)
{
	const char *fault = v->node->kind != NODE_TEXT ? "is no single value" :
			    v->spec ? attr_fault(v->spec, v->node) : NULL;
	bool truth;
	int64_t n;

	if (fault) {
		fail(e, fault, name);
		return NULL;
	}
	if (v->spec && v->spec->type == ATTR_INT && node_int(v->node, &n))
		return arena_printf(e->arena, "%lld", (long long)n);
	if (v->spec && v->spec->type == ATTR_BOOL && node_bool(v->node, &truth))
		return truth ? "true" : "false";
	return v->node->text;
}

static bool is_pattern(const struct attr_spec *s)
{
	return s && (s->type == ATTR_GLOB || s->type == ATTR_GLOBS);
}

/* What stands before the first slash of a path, as the reader knows it; or NULL. */
static const char *front_for(struct expansion *e, const struct value *v, const char *front)
{
	bool mount = e->backend == BACK_MOUNT || e->backend == BACK_USER_MOUNT;
	const struct snap *s = v->port ? v->port->snap : NULL;

	if (!strcmp(front, "$HOME"))
		return mount ? "$HOME" : e->backend > BACK_UPDATE_NS ? NULL : "@{HOME}";
	if (!strcmp(front, "$SNAP") && s)
		return arena_printf(e->arena, "/snap/%s/%s", s->name, s->revision);
	if (!strcmp(front, "$SNAP_DATA") && s)
		return arena_printf(e->arena, "/var/snap/%s/%s", s->name, s->revision);
	if (!strcmp(front, "$SNAP_COMMON") && s)
		return arena_printf(e->arena, "/var/snap/%s/common", s->name);
	return *front ? NULL : "";
}

/* A value goes out, its front made known. */
static bool put(struct expansion *e, struct buf *out, const struct value *v, const char *text,
		const char *name, const char *rest)
{
	bool fronted = v->spec && v->spec->from.len && *text == '$';
	size_t n = fronted ? strcspn(text, "/") : 0;
	const char *front = front_for(e, v, arena_dupn(e->arena, text, n));

	if (!front)
		return fail(e, "what it begins with means nothing there", name);
	buf_str(out, front);
	return fit_add(out, e->backend, text + n, is_pattern(v->spec), rest) ||
	       fail(e, "its value has characters that rules are made of", name);
}

/* Those of a list that are flags of the kernel's, as AppArmor counts them; none of
 * them is what "rw" says. */
static const char *const mount_flags[] = {
	"async", "atime", "bind", "diratime", "dirsync", "iversion", "lazytime", "noatime",
	"nodev", "nodiratime", "noexec", "noiversion", "nolazytime", "nomand", "norelatime",
	"nostrictatime", "nosuid", "nouser", "relatime", "ro", "rw", "strictatime", "sync", NULL,
};

/* :commas and :mount-flags */
static bool put_list(struct expansion *e, struct buf *out, const struct value *v, const char *name,
		     bool flags)
{
	const struct node *n = v->node->kind == NODE_LIST ? v->node->first : v->node;
	size_t count = 0;

	for (; n; n = v->node->kind == NODE_LIST ? n->next : NULL) {
		struct value one = {n, v->spec, v->port};
		const char *text = text_of(e, &one, name);

		if (!text)
			return false;
		if (flags && !str_in(text, mount_flags))
			continue;
		if (count++)
			buf_char(out, ',');
		if (!put(e, out, &one, text, name, ""))
			return false;
	}
	if (flags && !count)
		buf_str(out, "rw");
	return true;
}

static bool substitute(struct expansion *e, struct buf *out, const char *inner, const char *rest)
{
	const char *colon = strchr(inner, ':'), *filter = colon ? colon + 1 : "", *text;
	char *name = arena_dupn(e->arena, inner, colon ? (size_t)(colon - inner) : strlen(inner));
	const char *path = str_after(name, "parents ") ? str_after(name, "parents ") :
			   str_after(name, "parent ");
	struct value v = {0};

	if (!path && (text = derived(e, name))) { /* ours: made of checked names */
		v.node = &(struct node){.kind = NODE_TEXT, .text = text};
		if (*filter && !(text = filtered(e, &v, text, filter)))
			return fail(e, "the filter does not apply", inner);
		buf_str(out, text);
		return true;
	}
	v = value_of(e->arena, e->block, e->scope, e->turn, path ? path : name);
	if (!v.node)
		return fail(e, "there is no such value here", inner);
	if (path && e->dir)
		return put(e, out, &v, e->dir, inner, rest);
	if (!strcmp(filter, "commas") || !strcmp(filter, "mount-flags"))
		return put_list(e, out, &v, inner, *filter == 'm');
	if (!(text = text_of(e, &v, inner)))
		return false;
	if (*filter && !(text = filtered(e, &v, text, filter)))
		return fail(e, "the filter does not apply", inner);
	return put(e, out, &v, text, inner, rest);
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
		if (!substitute(e, out, arena_dupn(e->arena, open + 2, (size_t)(close - open - 2)),
				close + 1))
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

/* $(parents NAME), $(parent NAME): the line for each directory above the path. */
static bool expand_parents(struct expansion *e, struct buf *out, const char *line, const char *name)
{
	bool all = name[strlen("parent")] == 's';
	const char *path = strchr(name, ' ') + 1, *text, *slash;
	char *bare = arena_dupn(e->arena, path, strcspn(path, ")"));
	struct value v = value_of(e->arena, e->block, e->scope, e->turn, bare);

	if (!v.node || !(text = text_of(e, &v, bare)))
		return v.node || fail(e, "there is no such value here", bare);
	const char *last = strrchr(text, '/'), *first = strchr(text, '/');
	for (slash = first; slash && slash <= last && first != last;
	     slash = strchr(slash + 1, '/')) {
		e->dir = arena_dupn(e->arena, text, (size_t)(slash - text));
		if ((all || slash == last) && !expand_line(e, out, line))
			return false;
	}
	e->dir = NULL;
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

static bool expand_any(struct expansion *e, struct buf *out, const char *line)
{
	const char *except = strstr(line, "$(except "), *parent = strstr(line, "$(parent");

	if (!*line)
		return true;
	if (str_starts(line, "$(mimic "))
		return expand_mimic(e, out, line);
	if (except)
		return expand_except(e, out, line, except);
	return parent ? expand_parents(e, out, line, parent + 2) : expand_line(e, out, line);
}

bool block_text(struct buf *out, const struct block *b, enum backend k, const struct scope *s,
		const struct turn *t, char *why)
{
	struct expansion e = {.arena = out->arena, .block = b, .scope = s, .turn = t, .backend = k,
			      .why = why};
	char **lines = b->text[k] ? str_split(out->arena, b->text[k], '\n', NULL) : NULL;

	for (; lines && *lines; lines++)
		if (!expand_any(&e, out, *lines))
			return false;
	return true;
}
