/* help.c - what there is, and how each command is used */
#include <stdio.h>

#include "applets/applet.h"
#include "applets/manual.h"
#include "applets/usage.h"

static int help_main(struct cmd *c)
{
	const struct applet *app = c->argc ? usage_find(c->all, c->argv[0]) : NULL;

	if (c->argc && !app)
		usage_unknown(c->all, c->argv[0]);
	if (cmd_option(c, "completion"))
		manual_completion(stdout, c->all);
	else if (cmd_option(c, "man") && app)
		manual_page(stdout, app);
	else if (cmd_option(c, "man"))
		manual_overview(stdout, c->all);
	else if (app)
		usage_print(stdout, app);
	else
		usage_overview(stdout, c->all);
	return EXIT_DONE;
}

static const struct option_spec options[] = {
	{"man", NULL, "print as a man page", 0},
	{"completion", NULL, "print a bash completion for all commands", 0},
	{0},
};

APPLET(help) = {
	.name = "help",
	.args = "[COMMAND]",
	.help = "Show the commands, or how one of them is used\n",
	.examples =
		"snapbox help\n"
		"snapbox help install\n"
		"snapbox help --man install | man -l -\n"
		"snapbox help --completion >/etc/bash_completion.d/snapbox\n",
	.max = 1,
	.options = options,
	.main = help_main,
	.also = (const char *const[]){"--help", "-h", NULL},
};
