/* debug.c - what is there to confine with, and other looks inside
 *
 * One command with verbs, as snapd has it: each verb is a function here or a
 * file of its own in lib/.
 */
#include <stdio.h>
#include <string.h>

#include "applets/applet.h"
#include "applets/lib/confinement.h"
#include "core/str.h"

static const struct {
	const char *name;
	int (*run)(struct cmd *c);
} verbs[] = {
	{"confinement", confinement_show},
};

#define VERBS (sizeof verbs / sizeof verbs[0])

static int debug_main(struct cmd *c)
{
	const char *names[VERBS + 1] = {0};

	for (size_t i = 0; i < VERBS; i++) {
		if (!strcmp(verbs[i].name, c->argv[0]))
			return verbs[i].run(c);
		names[i] = verbs[i].name;
	}
	const char *near = str_nearest(c->argv[0], names);
	die_with(EXIT_USAGE, "debug: unknown verb \"%s\"%s%s%s", c->argv[0],
		 near ? ", did you mean \"" : "", near ? near : "", near ? "\"?" : "");
}

static const struct option_spec options[] = {
	{"json", NULL, "print for programs", 0},
	{0},
};

APPLET(debug) = {
	.name = "debug",
	.args = "VERB",
	.help =
		"Look at what snaps are confined with\n"
		"\n"
		"Verbs:\n"
		"  confinement   what this kernel offers, one line a facility: present or missing\n"
		"\n"
		"Exit status of confinement: 0 when everything that strict confinement can use is\n"
		"present, 3 when something is missing or cannot be told.\n",
	.examples = "snapbox debug confinement\nsnapbox debug confinement --json\n",
	.min = 1, .max = 1,
	.options = options,
	.main = debug_main,
};
