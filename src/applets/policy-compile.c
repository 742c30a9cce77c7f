/* policy-compile.c - policy in words to policy for a kernel, of any machine
 *
 * For image builders and for trying changes by hand: nothing of the running
 * system is asked unless it is the target. SRC is a stranger's: what is wrong
 * with it is one line that names it, and OUT is left as it was.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "applets/applet.h"
#include "applets/lib/seccomp.h"
#include "core/dirs.h"

static int policy_compile_main(struct cmd *c)
{
	const char *arch = cmd_option(c, "arch");
	struct sc_target target = sc_target_of(sc_arch_native(), sc_arch_kernel());
	struct sc_compiled compiled;

	if (!cmd_option(c, "seccomp"))
		die_with(EXIT_USAGE, "policy-compile: say what SRC is: --seccomp");
	if (arch) {
		if (!sc_arch_find(arch))
			die_with(EXIT_USAGE, "--arch %s: no such architecture", arch);
		target = sc_target_of(sc_arch_find(arch), NULL);
	}
	seccomp_compile_file(c->arena, c->argv[0], target, dirs_root(), &compiled);
	seccomp_write_file(c->arena, c->argv[1], &compiled);
	if (cmd_option(c, "verbose"))
		seccomp_tell(stdout, target, &compiled);
	return EXIT_DONE;
}

static const struct option_spec options[] = {
	{"seccomp", NULL, "SRC is a filter of system calls", 0},
	{"arch", "ARCH", "for this architecture (amd64, arm64, s390x, ...), not this machine's", 0},
	{"verbose", NULL, "tell sizes, and which names were skipped", 'v'},
	ROOT_OPTION,
	{0},
};

APPLET(policy_compile) = {
	.name = "policy-compile",
	.args = "--seccomp SRC OUT",
	.help = "Compile policy for the kernel\n"
		"\n"
		"A filter of system calls becomes the two programs that a kernel loads, with\n"
		"their header (NAME.bin2). u:NAME and g:NAME are looked up in etc/passwd and\n"
		"etc/group of --root. The same SRC gives the same OUT on every machine when\n"
		"--arch is given.\n",
	.examples = "snapbox policy-compile --seccomp snap.foo.bar.src snap.foo.bar.bin2\n"
		    "snapbox policy-compile --seccomp --arch arm64 --root /mnt/image foo.src "
		    "foo.bin2\n",
	.min = 2,
	.max = 2,
	.need = TAKES_ROOT,
	.options = options,
	.main = policy_compile_main,
};
