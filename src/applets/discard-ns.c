/* discard-ns.c - let go of the mount namespace of a snap */
#include <stdio.h>

#include "applets/applet.h"
#include "ns/hold.h"
#include "policy/model/name.h"

static int discard_ns_main(struct cmd *c)
{
	if (!name_is_instance(c->argv[0]))
		die_with(EXIT_USAGE, "%s: not the name of a snap", c->argv[0]);
	/* As of snapd's tool: that there is none is no failure. */
	hold_discard(c->arena, c->argv[0]);
	return EXIT_DONE;
}

APPLET(discard_ns) = {
	.name = "discard-ns",
	.args = "SNAP",
	.help =
		"Let go of the mount namespace of a snap\n"
		"\n"
		"Apps that run keep theirs; the next start builds a new one.\n",
	.examples = "snapbox discard-ns hello\n",
	.min = 1, .max = 1,
	.need = NEED_ROOT | HIDDEN,
	.main = discard_ns_main,
	.also = (const char *const[]){"snap-discard-ns", NULL},
};
