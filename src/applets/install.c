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
#include "applets/lib/hook.h"
#include "applets/lib/incoming.h"
#include "applets/lib/porthooks.h"
#include "applets/lib/progress.h"
#include "applets/lib/required.h"
#include "applets/lib/settle.h"
#include "applets/lib/takeback.h"
#include "core/str.h"
#include "core/txn.h"
#include "policy/model/snap.h"
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

/* The old revision may get ready, or say no. Its data is copied afterwards. */
static void ask_old(struct arena *a, const struct incoming *in)
{
	char why[WHY_MAX];

	if (!in->old || *dirs_root())
		return;
	/* A revision that nothing is known of any more can be replaced all the same. */
	const struct snap *old = examine_try(a, in->state->name, in->old, why);
	if (!old || !snap_hook(old, NULL, "pre-refresh"))
		return;
	progress("%s: running the pre-refresh hook", in->state->name);
	if (!hook_run(a, in->state->name, "pre-refresh", why))
		die("%s", why);
}

static void stage(struct txn *t, struct wiring *w, struct incoming *in,
		  const struct incoming_flags *f, const struct incoming_list *all,
		  enum grade_sum level)
{
	DOING("install", in->file);
	ask_old(txn_arena(t), in);
	required_check(level, in->state->name, policy_stage_new(t, w, in, all));
	incoming_stage(t, in, f->extract);
	wiring_warn_idle(w, in->snap);
	if (in->snap->hooks.len && *dirs_root())
		warn("%s: its hooks are not run, below another root", in->state->name);
}

static bool run_hooks_of(struct arena *a, const struct incoming *in, char *why)
{
	const char *const hooks[] = {in->old ? "post-refresh" : "install", "configure"};

	for (size_t h = 0; h < 2; h++) {
		if (!snap_hook(in->snap, NULL, hooks[h]))
			continue;
		progress("%s: running the %s hook", in->state->name, hooks[h]);
		if (!hook_run(a, in->state->name, hooks[h], why))
			return false;
	}
	return true;
}

/* Every snap is there, and connected, when its first hook runs. When one fails, all
 * go again. */
static void run_hooks(struct arena *a, struct wiring *w, const struct incoming_list *all)
{
	char why[WHY_MAX];
	bool ok = porthooks_new(w, why);

	if (!ok) {
		takeback(a, w, all);
		die("%s", why);
	}
	for (size_t i = 0; i < all->len && !*dirs_root(); i++) {
		const struct incoming *in = all->at[i];

		if (run_hooks_of(a, in, why))
			continue;
		porthooks_take_back(w);
		takeback(a, w, all);
		DOING("install", in->file);
		die("%s", why);
	}
}

static int install_main(struct cmd *c)
{
	enum grade_sum level = required_level(c);
	struct incoming_flags f = read_flags(c);
	struct incoming_list all = {0};
	struct txn *t = txn_begin(c->arena, settle);

	for (int i = 0; i < c->argc; i++) {
		DOING("install", c->argv[i]);
		struct incoming *in = incoming_read(t, &f, c->argv[i]);

		check_new(&all, in);
		vec_push(c->arena, &all, in);
	}
	struct wiring *w = wiring_of_list(c->arena, &all);
	for (size_t i = 0; i < all.len; i++)
		stage(t, w, all.at[i], &f, &all, level);
	policy_stage_others(t, w, &all);
	progress("installing");
	txn_yield();
	bool ok = txn_commit(t);
	run_hooks(c->arena, w, &all);
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
		"The base that a snap runs on must be installed, or be among the files. Install\n"
		"and configure hooks are run; when one fails nothing is installed.\n",
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
		REQUIRE_OPTION,
		{"extract", NULL, "unpack the image instead of mounting it", 0},
		ROOT_OPTION,
		{0},
	},
	.main = install_main,
};
