/* rule.c - a udev match: which devices does a line mean?
 *
 * MUST accept nothing but keys and operators of its table: udev runs programs
 * as root for some of the others. MUST refuse a line without a match.
 */
#include "policy/device/rule.h"

#include <stdio.h>
#include <string.h>

#include "core/node.h"
#include "core/str.h"

#define LINE_MAX_BYTES 2048
#define PARTS_MAX 32

enum use { MATCH = 1, ASSIGN = 2 };

static const struct key {
	const char *name;
	unsigned use;
	bool arg; /* has {something} behind it */
} keys[] = {
	{"ACTION", MATCH, false},     {"ATTR", MATCH | ASSIGN, true},
	{"ATTRS", MATCH, true},	      {"DEVPATH", MATCH, false},
	{"DRIVER", MATCH, false},     {"DRIVERS", MATCH, false},
	{"ENV", MATCH | ASSIGN, true}, {"GROUP", ASSIGN, false},
	{"KERNEL", MATCH, false},     {"KERNELS", MATCH, false},
	{"MODE", ASSIGN, false},      {"OPTIONS", ASSIGN, false},
	{"SUBSYSTEM", MATCH, false},  {"SUBSYSTEMS", MATCH, false},
	{"SYMLINK", ASSIGN, false},   {"TAG", MATCH | ASSIGN, false},
};

/* steam-support asks for this one, to the letter: it gives the pads of a controller
 * to whoever sits at the machine. */
static const char steam_run[] =
	"RUN{program}+=\"/bin/sh -c 'udevadm test-builtin uaccess "
	"/sys/%p/../../hidraw/hidraw*'\"";

static bool refuse(char *why, const char *what, const char *at)
{
	snprintf(why, WHY_MAX, "%s: \"%.80s\"", what, at);
	return false;
}

static const struct key *find(const char *name)
{
	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
		if (!strcmp(keys[i].name, name))
			return &keys[i];
	return NULL;
}

/* {arg} at *p; NULL when there is none, "" when it is not one. */
static const char *read_arg(struct arena *a, const char **p)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789_-./";

	if (**p != '{')
		return NULL;
	size_t n = strspn(*p + 1, plain);
	if (!n || (*p)[n + 1] != '}')
		return "";
	const char *arg = arena_dupn(a, *p + 1, n);
	*p += n + 2;
	return arg;
}

/* == != = += at *p: what it is for, or 0. */
static unsigned read_operator(const char **p, bool *differs)
{
	*differs = str_starts(*p, "!=");
	if (*differs || str_starts(*p, "==")) {
		*p += 2;
		return MATCH;
	}
	if (**p == '=' || str_starts(*p, "+=")) {
		*p += **p == '=' ? 1 : 2;
		return ASSIGN;
	}
	return 0;
}

/* "value" at *p. Nothing in it can end the text, the line or, for AppArmor's
 * readers of the same attribute, begin a variable. */
static const char *read_value(struct arena *a, const char **p)
{
	if (**p != '"')
		return NULL;
	size_t n = strcspn(*p + 1, "\"");
	const char *value = arena_dupn(a, *p + 1, n);
	if ((*p)[n + 1] != '"' || strchr(value, '\\'))
		return NULL;
	for (const char *c = value; *c; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			return NULL;
	*p += n + 2;
	return value;
}

static bool read_part(struct arena *a, const char **p, struct device_rule *out, char *why)
{
	const char *start = *p;
	size_t n = strspn(*p, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
	const struct key *k = find(arena_dupn(a, *p, n));
	struct device_match m = {0};

	if (str_starts(start, steam_run)) {
		*p += strlen(steam_run);
		return true;
	}
	if (!k)
		return refuse(why, "not a key of a device rule", start);
	*p += n;
	m.key = k->name;
	m.arg = read_arg(a, p);
	if (k->arg != !!m.arg || (m.arg && !*m.arg))
		return refuse(why, "not a key of a device rule", start);
	unsigned use = read_operator(p, &m.differs);
	if (!(use & k->use))
		return refuse(why, "an operator that does not belong there", start);
	if (!(m.pattern = read_value(a, p)))
		return refuse(why, "not a quoted value", start);
	if (use == MATCH)
		vec_push(a, &out->matches, m);
	return true;
}

static bool says_when(const struct device_match *m)
{
	return !strcmp(m->key, "ACTION");
}

static bool means_some(const struct device_rule *r)
{
	for (size_t i = 0; i < r->matches.len; i++)
		if (!says_when(&r->matches.at[i]) && !r->matches.at[i].differs)
			return true;
	return false;
}

bool device_rule_parse(struct arena *a, const char *line, struct device_rule *out, char *why)
{
	const char *p = line + strspn(line, " ");
	size_t parts = 0;

	*out = (struct device_rule){0};
	if (strlen(line) > LINE_MAX_BYTES)
		return refuse(why, "too long for a device rule", line);
	for (;;) {
		if (++parts > PARTS_MAX)
			return refuse(why, "too many parts for a device rule", line);
		if (!read_part(a, &p, out, why))
			return false;
		size_t blanks = strspn(p, " ");
		p += blanks;
		if (!*p)
			break;
		/* udev takes a blank for a comma, and some lines have none. */
		if (*p == ',')
			p += 1 + strspn(p + 1, " ");
		else if (!blanks)
			return refuse(why, "no comma between two parts", p);
	}
	return means_some(out) || refuse(why, "would mean every device", line);
}

void device_rule_print(struct buf *out, const struct device_rule *r)
{
	const char *comma = "";

	for (size_t i = 0; i < r->matches.len; i++) {
		const struct device_match *m = &r->matches.at[i];

		if (says_when(m))
			continue;
		buf_printf(out, "%s%s", comma, m->key);
		if (m->arg)
			buf_printf(out, "{%s}", m->arg);
		buf_printf(out, "%s\"%s\"", m->differs ? "!=" : "==", m->pattern);
		comma = ", ";
	}
}
