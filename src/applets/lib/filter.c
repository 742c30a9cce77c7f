/* filter.c - the system call filter of one app, both as text and compiled */
#include "applets/lib/filter.h"

#include <string.h>

#include "seccomp/compile.h"
#include "seccomp/pack.h"

#define WHY (SOURCE_WHY > COMPILE_WHY ? SOURCE_WHY : COMPILE_WHY)

/* Apps of one snap mostly have one and the same text: it is compiled once. */
struct filter_maker {
	struct arena *a;
	const struct filter_system *sys;
	struct filter last;
};

struct filter_maker *filter_maker(struct arena *a, const struct filter_system *sys)
{
	struct filter_maker *m = NEW(a, struct filter_maker);

	m->a = a;
	m->sys = sys;
	return m;
}

const char *filter_make(struct filter_maker *m, struct filter *f)
{
	struct sc_app app = {
		.classic = f->classic, .devmode = f->devmode, .jailmode = f->jailmode,
		.base = f->base, .users = f->users, .kernel = m->sys->kernel,
		.kernel_major = m->sys->major, .kernel_minor = m->sys->minor,
		.apparmor = m->sys->apparmor,
		.snippets = f->snippets, .count = f->count,
	};
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
	if (!compile_text(m->a, f->text, strlen(f->text), m->sys->target, &m->sys->users,
			  &compiled, why))
		return why;
	f->bin = pack_bin(m->a, &compiled, &f->len);
	m->last = *f;
	return NULL;
}
