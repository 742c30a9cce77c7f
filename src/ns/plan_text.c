/* plan_text.c - the text form of a plan, written and strictly read
 *
 * The lines stand in one order; the reader walks the same table as the writer.
 */
#include "ns/plan.h"

#include <stdio.h>
#include <stddef.h>
#include <string.h>

#include "core/str.h"
#include "core/vec.h"
#include "policy/model/name.h"

static const char *const kinds[] = {
	[PLAN_STRICT] = "strict",
	[PLAN_DEVMODE] = "devmode",
	[PLAN_CLASSIC] = "classic",
};

enum form {
	FORM_TEXT, /* const char *, always there */
	FORM_BASE, /* const char *, there unless classic */
	FORM_LIST, /* struct plan_list */
	FORM_KIND,
	FORM_YES, /* bool: yes or no */
};

static const struct line {
	const char *key;
	enum form form;
	size_t at;
} lines[] = {
	{"label", FORM_TEXT, offsetof(struct plan, label)},
	{"revision", FORM_TEXT, offsetof(struct plan, revision)},
	{"kind", FORM_KIND, offsetof(struct plan, kind)},
	{"base", FORM_BASE, offsetof(struct plan, base)},
	{"base-dir", FORM_BASE, offsetof(struct plan, base_dir)},
	{"dir", FORM_TEXT, offsetof(struct plan, dir)},
	{"steps", FORM_YES, offsetof(struct plan, steps)},
	{"caps", FORM_TEXT, offsetof(struct plan, caps)},
	{"apparmor", FORM_TEXT, offsetof(struct plan, apparmor)},
	{"hide", FORM_LIST, offsetof(struct plan, hide)},
	{"show", FORM_LIST, offsetof(struct plan, show)},
	{"guard", FORM_TEXT, offsetof(struct plan, guard)},
	{"allow", FORM_LIST, offsetof(struct plan, allow)},
	{"grade", FORM_TEXT, offsetof(struct plan, grade)},
	{"filter", FORM_YES, offsetof(struct plan, filter)},
	{"command", FORM_TEXT, offsetof(struct plan, command)},
	{"chain", FORM_LIST, offsetof(struct plan, chain)},
	{"arg", FORM_LIST, offsetof(struct plan, args)},
	{"env", FORM_LIST, offsetof(struct plan, env)},
};

#define LINES (sizeof lines / sizeof lines[0])
#define MAGIC "snapbox-plan 1"

static void print_line(struct buf *out, const char *key, const char *value)
{
	buf_printf(out, "%s ", key);
	for (const char *s = value; *s; s++) {
		unsigned char c = (unsigned char)*s;

		if (c < 0x20 || c == 0x7f || c == '\\')
			buf_printf(out, "\\%03o", c);
		else
			buf_char(out, *s);
	}
	buf_char(out, '\n');
}

void plan_print(struct buf *out, const struct plan *p)
{
	DOING("plan", p->label);
	const char *why = plan_check(out->arena, p);

	if (why)
		die("%s", why);
	buf_str(out, MAGIC "\n");
	for (size_t i = 0; i < LINES; i++) {
		const char *field = (const char *)p + lines[i].at;
		const struct plan_list *list = (const void *)field;

		if (lines[i].form == FORM_KIND)
			print_line(out, lines[i].key, kinds[p->kind]);
		else if (lines[i].form == FORM_YES)
			print_line(out, lines[i].key, *(const bool *)field ? "yes" : "no");
		else if (lines[i].form == FORM_LIST)
			for (size_t k = 0; k < list->len; k++)
				print_line(out, lines[i].key, list->at[k]);
		else if (*(const char *const *)field)
			print_line(out, lines[i].key, *(const char *const *)field);
	}
	buf_str(out, "end\n");
	if (out->len > PLAN_BYTES_MAX)
		die("more than %d bytes", PLAN_BYTES_MAX);
}

/* Undo the \ooo of print_line in place; false when a byte could not be its work. */
static bool unescape(char *s)
{
	char *to = s;

	for (; *s; s++) {
		unsigned char c = (unsigned char)*s;

		if (c < 0x20 || c == 0x7f)
			return false;
		if (c == '\\') {
			unsigned value = 0;

			for (int i = 1; i <= 3; i++) {
				if (s[i] < '0' || s[i] > '7')
					return false;
				value = value * 8 + (unsigned)(s[i] - '0');
			}
			if (!(value >= 1 && value < 0x20) && value != 0x7f && value != '\\')
				return false;
			c = (unsigned char)value;
			s += 3;
		}
		*to++ = (char)c;
	}
	*to = '\0';
	return true;
}

/* The value of the next line when its key is this one; else NULL, nothing moved. */
static char *next_value(char **at, const char *key)
{
	size_t n = strlen(key);
	char *value = *at + n + 1, *end;

	if (strncmp(*at, key, n) || (*at)[n] != ' ' || !(end = strchr(value, '\n')))
		return NULL;
	*end = '\0';
	*at = end + 1;
	return value;
}

static bool set_kind(struct plan *p, const char *value)
{
	for (size_t k = 0; k < sizeof kinds / sizeof kinds[0]; k++)
		if (!strcmp(kinds[k], value)) {
			p->kind = (enum plan_kind)k;
			return true;
		}
	return false;
}

static bool read_list(struct arena *a, struct plan_list *list, const char *key, char **at)
{
	VEC(const char *) found = {0};
	char *value;

	while ((value = next_value(at, key))) {
		if (!unescape(value) || found.len == PLAN_LIST_MAX)
			return false;
		vec_push(a, &found, value);
	}
	*list = (struct plan_list){found.at, found.len};
	return true;
}

static bool read_line(struct arena *a, struct plan *p, const struct line *l, char **at)
{
	char *field = (char *)p + l->at;

	if (l->form == FORM_LIST)
		return read_list(a, (struct plan_list *)(void *)field, l->key, at);
	if (l->form == FORM_BASE && p->kind == PLAN_CLASSIC)
		return true;
	char *value = next_value(at, l->key);
	if (!value || !unescape(value))
		return false;
	if (l->form == FORM_KIND)
		return set_kind(p, value);
	if (l->form == FORM_YES) {
		*(bool *)field = !strcmp(value, "yes");
		return *(bool *)field || !strcmp(value, "no");
	}
	*(const char **)(void *)field = value;
	return true;
}

static bool complete(struct arena *a, struct plan *p)
{
	struct label l;

	if (!label_parse(a, p->label, &l))
		return false;
	p->instance = l.instance;
	p->snap = name_snap_of(a, l.instance);
	return true;
}

const struct plan *plan_parse(struct arena *a, const char *text, size_t len, const char **why)
{
	struct plan *p = NEW(a, struct plan);
	char *copy = arena_dupn(a, text, len), *at = copy;

	if (strlen(copy) != len || len > PLAN_BYTES_MAX) {
		*why = "holds a NUL byte or is too long";
		return NULL;
	}
	if (strncmp(at, MAGIC "\n", sizeof MAGIC)) {
		*why = "does not begin with \"" MAGIC "\"";
		return NULL;
	}
	at += sizeof MAGIC;
	for (size_t i = 0; i < LINES; i++)
		if (!read_line(a, p, &lines[i], &at)) {
			*why = arena_printf(a, "\"%s\" is missing or wrong", lines[i].key);
			return NULL;
		}
	if (strcmp(at, "end\n")) {
		*why = arena_printf(a, "unexpected \"%.*s\"", (int)strcspn(at, "\n") % 80, at);
		return NULL;
	}
	*why = plan_check(a, p);
	return *why || !complete(a, p) ? NULL : p;
}
