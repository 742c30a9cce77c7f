/* confine.c - the privileged stage of a start
 *
 * The only command that the privileged copy serves. Its input is a label and the
 * plan that install wrote for it; nothing else of the caller's is believed.
 */
#include <errno.h>
#include <unistd.h>

#include "applets/applet.h"
#include "ns/enter.h"

static int confine_main(struct cmd *c)
{
	const char *why;
	const struct plan *p = plan_read(c->arena, c->argv[0], &why);

	if (!p)
		die_with(errno == ENOENT ? EXIT_NOTFOUND : EXIT_REFUSED, "%s: %s", c->argv[0], why);
	enter_run(c->arena, p, c->argv + 1, environ);
}

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
	.main = confine_main,
	.also = (const char *const[]){"snap-confine", NULL},
};
