/* remove.c - take a snap off the system
 *
 * Gone are its files, mounts, links and policy; its data stays unless --purge
 * says otherwise, and is found again by the next install.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "applets/applet.h"
#include "applets/lib/busy.h"
#include "applets/lib/examine.h"
#include "applets/lib/hook.h"
#include "applets/lib/porthooks.h"
#include "applets/lib/renew.h"
#include "applets/lib/settle.h"
#include "applets/lib/users.h"
#include "core/fs.h"
#include "core/str.h"
#include "core/txn.h"
#include "policy/model/name.h"
#include "policy/model/snap.h"
#include "policy/model/state.h"

/* A base is somebody's root filesystem. */
static void check_unused(struct arena *a, const struct state *s)
{
	size_t n;

	if (str_eq(s->type, "app"))
		return;
	for (char **other = state_names(a, &n); *other; other++) {
		struct state *o = str_eq(*other, s->name) ? NULL : state_load(a, *other);

		for (size_t i = 0; o && i < o->revs.len; i++)
			if (str_eq(o->revs.at[i].base, s->name))
				die("%s needs it as its base: remove that first", o->name);
	}
}

static void check_idle(struct arena *a, const char *name)
{
	const char *pids = busy_pids(a, name);

	if (pids)
		die("still in use by process %s: stop it first", pids);
}

static bool remove_below(enum dir d, const char *path, bool *found)
{
	int dir = dirs_open(d);
	bool ok = dir < 0 ? errno == ENOENT : true;

	if (dir >= 0 && !faccessat(dir, path, F_OK, AT_SYMLINK_NOFOLLOW)) {
		*found = true;
		ok = fs_remove_tree(dir, path);
	}
	if (dir >= 0)
		close(dir);
	return ok;
}

static bool purge(struct arena *a, const char *name, bool *found)
{
	bool ok = users_remove_data(a, name, found);

	if (!remove_below(DIR_DATA, name, found)) {
		warn("%s could not be removed: %m", dirs_path(a, DIR_DATA, "%s", name));
		ok = false;
	}
	return ok;
}

static int remove_rev(struct arena *a, struct state *s, const char *rev, bool with_data)
{
	struct state_rev *r = state_find(s, rev);
	bool ok, found;

	if (!r)
		die("revision %s is not installed", rev);
	if (str_eq(s->current, rev))
		die("revision %s is the current one: remove without --revision takes all", rev);
	struct txn *t = txn_begin(a, settle);
	txn_name(t, s->name);
	state_drop_files(t, s->name, r);
	state_forget(s, arena_dup(a, rev));
	state_stage(t, s);
	ok = txn_commit(t);
	if (with_data)
		ok &= remove_below(DIR_DATA, arena_printf(a, "%s/%s", s->name, rev), &found);
	printf("%s (revision %s) removed\n", s->name, rev);
	return ok ? EXIT_DONE : EXIT_WEAKER;
}

/* It may tidy up, but not forbid. */
static void run_hook(struct arena *a, const struct state *s)
{
	char why[WHY_MAX];

	const struct snap *snap = *dirs_root() ? NULL : examine_try(a, s->name, s->current, why);
	sigset_t old;

	if (!snap || !snap_hook(snap, NULL, "remove"))
		return;
	txn_hold_signals(&old);
	if (!hook_run(a, s->name, "remove", why))
		warn("%s", why);
	sigprocmask(SIG_SETMASK, &old, NULL);
}

static void run_porthooks(struct wiring *w, const char *name)
{
	for (size_t i = 0; i < w->lines.len; i++)
		if (conn_line_is_of(&w->lines.at[i], name))
			porthooks_disconnect(w, &w->lines.at[i]);
}

/* What it was connected to goes on without it. */
static void stage_peers(struct txn *t, struct wiring *w, const char *name)
{
	wiring_drop(w, name);
	wiring_gone(w, name);
	for (size_t i = 0; i < w->stale.len; i++) {
		txn_name(t, w->stale.at[i]);
		renew_stage_installed(t, w, w->stale.at[i]);
	}
	wiring_stage(w, t);
}

static int remove_all(struct arena *a, struct state *s, bool with_data)
{
	check_unused(a, s);
	check_idle(a, s->name);
	run_hook(a, s);
	struct wiring *w = wiring_load(a);
	run_porthooks(w, s->name);
	struct txn *t = txn_begin(a, settle);
	txn_name(t, s->name);
	stage_peers(t, w, s->name);
	for (size_t i = 0; i < s->revs.len; i++)
		state_drop_files(t, s->name, &s->revs.at[i]);
	security_stage_gone(t, s->name);
	state_stage_gone(t, s->name);
	bool ok = txn_commit(t), found = false;
	if (with_data)
		ok &= purge(a, s->name, &found);
	printf("%s removed\n", s->name);
	return ok ? EXIT_DONE : EXIT_WEAKER;
}

/* Data can be left of a snap that is gone: --purge is for that as well. */
static int remove_left(struct arena *a, const char *name, bool with_data)
{
	bool found = false, ok = with_data && purge(a, name, &found);

	if (!found)
		die("snap \"%s\" is not installed", name);
	printf("data of %s removed\n", name);
	return ok ? EXIT_DONE : EXIT_WEAKER;
}

static void check_word(const struct cmd *c, int i, bool with_data)
{
	const char *name = c->argv[i];

	DOING("remove", name);
	if (!name_is_instance(name))
		die_with(EXIT_USAGE, "not the name of a snap");
	for (int k = 0; k < i; k++)
		if (str_eq(c->argv[k], name))
			die_with(EXIT_USAGE, "is given twice");
	if (!with_data && !state_load(c->arena, name))
		die("snap \"%s\" is not installed", name);
}

static int remove_main(struct cmd *c)
{
	const char *rev = cmd_option(c, "revision");
	bool with_data = cmd_option(c, "purge");
	int code = EXIT_DONE;

	if (rev && c->argc > 1)
		die_with(EXIT_USAGE, "remove: --revision is for one snap");
	/* A wrong word in the middle must not be found when half of the work is done. */
	for (int i = 0; i < c->argc; i++)
		check_word(c, i, with_data);
	for (int i = 0; i < c->argc; i++) {
		DOING("remove", c->argv[i]);
		struct state *s = state_load(c->arena, c->argv[i]);
		int one = !s  ? remove_left(c->arena, c->argv[i], with_data) :
			  rev ? remove_rev(c->arena, s, rev, with_data) :
				remove_all(c->arena, s, with_data);
		code = one ? one : code;
	}
	return code;
}

APPLET(remove) = {
	.name = "remove",
	.args = "SNAP...",
	.help =
		"Remove snaps\n"
		"\n"
		"Data stays, in /var/snap and in home directories, unless --purge is given.\n"
		"A snap whose apps run, and a base that others need, is refused.\n",
	.examples = "snapbox remove foo\nsnapbox remove foo --purge\n",
	.min = 1, .max = -1,
	.need = NEED_ROOT | NEED_LOCK | TAKES_ROOT,
	.options = (const struct option_spec[]){
		{"purge", NULL, "remove all data of it as well, also of every user", 0},
		{"revision", "REV", "remove only this revision, which is not the current one", 0},
		ROOT_OPTION,
		{0},
	},
	.main = remove_main,
};
