/* applets.c - the names that this one file answers to, for scripts */
#include "applets/applet.h"
#include "applets/usage.h"

static int applets_main(struct cmd *c)
{
	usage_names(stdout, c->all);
	return EXIT_DONE;
}

APPLET(applets) = {
	.name = "applets",
	.args = "",
	.help = "List every name that snapbox answers to, one a line\n",
	.examples = "snapbox --list\n",
	.need = HIDDEN,
	.main = applets_main,
	.also = (const char *const[]){"--list", NULL},
};
