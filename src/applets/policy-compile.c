/* policy-compile.c - policy in words to policy for a kernel, of any machine
 *
 * For image builders and for trying changes by hand: nothing of the running
 * system is asked unless it is the target. What is read is a stranger's: what is
 * wrong with it is one line that names it, and OUT is left as it was.
 */
#include <stdio.h>
#include <string.h>

#include "applets/applet.h"
#include "applets/lib/artefacts.h"
#include "applets/lib/meta.h"
#include "applets/lib/outdir.h"
#include "applets/lib/seccomp.h"
#include "core/dirs.h"
#include "core/node.h"
#include "core/str.h"

static const struct sc_arch *arch_given(const struct cmd *c)
{
	const char *name = cmd_option(c, "arch");
	const struct sc_arch *arch = name ? sc_arch_find(name) : NULL;

	if (name && !arch)
		die_with(EXIT_USAGE, "--arch %s: no such architecture", name);
	return arch;
}

static int compile_seccomp(struct cmd *c)
{
	const struct sc_arch *arch = arch_given(c);
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

/* The index of what an option says; the first when it is not given. */
static unsigned choice(const struct cmd *c, const char *option, const char *const *words)
{
	const char *word = cmd_option(c, option);

	for (unsigned i = 0; words[i]; i++)
		if (!word || str_eq(word, words[i]))
			return i;
	die_with(EXIT_USAGE, "policy-compile: --%s %s: no such choice", option, word);
}

static const struct host *read_host(const struct cmd *c)
{
	const char *file = cmd_option(c, "host");
	char why[WHY_MAX];
	size_t len;

	if (!file)
		return host_default(c->arena);
	const char *text = seccomp_read_file(c->arena, file, HOST_TEXT_MAX, &len);
	const struct host *h = host_parse(c->arena, text, len, why);
	if (!h)
		die("%s: %s", file, why);
	return h;
}

/* What is said, else what the facts say, else amd64: never this machine. */
static const struct sc_arch *decide_arch(const struct cmd *c, const struct host *h)
{
	const struct sc_arch *arch = arch_given(c);

	if (!arch)
		arch = sc_arch_of_machine(str_eq(h->machine, "any") ? "x86_64" : h->machine);
	if (!arch)
		die("%s: machine %s: no such architecture (--arch says one)",
		    cmd_option(c, "host"), h->machine);
	return arch;
}

static bool is_ours(struct arena *a, const char *name)
{
	return artefact_of(a, name);
}

static void tell(const struct cmd *c, const struct conn_lines *lines)
{
	for (size_t i = 0; i < lines->len && cmd_option(c, "verbose"); i++) {
		const struct conn_line *l = &lines->at[i];

		printf("connected %s:%s %s:%s\n", l->plug_snap, l->plug, l->slot_snap, l->slot);
	}
}

static struct artefacts make_one(struct arena *a, const struct artefacts_system *sys,
				 const struct snap *s, const struct snaps *all,
				 const struct conn_lines *lines, const struct connect_on *on)
{
	DOING("compile", s->instance);
	struct artefacts_for f = {
		.snap = s,
		.confinement = s->confinement,
		.conns = connect_of(a, lines, s, all, on),
	};

	return artefacts_make(a, sys, &f);
}

static void put_all(struct arena *a, struct outdir *out, const struct artefacts *made)
{
	for (size_t i = 0; i < made->len; i++) {
		const struct artefact *one = &made->at[i];

		outdir_write(out, artefact_name(a, one->kind, one->of), one->bytes, one->len);
	}
}

static int compile_meta(struct cmd *c)
{
	static const char *const systems[] = {"classic", "core", NULL};
	struct arena *a = c->arena;
	const char *path = cmd_option(c, "out");
	enum meta_connect how = (enum meta_connect)choice(c, "connect", meta_connect_names);
	bool classic = !choice(c, "system", systems);
	const struct host *host = read_host(c);
	const struct sc_arch *arch = decide_arch(c, host);

	if (!c->argc || !path)
		die_with(EXIT_USAGE, "policy-compile --meta: wants a snap and --out OUT");
	struct connect_on on = {.classic = classic, .distro = host->distro};
	struct artefacts_system sys =
		artefacts_system_of(a, host, arch, arch, classic, cmd_option(c, "host"));
	struct snaps all = meta_read(a, c->argv);
	struct conn_lines lines = meta_connect(a, &all, how, &on);
	struct outdir *out = outdir_begin(a, path, is_ours);

	for (size_t i = 0; i < all.len; i++) {
		struct artefacts made = make_one(a, &sys, all.at[i], &all, &lines, &on);

		put_all(a, out, &made);
	}
	outdir_commit(out);
	tell(c, &lines);
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
	{"verbose", NULL, "tell what was connected; sizes, and which names were skipped", 'v'},
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
		"NAME.update-ns.apparmor and NAME.kmod. When --host names what AppArmor can do\n"
		"there, what the kernel loads comes along as LABEL.apparmor.bin. The same input\n"
		"gives the same bytes on every machine: without --host policy is for a host that\n"
		"has everything, without --arch for the host's architecture, or amd64. DIR is\n"
		"replaced at once when everything is made, and only if all in it is of this\n"
		"command; else it stays as it was.\n"
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
