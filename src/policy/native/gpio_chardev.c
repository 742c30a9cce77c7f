/* gpio_chardev.c - slots of gpio-chardev: are chips named once, and lines few and apart? */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/str.h"
#include "policy/native/all.h"

#define LINES_MAX 512 /* of one slot */

struct span {
	uint64_t first, last;
};

static bool refuse(char *why, const struct port *p, const char *what, const char *value)
{
	snprintf(why, WHY_MAX, "slot \"%.40s\" of interface gpio-chardev: %s \"%.64s\"", p->name,
		 what, value);
	return false;
}

static bool check_chips(const struct node *chips, const struct port *p, char *why)
{
	for (const struct node *n = chips->first; n; n = n->next)
		for (const struct node *m = chips->first; m != n; m = m->next)
			if (!strcmp(n->text, m->text))
				return refuse(why, p, "source-chip: twice", n->text);
	return true;
}

/* "3" or "4-6" */
static bool read_span(struct arena *a, const char *text, struct span *s)
{
	const char *dash = strchr(text, '-');

	if (!dash) {
		s->last = 0;
		return str_to_u64(text, UINT32_MAX, &s->first) && (s->last = s->first, true);
	}
	return str_to_u64(arena_dupn(a, text, (size_t)(dash - text)), UINT32_MAX, &s->first) &&
	       str_to_u64(dash + 1, UINT32_MAX, &s->last) && s->first < s->last;
}

/* "3,4-6": in any order, none twice. */
static bool check_lines(struct arena *a, const char *lines, const struct port *p, char *why)
{
	struct span seen[LINES_MAX];
	uint64_t total = 0;
	size_t n = 0;

	for (char **w = str_split(a, lines, ',', NULL); *w; w++) {
		struct span s;

		if (!read_span(a, *w, &s))
			return refuse(why, p, "lines: neither a number nor a range", *w);
		for (size_t i = 0; i < n; i++)
			if (seen[i].first <= s.last && s.first <= seen[i].last)
				return refuse(why, p, "lines: some twice", *w);
		total += s.last - s.first + 1;
		if (total > LINES_MAX)
			return refuse(why, p, "lines: more than 512", lines);
		seen[n++] = s;
	}
	return true;
}

static bool check(struct arena *a, const struct iface *i, const struct port *p, char *why)
{
	(void)i;
	if (p->side == PLUG)
		return true;
	return check_chips(node_get(p->attrs, "source-chip"), p, why) &&
	       check_lines(a, node_text(p->attrs, "lines"), p, why);
}

const struct native native_gpio_chardev = {.name = "gpio-chardev", .check = check};
