/* scmp-sys-resolver.c - names of system calls to numbers and back (behaviour.md C33) */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "applets/applet.h"
#include "core/str.h"
#include "seccomp/arch.h"
#include "seccomp/resolve.h"

/* A number as the tool of that name takes it: decimal, negative for pseudo ones. */
static bool to_number(const char *word, int *number)
{
	bool minus = *word == '-';
	uint64_t value;

	if (!str_to_u64(word + minus, INT_MAX, &value))
		return false;
	*number = minus ? -(int)value : (int)value;
	return true;
}

static int scmp_sys_resolver_main(struct cmd *c)
{
	const char *name = cmd_option(c, "arch");
	const struct sc_arch *arch = name ? sc_arch_find(name) : sc_arch_native();
	int number;

	if (!arch)
		die_with(EXIT_USAGE, "--arch %s: no such architecture", name);
	if (to_number(c->argv[0], &number)) {
		const char *found = resolve_number(c->arena, arch, number);

		printf("%s\n", found ? found : "UNKNOWN");
	} else {
		printf("%d\n", resolve_raw(arch, c->argv[0], cmd_option(c, "translate") != NULL));
	}
	return EXIT_DONE;
}

static const struct option_spec options[] = {
	{"arch", "ARCH", "of this architecture, not this machine's (arm, x86, s390x, ...)", 'a'},
	{"translate", NULL, "for a call behind socketcall or ipc, the number of that", 't'},
	{0},
};

APPLET(scmp_sys_resolver) = {
	.name = "scmp_sys_resolver",
	.args = "NAME|NUMBER",
	.help =
		"Tell the number or the name of a system call\n"
		"\n"
		"Unknown names are -1, unknown numbers UNKNOWN. Other negative numbers stand for\n"
		"calls that the architecture does not have, or puts behind another.\n",
	.examples =
		"scmp_sys_resolver openat2\n"
		"scmp_sys_resolver -a arm 983045\n",
	.min = 1, .max = 1,
	.need = HIDDEN,
	.options = options,
	.main = scmp_sys_resolver_main,
};
