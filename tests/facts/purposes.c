/* purposes.c - the differences on purpose, and what they make of the facts */
#include "purposes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/str.h"
#include "read.h"
#include "rules.h"

static char **entries;
static bool *used;
static size_t count;

void purposes_load(struct arena *a, const char *path)
{
	char *text = facts_read(a, path);

	if (!text)
		die("read %s: %m", path);
	entries = str_split(a, text, '\n', &count);
	used = NEW_N(a, bool, count + 1);
}

static bool is_of(const char *entry, const char *name)
{
	const char *rest = str_after(entry, name);

	return rest && *rest == '\t';
}

/* The rule itself, or "~" and a part of it: of rules of snap-update-ns alone. */
static bool on_purpose(struct arena *a, const char *name, enum backend k, char sign,
		       const char *rule)
{
	const char *head = arena_printf(a, "%s\t%c ", name, sign);
	bool found = false;

	for (size_t i = 0; i < count; i++) {
		const char *what = str_after(entries[i], head);

		if (!what || (*what == '~' ? k != BACK_UPDATE_NS || !strstr(rule, what + 1) :
			      strcmp(what, rule) != 0))
			continue;
		found = used[i] = true;
	}
	return found;
}

static bool has(const struct words *sorted, const char *rule)
{
	for (size_t i = 0; i < sorted->len; i++)
		if (!strcmp(sorted->at[i], rule))
			return true;
	return false;
}

static void put(struct buf *out, enum backend k, const char *rule)
{
	bool ends = (k == BACK_APPARMOR || k == BACK_UPDATE_NS) && !str_starts(rule, "include");

	buf_printf(out, "%s%s\n", rule, ends ? "," : "");
}

const char *purposes_apply(struct arena *a, const char *name, enum backend k, const char *want,
			   const char *have)
{
	struct words ours = {0}, theirs = {0};
	struct buf out = buf_new(a);
	bool any = false;

	for (size_t i = 0; i < count; i++)
		any |= is_of(entries[i], name);
	if (!any)
		return want;
	ours = rules_of(a, k, have);
	theirs = rules_of(a, k, want);
	for (char **line = str_split(a, want, '\n', NULL); *line; line++) {
		struct words forms = rules_of(a, k, *line), kept = {0};

		for (size_t i = 0; i < forms.len; i++)
			if (has(&ours, forms.at[i]) || !on_purpose(a, name, k, '-', forms.at[i]))
				vec_push(a, &kept, forms.at[i]);
		if (kept.len == forms.len)
			buf_printf(&out, "%s\n", *line);
		else
			for (size_t i = 0; i < kept.len; i++)
				put(&out, k, kept.at[i]);
	}
	for (size_t i = 0; i < ours.len; i++)
		if (!has(&theirs, ours.at[i]) && on_purpose(a, name, k, '+', ours.at[i]))
			put(&out, k, ours.at[i]);
	return buf_text(&out);
}

int purposes_unused(const char *name)
{
	int n = 0;

	for (size_t i = 0; i < count; i++)
		if (is_of(entries[i], name) && !used[i]) {
			printf("# is no difference (any more): %s\n", entries[i]);
			n++;
		}
	return n;
}
