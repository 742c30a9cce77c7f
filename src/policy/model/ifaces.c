/* ifaces.c - all interfaces there are, and whether a port suits its own
 *
 * Local files MUST be root's and not writable by others: they are policy.
 */
#include <errno.h>
#include <fcntl.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/dirs.h"
#include "core/fs.h"
#include "core/str.h"
#include "core/template.h"
#include "core/vec.h"
#include "policy/model/iface.h"
#include "policy/model/name.h"

#define FILE_MAX ((size_t)256 << 10)
#define EMBEDDED "interfaces/"

/* What was asked for: no interface of that name is NULL. */
struct known {
	const char *name;
	const struct iface *iface;
};

/* The directory of local interfaces, or -1. */
static int local_dir(void)
{
	int config = dirs_open(DIR_CONFIG);

	if (config < 0)
		return -1;
	int fd = fs_open(config, "interfaces", O_RDONLY | O_DIRECTORY, 0);
	close(config);
	return fd;
}

static const char *local_text(struct arena *a, const char *file, size_t *len)
{
	int dir = local_dir();
	int fd = dir < 0 ? -1 : fs_open(dir, file, O_RDONLY | O_NONBLOCK, 0);

	if (dir >= 0)
		close(dir);
	if (fd < 0)
		return NULL;
	DOING("read interface", file);
	if (!fs_is_roots(fd))
		die("not owned by root, or others may write it");
	const char *text = fs_read_fd(a, fd, FILE_MAX, len);
	if (!text)
		die("%m");
	close(fd);
	return text;
}

static const struct iface *load(struct arena *a, const char *name)
{
	char why[WHY_MAX];
	size_t len;

	const char *file = arena_printf(a, "%s.yaml", name);
	const char *text = local_text(a, file, &len);
	if (!text)
		text = template_text(a, arena_printf(a, EMBEDDED "%s", file), &len);
	if (!text)
		return NULL;
	const struct iface *i = iface_parse(a, file, text, len, why);
	if (!i)
		die("interface %s", why);
	if (strcmp(i->name, name))
		die("interface %s: it names itself %s", file, i->name);
	return i;
}

/* Every plug of every app asks for its interface: what was read for a root is kept
 * for as long as that is the root, in an arena that outlives the askers'. */
const struct iface *iface_load(struct arena *a, const char *name)
{
	static struct arena *kept;
	static VEC(struct known) known;
	static char *root;

	(void)a;
	if (!name_is_port(name))
		return NULL;
	if (!str_eq(root, dirs_root())) {
		arena_drop(kept);
		kept = arena_new();
		known.at = NULL;
		known.len = known.cap = 0;
		root = arena_dup(kept, dirs_root());
	}
	for (size_t i = 0; i < known.len; i++)
		if (!strcmp(known.at[i].name, name))
			return known.at[i].iface;
	struct known k = {arena_dup(kept, name), load(kept, name)};
	vec_push(kept, &known, k);
	return k.iface;
}

static int by_bytes(const void *x, const void *y)
{
	return strcmp(*(const char *const *)x, *(const char *const *)y);
}

static void add_name(struct arena *a, struct words *names, const char *file)
{
	if (str_ends(file, ".yaml"))
		vec_push(a, names, arena_dupn(a, file, strlen(file) - strlen(".yaml")));
}

const char **iface_names(struct arena *a, size_t *count)
{
	struct words names = {0};
	int dir = local_dir();
	char **files = dir < 0 ? NULL : fs_list(a, dir, ".", NULL);
	size_t n = 0;

	for (const char **t = template_names(a, EMBEDDED, NULL); *t; t++)
		add_name(a, &names, *t + strlen(EMBEDDED));
	for (; files && *files; files++)
		add_name(a, &names, *files);
	if (dir >= 0)
		close(dir);
	if (names.len)
		qsort(names.at, names.len, sizeof *names.at, by_bytes);
	for (size_t i = 0; i < names.len; i++)
		if (!n || strcmp(names.at[n - 1], names.at[i]))
			names.at[n++] = names.at[i];
	names.len = n;
	vec_push(a, &names, NULL);
	if (count)
		*count = n;
	return names.at;
}

/* AppArmor would read these in a path as something else; quotes and commas end a rule. */
static bool is_plain_path(const char *s)
{
	if (s[0] != '/' || strpbrk(s, "?*[]{}^\"\\,'@$#;|<>()&!`") || strstr(s, "//"))
		return false;
	for (const char *p = s; *p; p++)
		if ((unsigned char)*p <= ' ' || *p == 0x7f)
			return false;
	for (const char *p = s; (p = strstr(p, "/.")); p++)
		if (p[2] == '/' || !p[2] || (p[2] == '.' && (p[3] == '/' || !p[3])))
			return false;
	return true;
}

static bool has_control(const char *s)
{
	for (; *s; s++)
		if ((unsigned char)*s < ' ' || *s == 0x7f)
			return true;
	return false;
}

static bool matches(const char *pattern, const char *text)
{
	char whole[1024];
	regex_t re;

	snprintf(whole, sizeof whole, "^(%s)$", pattern);
	if (regcomp(&re, whole, REG_EXTENDED | REG_NOSUB))
		die("pattern %s: not a regular expression", pattern);
	bool ok = !regexec(&re, text, 0, NULL, 0);
	regfree(&re);
	return ok;
}

static const char *text_fault(const struct attr_spec *s, const struct node *n, bool path)
{
	if (n->kind != NODE_TEXT || (!n->quoted && node_type(n) == TYPE_NULL))
		return "must be a text";
	if (strlen(n->text) >= MODEL_TEXT_MAX || (int64_t)strlen(n->text) > s->max)
		return "is too long";
	if (has_control(n->text))
		return "has control characters";
	if (path && !is_plain_path(n->text))
		return "must be a clean absolute path without special characters";
	if (s->pattern && !matches(s->pattern, n->text))
		return "does not have the form that the interface asks for";
	for (size_t i = 0; i < s->values.len; i++)
		if (!strcmp(s->values.at[i], n->text))
			return NULL;
	return s->values.len ? "is not one of the allowed values" : NULL;
}

static const char *list_fault(const struct attr_spec *s, const struct node *n, bool path)
{
	if (n->kind != NODE_LIST)
		return "must be a list";
	if (n->count > MODEL_LIST_MAX)
		return "has too many entries";
	for (const struct node *c = n->first; c; c = c->next) {
		const char *fault = text_fault(s, c, path);

		if (fault)
			return fault;
	}
	return NULL;
}

static const char *value_fault(const struct attr_spec *s, const struct node *n)
{
	bool truth;
	int64_t number;

	switch (s->type) {
	case ATTR_TEXT:
	case ATTR_PATH:
		return text_fault(s, n, s->type == ATTR_PATH);
	case ATTR_TEXTS:
	case ATTR_PATHS:
		return list_fault(s, n, s->type == ATTR_PATHS);
	case ATTR_BOOL:
		return node_bool(n, &truth) ? NULL : "must be true or false";
	case ATTR_INT:
		if (!node_int(n, &number))
			return "must be a number";
		return number < s->min || number > s->max ? "is out of range" : NULL;
	case ATTR_ANY:
		return NULL;
	}
	return "has no type";
}

bool iface_check_port(const struct iface *i, const struct port *p, char *why)
{
	for (size_t k = 0; k < i->attrs[p->side].len; k++) {
		const struct attr_spec *s = &i->attrs[p->side].at[k];
		const struct node *n = node_get(p->attrs, s->name);
		const char *fault = n ? value_fault(s, n) : s->optional ? NULL : "is missing";

		if (fault) {
			snprintf(why, WHY_MAX, "%s \"%s\" of interface %s: attribute %s %s",
				 p->side == PLUG ? "plug" : "slot", p->name, i->name, s->name,
				 fault);
			return false;
		}
	}
	return true;
}
