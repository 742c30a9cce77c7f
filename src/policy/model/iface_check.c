/* iface_check.c - are the attributes of a plug or slot what its interface asks for?
 *
 * MUST refuse every value that is not of its type before any text is made of it
 * (attacks.md R17, A269): what is accepted here ends up in rules. Who makes the
 * text asks attr_fault() again, and fit.c about the place.
 */
#include <stdio.h>
#include <string.h>

#include "core/str.h"
#include "policy/model/iface.h"

#define GROUPS_MAX 50 /* braces in braces, as AppArmor's parser has it */

/* Where in the attributes something is wrong, and what. */
struct fault {
	char where[160];
	const char *what;
};

__attribute__((format(printf, 2, 3)))
static void go_in(struct fault *f, const char *fmt, ...)
{
	size_t used = strlen(f->where);
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(f->where + used, sizeof f->where - used, fmt, ap);
	va_end(ap);
}

static bool has_control(const char *s)
{
	for (; *s; s++)
		if ((unsigned char)*s < ' ' || *s == 0x7f)
			return true;
	return false;
}

/* No empty part, no "." and "..", no slash at the end. */
static bool is_clean(const char *s)
{
	size_t n = strlen(s);

	if (strstr(s, "//") || (n > 1 && s[n - 1] == '/'))
		return false;
	for (const char *part = s; part; part = strchr(part, '/')) {
		part += *part == '/';
		size_t len = strcspn(part, "/");
		if ((len == 1 || len == 2) && !strncmp(part, "..", len))
			return false;
	}
	return true;
}

/* [...] from the bracket on: where it ends, or NULL. Signs of other patterns have no
 * business in it: what counts brackets after us must not be misled. */
static const char *class_end(const char *s)
{
	s += 1 + (s[1] == '^');
	if (!*s || *s == ']')
		return NULL;
	for (; *s && *s != ']'; s++)
		if (strchr("[{}*?/", *s))
			return NULL;
	return *s ? s : NULL;
}

/* Are AppArmor's patterns in s complete? {a,b} has at least one comma. */
static bool is_whole_glob(const char *s)
{
	bool comma[GROUPS_MAX];
	size_t depth = 0;

	for (; *s; s++) {
		if (*s == '[') {
			if (!(s = class_end(s)))
				return false;
		} else if (*s == '{') {
			if (depth == GROUPS_MAX)
				return false;
			comma[depth++] = false;
		} else if (*s == '}') {
			if (!depth || !comma[--depth])
				return false;
		} else if (*s == ',' && depth) {
			comma[depth - 1] = true;
		} else if (*s == ']' || *s == '^' || (*s == '@' && s[1] == '{')) {
			return false;
		}
	}
	return !depth;
}

/* s behind what may come before its first slash, or NULL. */
static const char *behind_front(const struct attr_spec *spec, const char *s)
{
	const char *rest;

	if (!spec->from.len)
		return s;
	for (size_t i = 0; i < spec->from.len; i++) {
		rest = strcmp(spec->from.at[i], "/") ? str_after(s, spec->from.at[i]) : s;
		if (rest && (*rest == '/' || (!*spec->from.at[i] && *rest)))
			return rest;
	}
	return NULL;
}

static const char *path_fault(const struct attr_spec *spec, const char *text)
{
	const char *s = behind_front(spec, text);

	if (!s || (*s != '/' && !spec->from.len))
		return spec->from.len ? "does not begin with what it may begin with" :
					"must be an absolute path";
	if (s != text && !s[1])
		return "names no file";
	if (!is_clean(s))
		return "is not a clean path: \".\", \"..\", \"//\" or a slash at the end";
	if (strpbrk(s, "\"\\$"))
		return "has a quote, a backslash or a dollar in it";
	if (spec->type == ATTR_GLOB || spec->type == ATTR_GLOBS)
		return is_whole_glob(s) ? NULL : "has a pattern that is not well formed";
	if (strpbrk(s, "?*[]{}^"))
		return "has signs of patterns in it";
	if (spec->type <= ATTR_PATHS && strpbrk(s, " ,'@#;|<>()&!`"))
		return "has special characters in it";
	return NULL;
}

static const char *text_fault(const struct attr_spec *s, const struct node *n)
{
	size_t most = s->type % 2 || s->max > MODEL_TEXT_MAX ? MODEL_TEXT_MAX : (size_t)s->max;
	const char *fault;

	if (n->kind != NODE_TEXT || node_type(n) != TYPE_TEXT)
		return "must be a text";
	if (strlen(n->text) > most)
		return "is too long";
	if (has_control(n->text))
		return "has control characters";
	if (s->type >= ATTR_PATH && (fault = path_fault(s, n->text)))
		return fault;
	if (s->pattern && !str_like(n->text, s->pattern))
		return "does not have the form that the interface asks for";
	if (s->refuse && str_like(n->text, s->refuse))
		return "has a form that the interface refuses";
	for (size_t i = 0; i < s->values.len; i++)
		if (!strcmp(s->values.at[i], n->text))
			return NULL;
	return s->values.len ? "is not one of the allowed values" : NULL;
}

const char *attr_fault(const struct attr_spec *s, const struct node *n)
{
	bool truth;
	int64_t number;

	if (s->type == ATTR_ANY || s->type == ATTR_MAP || s->type == ATTR_MAPS)
		return NULL;
	if (s->type == ATTR_BOOL)
		return node_bool(n, &truth) ? NULL : "must be true or false";
	if (s->type != ATTR_INT)
		return text_fault(s, n);
	if (!node_int(n, &number))
		return "must be a number";
	return number < s->min || number > s->max ? "is out of range" : NULL;
}

static bool is_absent(const struct attr_spec *s, const struct node *n)
{
	return !n || (s->standard && n->kind == NODE_TEXT && !*n->text);
}

static bool check_value(const struct attr_spec *s, const struct node *n, struct fault *f);

/* The fields of a map. Goes as deep as specifications do: FIELDS_DEPTH_MAX. */
static bool check_map(const struct attr_specs *specs, bool closed, const struct node *map,
		      struct fault *f)
{
	size_t used = strlen(f->where);

	for (size_t i = 0; i < specs->len; i++) {
		const struct attr_spec *s = &specs->at[i];
		const struct node *n = node_get(map, s->name);

		f->where[used] = '\0';
		go_in(f, "%s%s", used ? "." : "", s->name);
		if (is_absent(s, n) ? s->optional : check_value(s, n, f))
			continue;
		if (!n)
			f->what = "is missing";
		return false;
	}
	f->where[used] = '\0';
	for (const struct node *c = closed ? map->first : NULL; c; c = c->next)
		if (!attr_spec_find(specs, c->key) || strchr(c->key, '.')) {
			go_in(f, ".%.40s", c->key);
			f->what = "is nothing that the interface knows";
			return false;
		}
	return true;
}

static bool check_one(const struct attr_spec *s, const struct node *n, struct fault *f)
{
	if (s->type != ATTR_MAP && s->type != ATTR_MAPS)
		return !(f->what = attr_fault(s, n));
	f->what = "must be a map";
	return n->kind == NODE_MAP && check_map(&s->fields, s->closed, n, f);
}

static bool check_value(const struct attr_spec *s, const struct node *n, struct fault *f)
{
	size_t used = strlen(f->where), i = 0;

	if (s->type > ATTR_MAPS || s->type % 2 == 0 || (s->single && n->kind != NODE_LIST))
		return check_one(s, n, f);
	f->what = n->kind != NODE_LIST ? "must be a list" :
		  n->count > MODEL_LIST_MAX || (int64_t)n->count > s->max ? "has too many entries" :
		  (int64_t)n->count < s->min ? "has too few entries" : NULL;
	for (const struct node *c = f->what ? NULL : n->first; c; c = c->next) {
		f->where[used] = '\0';
		go_in(f, "[%zu]", ++i);
		if (!check_one(s, c, f))
			return false;
	}
	f->where[used] = '\0';
	return !f->what;
}

bool iface_check_port(const struct iface *i, const struct port *p, char *why)
{
	struct fault f = {.where = ""};

	if (check_map(&i->attrs[p->side], false, p->attrs, &f))
		return true;
	snprintf(why, WHY_MAX, "%s \"%.40s\" of interface %s: attribute %s %s",
		 p->side == PLUG ? "plug" : "slot", p->name, i->name, f.where, f.what);
	return false;
}

const struct attr_spec *attr_spec_find(const struct attr_specs *specs, const char *path)
{
	const struct attr_spec *found = NULL;

	while (specs) {
		size_t n = strcspn(path, ".");

		found = NULL;
		for (size_t i = 0; i < specs->len && !found; i++)
			if (!strncmp(specs->at[i].name, path, n) && !specs->at[i].name[n])
				found = &specs->at[i];
		specs = found && path[n] ? &found->fields : NULL;
		path += n + (path[n] == '.');
	}
	return found;
}

const struct node *iface_field(struct arena *a, const struct attr_specs *specs,
			       const struct node *map, const char *of, const char *path)
{
	const struct attr_spec *spec = attr_spec_find(specs, path);
	const struct node *n = map;

	for (const char *at = path; n && at; at = strchr(at, '.') ? strchr(at, '.') + 1 : NULL)
		n = node_get(n, arena_dupn(a, at, strcspn(at, ".")));
	if (!spec || !spec->standard || !is_absent(spec, n))
		return n;
	struct node *standard = node_new(a, NODE_TEXT, 0, 0);
	standard->text = strcmp(spec->standard, "$(name)") ? spec->standard : of;
	standard->quoted = spec->type <= ATTR_GLOBS;
	return standard;
}

const struct node *iface_attr(struct arena *a, const struct iface *i, const struct port *p,
			      const char *path)
{
	static const struct attr_specs none;

	return iface_field(a, i ? &i->attrs[p->side] : &none, p->attrs, p->name, path);
}
