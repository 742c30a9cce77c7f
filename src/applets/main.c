/* main.c - which command, and may it run
 *
 * The dispatcher MUST refuse to serve anything but a KEEP_PRIVS applet when the
 * kernel gave this process privileges that its caller did not have: argv[0]
 * belongs to the caller, the inode does not. It MUST survive any argv. Rights
 * MUST be checked before anything else, help included, once a word is given.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "applets/applet.h"
#include "applets/lib/settle.h"
#include "applets/usage.h"
#include "core/dirs.h"
#include "core/entry.h"
#include "core/lock.h"
#include "core/str.h"
#include "core/txn.h"

#include "applet_list.h" /* APPLET_LIST(X): X(help) X(install) ... */
#define APPLET_EXTERN(id) extern const struct applet applet_##id;
#define APPLET_ENTRY(id) &applet_##id,

APPLET_LIST(APPLET_EXTERN)
static const struct applet *const applets[] = {APPLET_LIST(APPLET_ENTRY) NULL};

static void check_rights(const struct cmd *c)
{
	const struct applet *app = c->applet;

	if (app->need & NEED_ROOT && (getuid() || geteuid()) && !*dirs_root())
		die("%s: must be run as root (try sudo)", app->name);
}

static int run(struct arena *a, const struct applet *app, int argc, char **argv)
{
	struct cmd c = {.arena = a, .applet = app, .all = applets};
	int lock = -1;

	/* Before an option is acted on: the setuid form would look at root's files for it. */
	if (entry.secure && !(app->need & KEEP_PRIVS))
		die("%s: not from the privileged copy", app->name);
	usage_parse(&c, argc, argv);
	if (app->need & TAKES_ROOT && cmd_option(&c, "root"))
		dirs_set_root(cmd_option(&c, "root"));
	if (!c.help || c.argc)
		check_rights(&c);
	if (c.help) {
		usage_print(stdout, app);
		return EXIT_DONE;
	}
	usage_count(&c);
	if (app->need & NEED_LOCK)
		lock = lock_take("state", false);
	if (app->need & NEED_LOCK && txn_recover(a, settle_interrupted) != TXN_NOTHING)
		warn("an interrupted command was tidied up");
	int code = app->main(&c);
	if (fflush(stdout) || ferror(stdout))
		die("write to standard output: %m");
	lock_drop(lock);
	return code;
}

/* Was this program called through a link in /snap/bin? Either the name says so, or it
 * was found there first when the shell looked along PATH. */
static bool is_command_link(struct arena *a, const char *argv0)
{
	const char *bin = dirs_path(a, DIR_BIN, "%s", ""), *slash = strrchr(argv0, '/');
	const char *path = getenv("PATH");

	if (slash)
		return strlen(bin) == (size_t)(slash - argv0) && str_starts(argv0, bin);
	char **dirs = str_split(a, path ? path : "", ':', NULL);
	for (; *dirs; dirs++)
		if (**dirs && !access(arena_printf(a, "%s/%s", *dirs, argv0), X_OK))
			return str_eq(*dirs, bin);
	return false;
}

int main(int argc, char **argv)
{
	entry_reset(argc, argv);

	struct arena *a = arena_new();
	const char *slash = strrchr(argv[0], '/'), *name = slash ? slash + 1 : argv[0];
	const struct applet *runner = usage_find(applets, "run");

	if (runner && !entry.secure && is_command_link(a, argv[0])) {
		char **words = NEW_N(a, char *, (size_t)argc + 2);

		words[0] = "--";
		words[1] = (char *)name;
		memcpy(words + 2, argv + 1, (size_t)(argc - 1) * sizeof *argv);
		return run(a, runner, argc + 1, words);
	}
	const struct applet *app = usage_find(applets, name);
	if (app)
		return run(a, app, argc - 1, argv + 1);
	if (strcmp(name, "snap") && !str_starts(name, "snapbox")) /* snapbox-1.0 is one too */
		usage_unknown(applets, name);
	if (argc < 2)
		return run(a, usage_find(applets, "help"), 0, argv + argc);
	app = usage_find(applets, argv[1]);
	if (!app)
		usage_unknown(applets, argv[1]);
	return run(a, app, argc - 2, argv + 2);
}
