/* filter.c - the system call filter of one app, both as text and compiled */
#include "applets/lib/filter.h"

#include <stdio.h>
#include <string.h>

#include "core/dirs.h"
#include "core/host.h"
#include "seccomp/compile.h"
#include "seccomp/pack.h"
#include "seccomp/source.h"
#include "seccomp/users.h"

#define WHY (SOURCE_WHY > COMPILE_WHY ? SOURCE_WHY : COMPILE_WHY)

/* Apps of one snap mostly have one and the same text: it is compiled once. */
struct filter_maker {
	struct arena *a;
	struct sc_users users;
	unsigned major, minor; /* of the kernel */
	bool apparmor;
	struct filter last;
};

struct filter_maker *filter_maker(struct arena *a)
{
	struct filter_maker *m = NEW(a, struct filter_maker);
	const struct host *host = host_probe(a);

	m->a = a;
	m->users = users_load(a, dirs_root());
	m->apparmor = host->apparmor;
	if (sscanf(host->kernel, "%u.%u", &m->major, &m->minor) != 2)
		die("%s: not the version of a kernel", host->kernel);
	return m;
}

const char *filter_make(struct filter_maker *m, struct filter *f)
{
	struct sc_app app = {
		.classic = f->classic, .devmode = f->devmode, .jailmode = f->jailmode,
		.base = f->base, .users = f->users, .kernel = sc_arch_kernel(),
		.kernel_major = m->major, .kernel_minor = m->minor, .apparmor = m->apparmor,
		.snippets = f->snippets, .count = f->count,
	};
	struct sc_target target = sc_target_of(sc_arch_native(), sc_arch_kernel());
	struct sc_compiled compiled;
	char *why = NEW_N(m->a, char, WHY);

	f->text = source_text(m->a, &app, why);
	if (!f->text)
		return why;
	if (m->last.text && !strcmp(m->last.text, f->text)) {
		f->bin = m->last.bin;
		f->len = m->last.len;
		return NULL;
	}
	if (!compile_text(m->a, f->text, strlen(f->text), target, &m->users, &compiled, why))
		return why;
	f->bin = pack_bin(m->a, &compiled, &f->len);
	m->last = *f;
	return NULL;
}
