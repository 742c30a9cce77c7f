/* test_plan.c - a plan is read back exactly as it was written, or not at all */
#include "check.h"

#include <stdlib.h>
#include <string.h>

#include "core/str.h"
#include "ns/plan.h"

#define GOOD \
	"snapbox-plan 1\n" \
	"label snap.foo_k.bar\n" \
	"revision x1\n" \
	"kind strict\n" \
	"base core24\n" \
	"base-dir /snap/core24/x3\n" \
	"dir /snap/foo/x1\n" \
	"steps no\n" \
	"caps ipc_lock sys_chroot\n" \
	"apparmor no\n" \
	"hide /run\n" \
	"show /run/systemd/journal\n" \
	"guard files signals\n" \
	"allow rlx /usr\n" \
	"grade substituted\n" \
	"filter yes\n" \
	"command /snap/foo/x1/bin/bar\n"

#define REST \
	"chain /snap/foo/x1/first.sh\n" \
	"chain /snap/foo/x1/second.sh\n" \
	"arg --data\n" \
	"arg $SNAP_DATA/x\n" \
	"env SNAP_DATA=/var/snap/foo/x1\n" \
	"env NOTE=two\\012lines\\134 and a tab\\011.\n" \
	"end\n"

static const struct plan *parse(struct arena *a, const char *text, const char **why)
{
	return plan_parse(a, text, strlen(text), why);
}

static void survives_being_written(void **state)
{
	struct arena *a = *state;
	const char *why;
	const struct plan *p = parse(a, GOOD REST, &why);
	struct buf out = buf_new(a);

	if (!p)
		fail_msg("%s", why);
	assert_string_equal(p->instance, "foo_k");
	assert_string_equal(p->snap, "foo");
	assert_int_equal(p->chain.len, 2);
	assert_string_equal(p->chain.at[1], "/snap/foo/x1/second.sh");
	assert_string_equal(p->env.at[1], "NOTE=two\nlines\\ and a tab\t.");
	plan_print(&out, p);
	assert_string_equal(buf_text(&out), GOOD REST);
}

static void refuses(void **state)
{
	static const struct {
		const char *why, *text;
	} bad[] = {
		{"empty", ""},
		{"another version", "snapbox-plan 2\n"},
		{"no end", GOOD},
		{"no newline at the end", GOOD "end"},
		{"more after the end", GOOD "end\nend\n"},
		{"a line twice", GOOD "command /snap/foo/x1/bin/bar\nend\n"},
		{"unknown line", GOOD "setuid yes\nend\n"},
		{"wrong order", GOOD "env A=b\narg x\nend\n"},
		{"carriage return", GOOD "arg x\r\nend\n"},
		{"escape cut off", GOOD "arg x\\01\nend\n"},
		{"escape of a letter", GOOD "arg \\101\nend\n"},
		{"escape of NUL", GOOD "arg \\000\nend\n"},
		{"env without a value", GOOD "env PATH\nend\n"},
		{"env with a bad name", GOOD "env 1A=x\nend\n"},
		{"env without a name", GOOD "env =x\nend\n"},
		{"chain elsewhere", GOOD "chain /bin/sh\nend\n"},
		{"chain that climbs", GOOD "chain /snap/foo/x1/../x2/a\nend\n"},
		{"two blanks after the key", GOOD "chain  /snap/foo/x1/a\nend\n"},
	};

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		const char *why = NULL;

		if (parse(*state, bad[i].text, &why))
			fail_msg("accepted: %s", bad[i].why);
		assert_non_null(why);
	}
}

/* Every line of a good plan, replaced by a bad one. */
static void refuses_values(void **state)
{
	static const struct {
		const char *from, *to;
	} bad[] = {
		{"label snap.foo_k.bar", "label foo.bar"},
		{"label snap.foo_k.bar", "label snap.foo_k.."},
		{"label snap.foo_k.bar", "label snap.f.bar"},
		{"label snap.foo_k.bar", "label snap.foo_k.bar "},
		{"revision x1", "revision x0"},
		{"revision x1", "revision ../1"},
		{"kind strict", "kind Strict"},
		{"kind strict", "kind"},
		{"kind strict", "kind classic"}, /* a classic one has no base */
		{"base core24", "base ../core"},
		{"base-dir /snap/core24/x3", "base-dir snap/core24/x3"},
		{"base-dir /snap/core24/x3", "base-dir /snap//core24"},
		{"base-dir /snap/core24/x3", "base-dir /"},
		{"dir /snap/foo/x1", "dir /snap/foo/."},
		{"steps no", "steps maybe"},
		{"caps ipc_lock sys_chroot", "caps ipc_lock  sys_chroot"},
		{"caps ipc_lock sys_chroot", "caps CAP_CHOWN"},
		{"caps ipc_lock sys_chroot", "caps"},
		{"apparmor no", "apparmor"},
		{"apparmor no", "apparmor yes"},
		{"command /snap/foo/x1/bin/bar", "command /snap/foo/x10/bin/bar"},
		{"command /snap/foo/x1/bin/bar", "command /snap/foo/x1"},
		{"command /snap/foo/x1/bin/bar", "command /snap/foo/x1/../../../bin/sh"},
		{"command /snap/foo/x1/bin/bar", "command bin/bar"},
		{"steps no\n", ""},
		{"base core24\n", ""},
	};

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct arena *a = *state;
		const char *good = GOOD "end\n", *at = strstr(good, bad[i].from), *why = NULL;
		const char *text = arena_printf(a, "%.*s%s%s", (int)(at - good), good, bad[i].to,
						at + strlen(bad[i].from));

		if (parse(a, text, &why))
			fail_msg("accepted: %s", bad[i].to);
	}
}

static void nul_is_refused(void **state)
{
	static const char text[] = GOOD "arg a\0b\nend\n";
	const char *why;

	assert_null(plan_parse(*state, text, sizeof text - 1, &why));
}

static void every_cut_is_refused(void **state)
{
	static const char text[] = GOOD REST;
	const char *why;

	for (size_t n = 0; n < sizeof text - 1; n++)
		assert_null(plan_parse(*state, text, n, &why));
}

static void bad_plans_are_not_written(void **state)
{
	struct arena *a = *state;
	const char *why;
	struct plan p = *parse(a, GOOD "end\n", &why);
	struct buf out = buf_new(a);

	p.command = "/bin/sh";
	assert_dies(plan_print(&out, &p), "command is not below dir");
}

static bool holds(char *const *list, const char *entry)
{
	for (; *list; list++)
		if (str_eq(*list, entry))
			return true;
	return false;
}

static bool names(char *const *list, const char *name)
{
	for (; *list; list++)
		if (str_starts(*list, name) && (*list)[strlen(name)] == '=')
			return true;
	return false;
}

/* A018 A022 A026 A031: what the caller set does not steer the app's loader, and the
 * plan's values win. */
static void environment(void **state)
{
	static char *const given[] = {
		"LANG=C", "LANG=de", "LD_PRELOAD=/x.so", "LD_LIBRARY_PATH=/x", "nonsense", "=x",
		"PATH=/evil", "TMPDIR=/evil", "GLIBC_TUNABLES=x=y", "BASH_ENV=/evil", "EMPTY=",
		"USER=u", NULL,
	};
	static const char *env[] = {
		"PATH=/usr/bin:/bin", "TMPDIR=/tmp", "A=$LANG-${USER}", "B=$A/$NONE/$$HOME",
		"PATH=$SNAP/bin:$PATH", "C=$", "D=${LANG", "E=a$-b",
	};
	const char *why;
	struct arena *a = *state;
	struct plan p = *parse(a, GOOD "end\n", &why);

	p.env = (struct plan_list){env, sizeof env / sizeof env[0]};
	char **out = plan_environment(a, &p, given, &why);
	assert_true(holds(out, "LANG=C"));
	assert_false(holds(out, "LANG=de"));
	assert_false(names(out, "LD_PRELOAD"));
	assert_false(names(out, "LD_LIBRARY_PATH"));
	assert_false(names(out, "GLIBC_TUNABLES"));
	assert_false(names(out, "BASH_ENV"));
	assert_false(holds(out, "nonsense"));
	assert_true(holds(out, "EMPTY="));
	assert_true(holds(out, "TMPDIR=/tmp"));
	assert_true(holds(out, "A=C-u"));
	assert_true(holds(out, "B=C-u//$HOME"));
	assert_true(holds(out, "PATH=/bin:/usr/bin:/bin"));
	assert_true(holds(out, "C=$"));
	assert_true(holds(out, "D=LANG"));
	assert_true(holds(out, "E=ab"));
}

/* A242: 30 levels of $A$A end with a message, not with the memory. */
static void growth_is_bounded(void **state)
{
	struct arena *a = *state;
	const char *why = NULL, *env[40] = {"A0=0123456789"};
	static char *const none[] = {NULL};
	struct plan p = *parse(a, GOOD "end\n", &why);

	for (int i = 1; i < 40; i++)
		env[i] = arena_printf(a, "A%d=$A%d$A%d", i, i - 1, i - 1);
	p.env = (struct plan_list){env, 40};
	assert_null(plan_environment(a, &p, none, &why));
	assert_non_null(strstr(why, "too long"));
}

static void arguments(void **state)
{
	static char *const env[] = {"X=1 2", "Y=", NULL}, *const words[] = {"$X", "--", "", NULL};
	static const char *args[] = {"a", "$X", "$Y", "b$Y"}, *chain[] = {"/snap/foo/x1/c"};
	const char *why;
	struct arena *a = *state;
	struct plan p = *parse(a, GOOD "end\n", &why);

	p.args = (struct plan_list){args, 4};
	p.chain = (struct plan_list){chain, 1};
	char **argv = plan_arguments(a, &p, env, words);
	assert_string_equal(argv[0], "/snap/foo/x1/c");
	assert_string_equal(argv[1], "/snap/foo/x1/bin/bar");
	assert_string_equal(argv[2], "a");
	assert_string_equal(argv[3], "1 2");
	assert_string_equal(argv[4], "b");
	assert_string_equal(argv[5], "$X"); /* the caller's words are opaque */
	assert_string_equal(argv[6], "--");
	assert_string_equal(argv[7], "");
	assert_null(argv[8]);
}

int main(void)
{
	return RUN(UNIT(survives_being_written), UNIT(refuses), UNIT(refuses_values),
		   UNIT(nul_is_refused), UNIT(every_cut_is_refused),
		   UNIT(bad_plans_are_not_written), UNIT(environment), UNIT(growth_is_bounded),
		   UNIT(arguments));
}
