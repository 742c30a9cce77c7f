/* debug.c - what is there to confine with, and other looks inside
 *
 * One command with verbs, as snapd has it: each verb is a function here or a
 * file of its own in lib/.
 */
#include <stdio.h>
#include <string.h>

#include "applets/applet.h"
#include "applets/lib/confinement.h"
#include "applets/lib/here.h"
#include "applets/lib/kconfig.h"
#include "applets/lib/lint.h"
#include "applets/lib/model.h"
#include "applets/lib/sandbox.h"
#include "core/str.h"

static const struct {
	const char *name;
	int words; /* after the verb: how many, -1 for one or more, -2 for one or none */
	int (*run)(struct cmd *c);
	const char *options[3]; /* that it has */
} verbs[] = {
	{"confinement", -2, confinement_show, {"json"}},
	{"host", 0, here_show, {0}},
	{"kernel-config", -2, kconfig_show, {"json"}},
	{"lint", -1, lint_files, {0}},
	{"model", 1, model_show, {0}},
	{"plans", 1, model_show_plans, {0}},
	{"sandbox-features", 0, sandbox_show, {"json", "required"}},
};

#define VERBS (sizeof verbs / sizeof verbs[0])

static void check_words(const char *verb, int want, int have)
{
	int least = want == -2 ? 0 : want < 0 ? 1 : want;
	int most = want == -2 ? 1 : want < 0 ? have : want;

	if (have < least || have > most)
		die_with(EXIT_USAGE, "debug %s: too %s words", verb, have < least ? "few" : "many");
}

static const struct option_spec options[] = {
	{"json", NULL, "print for programs", 0},
	{"required", "BACKEND:TAG[,BACKEND:TAG]",
	 "of sandbox-features: say nothing, fail where one is not there", 0},
	{0},
};

static void check_options(const struct cmd *c, const char *verb, const char *const *have)
{
	for (const struct option_spec *o = options; o->name; o++)
		if (cmd_option(c, o->name) && !str_in(o->name, have))
			die_with(EXIT_USAGE, "debug %s: has no --%s", verb, o->name);
}

static int debug_main(struct cmd *c)
{
	const char *names[VERBS + 1] = {0};

	for (size_t i = 0; i < VERBS; i++) {
		if (!strcmp(verbs[i].name, c->argv[0])) {
			check_words(verbs[i].name, verbs[i].words, c->argc - 1);
			check_options(c, verbs[i].name, verbs[i].options);
			return verbs[i].run(c);
		}
		names[i] = verbs[i].name;
	}
	const char *near = str_nearest(c->argv[0], names);
	die_with(EXIT_USAGE, "debug: unknown verb \"%s\"%s%s%s", c->argv[0],
		 near ? ", did you mean \"" : "", near ? near : "", near ? "\"?" : "");
}

APPLET(debug) = {
	.name = "debug",
	.args = "VERB [WORD]...",
	.help =
		"Look at what snaps are confined with\n"
		"\n"
		"Verbs:\n"
		"  confinement [SNAP[.APP]]\n"
		"                how well apps are confined here: what enforces each part of\n"
		"                their policy, what takes its place, what nothing does; without\n"
		"                a name an app without plugs, and all that this kernel offers\n"
		"  host          facts of this system, for policy-compile --host elsewhere\n"
		"  kernel-config [FILE]\n"
		"                whether a kernel's .config, or the running kernel's, has what\n"
		"                confinement takes\n"
		"  lint FILE...  check interface files: one line for each that is wrong\n"
		"  model FILE    what is understood of a snap.yaml, or why it would be refused\n"
		"  plans FILE    what would be started for each of its apps and hooks, and how\n"
		"  sandbox-features\n"
		"                the parts of the sandbox that are there, as tags\n"
		"\n"
		"Exit status of confinement: 0 when all is enforced by what policy is written\n"
		"for, 3 when something takes its place or is missing, 1 for an app that is not\n"
		"confined. Of kernel-config: 3 when something of use is missing, 1 when snaps\n"
		"cannot run.\n",
	.examples =
		"snapbox debug confinement\n"
		"snapbox debug confinement --json hello.hello\n"
		"snapbox debug host >board.facts\n"
		"snapbox debug kernel-config linux/.config\n"
		"snapbox debug sandbox-features --required=seccomp:bpf-actlog,landlock:files\n"
		"snapbox debug lint /etc/snapbox/interfaces/gpu.yaml\n"
		"snapbox debug model squashfs-root/meta/snap.yaml\n",
	.min = 1, .max = -1,
	.options = options,
	.main = debug_main,
};
