/* source.c - the text of a snap's filter
 *
 * A line that turns the filter off MUST NOT come out of anything but our own
 * decisions: text with an attribute of a snap in it cannot bring one (A172).
 */
#include "seccomp/source.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/buf.h"
#include "core/str.h"
#include "core/template.h"
#include "core/vec.h"
#include "seccomp/users.h"

struct source {
	struct arena *arena;
	struct buf out;
	VEC(const char *) lines; /* of the section that is being gathered */
	VEC(const char *) seen;  /* all lines so far, sorted */
	bool unrestricted;
	char *why;
};

static bool is_seen(const struct source *s, const char *line, size_t count)
{
	return count && bsearch(&line, s->seen.at, count, sizeof line, str_order);
}

/* Write the lines gathered, those that no section before had. */
static void section(struct source *s, const char *title)
{
	size_t before = s->seen.len;
	bool titled = false;
	const char *last = NULL;

	if (s->lines.len)
		qsort(s->lines.at, s->lines.len, sizeof *s->lines.at, str_order);
	for (size_t i = 0; i < s->lines.len; i++) {
		const char *line = s->lines.at[i];

		if (str_eq(line, last) || is_seen(s, line, before))
			continue;
		if (!titled)
			buf_printf(&s->out, "\n# %s\n", title);
		titled = true;
		buf_printf(&s->out, "%s\n", line);
		vec_push(s->arena, &s->seen, line);
		last = line;
	}
	s->lines.len = 0;
	if (s->seen.len)
		qsort(s->seen.at, s->seen.len, sizeof *s->seen.at, str_order);
}

/* Words of a line with one blank between them. */
static const char *tidy(struct arena *a, const char *line, size_t n)
{
	char *copy = arena_dupn(a, line, n), *save, *word = strtok_r(copy, " \t", &save);
	struct buf b = buf_new(a);

	for (; word; word = strtok_r(NULL, " \t", &save))
		buf_printf(&b, "%s%s", b.len ? " " : "", word);
	return buf_text(&b);
}

static bool gather(struct source *s, const char *text, bool own, const char *origin)
{
	for (const char *line = text, *next; *line; line = next) {
		size_t n = strcspn(line, "\n");
		const char *rule = *line == '#' ? "" : tidy(s->arena, line, n);

		next = line[n] ? line + n + 1 : line + n;
		if (own && str_eq(rule, "@unrestricted")) {
			s->unrestricted = true;
		} else if (*rule == '@') {
			snprintf(s->why, SOURCE_WHY, "%s: the marker %s is not for snaps", origin,
				 rule);
			return false;
		} else if (*rule) {
			vec_push(s->arena, &s->lines, rule);
		}
	}
	return true;
}

static const char *embedded(struct arena *a, const char *name)
{
	const char *text = template_text(a, name, NULL);

	if (!text)
		die("%s: no such template", name);
	return text;
}

/* text with each $(user) replaced */
static const char *for_user(struct arena *a, const char *text, const char *user)
{
	static const char mark[] = "$(user)";
	struct buf b = buf_new(a);

	for (const char *at; (at = strstr(text, mark)); text = at + sizeof mark - 1) {
		buf_add(&b, text, (size_t)(at - text));
		buf_str(&b, user);
	}
	buf_str(&b, text);
	return buf_text(&b);
}

static bool add_users(struct source *s, const struct sc_app *app)
{
	struct arena *a = s->arena;

	if (!app->users || !*app->users) {
		gather(s, embedded(a, "seccomp/ids.filter"), true, "seccomp/ids.filter");
		section(s, "becoming others");
		return true;
	}
	for (const char *const *u = app->users; *u; u++) {
		if (!users_name_ok(*u)) {
			snprintf(s->why, SOURCE_WHY, "\"%s\" cannot be the name of a system user",
				 *u);
			return false;
		}
		gather(s, for_user(a, embedded(a, "seccomp/user.filter"), *u), true, *u);
	}
	gather(s, embedded(a, "seccomp/user-root.filter"), true, "seccomp/user-root.filter");
	section(s, "becoming the snap's system users");
	return true;
}

/* Old programs of these know no other way to sockets (C28). */
static bool needs_socketcall(const struct sc_app *app)
{
	static const char *const bases[] = {"core", "core16", NULL};

	if (!str_eq(app->kernel->name, "i386") && !str_eq(app->kernel->name, "s390x"))
		return false;
	if (app->kernel_major < 4 || (app->kernel_major == 4 && app->kernel_minor < 3))
		return true;
	return !app->base || !*app->base || str_in(app->base, bases);
}

static int by_origin(const void *x, const void *y)
{
	const struct sc_snippet *a = x, *b = y;
	int order = strcmp(a->origin, b->origin);

	return order ? order : strcmp(a->text, b->text);
}

static bool add_snippets(struct source *s, const struct sc_app *app)
{
	struct sc_snippet *list = NEW_N(s->arena, struct sc_snippet, app->count + 1);

	if (app->count) {
		memcpy(list, app->snippets, app->count * sizeof *list);
		qsort(list, app->count, sizeof *list, by_origin);
	}
	for (size_t i = 0; i < app->count; i++) {
		if (!str_only(list[i].origin, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
					      "0123456789-_.:/ ")) {
			snprintf(s->why, SOURCE_WHY, "an origin that cannot stand in a comment");
			return false;
		}
		if (!gather(s, list[i].text, list[i].own, list[i].origin))
			return false;
		if (!str_eq(list[i].origin, list[i + 1].origin))
			section(s, list[i].origin);
	}
	return true;
}

bool source_is_unrestricted(const struct sc_app *app)
{
	return app->classic && !app->jailmode;
}

const char *source_text(struct arena *a, const struct sc_app *app, char *why)
{
	struct source s = {.arena = a, .out = buf_new(a), .why = why};

	gather(&s, embedded(a, "seccomp/strict.filter"), true, "seccomp/strict.filter");
	section(&s, "every snap");
	if (!add_users(&s, app))
		return NULL;
	if (!app->apparmor) {
		gather(&s, "bind", true, "");
		section(&s, "nobody else says who may bind to what: hooks must be able to");
	}
	if (needs_socketcall(app)) {
		gather(&s, "socketcall", true, "");
		section(&s, "old programs know no other way to sockets");
	}
	if (!add_snippets(&s, app))
		return NULL;
	const char *mark = "";
	if (source_is_unrestricted(app) || s.unrestricted)
		mark = "@unrestricted\n";
	else if (app->devmode && !app->jailmode)
		mark = "@complain\n";
	return arena_printf(a,
			    "# Made by snapbox. Try changes in a copy: "
			    "snapbox policy-compile --seccomp COPY OUT\n%s%s",
			    mark, buf_text(&s.out));
}
