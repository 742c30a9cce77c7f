/* filters.c - filters of system calls, compared by what they answer
 *
 * The compiler makes one program of what means the same, so mostly the programs are
 * equal. Where they are not, calls at and beside everything that either text names are
 * put to both.
 */
#include "filters.h"

#include <stdio.h>
#include <string.h>

#include "../oracle/inputs.h"
#include "core/str.h"
#include "read.h"
#include "seccomp/compile.h"
#include "seccomp/filter.h"
#include "seccomp/resolve.h"
#include "seccomp/sim.h"
#include "seccomp/source.h"

#define CALLS 20000

static const char *const archs[] = {"amd64", "arm64"};
static const struct sc_users users = {.passwd = "root:x:0:0::/:/\n", .group = "root:x:0:\n"};
static const char *base_lines;
size_t filters_pairs, filters_equal, filters_calls;

struct filter {
	const char *text;
	struct sc_filter filter;
	struct sc_compiled compiled;
};

void filters_start(struct arena *a, const char *dir)
{
	base_lines = facts_read(a, arena_printf(a, "%s/templates/core.plain.seccomp.txt", dir));
	if (!base_lines)
		die("there is no filter of a snap without plugs in %s", dir);
}

static bool same_program(const struct sc_program *x, const struct sc_program *y)
{
	return x->count == y->count && !memcmp(x->code, y->code, x->count * sizeof *x->code);
}

static uint32_t answer(const struct sc_compiled *c, const struct seccomp_data *d)
{
	uint32_t allow = SECCOMP_RET_ALLOW, deny = SECCOMP_RET_ALLOW;

	if (c->unrestricted)
		return allow;
	if (!sim_run(c->allow.code, c->allow.count, d, c->big, &allow, NULL) ||
	    !sim_run(c->deny.code, c->deny.count, d, c->big, &deny, NULL))
		die("a program that the kernel would not take");
	return sim_both(deny, allow);
}

static int ask(struct arena *a, const char *where, struct sc_target t, const struct filter *s)
{
	struct rng r = {1};
	const struct sc_compiled *x = &s[0].compiled, *y = &s[1].compiled;

	filters_pairs++;
	bool same = x->unrestricted || (same_program(&x->allow, &y->allow) &&
					same_program(&x->deny, &y->deny));
	if (x->unrestricted == y->unrestricted && same) {
		filters_equal++;
		return 0;
	}
	for (int i = 0; i < CALLS; i++) {
		const struct sc_filter *f = &s[i % 2].filter;
		struct seccomp_data d;

		input_make(&r, t, f->rules, f->count, &d);
		filters_calls++;
		uint32_t ours = answer(x, &d), facts = answer(y, &d);
		if (ours == facts)
			continue;
		const char *name = resolve_number(a, t.arch, d.nr);
		printf("# %s, %s: %s (%d) of %x, %#llx %#llx %#llx %#llx: ours %s", where,
		       t.arch->name, name ? name : "?", d.nr, d.arch, d.args[0],
		       d.args[1], d.args[2], d.args[3],
		       sim_name(ours));
		printf(", facts %s\n", sim_name(facts));
		return 1;
	}
	return 0;
}

static bool compile(struct arena *a, const char *where, struct sc_target t, struct filter *s)
{
	char why[COMPILE_WHY > FILTER_WHY ? COMPILE_WHY : FILTER_WHY];

	if (filter_parse(a, s->text, strlen(s->text), t.arch->family, &users, &s->filter, why) &&
	    compile_rules(a, &s->filter, t, &s->compiled, why))
		return true;
	printf("# %s: %s\n", where, why);
	return false;
}

static int differ(struct arena *a, const char *where, struct sc_app app, const char *facts)
{
	char why[SOURCE_WHY];
	int wrong = 0;

	app.kernel_major = 6;
	app.kernel_minor = 1;
	for (size_t i = 0; i < sizeof archs / sizeof *archs; i++) {
		struct filter both[2] = {{.text = NULL}, {.text = facts}};
		struct sc_target t;

		app.kernel = sc_arch_find(archs[i]);
		t = sc_target_of(app.kernel, NULL);
		both[0].text = source_text(a, &app, why);
		if (!both[0].text) {
			printf("# %s: %s\n", where, why);
			return 1;
		}
		wrong += !compile(a, where, t, &both[0]) || !compile(a, where, t, &both[1]) ||
			 ask(a, where, t, both);
	}
	return wrong;
}

int filters_differ(struct arena *a, const char *where, const char *base, const char *lines,
		   const char *facts)
{
	struct sc_snippet snippet = {"interface", lines, true};
	struct sc_app app = {.base = base, .apparmor = true, .snippets = &snippet, .count = 1};

	return differ(a, where, app, arena_printf(a, "%s\n%s", base_lines, facts));
}

int filters_template_differs(struct arena *a, const char *kind, const char *facts)
{
	struct sc_app app = {
		.base = "core22", .classic = !strcmp(kind, "classic"),
		.devmode = !strcmp(kind, "devmode"),
		.apparmor = !str_starts(kind, "kernel-"), /* those cannot tell who may bind */
	};

	return differ(a, kind, app, facts);
}
