/* version.c - which snapbox this is */
#include <stdio.h>

#include "applets/applet.h"
#include "snapbox_version.h"

static int version_main(struct cmd *c)
{
	(void)c;
	printf("snapbox    %s\n", SNAPBOX_VERSION);
	return EXIT_DONE;
}

APPLET(version) = {
	.name = "version",
	.args = "",
	.help = "Show the version of snapbox\n",
	.examples = "snapbox version\n",
	.main = version_main,
	.also = (const char *const[]){"--version", NULL},
};
