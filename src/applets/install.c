/* install.c - snap files to installed snaps
 *
 *	snapbox install base.snap foo.snap --dangerous
 *
 * All files of one call are one change: either all are installed or nothing is.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "applets/applet.h"
#include "applets/lib/examine.h"
#include "applets/lib/grants.h"
#include "applets/lib/incoming.h"
#include "applets/lib/progress.h"
#include "applets/lib/security.h"
#include "applets/lib/settle.h"
#include "core/str.h"
#include "core/txn.h"
#include "policy/model/state.h"

static struct incoming_flags read_flags(const struct cmd *c)
{
	struct incoming_flags f = {
		.dangerous = cmd_option(c, "dangerous"),
		.devmode = cmd_option(c, "devmode"),
		.jailmode = cmd_option(c, "jailmode"),
		.classic = cmd_option(c, "classic"),
		.extract = cmd_option(c, "extract"),
		.name = cmd_option(c, "name"),
	};

	if (f.devmode && f.jailmode)
		die_with(EXIT_USAGE, "install: --devmode and --jailmode exclude each other");
	if (f.devmode && f.classic)
		die_with(EXIT_USAGE, "install: --devmode and --classic exclude each other");
	if (f.name && c->argc > 1)
		die_with(EXIT_USAGE, "install: --name is for one file");
	if (!f.dangerous)
		die("install: cannot find signatures for %s (--dangerous installs it unchecked)",
		    c->argv[0]);
	return f;
}

static void check_new(const struct incoming_list *all, const struct incoming *in)
{
	for (size_t i = 0; i < all->len; i++)
		if (str_eq(all->at[i]->state->name, in->state->name))
			die("%s is given twice, also as %s", in->state->name, all->at[i]->file);
}

static void stage_policy(struct txn *t, const struct incoming *in, const struct incoming_list *all)
{
	struct security sec = {.snap = in->snap, .confinement = in->confinement,
			       .jailmode = in->state->modes & MODE_JAILMODE};

	incoming_base(txn_arena(t), in, all, &sec.base, &sec.base_rev);
	security_stage(t, &sec);
}

/* Whoever runs on this base gets plans that name its new revision. */
static void stage_dependents(struct txn *t, const struct incoming *base,
			     const struct incoming_list *all)
{
	struct arena *a = txn_arena(t);
	size_t n;

	for (char **name = state_names(a, &n); *name; name++) {
		struct state *s = state_load(a, *name);
		const struct state_rev *r = s ? state_current(s) : NULL;
		bool is_new = false;

		for (size_t i = 0; i < all->len; i++)
			is_new |= str_eq(all->at[i]->state->name, *name);
		if (is_new || !r || !str_eq(r->base, base->state->name))
			continue;
		DOING("update", *name);
		struct security sec = {
			.snap = examine_installed(a, *name, r->id),
			.confinement = s->modes & MODE_CLASSIC ? CONFINE_CLASSIC :
				       s->modes & MODE_DEVMODE ? CONFINE_DEVMODE :
								 CONFINE_STRICT,
			.jailmode = s->modes & MODE_JAILMODE,
			.base = base->state->name,
			.base_rev = base->rev->id,
		};
		security_stage(t, &sec);
	}
}

static void stage(struct txn *t, struct incoming *in, const struct incoming_flags *f,
		  const struct incoming_list *all)
{
	DOING("install", in->file);
	stage_policy(t, in, all);
	if (in->old && (str_eq(in->state->type, "base") || str_eq(in->state->type, "os")))
		stage_dependents(t, in, all);
	incoming_stage(t, in, f->extract);
	grants_warn(txn_arena(t), in->snap);
	if (in->snap->layouts.len)
		warn("%s: its layouts are not made yet", in->state->name);
	if (in->snap->hooks.len)
		warn("%s: its hooks are not run yet", in->state->name);
}

static int install_main(struct cmd *c)
{
	struct incoming_flags f = read_flags(c);
	struct incoming_list all = {0};
	struct txn *t = txn_begin(c->arena, settle);

	for (int i = 0; i < c->argc; i++) {
		DOING("install", c->argv[i]);
		struct incoming *in = incoming_read(t, &f, c->argv[i]);

		check_new(&all, in);
		vec_push(c->arena, &all, in);
	}
	for (size_t i = 0; i < all.len; i++)
		stage(t, all.at[i], &f, &all);
	progress("installing");
	bool ok = txn_commit(t);
	progress_end();
	for (size_t i = 0; i < all.len; i++)
		printf("%s%s%s installed\n", all.at[i]->state->name,
		       str_eq(all.at[i]->rev->version, "-") ? "" : " ",
		       str_eq(all.at[i]->rev->version, "-") ? "" : all.at[i]->rev->version);
	return ok ? EXIT_DONE : EXIT_WEAKER;
}

APPLET(install) = {
	.name = "install",
	.args = "FILE.snap...",
	.help =
		"Install snaps from files\n"
		"\n"
		"All files of one call are installed, or none. A snap that is installed already\n"
		"gets a new revision and keeps its data; the previous revision stays beside it.\n"
		"The base that a snap runs on must be installed, or be among the files.\n",
	.examples =
		"snapbox install base.snap foo.snap --dangerous\n"
		"snapbox install foo.snap --dangerous --name foo_test\n"
		"snapbox install foo.snap --dangerous --root /mnt/target\n",
	.min = 1, .max = -1,
	.need = NEED_ROOT | NEED_LOCK | TAKES_ROOT,
	.options = (const struct option_spec[]){
		{"dangerous", NULL, "install what nothing vouches for", 0},
		{"devmode", NULL, "log instead of refusing", 0},
		{"jailmode", NULL, "confine even what is made for devmode or classic", 0},
		{"classic", NULL, "run without confinement what is made for it", 0},
		{"name", "NAME_KEY", "install under another instance name", 0},
		{"extract", NULL, "unpack the image instead of mounting it", 0},
		ROOT_OPTION,
		{0},
	},
	.main = install_main,
};
