/* group.c - the devices that a label may open: LABEL.device */
#include "policy/device/group.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/str.h"
#include "policy/device/rule.h"

/* Snaps of these bases get a group only when something is assigned to them; later
 * bases, and all that snapd does not know, always (D1). */
static const char *const lenient[] = {"core", "core16", "core18", "core20", "core22", NULL};

/* D5. Terminals: 136 to 143 are all pseudo terminals. */
static const char defaults[] =
	"default c 1:3 rwm null\n"
	"default c 1:5 rwm zero\n"
	"default c 1:7 rwm full\n"
	"default c 1:8 rwm random\n"
	"default c 1:9 rwm urandom\n"
	"default c 5:0 rwm tty\n"
	"default c 5:1 rwm console\n"
	"default c 5:2 rwm ptmx\n"
	"default c 136:* rwm pts\n"
	"default c 137:* rwm pts\n"
	"default c 138:* rwm pts\n"
	"default c 139:* rwm pts\n"
	"default c 140:* rwm pts\n"
	"default c 141:* rwm pts\n"
	"default c 142:* rwm pts\n"
	"default c 143:* rwm pts\n"
	"present net/tun\n"
	"present nvidia[0-9]*\n"
	"present nvidia-modeset\n"
	"present nvidia-uvm\n"
	"present nvidiactl\n"
	"present uhid\n";

bool device_is_self(const struct policy *all)
{
	return policy_has_flag(all, "controls-device-cgroup");
}

static int by_interface(const void *x, const void *y)
{
	const struct device_line *a = x, *b = y;
	int order = strcmp(a->piece->iface->name, b->piece->iface->name);

	if (!order)
		order = strcmp(a->line, b->line);
	return order ? order : strcmp(a->piece->port->name, b->piece->port->name);
}

static bool has_line(const struct device_lines *list, size_t count, const char *line)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(list->at[i].line, line))
			return true;
	return false;
}

static bool add_piece(struct arena *a, const struct piece *piece, struct device_lines *out,
		      char *why)
{
	char reason[WHY_MAX];

	for (char **l = str_split(a, piece->text, '\n', NULL); *l; l++) {
		struct device_rule rule;
		struct buf b = buf_new(a);

		if (!**l || **l == '#')
			continue;
		if (!device_rule_parse(a, *l, &rule, reason)) {
			snprintf(why, WHY_MAX, "%s: device rule of interface %s: %.120s",
				 piece->port->name, piece->iface->name, reason);
			return false;
		}
		device_rule_print(&b, &rule);
		struct device_line one = {*l, buf_text(&b), piece};
		vec_push(a, out, one);
	}
	return true;
}

bool device_lines(struct arena *a, const struct policy *p, struct device_lines *out, char *why)
{
	size_t kept = 0;

	*out = (struct device_lines){0};
	for (size_t i = 0; i < p->pieces[BACK_DEVICE].len; i++)
		if (!add_piece(a, &p->pieces[BACK_DEVICE].at[i], out, why))
			return false;
	if (out->len)
		qsort(out->at, out->len, sizeof *out->at, by_interface);
	for (size_t i = 0; i < out->len; i++)
		if (!has_line(out, kept, out->at[i].line))
			out->at[kept++] = out->at[i];
	out->len = kept;
	return true;
}

static const char *group_word(const struct device_for *f)
{
	if (f->lax)
		return "never";
	if (f->self)
		return "self";
	return f->base && str_in(f->base, lenient) ? "assigned" : "always";
}

/* Lines that differ in what they assign may mean the same devices: each once, sorted. */
static void add_matches(struct buf *out, const struct device_lines *lines)
{
	const char **at = NEW_N(out->arena, const char *, lines->len + 1);

	for (size_t i = 0; i < lines->len; i++)
		at[i] = lines->at[i].match;
	if (lines->len)
		qsort(at, lines->len, sizeof *at, str_order);
	for (size_t i = 0; i < lines->len; i++)
		if (!i || strcmp(at[i - 1], at[i]))
			buf_printf(out, "match %s\n", at[i]);
}

bool device_group_text(struct buf *out, const struct device_for *f, char *why)
{
	const char *word = group_word(f);
	bool grouped = *word == 'a';
	struct device_lines lines;

	if (!device_lines(out->arena, f->policy, &lines, why))
		return false;
	buf_printf(out, "snapbox-device 1\nlabel %s\ngroup %s\n%s", f->label, word,
		   grouped ? defaults : "");
	if (grouped)
		add_matches(out, &lines);
	buf_str(out, "end\n");
	return true;
}
