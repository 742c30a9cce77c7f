/* snap-seccomp.c - snapd's tool of that name, for who knows it (behaviour.md C7, C32) */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "applets/applet.h"
#include "applets/lib/seccomp.h"
#include "core/buf.h"
#include "core/digest.h"
#include "core/str.h"
#include "seccomp/bin.h"
#include "seccomp/pseudo.h"
#include "seccomp/resolve.h"

/* The environment is the caller's: it may ask for more words, if the caller is who runs. */
static bool wants_debug(void)
{
	static const char *const yes[] = {"1", "t", "T", "true", "TRUE", "True", NULL};
	const char *value = getenv("SNAP_SECCOMP_DEBUG");

	return value && str_in(value, yes) && getuid() == geteuid() && getgid() == getegid();
}

static void compile(struct cmd *c)
{
	struct sc_target target = sc_target_of(sc_arch_native(), sc_arch_kernel());
	struct sc_compiled compiled;
	struct buf text = buf_new(c->arena);

	seccomp_compile_file(c->arena, c->argv[1], target, "", &compiled);
	if (wants_debug() && !compiled.unrestricted) {
		buf_str(&text, "# allow\n");
		pseudo_print(&text, &compiled.allow, compiled.big);
		buf_str(&text, "# deny\n");
		pseudo_print(&text, &compiled.deny, compiled.big);
		fputs(buf_text(&text), stdout);
	}
	seccomp_write_file(c->arena, c->argv[2], &compiled);
}

static void dump(struct cmd *c)
{
	struct arena *a = c->arena;
	size_t len, size = sizeof(struct sock_filter);
	const char *why;
	struct sc_bin bin;
	char *bytes = seccomp_read_file(a, c->argv[1], BIN_FILE_MAX, &len);

	if (!bin_read(bytes, len, &bin, &why))
		die("%s: %s", c->argv[1], why);
	seccomp_replace(a, arena_printf(a, "%s.allow", c->argv[2]), bin.allow,
			bin.allow_count * size);
	seccomp_replace(a, arena_printf(a, "%s.deny", c->argv[2]), bin.deny, bin.deny_count * size);
}

static void print_digest(struct digest *d, size_t digits)
{
	uint8_t out[DIGEST_MAX];

	digest_end(d, out);
	for (size_t i = 0; i < digits / 2; i++)
		printf("%02x", out[i]);
}

/* This program, libseccomp, all names that it knows here, and what we can do. */
static void version_info(struct cmd *c)
{
	struct digest *self = digest_new(c->arena, DIGEST_SHA512_256);
	struct digest *names = digest_new(c->arena, DIGEST_SHA512_256);
	size_t len;
	char *bytes = seccomp_read_file(c->arena, "/proc/self/exe", SIZE_MAX / 4, &len);

	digest_add(self, bytes, len);
	print_digest(self, 40);
	printf(" %s ", resolve_version(c->arena));
	for (int nr = 0; nr < 1024; nr++) {
		const char *name = resolve_number(c->arena, sc_arch_native(), nr);

		if (name)
			digest_add(names, name, strlen(name) + 1);
	}
	print_digest(names, 64);
	printf(" bpf-actlog\n");
}

static void library_version(struct cmd *c)
{
	printf("%s\n", resolve_version(c->arena));
}

static const struct {
	const char *name;
	int words;
	void (*run)(struct cmd *c);
} verbs[] = {
	{"compile", 3, compile},
	{"dump", 3, dump},
	{"library-version", 1, library_version},
	{"version-info", 1, version_info},
};

#define VERBS (sizeof verbs / sizeof verbs[0])

static int snap_seccomp_main(struct cmd *c)
{
	for (size_t i = 0; i < VERBS; i++) {
		if (!str_eq(verbs[i].name, c->argv[0]))
			continue;
		if (c->argc != verbs[i].words)
			die_with(EXIT_USAGE, "snap-seccomp %s: %d words are needed", verbs[i].name,
				 verbs[i].words - 1);
		verbs[i].run(c);
		return EXIT_DONE;
	}
	die_with(EXIT_USAGE, "snap-seccomp: unknown verb \"%s\"", c->argv[0]);
}

APPLET(snap_seccomp) = {
	.name = "snap-seccomp",
	.args = "VERB [WORD]...",
	.help = "Compile and look at filters, as snapd's tool does\n"
		"\n"
		"compile SRC OUT     compile for this machine; SNAP_SECCOMP_DEBUG=1 shows the "
		"programs\n"
		"dump FILE PREFIX    write the programs of FILE to PREFIX.allow and PREFIX.deny\n"
		"library-version     the version of libseccomp that knows the numbers\n"
		"version-info        what compiled filters depend on\n",
	.examples = "snap-seccomp compile snap.foo.bar.src snap.foo.bar.bin2\n",
	.min = 1,
	.max = 3,
	.need = HIDDEN,
	.main = snap_seccomp_main,
};
