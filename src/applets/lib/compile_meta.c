/* compile_meta.c - policy-compile --meta: the engine without a system
 *
 * MUST ask nothing of the machine it runs on: the same words give the same bytes
 * everywhere. What is read is a stranger's: what is wrong with it is one line that
 * names it, and --out is left as it was.
 */
#include "applets/lib/compile_meta.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "applets/lib/artefacts.h"
#include "applets/lib/given.h"
#include "applets/lib/outdir.h"
#include "core/fs.h"
#include "core/node.h"
#include "core/str.h"

const struct sc_arch *compile_arch(const struct cmd *c)
{
	const char *name = cmd_option(c, "arch");
	const struct sc_arch *arch = name ? sc_arch_find(name) : NULL;

	if (name && !arch)
		die_with(EXIT_USAGE, "--arch %s: no such architecture", name);
	return arch;
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
	DOING("read", file);
	int fd = open(file, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	const char *text = fd < 0 ? NULL : fs_read_fd(c->arena, fd, HOST_TEXT_MAX, &len);
	if (!text)
		die("%m");
	close(fd);
	const struct host *h = host_parse(c->arena, text, len, why);
	if (!h)
		die("%s", why);
	return h;
}

/* What is said, else what the facts say, else amd64: never this machine. */
static const struct sc_arch *decide_arch(const struct cmd *c, const struct host *h)
{
	const struct sc_arch *arch = compile_arch(c);

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

static void tell(const struct cmd *c, const struct conn_lines *lines, const struct words *weaker)
{
	if (!cmd_option(c, "verbose"))
		return;
	for (size_t i = 0; i < lines->len; i++) {
		const struct conn_line *l = &lines->at[i];

		printf("connected %s:%s %s:%s\n", l->plug_snap, l->plug, l->slot_snap, l->slot);
	}
	for (size_t i = 0; i < weaker->len; i++)
		printf("weaker there: %s\n", weaker->at[i]);
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

int compile_meta(struct cmd *c)
{
	static const char *const systems[] = {"classic", "core", NULL};
	struct arena *a = c->arena;
	const char *path = cmd_option(c, "out");
	enum given_how how = (enum given_how)choice(c, "connect", given_hows);
	bool classic = !choice(c, "system", systems);
	const struct host *host = read_host(c);
	const struct sc_arch *arch = decide_arch(c, host);

	if (!c->argc || !path)
		die_with(EXIT_USAGE, "policy-compile --meta: wants a snap and --out OUT");
	struct connect_on on = {.classic = classic, .distro = host->distro};
	struct artefacts_system sys =
		artefacts_system_of(a, host, arch, arch, classic, cmd_option(c, "host"));
	/* A host that is said is one as it is: its filters refuse what its AppArmor does not. */
	sys.substitute = cmd_option(c, "host") ? host : NULL;
	struct snaps all = given_read(a, c->argv);
	struct conn_lines lines = given_connect(a, &all, how, &on);
	struct outdir *out = outdir_begin(a, path, is_ours);
	struct words weaker = {0};

	for (size_t i = 0; i < all.len; i++) {
		struct artefacts made = make_one(a, &sys, all.at[i], &all, &lines, &on);

		put_all(a, out, &made);
		for (size_t k = 0; k < made.weaker.len; k++)
			vec_push(a, &weaker, made.weaker.at[k]);
	}
	outdir_commit(out);
	tell(c, &lines, &weaker);
	return EXIT_DONE;
}
