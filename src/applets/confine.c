/* confine.c - the privileged stage of a start
 *
 * The only command that the privileged copy serves. Its input is a label and the
 * plan that install wrote for it; nothing else of the caller's is believed.
 */
#include <errno.h>
#include <unistd.h>

#include "applets/applet.h"
#include "ns/enter.h"
#include "ns/shell.h"

static int confine_main(struct cmd *c)
{
	die_as(EXIT_NOEXEC);
	const char *why;
	const struct plan *p = plan_read(c->arena, c->argv[0], &why);

	if (!p)
		die_with(errno == ENOENT ? EXIT_NOTFOUND : EXIT_NOEXEC, "%s: %s", c->argv[0], why);
	if (c->given[0] && !(p = shell_plan(c->arena, p, &why))) /* --shell */
		die("%s: %s", c->argv[0], why);
	enter_run(c->arena, p, c->argv + 1, environ);
}

static const struct option_spec options[] = {
	{"shell", NULL, "start a shell in the app's place", 0},
	{0},
};

APPLET(confine) = {
	.name = "confine",
	.args = "LABEL [ARG...]",
	.help =
		"Start an app in its sandbox (the privileged stage of run)\n"
		"\n"
		"Reads the plan of the label and nothing else. People call \"run\", which makes\n"
		"the user's directories and variables first.\n",
	.examples = "snapbox confine snap.hello.hello\n",
	.min = 1, .max = -1,
	/* KEEP_PRIVS: making a namespace for somebody who is not root is what the
	 * privileged copy is for. */
	.need = KEEP_PRIVS | RAW_ARGS | HIDDEN,
	.options = options,
	.main = confine_main,
	.also = (const char *const[]){"snap-confine", NULL},
};
