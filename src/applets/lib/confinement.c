/* confinement.c - the table of how well apps are confined, and what there is to do it with
 *
 * It says what holds, never what would be nice: a facility that cannot be asked for is
 * "unknown", and counts as not there.
 */
#include "applets/lib/confinement.h"

#include <stdio.h>
#include <string.h>

#include "applets/lib/graded.h"
#include "applets/lib/here.h"
#include "applets/lib/table.h"
#include "core/json.h"
#include "core/str.h"
#include "policy/model/name.h"

static const char *word(enum host_state s)
{
	return s == HOST_PRESENT ? "present" : s == HOST_MISSING ? "missing" : "unknown";
}

static const char *full_name(struct arena *a, const struct host_fact *f)
{
	return *f->name ? arena_printf(a, "%s %s", f->group, f->name) : f->group;
}

static void print_rows(struct table *t, const struct substitute *app)
{
	for (int f = 0; f < FACILITY_COUNT; f++)
		table_add(t, "%s\t%s\t%s\n", facility_names[f], grade_names[app->rows[f].grade],
			  table_cell(t->text.arena, app->rows[f].detail));
}

/* What Landlock says otherwise than the rules do. */
static void print_notes(struct table *t, const struct substitute *app, bool wider)
{
	bool titled = false;

	for (size_t i = 0; i < app->files.notes.len; i++) {
		const struct land_note *n = &app->files.notes.at[i];

		if (n->wider != wider || app->rows[FACILITY_FILES].grade != GRADE_SUBSTITUTED)
			continue;
		if (!titled)
			table_add(t, "\n%s than its rules:\n", wider ? "Wider" : "Narrower");
		titled = true;
		table_add(t, "%s\t%s\n", table_cell(t->text.arena, n->rule),
			  table_cell(t->text.arena, n->why));
	}
}

static void print_app(struct arena *a, const struct substitute *app)
{
	struct table t = table_new(a, 0, 2);

	table_add(&t, "%s: %s\n\n", app->label, sum_names[app->sum]);
	print_rows(&t, app);
	print_notes(&t, app, true);
	print_notes(&t, app, false);
	table_print(&t);
}

static void print_facts(struct arena *a, const struct host *h)
{
	struct table t = table_new(a, 0, 2);

	table_add(&t, "\nThis kernel (%s):\n", table_cell(a, h->kernel));
	for (size_t i = 0; i < h->count; i++) {
		const struct host_fact *f = &h->facts[i];

		table_add(&t, "%s\t%s\t%s\n", full_name(a, f), word(f->state),
			  table_cell(a, f->detail));
	}
	table_print(&t);
}

static void json_notes(struct buf *b, const struct substitute *app, const char *key, bool wider)
{
	json_key(b, key);
	buf_char(b, '[');
	for (size_t i = 0; i < app->files.notes.len; i++) {
		const struct land_note *n = &app->files.notes.at[i];

		if (n->wider != wider || app->rows[FACILITY_FILES].grade != GRADE_SUBSTITUTED)
			continue;
		json_comma(b);
		buf_char(b, '{');
		json_pair(b, "rule", n->rule);
		json_pair(b, "difference", n->why);
		buf_char(b, '}');
	}
	buf_char(b, ']');
}

static void json_app(struct buf *b, const struct substitute *app)
{
	json_comma(b);
	buf_char(b, '{');
	json_pair(b, "label", app->label);
	json_pair(b, "confinement", sum_names[app->sum]);
	json_key(b, "parts");
	buf_char(b, '[');
	for (int f = 0; f < FACILITY_COUNT; f++) {
		json_comma(b);
		buf_char(b, '{');
		json_pair(b, "name", facility_names[f]);
		json_pair(b, "state", grade_names[app->rows[f].grade]);
		json_pair(b, "detail", app->rows[f].detail);
		buf_char(b, '}');
	}
	buf_char(b, ']');
	json_notes(b, app, "wider", true);
	json_notes(b, app, "narrower", false);
	buf_char(b, '}');
}

static void json_facts(struct buf *b, const struct host *h)
{
	json_key(b, "facilities");
	buf_char(b, '[');
	for (size_t i = 0; i < h->count; i++) {
		const struct host_fact *f = &h->facts[i];

		json_comma(b);
		buf_char(b, '{');
		json_pair(b, "group", f->group);
		json_pair(b, "name", f->name);
		json_pair(b, "state", word(f->state));
		json_pair(b, "detail", f->detail);
		buf_char(b, '}');
	}
	buf_char(b, ']');
}

/* The apps that the word names, or those of all the snap. */
static struct substitute_snap chosen(struct arena *a, const struct host *h, const char *name)
{
	const char *instance, *app;
	bool whole;

	if (!name)
		return graded_plain(a, h);
	whole = name_is_instance(name);
	if (whole)
		instance = name;
	else if (!command_parse(a, name, &instance, &app))
		die("\"%s\" is not the name of a snap or an app", name);
	struct substitute_snap s = graded_snap(a, h, instance);
	size_t n = 0;

	for (size_t i = 0; i < s.apps.len; i++)
		if (whole || str_eq(s.apps.at[i].label,
				    arena_printf(a, "snap.%s.%s", instance, app)))
			s.apps.at[n++] = s.apps.at[i];
	s.apps.len = n;
	if (!n)
		die("%s: no such %s, see 'snapbox list'", name,
			 whole ? "snap, or it has no apps" : "app");
	return s;
}

static void print_json(struct arena *a, const struct substitute_snap *s, const struct host *h,
		       bool facts)
{
	struct buf b = buf_new(a);

	buf_char(&b, '{');
	json_pair(&b, "kernel", h->kernel);
	json_pair(&b, "machine", h->machine);
	json_key(&b, "apps");
	buf_char(&b, '[');
	for (size_t i = 0; i < s->apps.len; i++)
		json_app(&b, &s->apps.at[i]);
	buf_char(&b, ']');
	if (facts)
		json_facts(&b, h);
	buf_str(&b, "}\n");
	fputs(buf_text(&b), stdout);
}

int confinement_show(struct cmd *c)
{
	struct arena *a = c->arena;
	const char *name = c->argc > 1 ? c->argv[1] : NULL;
	const struct host *h = here(a);
	struct substitute_snap s = chosen(a, h, name);
	enum grade_sum worst = SUM_STRICT;

	if (cmd_option(c, "json"))
		print_json(a, &s, h, !name);
	for (size_t i = 0; i < s.apps.len; i++) {
		worst = s.apps.at[i].sum > worst ? s.apps.at[i].sum : worst;
		if (cmd_option(c, "json"))
			continue;
		printf("%s", i ? "\n" : "");
		print_app(a, &s.apps.at[i]);
	}
	if (!name && !cmd_option(c, "json"))
		print_facts(a, h);
	return worst == SUM_NONE ? EXIT_REFUSED : worst == SUM_STRICT ? EXIT_DONE : EXIT_WEAKER;
}
