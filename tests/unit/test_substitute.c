/* test_substitute.c - what AppArmor does not enforce is substituted, or said to be missing */
#include "check.h"

#include <string.h>

#include "core/str.h"
#include "policy/substitute/substitute.h"

#define PLAIN \
	"@{HOME}=/home/*/ /root/\n" \
	"profile snap.foo.bar {\n" \
	"  capability ipc_lock,\n" \
	"  capability sys_chroot,\n" \
	"  /etc/passwd r,\n" \
	"  /run/systemd/journal/socket w,\n" \
	"  /run/snap.foo/** rw,\n" \
	"  /dev/shm/snap.foo.** rw,\n"

static const struct host_fact none[] = {
	{"seccomp", "", HOST_PRESENT, ""},
};
static const struct host_fact partial[] = {
	{"apparmor", "file", HOST_PRESENT, ""},    {"apparmor", "network_v8", HOST_PRESENT, ""},
	{"apparmor", "signal", HOST_PRESENT, ""},  {"apparmor", "ptrace", HOST_PRESENT, ""},
	{"apparmor", "caps", HOST_PRESENT, ""},    {"apparmor", "mount", HOST_PRESENT, ""},
	{"seccomp", "", HOST_PRESENT, ""},
};
static const struct host_fact full[] = {
	{"apparmor", "file", HOST_PRESENT, ""},    {"apparmor", "network_v9", HOST_PRESENT, ""},
	{"apparmor", "network_v9/af_unix", HOST_PRESENT, ""},
	{"apparmor", "signal", HOST_PRESENT, ""},  {"apparmor", "ptrace", HOST_PRESENT, ""},
	{"apparmor", "caps", HOST_PRESENT, ""},    {"apparmor", "mount", HOST_PRESENT, ""},
	{"apparmor", "namespaces/mask", HOST_PRESENT, "userns_create"},
	{"seccomp", "", HOST_PRESENT, ""},
};

#define HOST(list, aa, abi) \
	(&(const struct host){.facts = (struct host_fact *)(list), .apparmor = aa, \
			      .count = sizeof(list) / sizeof(list)[0], .landlock_abi = abi})

struct graded {
	struct substitute_snap snap;
	const struct substitute *app;
	const struct grade_row *rows;
	enum grade_sum sum;
};

static struct graded grade(struct arena *a, const struct host *h, const char *text)
{
	struct graded g = {.snap.view.instance = "foo"};
	struct lex_source nowhere = {0};
	const char *why = "";

	if (!substitute_add(a, &g.snap, h, nowhere, "snap.foo.bar", text, &why))
		fail_msg("%s", why);
	substitute_done(a, &g.snap, h);
	g.app = substitute_of(&g.snap, "snap.foo.bar");
	g.rows = g.app->rows;
	g.sum = g.app->sum;
	return g;
}

static void without_apparmor_landlock_and_the_filter_stand_in(void **state)
{
	struct graded g = grade(*state, HOST(none, false, 7), PLAIN "}\n");

	assert_int_equal(g.sum, SUM_SUBSTITUTED);
	assert_int_equal(g.rows[FACILITY_CALLS].grade, GRADE_ENFORCED);
	assert_string_equal(g.app->files.guard, "files no-bind no-connect abstract signals");
	assert_non_null(strstr(g.app->refusals, "~socket AF_INET\n"));
	assert_non_null(strstr(g.app->refusals, "?clone3\n"));
	assert_string_equal(g.app->caps, "ipc_lock sys_chroot");
	assert_int_equal(g.snap.view.hide.len, 2);
	assert_int_equal(g.snap.view.show.len, 1);
	assert_string_equal(g.snap.view.show.at[0], "/run/systemd/journal");
}

static void with_all_of_apparmor_nothing_is_substituted(void **state)
{
	struct graded g = grade(*state, HOST(full, true, 7), PLAIN "}\n");

	assert_int_equal(g.sum, SUM_STRICT);
	assert_string_equal(g.app->files.guard, "none");
	assert_int_equal(g.app->files.allow.len, 0);
	assert_string_equal(g.app->refusals, "");
	assert_int_equal(g.snap.view.hide.len, 0);
}

static void with_a_part_of_apparmor_the_rest_is(void **state)
{
	struct graded g = grade(*state, HOST(partial, true, 7), PLAIN "}\n");

	assert_int_equal(g.sum, SUM_SUBSTITUTED);
	assert_string_equal(g.app->files.guard, "abstract");
	assert_int_equal(g.rows[FACILITY_FILES].grade, GRADE_ENFORCED);
	assert_int_equal(g.rows[FACILITY_SOCKETS].grade, GRADE_SUBSTITUTED);
	assert_null(strstr(g.app->refusals, "AF_INET"));
	assert_int_equal(g.snap.view.hide.len, 1);
	/* Landlock too old for sockets: said, not passed over. */
	g = grade(*state, HOST(partial, true, 5), PLAIN "}\n");
	assert_int_equal(g.rows[FACILITY_ABSTRACT].grade, GRADE_MISSING);
	assert_int_equal(g.sum, SUM_PARTIAL);
}

static void with_neither_it_is_partial(void **state)
{
	struct graded g = grade(*state, HOST(none, false, 0), PLAIN "}\n");

	assert_int_equal(g.sum, SUM_PARTIAL);
	assert_int_equal(g.rows[FACILITY_FILES].grade, GRADE_MISSING);
	assert_int_equal(g.rows[FACILITY_NETWORK].grade, GRADE_SUBSTITUTED);
	assert_int_equal(g.rows[FACILITY_CAPABILITIES].grade, GRADE_SUBSTITUTED);
}

static void what_the_kernel_cannot_is_not_blamed_on_rules(void **state)
{
	struct graded g = grade(*state, HOST(none, false, 5), PLAIN "}\n");

	assert_string_equal(g.rows[FACILITY_SIGNALS].detail,
			    "it may signal all processes of its user");
	assert_string_equal(g.rows[FACILITY_ABSTRACT].detail,
			    "it may connect to every abstract socket");
	g = grade(*state, HOST(none, false, 7),
		  PLAIN " signal send peer=other,\n unix connect peer=(label=other),\n}\n");
	assert_non_null(strstr(g.rows[FACILITY_SIGNALS].detail, "its rules allow some"));
	assert_non_null(strstr(g.rows[FACILITY_ABSTRACT].detail, "its rules allow some"));
	g = grade(*state, HOST(none, false, 7), PLAIN " mount fstype=tmpfs,\n}\n");
	assert_non_null(strstr(g.rows[FACILITY_SIGNALS].detail, "it may mount"));
	assert_non_null(strstr(g.rows[FACILITY_ABSTRACT].detail, "it may mount"));
}

static void rules_decide_what_is_left_open(void **state)
{
	struct graded g = grade(*state, HOST(none, false, 7),
		PLAIN " network inet stream,\n userns,\n /run/*.sock rw,\n /dev/shm/pulse-shm-* rw,\n}\n");

	assert_null(strstr(g.app->refusals, "AF_INET\n"));
	assert_non_null(strstr(g.app->refusals, "AF_PACKET\n"));
	assert_null(strstr(g.app->refusals, "clone3"));
	assert_int_equal(g.snap.view.hide.len, 0);
	assert_int_equal(g.rows[FACILITY_SOCKETS].grade, GRADE_MISSING);
	g = grade(*state, HOST(none, false, 7), PLAIN " mount fstype=tmpfs,\n}\n");
	assert_int_equal(g.rows[FACILITY_MOUNTS].grade, GRADE_MISSING);
	assert_int_equal(g.rows[FACILITY_FILES].grade, GRADE_MISSING);
}

/* Sorted by bytes, "-" comes before "/": what lies in a place is not always behind it. */
static void what_is_shown_is_shown_once(void **state)
{
	struct graded g = grade(*state, HOST(none, false, 7),
		PLAIN " /run/a/** r,\n /run/a-b/** r,\n /run/a/x/** r,\n}\n");

	assert_int_equal(g.snap.view.show.len, 3);
	assert_string_equal(g.snap.view.show.at[0], "/run/a");
	assert_string_equal(g.snap.view.show.at[1], "/run/a-b");
}

/* lxd-support asks for a label without rules: no part of it is enforced, and none said to be. */
static void what_is_unconfined_is_said_to_be(void **state)
{
	struct graded g = grade(*state, HOST(full, true, 7),
				"profile snap.foo.bar flags=(attach_disconnected,unconfined) {\n}\n");

	assert_int_equal(g.sum, SUM_NONE);
	assert_int_equal(g.app->mode, AP_UNCONFINED);
	assert_string_equal(g.app->caps, "all");
	g = grade(*state, HOST(full, true, 7), "profile snap.foo.bar flags=(complain) {\n}\n");
	assert_int_equal(g.sum, SUM_NONE);
}

static void what_asks_for_nothing_gets_nothing(void **state)
{
	struct graded g = grade(*state, HOST(full, true, 7), NULL);

	assert_int_equal(g.sum, SUM_NONE);
	assert_string_equal(g.app->caps, "all");
	assert_string_equal(g.app->files.guard, "none");
}

static const struct substitute *add(struct arena *a, struct substitute_snap *s, const char *app,
				    const char *rules)
{
	const char *why = "", *label = arena_printf(a, "snap.foo.%s", app);
	const char *text = arena_printf(a, "@{SNAP_COMMAND_NAME}=\"%s\"\n@{PROFILE_DBUS}=\"%s\"\n"
					   "profile \"%s\" %s}\n", app, app, label, rules);

	if (!substitute_add(a, s, HOST(none, false, 7), (struct lex_source){0}, label, text, &why))
		fail_msg("%s", why);
	return substitute_of(s, label);
}

static bool allows(const struct substitute *app, const char *line)
{
	return words_have(&app->files.allow, line);
}

static void apps_that_differ_in_their_name_alone_get_the_same(void **state)
{
	static const char plain[] = "{\n  /srv/a r,\n", more[] = "{\n  /srv/a r,\n  /srv/b w,\n",
		own[] = "{\n  /srv/@{SNAP_COMMAND_NAME} r,\n";
	struct substitute_snap s = {.view.instance = "foo"};

	/* The list grows: what was added before moves. */
	assert_true(allows(add(*state, &s, "one", plain), "r /srv/a"));
	const struct substitute *two = add(*state, &s, "two", plain);
	assert_true(allows(two, "r /srv/a"));
	assert_string_equal(two->label, "snap.foo.two");
	assert_ptr_equal(two->profile, substitute_of(&s, "snap.foo.one")->profile);
	const struct substitute *three = add(*state, &s, "three", more);
	assert_true(allows(three, "r /srv/a") && allows(three, "w /srv/b"));
	assert_true(allows(add(*state, &s, "four", own), "r /srv/four"));
	const struct substitute *five = add(*state, &s, "five", own);
	assert_true(allows(five, "r /srv/five") && !allows(five, "r /srv/four"));
	assert_ptr_not_equal(add(*state, &s, "six", "flags=(complain) {\n  /srv/a r,\n")->profile,
			     two->profile);
	assert_false(allows(substitute_of(&s, "snap.foo.two"), "w /srv/b"));
}

static void percents_of_names_are_no_places_of_the_caller(void **state)
{
	struct graded g = grade(*state, HOST(none, false, 7), PLAIN "  /%h/** rw,\n  /%h/x/ r,\n"
		"  /srv/%u r,\n  /srv/100% r,\n  /srv/a%%b/* r,\n}\n");

	for (size_t i = 0; i < g.app->files.allow.len; i++)
		assert_null(strstr(g.app->files.allow.at[i], " %h"));
	assert_true(allows(g.app, "rlw /%%h"));
	assert_true(allows(g.app, "r /srv/%%u") && allows(g.app, "r /srv/100%%"));
	assert_true(allows(g.app, "r /srv/a%%%%b/*"));
	g = grade(*state, HOST(none, false, 7), PLAIN "  @{HOME}/%u/** r,\n}\n");
	assert_true(allows(g.app, "rl %h/%%u"));
}

int main(void)
{
	return RUN(UNIT(without_apparmor_landlock_and_the_filter_stand_in),
		   UNIT(with_all_of_apparmor_nothing_is_substituted),
		   UNIT(with_a_part_of_apparmor_the_rest_is), UNIT(with_neither_it_is_partial),
		   UNIT(rules_decide_what_is_left_open), UNIT(what_is_shown_is_shown_once), UNIT(what_is_unconfined_is_said_to_be),
		   UNIT(what_asks_for_nothing_gets_nothing),
		   UNIT(what_the_kernel_cannot_is_not_blamed_on_rules),
		   UNIT(percents_of_names_are_no_places_of_the_caller),
		   UNIT(apps_that_differ_in_their_name_alone_get_the_same));
}
