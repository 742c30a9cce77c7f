/* The profile language: what is read, and what is refused with file and line. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "core/buf.h"
#include "core/fs.h"
#include "core/str.h"
#include "policy/apparmor/parse.h"
#include "policy/apparmor/search.h"

static struct ap_policy *parse(struct arena *a, const char *text, const char **why)
{
	struct ap_search none = {0};

	*why = NULL;
	return ap_parse(a, ap_search_source(&none), "t", text, strlen(text), why);
}

static struct ap_rule *rule(struct arena *a, const char *text)
{
	const char *why;
	struct ap_policy *p = parse(a, arena_printf(a, "profile p {\n%s\n}\n", text), &why);

	if (!p)
		fail_msg("%s: %s", text, why);
	assert_true(p->profiles.at[0]->rules.len > 0);
	return p->profiles.at[0]->rules.at[0];
}

static void file_rules_have_two_orders(void **state)
{
	static const struct {
		const char *text;
		uint32_t half;
	} cases[] = {
		{"/f r,", AP_R}, {"r /f,", AP_R}, {"file /f rw,", AP_R | AP_W | AP_A},
		{"/f rix,", AP_R | AP_X | AP_IX}, {"/f Px,", AP_X | 2u << AP_INDEX_SHIFT},
		{"/f px,", AP_X | AP_UNSAFE | 2u << AP_INDEX_SHIFT},
		{"/f cux -> n,", AP_X | AP_UNSAFE | AP_PUX | 3u << AP_INDEX_SHIFT},
		{"safe /f pix,", AP_X | AP_IX | 2u << AP_INDEX_SHIFT},
		{"deny /f x,", AP_X}, {"/f mrwkl,", AP_M | AP_R | AP_W | AP_A | AP_K | AP_L},
		{"\"/f g\" a,", AP_A},
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct ap_rule *r = rule(*state, cases[i].text);

		assert_int_equal(r->kind, AP_FILE);
		if (r->perms != AP_BOTH(cases[i].half))
			fail_msg("%s: permissions %#x", cases[i].text, r->perms);
	}
	assert_int_equal(rule(*state, "owner /f r,")->perms, AP_R);
	assert_int_equal(rule(*state, "other /f r,")->perms, AP_R << AP_OTHER_SHIFT);
}

static void what_is_written_is_kept(void **state)
{
	struct ap_rule *r = rule(*state, "audit deny dbus (send, receive) bus={session,system} "
				 "path=/a/** interface=\"x y\" peer=(label=snap.*, name=n),");

	assert_int_equal(r->kind, AP_DBUS);
	assert_int_equal(r->perms, AP_DBUS_SEND | AP_DBUS_RECEIVE);
	assert_int_equal(r->prefix.mode, AP_DENY);
	assert_false(r->log); /* audit deny is not quiet */
	assert_string_equal(r->str[AP_BUS], "{session,system}");
	assert_string_equal(r->str[AP_INTERFACE], "x y");
	assert_string_equal(r->str[AP_DBUS_PEER], "snap.*");

	r = rule(*state, "signal (send) set=(hup, rtmin+3) peer=x,");
	assert_true(r->signals[0] & 2 && r->signals[131 / 8] & 1 << 131 % 8);
	r = rule(*state, "mount options=(ro, rbind) fstype=(ext4 xfs) /a -> /b/,");
	assert_string_equal(r->str[AP_SOURCE], "/a");
	assert_string_equal(r->str[AP_MOUNTPOINT], "/b/");
	assert_int_equal(r->fstypes.len, 2);
	r = rule(*state, "change_profile unsafe /a -> b,");
	assert_string_equal(r->str[AP_EXEC], "/a");
	r = rule(*state, "unix (connect) type=stream peer=(addr=\"@\\x00abc\"),");
	assert_string_equal(r->str[AP_PEER_ADDR], "@\\x00abc");
	r = rule(*state, "priority=-5 prompt /home/** rw,");
	assert_int_equal(r->prefix.priority, -5);
	assert_int_equal(r->prefix.mode, AP_PROMPT);
}

static void a_block_gives_its_prefix(void **state)
{
	assert_int_equal(rule(*state, "deny { /a w, }")->prefix.mode, AP_DENY);
	assert_int_equal(rule(*state, "audit { deny /a w, }")->prefix.mode, AP_DENY);
	assert_int_equal(rule(*state, "{ deny network inet, }")->prefix.mode, AP_DENY);
	assert_true(rule(*state, "audit { signal, }")->log);
}

static void profiles_variables_and_limits(void **state)
{
	static const char text[] =
		"abi <kernel>,\n@{A}=/x /y # tail\n@{A} += \"/z w\"\n$B = true\nalias /a -> /b,\n"
		"profile \"na me\" /bin/{a,b} xattrs=(security.x=\"v*\" user.y) "
		"flags=(attach_disconnected, complain, kill.signal=hup) {\n"
		"  set rlimit nofile <= 10,\n  set rlimit fsize <= 2MB,\n  set rlimit cpu <= 2 min,\n"
		"  capability chown kill,\n  audit deny capability sys_admin,\n"
		"  if $B { /t r, } else { /e r, }\n  if not defined @{C} { /n r, }\n"
		"  ^hat { }\n  profile child flags=(unconfined) { /c r, }\n}\n:ns:/other { }\n";
	const char *why;
	struct ap_policy *p = parse(*state, text, &why);

	if (!p)
		fail_msg("%s", why);
	assert_true(p->abi_kernel);
	assert_int_equal(p->variables.at[0]->values.len, 3);
	assert_string_equal(p->variables.at[0]->values.at[2], "/z w");
	assert_int_equal(p->profiles.len, 2);
	struct ap_profile *q = p->profiles.at[0];
	assert_string_equal(q->name, "na me");
	assert_string_equal(q->attachment, "/bin/{a,b}");
	assert_int_equal(q->xattrs.len, 2);
	assert_int_equal(q->flags.mode, AP_COMPLAIN);
	assert_int_equal(q->flags.signal, 1);
	assert_int_equal(q->rlimits.value[7], 10);
	assert_int_equal(q->rlimits.value[1], 2 << 20);
	assert_int_equal(q->rlimits.value[0], 120);
	assert_true(q->caps.allow == (1 | 1 << 5) && q->caps.deny == 1 << 21 && !q->caps.quiet);
	assert_int_equal(q->rules.len, 2);
	assert_string_equal(q->rules.at[0]->str[AP_PATH], "/t");
	assert_int_equal(q->children.len, 2);
	assert_true(q->children.at[1]->flags.bits & AP_FLAG_HAT);
	assert_string_equal(p->profiles.at[1]->ns, "ns");
}

static void refused(void **state)
{
	static const struct {
		const char *text, *why;
	} bad[] = {
		{"/a {\n /b q,\n}", "t:2: no permissions"},
		{"/a {\n /b r\n}", "t:3: no comma"},
		{"/a {", "t:1: a block { is not closed"},
		{"foo { }", "needs the word profile"},
		{"/a { /b aw, }", "both a and w"},
		{"/a { /b rx, }", "x needs one of"},
		{"/a { deny /b ix, }", "x of a deny rule"},
		{"/a { /b pxcx, }", "two different kinds of x"},
		{"/a { owner capability kill, }", "owner and other"},
		{"/a { capability fly, }", "no capability \"fly\""},
		{"/a { network nowhere, }", "no family"},
		{"/a { signal set=sigfoo, }", "no signal"},
		{"/a { mount options=(ro, rw) /b -> /c, }", "exclude each other"},
		{"/a { mount options=(fancy) /b -> /c, }", "no option"},
		{"/a { dbus (bind) path=/x, }", "bind with conditions"},
		{"/a { unix addr=foo, }", "neither @name"},
		{"/a { set rlimit nice <= 40, }", "not valid"},
		{"/a { set rlimit fly <= 4, }", "expected set rlimit"},
		{"/a flags=(complain, enforce) { }", "two modes"},
		{"/a flags=(fancy) { }", "no profile flag"},
		{"@{A}=a\n@{A}=b\n/a { }", "t:2: the variable A is set twice"},
		{"@{A}+=a\n/a { }", "was not set"},
		{"/a { }\n/a { }", "two profiles"},
		{"/a { ^h { }\n^h { } }", "two profiles"},
		{"include <nothing>\n/a { }", "t:1: cannot find"},
		{"/a { deny { allow /b r, } }", "contradict each other"},
		{"/a { priority=2000 /b r, }", "priority is a number"},
		{"/a { if $X { } }", "$X is not set"},
		{"/a { \"/b r,\n }", "unexpected character"},
		{"/a { change_profile safe -> b, }", "need a path"},
	};

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		const char *why;

		if (parse(*state, bad[i].text, &why))
			fail_msg("accepted: %s", bad[i].text);
		if (!strstr(why, bad[i].why) || strncmp(why, "t:", 2))
			fail_msg("%s: said \"%s\"", bad[i].text, why);
	}
}

static void hostile_text_is_refused(void **state)
{
	struct arena *a = *state;
	const char *why;
	struct buf deep = buf_new(a), token = buf_new(a), nul = buf_new(a);

	buf_str(&deep, "/a {");
	for (int i = 0; i < 100000; i++)
		buf_str(&deep, "{");
	assert_null(parse(a, buf_text(&deep), &why));
	assert_non_null(strstr(why, "nest deeper"));

	buf_str(&token, "/a {\n /");
	for (int i = 0; i < 1 << 20; i++)
		buf_char(&token, 'a');
	buf_str(&token, " r,\n}");
	assert_null(parse(a, buf_text(&token), &why));
	assert_non_null(strstr(why, "t:2: a word is longer"));

	struct ap_search none = {0};
	buf_add(&nul, "/a { }\0/b { }", 13);
	assert_null(ap_parse(a, ap_search_source(&none), "t", nul.data, nul.len, &why));
	assert_non_null(strstr(why, "NUL"));
}

static void put(const char *dir, const char *name, const char *text)
{
	char path[300];

	snprintf(path, sizeof path, "%s/%s", dir, name);
	FILE *f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static void includes_are_followed(void **state)
{
	struct arena *a = *state;
	char dir[] = "/tmp/aaXXXXXX";
	struct ap_search s = {0};
	const char *why = NULL;

	assert_non_null(mkdtemp(dir));
	put(dir, "one", "/one r,\ninclude <loop>\n");
	put(dir, "loop", "include <loop>\n/loop r,\n");
	char *sub = arena_printf(a, "%s/d", dir);
	mkdir(sub, 0755);
	put(sub, "a", "/d/a r,\n");
	put(sub, "b.dpkg-old", "broken");
	vec_push(a, &s.dirs, dir);
	char *text = arena_printf(a, "/p {\n include <one>\n #include <one>\n include <d>\n"
				  " include if exists <none>\n include \"%s/loop\"\n /end r,\n}", dir);
	struct ap_policy *p = ap_parse(a, ap_search_source(&s), "t", text, strlen(text), &why);
	if (!p)
		fail_msg("%s", why);
	assert_int_equal(p->profiles.at[0]->rules.len, 4);
	put(dir, "one", "\n\n/one zz,\n");
	assert_null(ap_parse(a, ap_search_source(&s), "t", text, strlen(text), &why));
	assert_non_null(strstr(why, "/one:3: no permissions"));
	fs_remove_tree(AT_FDCWD, dir);
}

int main(void)
{
	return RUN(UNIT(file_rules_have_two_orders), UNIT(what_is_written_is_kept),
		   UNIT(a_block_gives_its_prefix), UNIT(profiles_variables_and_limits),
		   UNIT(refused), UNIT(hostile_text_is_refused), UNIT(includes_are_followed));
}
