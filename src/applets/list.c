/* list.c - what is installed
 *
 * Reads one small file a snap and nothing else, so that a thousand are listed
 * in a moment. The state files are replaced whole: no lock is needed to read.
 */
#include <stdio.h>
#include <string.h>

#include "applets/applet.h"
#include "applets/lib/notes.h"
#include "applets/lib/table.h"
#include "core/json.h"
#include "core/node.h"
#include "core/str.h"
#include "policy/model/name.h"

struct list {
	struct arena *a;
	bool all, json;
	int dir; /* of the state files */
	struct table table;
	struct buf out;
	size_t snaps, damaged;
};

static void add_row(struct list *l, const struct state *s, const struct state_rev *r)
{
	table_add(&l->table, "%s\t%s\t%s\t-\t-\t%s\n", s->name, r->version, r->id,
		  notes_text(l->a, s, r));
}

static void add_object(struct list *l, const struct state *s, const struct state_rev *r)
{
	struct buf *b = &l->out;

	json_comma(b);
	buf_char(b, '{');
	json_pair(b, "name", s->name);
	json_pair(b, "version", r->version);
	json_pair(b, "revision", r->id);
	json_pair(b, "type", s->type);
	json_pair(b, "base", str_eq(r->base, "-") ? NULL : r->base);
	json_pair(b, "confinement", r->confinement);
	json_pair(b, "status", notes_disabled(s, r) ? "installed" : "active");
	json_pair_bool(b, "devmode", s->modes & MODE_DEVMODE);
	json_pair_bool(b, "jailmode", s->modes & MODE_JAILMODE);
	json_pair_bool(b, "classic", notes_classic(s, r));
	json_pair_bool(b, "broken", notes_broken(l->a, s, r));
	json_pair_bool(b, "dangerous", r->dangerous);
	json_pair_u64(b, "size", r->size);
	json_pair(b, "sha3-384", r->sha3_384);
	json_pair(b, "install-date", state_time(l->a, r->installed));
	json_pair(b, "notes", notes_text(l->a, s, r));
	buf_char(b, '}');
}

static void add_snap(struct list *l, const char *name)
{
	char why[WHY_MAX];
	struct state *s = state_try_in(l->a, l->dir, name, why);

	if (!s) {
		if (*why)
			warn("%s: %s", dirs_path(l->a, DIR_INSTALLED, "%s", name), why);
		l->damaged += *why != '\0';
		return;
	}
	l->snaps++;
	for (size_t i = 0; i < s->revs.len; i++) {
		const struct state_rev *r = &s->revs.at[i];

		if (!l->all && notes_disabled(s, r))
			continue;
		if (l->json)
			add_object(l, s, r);
		else
			add_row(l, s, r);
	}
}

static int list_main(struct cmd *c)
{
	struct list l = {.a = c->arena, .all = cmd_option(c, "all"), .json = cmd_option(c, "json"),
			 .dir = dirs_open(DIR_INSTALLED), .table = table_new(c->arena, 5, 2),
			 .out = buf_new(c->arena)};
	size_t n;
	char **names = state_names(c->arena, &n);

	table_add(&l.table, "Name\tVersion\tRev\tTracking\tPublisher\tNotes\n");
	buf_char(&l.out, '[');
	for (size_t i = 0; i < n; i++)
		if (!c->argc || str_in(names[i], (const char *const *)c->argv))
			add_snap(&l, names[i]);
	if (l.json) {
		printf("%s]\n", l.out.data);
	} else if (l.snaps) {
		table_print(&l.table);
	} else if (!c->argc && !l.damaged) {
		fputs("No snaps are installed yet. Try 'snapbox install FILE.snap'.\n", stderr);
	}
	if (c->argc && !l.snaps && !l.damaged)
		die("no matching snaps installed");
	return l.damaged ? EXIT_REFUSED : EXIT_DONE;
}

APPLET(list) = {
	.name = "list",
	.args = "[SNAP]...",
	.help =
		"List installed snaps\n"
		"\n"
		"Notes say what is special: the type of what is no app, disabled (not the\n"
		"current revision), devmode, jailmode, classic, or broken (not mounted).\n"
		"\n"
		"With --json a list of objects with name, version, revision, type, base,\n"
		"confinement, status, devmode, jailmode, classic, broken, dangerous, size,\n"
		"sha3-384, install-date and notes.\n",
	.examples = "snapbox list\nsnapbox list --all foo\nsnapbox list --json\n",
	.max = -1,
	.need = TAKES_ROOT,
	.options = (const struct option_spec[]){
		{"all", NULL, "show all revisions, not only the current ones", 0},
		{"json", NULL, "print JSON for programs", 0},
		ROOT_OPTION,
		{0},
	},
	.main = list_main,
};
