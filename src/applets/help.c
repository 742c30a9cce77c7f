/* help.c - what there is, and how each command is used */
#include <stdio.h>
#include <string.h>

#include "applets/applet.h"
#include "applets/usage.h"
#include "core/str.h"

static int help_main(struct cmd *c)
{
	if (!c->argc) {
		usage_overview(stdout, c->all);
		return EXIT_DONE;
	}
	const struct applet *app = usage_find(c->all, c->argv[0]);
	if (!app)
		usage_unknown(c->all, c->argv[0]);
	usage_print(stdout, app);
	return EXIT_DONE;
}

APPLET(help) = {
	.name = "help",
	.args = "[COMMAND]",
	.help = "Show the commands, or how one of them is used\n",
	.examples = "snapbox help\nsnapbox help install\n",
	.max = 1,
	.main = help_main,
	.also = (const char *const[]){"--help", "-h", NULL},
};
