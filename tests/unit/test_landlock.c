/* test_landlock.c - rules become places, and no rule becomes a place it does not name */
#include "check.h"

#include <string.h>

#include "core/str.h"
#include "ns/landlock.h"
#include "policy/apparmor/parse.h"
#include "policy/substitute/landlock.h"
#include "policy/substitute/place.h"
#include "policy/substitute/spread.h"

static void alternatives_are_told_apart(void **state)
{
	static const struct {
		const char *pattern, *all;
	} rows[] = {
		{"/a", "/a"},
		{"/dev/{u,}random", "/dev/urandom /dev/random"},
		{"/{a,b{c,d}}/{,**}", "/a/ /a/** /bc/ /bc/** /bd/ /bd/**"},
		{"/[{,}]x", "/[{,}]x"},
		{"/\\{a,b", "/\\{a,b"},
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct buf all = buf_new(*state);
		struct words out = {0};

		assert_true(spread(*state, rows[i].pattern, &out));
		for (size_t k = 0; k < out.len; k++)
			buf_printf(&all, "%s%s", k ? " " : "", out.at[k]);
		assert_string_equal(buf_text(&all), rows[i].all);
	}
}

static void too_many_alternatives_are_refused(void **state)
{
	struct words out = {0};

	assert_false(spread(*state, "/{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}",
			    &out));
	assert_false(spread(*state, "/{a,b", &out));
}

static void patterns_name_places(void **state)
{
	static const struct {
		const char *pattern;
		enum place_fit fit;
		const char *path;
		bool below, lists;
	} rows[] = {
		{"/etc/passwd", PLACE_EXACT, "/etc/passwd", false, false},
		{"/usr/share/", PLACE_EXACT, "/usr/share", false, true},
		{"/usr/share/**", PLACE_EXACT, "/usr/share", true, false},
		{"/%h//snap/foo/**", PLACE_EXACT, "%h/snap/foo", true, false},
		{"/%h/[^.]*", PLACE_EXACT, "%h/[!.]*", false, false},
		{"/%h/[^.]**", PLACE_EXACT, "%h/[!.]**", true, false},
		{"/dev/video[0-9]*", PLACE_EXACT, "/dev/video[0-9]*", false, false},
		{"/dev/snd/pcm*", PLACE_WIDER, "/dev/snd", true, false},
		{"/sys/devices/**/uevent", PLACE_WIDER, "/sys/devices", true, false},
		{"/run/user/[0-9]*/wayland-0", PLACE_EXACT, "/run/user/%u/wayland-0", false, false},
		{"/proc/%p/status", PLACE_WIDER, "/proc", true, false},
		{"/proc/sys/kernel/hostname", PLACE_EXACT, "/proc/sys/kernel/hostname", false, false},
		{"/**", PLACE_EXACT, "/", true, false},
		/* Too large for what lies in them. */
		{"/", PLACE_NONE, NULL, false, false},
		{"/etc/a\\*b", PLACE_NONE, NULL, false, false},
		{"/home/*/.ssh/id", PLACE_NONE, NULL, false, false},
		{"/**/secret", PLACE_NONE, NULL, false, false},
		{"/etc/python3*/**", PLACE_EXACT, "/etc/python3***", true, false},
		{"/etc/ssl/openssl-*.cnf", PLACE_EXACT, "/etc/ssl/openssl-*.cnf", false, false},
		{"/sys/devices/**/", PLACE_EXACT, "/sys/devices", true, true},
		{"/var/run/x", PLACE_EXACT, "/run/x", false, false},
		{"/var/lib[^/]**", PLACE_EXACT, "/var/lib?**", true, false},
		{"/etc/*/conf", PLACE_NONE, NULL, false, false},
		{"/%h/", PLACE_NONE, NULL, false, false},
		{"/var/lib/*/x", PLACE_NONE, NULL, false, false},
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct place p = place_of(*state, rows[i].pattern);

		if (p.fit != rows[i].fit ||
		    (p.path && rows[i].path && strcmp(p.path, rows[i].path)) ||
		    (p.fit != PLACE_NONE && (p.below != rows[i].below || p.lists != rows[i].lists)))
			fail_msg("%s: %d %s below %d lists %d", rows[i].pattern, p.fit, p.path,
				 p.below, p.lists);
	}
}

static struct landlock project(struct arena *a, const char *text)
{
	struct lex_source nowhere = {0};
	struct landlock out;
	const char *why;
	struct ap_policy *policy = ap_parse(a, nowhere, "test", text, strlen(text), &why);

	if (!policy || !landlock_project(a, policy, policy->profiles.at[0], &out, &why))
		fail_msg("%s", why);
	return out;
}

static bool allows(const struct landlock *l, const char *line)
{
	for (size_t i = 0; i < l->allow.len; i++)
		if (!strcmp(l->allow.at[i], line))
			return true;
	return false;
}

static void a_profile_becomes_lines(void **state)
{
	struct landlock l = project(*state,
		"@{HOME}=/home/*/ /root/\n"
		"profile p {\n"
		"  /etc/passwd r,\n"
		"  owner @{HOME}/snap/foo/** rwkl,\n"
		"  @{HOME}/snap/foo/1/x r,\n"
		"  /dev/null rw,\n"
		"  /tmp/ r,\n"
		"  /tmp/** rwix,\n"
		"  /etc/*/x r,\n"
		"  deny /tmp/secret w,\n"
		"}\n");

	assert_string_equal(l.guard, "files no-bind no-connect abstract signals");
	assert_true(allows(&l, "r /etc/passwd"));
	assert_true(allows(&l, "rlw %h/snap/foo"));
	assert_true(allows(&l, "rwd /dev/null"));
	assert_true(allows(&l, "rlwx /tmp"));
	assert_true(allows(&l, "rlx /usr"));
	assert_false(allows(&l, "r %h/snap/foo/1/x")); /* in one that is allowed */
	assert_int_equal(l.notes.len, 6); /* four are of what no Landlock says */
	assert_false(l.notes.at[0].wider);
	assert_true(l.notes.at[1].wider);
}

static void other_processes_are_not_written_to(void **state)
{
	struct landlock l = project(*state,
		"@{PROC}=/proc/\n@{pid}=[0-9]*\n"
		"profile p {\n  owner @{PROC}/@{pid}/task/*/comm rw,\n  @{PROC}/1/comm w,\n}\n");

	assert_true(allows(&l, "w /proc/%p"));
	assert_true(allows(&l, "rl /proc"));
	for (size_t i = 0; i < l.allow.len; i++)
		if (strchr(l.allow.at[i], 'w') && strstr(l.allow.at[i], " /proc"))
			assert_string_equal(l.allow.at[i], "w /proc/%p");
}

static void what_may_reach_others_is_not_kept_from_it(void **state)
{
	struct landlock l = project(*state,
		"profile p {\n signal (send) peer=unconfined,\n network inet stream,\n"
		" unix (connect) peer=(addr=\"@x\"),\n}\n");

	assert_string_equal(l.guard, "files");
	l = project(*state, "profile p {\n mount,\n}\n");
	assert_string_equal(l.guard, "none");
	assert_non_null(l.missing);
}

static void only_lines_are_lines(void **state)
{
	static const char *const bad[] = {
		"", "r", "r ", "q /a", "r a", "r /a/../b", "r /a//b", "r /..", "r %x", "/a", "rr/a",
		"r %home",
	};
	const char *why;
	unsigned rights;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		if (landlock_line(bad[i], &rights, &why))
			fail_msg("took \"%s\"", bad[i]);
	assert_string_equal(landlock_line("rlw %h/snap", &rights, &why), "%h/snap");
	assert_int_equal(rights, LAND_READ | LAND_LIST | LAND_WRITE);
	assert_non_null(landlock_line("x /", &rights, &why));
}

static void only_words_guard(void **state)
{
	unsigned mask;

	(void)state;
	assert_true(landlock_guard("none", &mask) && !mask);
	assert_true(landlock_guard("files abstract", &mask));
	assert_int_equal(mask, LAND_FILES | LAND_ABSTRACT);
	assert_int_equal(landlock_able(1, mask), LAND_FILES);
	assert_int_equal(landlock_able(0, mask), 0);
	assert_false(landlock_guard("", &mask));
	assert_false(landlock_guard("files files", &mask));
	assert_false(landlock_guard("files ", &mask));
	assert_false(landlock_guard("file", &mask));
}

int main(void)
{
	return RUN(UNIT(alternatives_are_told_apart), UNIT(too_many_alternatives_are_refused),
		   UNIT(patterns_name_places), UNIT(a_profile_becomes_lines),
		   UNIT(other_processes_are_not_written_to),
		   UNIT(what_may_reach_others_is_not_kept_from_it), UNIT(only_lines_are_lines),
		   UNIT(only_words_guard));
}
