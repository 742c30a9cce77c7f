/* run.c - start an app of a snap
 *
 * Everything here runs with the caller's own rights: it makes the user's
 * directories, says who the user is, and passes on. Root goes on in this
 * process; for others the privileged copy does, which reads the plan itself.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "applets/applet.h"
#include "applets/lib/home.h"
#include "applets/lib/required.h"
#include "core/dirs.h"
#include "core/entry.h"
#include "core/passwd.h"
#include "core/str.h"
#include "ns/enter.h"
#include "ns/shell.h"
#include "policy/env.h"
#include "policy/model/name.h"

static const struct option_spec options[] = {
	{"hook", "HOOK", "run a hook of the snap instead of an app", 0},
	REQUIRE_OPTION,
	{"shell", NULL, "start a shell in the app's place, confined as the app is", 0},
	{0},
};

/* The label that the words ask for. */
static const char *label_of(struct cmd *c)
{
	struct arena *a = c->arena;
	const char *word = c->argv[0], *hook = cmd_option(c, "hook"), *text;
	struct label l = {.hook = hook};

	if (hook && c->argc > 1)
		die_with(EXIT_USAGE, "run: a hook takes no words");
	if (hook && (!name_is_hook(hook) || !name_is_instance(word)))
		die_with(EXIT_NOTFOUND, "run: there is no hook \"%s\" of \"%s\"", hook, word);
	l.instance = word;
	if (!hook && !command_parse(a, word, &l.instance, &l.app))
		die_with(EXIT_NOTFOUND, "run: \"%s\" is not the name of an app", word);
	text = label_print(a, &l);
	if (!text)
		die_with(EXIT_NOTFOUND, "run: \"%s\" is not the name of an app", word);
	return text;
}

static const struct plan *read_plan(struct cmd *c, const char *label)
{
	const char *why;
	const struct plan *p = plan_read(c->arena, label, &why);

	if (!p && errno == ENOENT)
		die_with(EXIT_NOTFOUND, "run: %s: no such %s, see 'snapbox list'", c->argv[0],
			 cmd_option(c, "hook") ? "hook" : "app");
	if (!p)
		die_with(EXIT_NOEXEC, "run: %s: %s", c->argv[0], why);
	return p;
}

static char **user_environment(struct arena *a, const struct plan *p)
{
	struct env_user u = {
		.uid = getuid(), .euid = geteuid(), .instance = p->instance,
		.revision = p->revision, .classic = p->kind == PLAN_CLASSIC,
	};

	u.home = passwd_home(a, u.euid);
	if (!u.home)
		die("uid %u is not in /etc/passwd, or has no home directory there", u.euid);
	home_prepare(a, &u);
	return env_of_user(a, &u, environ);
}

/* The privileged copy reads the plan itself: it is told no more than the label. */
static _Noreturn void pass_on(struct cmd *c, const char *label, char **env)
{
	const char *copy = dirs_path(c->arena, DIR_LIBEXEC, "snap-confine");
	char **words = NEW_N(c->arena, char *, (size_t)c->argc + 4);
	size_t n = 0;

	words[n++] = arena_dup(c->arena, "snap-confine");
	if (cmd_option(c, "shell"))
		words[n++] = arena_dup(c->arena, "--shell");
	words[n++] = arena_dup(c->arena, label);
	memcpy(words + n, c->argv + 1, (size_t)(c->argc - 1) * sizeof *words);
	entry_restore();
	execve(copy, words, env);
	die_with(EXIT_NOEXEC, "%s: %m%s", copy,
		 errno == ENOENT ? " (as root: snapbox --install)" : "");
}

static int run_main(struct cmd *c)
{
	die_as(EXIT_NOEXEC);
	struct arena *a = c->arena;
	const char *label = label_of(c), *why;
	const struct plan *p = read_plan(c, label);
	char **env;

	required_check_plan(required_level(c), c->argv[0], p->grade);
	{
		DOING("run", c->argv[0]);
		env = user_environment(a, p);
		if (cmd_option(c, "shell") && !(p = shell_plan(a, p, &why)))
			die("%s", why);
	}
	if (geteuid())
		pass_on(c, label, env);
	enter_run(a, p, c->argv + 1, env);
}

APPLET(run) = {
	.name = "run",
	.args = "SNAP[.APP] [ARG...]",
	.help =
		"Start an app of a snap\n"
		"\n"
		"All that follows the name belongs to the app. Its user data is in ~/snap; the\n"
		"home directory is that of the user database, whatever $HOME says.\n"
		"\n"
		"The exit status is the app's; 126: it could not be started, 127: there is none.\n",
	.examples =
		"snapbox run hello --greeting=hi\n"
		"snapbox run --require=substituted hello\n"
		"snapbox run --shell hello\n"
		"snapbox run --hook=configure hello\n",
	.min = 1, .max = -1,
	.need = RAW_ARGS,
	.options = options,
	.main = run_main,
};
