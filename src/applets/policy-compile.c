/* policy-compile.c - policy in words to policy for a kernel, of any machine
 *
 * For image builders and for trying changes by hand: nothing of the running
 * system is asked unless it is the target. What is read is a stranger's: what is
 * wrong with it is one line that names it, and OUT is left as it was.
 */
#include <stdio.h>
#include <string.h>

#include "applets/applet.h"
#include "applets/lib/compile_meta.h"
#include "applets/lib/seccomp.h"
#include "core/dirs.h"

static int compile_seccomp(struct cmd *c)
{
	const struct sc_arch *arch = compile_arch(c);
	struct sc_target target = arch ? sc_target_of(arch, NULL) :
					 sc_target_of(sc_arch_native(), sc_arch_kernel());
	struct sc_compiled compiled;

	if (c->argc != 2)
		die_with(EXIT_USAGE, "policy-compile --seccomp: wants SRC and OUT");
	seccomp_compile_file(c->arena, c->argv[0], target, dirs_root(), &compiled);
	seccomp_write_file(c->arena, c->argv[1], &compiled);
	if (cmd_option(c, "verbose"))
		seccomp_tell(stdout, target, &compiled);
	return EXIT_DONE;
}

static int policy_compile_main(struct cmd *c)
{
	static const char *const only_meta[] = {"connect", "system", "host", "out", NULL};

	if (!cmd_option(c, "seccomp") == !cmd_option(c, "meta"))
		die_with(EXIT_USAGE, "policy-compile: say what the words are: --meta or --seccomp");
	if (cmd_option(c, "meta"))
		return compile_meta(c);
	for (const char *const *o = only_meta; *o; o++)
		if (cmd_option(c, *o))
			die_with(EXIT_USAGE, "policy-compile: --%s is for --meta", *o);
	return compile_seccomp(c);
}

static const struct option_spec options[] = {
	{"meta", "SNAP...", "a snap.yaml or an unpacked snap; all further words are such, too", 0},
	{"connect", "WHICH", "auto (what connects by itself), all, or none", 0},
	{"system", "KIND", "classic, or core: a system made of snaps", 0},
	{"host", "FACTS", "for the host that FACTS describes, as 'debug host' prints it", 0},
	{"out", "DIR", "where all files go", 0},
	{"seccomp", NULL, "the words are SRC, a filter of system calls, and OUT", 0},
	{"arch", "ARCH", "for this architecture (amd64, arm64, s390x, ...)", 0},
	{"verbose", NULL, "what was connected, and is weaker there; sizes, skipped names", 'v'},
	ROOT_OPTION,
	{0},
};

APPLET(policy_compile) = {
	.name = "policy-compile",
	.args = "--meta SNAP... --out DIR | --seccomp SRC OUT",
	.help = "Compile policy for the kernel\n"
		"\n"
		"--meta: all policy of snaps that need not be installed anywhere. A SNAP is a\n"
		"snap.yaml, a directory with meta/snap.yaml, or NAME_KEY=SNAP for a parallel\n"
		"instance; they connect to each other and to the system. DIR gets, for each app\n"
		"and hook, LABEL.apparmor, LABEL.seccomp.src, LABEL.seccomp.bin2, LABEL.device\n"
		"and LABEL.udev, and for each snap NAME.fstab, NAME.user-fstab,\n"
		"NAME.update-ns.apparmor, NAME.kmod and, if modules get options or are kept out,\n"
		"NAME.modprobe. When --host names what AppArmor can do there, what the kernel\n"
		"loads comes along as LABEL.apparmor.bin. The same input gives the same bytes on\n"
		"every machine: without --host policy is for a host that has everything, without\n"
		"--arch for the host's architecture, or amd64. DIR is replaced at once when\n"
		"everything is made, and only if all in it is of this command; else it stays as\n"
		"it was.\n"
		"\n"
		"--seccomp: a filter of system calls becomes the two programs that a kernel\n"
		"loads, with their header (NAME.bin2). u:NAME and g:NAME are looked up in\n"
		"etc/passwd and etc/group of --root. Without --arch it is for this machine.\n",
	.examples = "snapbox policy-compile --meta foo/snap.yaml bar/ --connect all --out policy\n"
		    "snapbox policy-compile --meta foo/ --host board.facts --arch arm64 --out "
		    "policy\n"
		    "snapbox policy-compile --seccomp snap.foo.bar.src snap.foo.bar.bin2\n",
	.min = 1,
	.max = -1,
	.need = TAKES_ROOT,
	.options = options,
	.main = policy_compile_main,
};
