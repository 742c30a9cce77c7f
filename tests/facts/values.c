/* values.c - texts of policy that are not compiled, as sets of what their readers read */
#include "values.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/str.h"
#include "ns/fstab.h"
#include "policy/device/rule.h"
#include "rules.h"

static int by_match(const void *x, const void *y)
{
	const struct device_match *a = x, *b = y;
	int d = strcmp(a->key, b->key);

	return d ? d : strcmp(a->pattern, b->pattern);
}

static int by_bytes(const void *x, const void *y)
{
	return strcmp(*(const char *const *)x, *(const char *const *)y);
}

/* Does it do more than say which devices it means? That is udev's alone. */
static bool assigns(const char *line)
{
	for (const char *s = strchr(line, '='); s; s = strchr(s + 2, '='))
		if (s[1] != '=' && (s == line || s[-1] != '!'))
			return true;
		else if (!s[1] || !s[2])
			break;
	return false;
}

static const char *device(struct arena *a, enum backend k, const char *line)
{
	struct device_rule r = {0};
	struct buf out = buf_new(a);
	char why[WHY_MAX];

	if (assigns(line))
		return rule_form(a, k, line);
	if (!device_rule_parse(a, line, &r, why))
		return arena_printf(a, "? %s", line);
	qsort(r.matches.at, r.matches.len, sizeof *r.matches.at, by_match);
	device_rule_print(&out, &r);
	return buf_text(&out);
}

static const char *mount(struct arena *a, bool user, const char *line)
{
	struct fstab_entry e = {0};
	struct buf out = buf_new(a);
	char why[WHY_MAX];

	if (!fstab_parse(a, line, user, &e, why))
		return arena_printf(a, "? %s", line);
	if (e.options.len)
		qsort(e.options.at, e.options.len, sizeof *e.options.at, by_bytes);
	fstab_print(&out, &e);
	return buf_text(&out);
}

struct words values_of(struct arena *a, enum backend k, const char *text)
{
	struct words forms = rules_of(a, k, text), out = {0}, once = {0};

	for (size_t i = 0; i < forms.len; i++)
		if (k == BACK_DEVICE)
			vec_push(a, &out, device(a, k, forms.at[i]));
		else if (k == BACK_MOUNT || k == BACK_USER_MOUNT)
			vec_push(a, &out, mount(a, k == BACK_USER_MOUNT, forms.at[i]));
		else
			vec_push(a, &out, forms.at[i]);
	if (out.len)
		qsort(out.at, out.len, sizeof *out.at, by_bytes);
	for (size_t i = 0; i < out.len; i++)
		if (!once.len || strcmp(once.at[once.len - 1], out.at[i]) != 0)
			vec_push(a, &once, out.at[i]);
	return once;
}

int values_differ(const char *where, struct words ours, struct words facts)
{
	int wrong = 0;

	for (size_t i = 0, j = 0; i < facts.len || j < ours.len;) {
		int d = i == facts.len ? 1 : j == ours.len ? -1 : strcmp(facts.at[i], ours.at[j]);

		if (d) {
			printf("# %s %s: %s\n", where, d < 0 ? "lacks" : "has more",
			       d < 0 ? facts.at[i] : ours.at[j]);
			wrong++;
		}
		i += d <= 0;
		j += d >= 0;
	}
	return wrong;
}
