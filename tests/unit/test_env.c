/* The environment and the words of an app, from install to start. */
#include <stdio.h>
#include <stdlib.h>

#include "applets/lib/launch.h"
#include "check.h"
#include "core/str.h"
#include "policy/command.h"
#include "policy/env.h"
#include "policy/model/assumes.h"
#include "policy/model/snap.h"

static struct snap *snap_of(struct arena *a, const char *rest)
{
	char why[WHY_MAX];
	const char *text = arena_printf(a, "name: foo\nversion: 1.0\nbase: core24\n%s", rest);
	struct snap *s = snap_from_yaml(a, text, strlen(text), why);

	if (!s)
		fail_msg("%s", why);
	snap_set_instance(a, s, "foo_k", "x7");
	return s;
}

static const struct plan *plan_of(struct arena *a, const char *rest, enum confinement how, char *why)
{
	struct snap *s = snap_of(a, rest);
	struct launch l = {.effective = how, .base = "core24", .base_dir = "/snap/core24/x1"};

	return launch_plan(a, s, s->apps.at[0], NULL, &l, why);
}

static const char *text_of(struct arena *a, const struct plan *p)
{
	struct buf b = buf_new(a);

	plan_print(&b, p);
	return buf_text(&b);
}

/* The environment at the start, as `run` and the privileged copy make it. */
static char **start(struct arena *a, const struct plan *p, char *const *given)
{
	struct env_user u = {.uid = 1000, .euid = 1000, .home = "/home/u", .instance = p->instance,
			     .revision = p->revision, .classic = p->kind == PLAN_CLASSIC};
	const char *why;
	char **env = plan_environment(a, p, env_of_user(a, &u, given), &why);

	assert_non_null(env);
	return env;
}

static const char *value(char *const *env, const char *name)
{
	const char *found = NULL;

	for (; *env; env++) {
		const char *rest = str_after(*env, name);

		if (rest && *rest == '=') {
			assert_null(found); /* one value a name */
			found = rest + 1;
		}
	}
	return found ? found : "(unset)";
}

static const char *const app = "apps:\n  sh: {command: bin/sh, common-id: org.foo.sh}\n";

/* E7 to E16: the plan of a strict app, byte for byte. */
static void the_plan_of_a_strict_app(void **state)
{
	struct arena *a = *state;
	char why[WHY_MAX];
	const struct plan *p = plan_of(a,
		"environment: {A: '1 $SNAP', PATH: '$SNAP/bin:$PATH', SNAP_DATA: /etc, SNAP_X: y}\n"
		"apps:\n  sh:\n    command: bin//sh -c  $A ./x\n    command-chain: [c/one, /c/two]\n"
		"    environment: {A: '$A 2', HOME: $SNAP_COMMON}\n", CONFINE_STRICT, why);

	assert_non_null(p);
	assert_string_equal(text_of(a, p), arena_printf(a,
		"snapbox-plan 1\n"
		"label snap.foo_k.sh\n"
		"revision x7\n"
		"kind strict\n"
		"base core24\n"
		"base-dir /snap/core24/x1\n"
		"dir /snap/foo/x7\n"
		"steps no\n"
		"caps ipc_lock sys_chroot\n"
		"apparmor no\n"
		"guard none\n"
		"grade none\n"
		"filter yes\n"
		"command /snap/foo/x7/bin/sh\n"
		"chain /snap/foo/x7/c/one\n"
		"chain /snap/foo/x7/c/two\n"
		"arg -c\n"
		"arg $A\n"
		"arg ./x\n"
		"env SNAP=/snap/foo/x7\n"
		"env SNAP_ARCH=%s\n"
		"env SNAP_COMMON=/var/snap/foo/common\n"
		"env SNAP_DATA=/var/snap/foo/x7\n"
		"env SNAP_INSTANCE_KEY=k\n"
		"env SNAP_INSTANCE_NAME=foo_k\n"
		"env SNAP_LIBRARY_PATH=/var/lib/snapd/lib/gl:/var/lib/snapd/lib/gl32\n"
		"env SNAP_NAME=foo\n"
		"env SNAP_REEXEC=\n"
		"env SNAP_REVISION=x7\n"
		"env SNAP_VERSION=1.0\n"
		"env SNAP_APP_NAME=sh\n"
		"env PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/games:/usr/local/games\n"
		"env SHELL=/bin/bash\n"
		"env TEMPDIR=/tmp\n"
		"env TMPDIR=/tmp\n"
		"env A=1 $SNAP\n"
		"env PATH=$SNAP/bin:$PATH\n"
		"env SNAP_X=y\n"
		"env A=$A 2\n"
		"env HOME=$SNAP_COMMON\n"
		"end\n", assumes_arch()));
}

/* A022, A027, A031, E8, E14: what the caller says of himself is not believed. */
static void a_hostile_caller_steers_nothing(void **state)
{
	struct arena *a = *state;
	char why[WHY_MAX];
	char *const given[] = {"PATH=.:/tmp/evil:", "HOME=/root", "HOME=/etc", "XDG_RUNTIME_DIR=/etc",
			       "SNAP=/etc", "SNAP_DATA=/etc", "SNAP_USER_DATA=/etc", "SNAP_UID=0",
			       "SNAP_COOKIE=x", "SNAP_CONTEXT=x", "SNAP_REAL_HOME=/", "TMPDIR=/etc",
			       "LD_PRELOAD=/evil.so", "LANG=C", "LANG=evil", "noequals", "=x",
			       "SNAP_OF_MY_OWN=1", NULL};
	char **env = start(a, plan_of(a, app, CONFINE_STRICT, why), given);

	assert_string_equal(value(env, "HOME"), "/home/u/snap/foo_k/x7");
	assert_string_equal(value(env, "XDG_RUNTIME_DIR"), "/run/user/1000/snap.foo_k");
	assert_string_equal(value(env, "SNAP"), "/snap/foo/x7");
	assert_string_equal(value(env, "SNAP_DATA"), "/var/snap/foo/x7");
	assert_string_equal(value(env, "SNAP_COMMON"), "/var/snap/foo/common");
	assert_string_equal(value(env, "SNAP_USER_DATA"), "/home/u/snap/foo_k/x7");
	assert_string_equal(value(env, "SNAP_USER_COMMON"), "/home/u/snap/foo_k/common");
	assert_string_equal(value(env, "SNAP_REAL_HOME"), "/home/u");
	assert_string_equal(value(env, "SNAP_UID"), "1000");
	assert_string_equal(value(env, "SNAP_EUID"), "1000");
	assert_string_equal(value(env, "SNAP_APP_COMMON_ID"), "org.foo.sh");
	assert_string_equal(value(env, "SNAP_COOKIE"), "(unset)");
	assert_string_equal(value(env, "TMPDIR"), "/tmp");
	assert_string_equal(value(env, "SHELL"), "/bin/bash");
	assert_string_equal(value(env, "LD_PRELOAD"), "(unset)");
	assert_string_equal(value(env, "LANG"), "C");
	assert_string_equal(value(env, "SNAP_OF_MY_OWN"), "1");
	assert_true(str_starts(value(env, "PATH"), "/usr/local/sbin:"));
}

/* E7: a classic app keeps what its caller has. */
static void classic_keeps_the_callers(void **state)
{
	struct arena *a = *state;
	char why[WHY_MAX];
	char *const given[] = {"PATH=/my/bin", "HOME=/my/home", "XDG_RUNTIME_DIR=/my/run", "TMPDIR=/my/tmp",
			       "LD_LIBRARY_PATH=/my/lib", "SHELL=/my/sh", "SNAP=/no", NULL};
	const struct plan *p = plan_of(a, app, CONFINE_CLASSIC, why);
	char **env = start(a, p, given);

	assert_string_equal(value(env, "PATH"), "/my/bin");
	assert_string_equal(value(env, "HOME"), "/my/home");
	assert_string_equal(value(env, "XDG_RUNTIME_DIR"), "/my/run");
	assert_string_equal(value(env, "TMPDIR"), "/my/tmp");
	assert_string_equal(value(env, "LD_LIBRARY_PATH"), "/my/lib");
	assert_string_equal(value(env, "SHELL"), "/my/sh");
	assert_string_equal(value(env, "SNAP"), "/snap/foo_k/x7");
	assert_string_equal(value(env, "SNAP_REAL_HOME"), "/home/u");
	assert_non_null(strstr(text_of(a, p), "kind classic\ndir /snap/foo_k/x7\nsteps no\ncaps all\n"));
	assert_non_null(strstr(text_of(a, plan_of(a, app, CONFINE_DEVMODE, why)), "kind devmode\n"));
}

/* E16: left to right, in the order written, the snap's before the app's. */
static void variables_are_replaced_in_order(void **state)
{
	struct arena *a = *state;
	char why[WHY_MAX];
	char *const given[] = {"G=given", NULL};
	const struct plan *p = plan_of(a,
		"environment: {Z: '$G', Y: '${Z}!', X: '$W', W: late, H: '$HOME/a',\n"
		"  P: '${Z}${X:+:$X}:/a', Q: 'a${Z', R: '$1b$', S: 'x$ y$%', T: '${}.'}\n"
		"apps: {sh: {command: 'a $E $Y b$Z.c $SNAP_UID', environment: {Y: '[$Y]', E: ''}}}\n",
		CONFINE_STRICT, why);
	char **env = start(a, p, given);
	char *const words[] = {"$Y", "", "--", NULL};
	char **argv = plan_arguments(a, p, env, words);

	assert_string_equal(value(env, "Z"), "given");
	assert_string_equal(value(env, "Y"), "[given!]");
	assert_string_equal(value(env, "X"), "");
	assert_string_equal(value(env, "H"), "/home/u/snap/foo_k/x7/a");
	assert_string_equal(value(env, "P"), "given:/a"); /* as snapcraft writes them */
	assert_string_equal(value(env, "Q"), "aZ");
	assert_string_equal(value(env, "R"), "b$");
	assert_string_equal(value(env, "S"), "x$ y$%");
	assert_string_equal(value(env, "T"), ".");
	/* P7: an empty word of the author is dropped; the caller's are his own. */
	static const char *const want[] = {"/snap/foo/x7/a", "[given!]", "bgiven.c", "1000", "$Y", "", "--"};
	for (size_t i = 0; i < 7; i++)
		assert_string_equal(argv[i], want[i]);
	assert_null(argv[7]);
}

/* A242: what grows without end is refused at install. */
static void bombs_are_refused(void **state)
{
	struct arena *a = *state;
	char why[WHY_MAX];
	struct buf b = buf_new(a);

	buf_str(&b, "environment:\n  V0: xxxxxxxxxx\n");
	for (int i = 1; i <= 30; i++)
		buf_printf(&b, "  V%d: $V%d$V%d\n", i, i - 1, i - 1);
	buf_str(&b, app);
	assert_null(plan_of(a, buf_text(&b), CONFINE_STRICT, why));
	assert_non_null(strstr(why, "snap.foo_k.sh: environment: V"));
	assert_non_null(strstr(why, "grows too long"));
	assert_non_null(plan_of(a, "environment: {A: $A$A$A$UNSET}\napps: {sh: {command: a}}\n",
				CONFINE_STRICT, why));
}

/* V13, E1. */
static void hooks_have_plans(void **state)
{
	struct arena *a = *state;
	char why[WHY_MAX];
	struct snap *s = snap_of(a, "environment: {A: 1}\nhooks:\n  configure:\n    environment: {B: $A}\n"
				    "    command-chain: [c]\n");
	struct launch l = {.base = "core24", .base_dir = "/snap/core24/x1"};
	const struct plan *p = launch_plan(a, s, NULL, s->hooks.at[0], &l, why);

	assert_non_null(p);
	assert_string_equal(p->label, "snap.foo_k.hook.configure");
	assert_string_equal(p->command, "/snap/foo/x7/meta/hooks/configure");
	assert_string_equal(p->chain.at[0], "/snap/foo/x7/c");
	assert_string_equal(p->env.at[p->env.len - 1], "B=$A");
}

int main(void)
{
	return RUN(UNIT(the_plan_of_a_strict_app), UNIT(a_hostile_caller_steers_nothing),
		   UNIT(classic_keeps_the_callers), UNIT(variables_are_replaced_in_order),
		   UNIT(bombs_are_refused), UNIT(hooks_have_plans));
}
