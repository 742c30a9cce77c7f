/* What profiles allow, asked of the automata that the kernel gets. */
#include <stdio.h>

#include "check.h"
#include "policy/apparmor/match.h"
#include "policy/apparmor/parse.h"
#include "policy/apparmor/search.h"

static const char linux61[] =
	"caps {mask {chown}} domain {stack {yes}} mount {mask {mount}} network_v8 {af_mask {inet}} "
	"signal {mask {hup}} ptrace {mask {read}} policy {versions {v5 {yes} v6 {yes} v7 {yes}}}";
static const char linux72[] =
	"caps {mask {chown perfmon}} domain {stack {yes}} mount {mask {mount}} dbus {mask {send}} "
	"network_v8 {af_mask {inet}} network_v9 {af_unix {yes}} signal {mask {hup}} "
	"namespaces {mask {userns_create}} io_uring {mask {sqpoll}} ptrace {mask {read}} "
	"policy {permstable32 {allow} permstable32_version {3} versions {v7 {yes}}}";

static struct lowered compiled(struct arena *a, const char *features, const char *text)
{
	struct ap_search none = {0};
	struct memo *memo = NEW(a, struct memo);
	struct lower_report report = {0};
	struct target t;
	struct lowered out;
	const char *why = NULL;
	struct ap_policy *p = ap_parse(a, ap_search_source(&none), "t", text, strlen(text), &why);
	const struct features *f = features_parse(a, features, strlen(features), &why);

	memo->arena = a;
	if (!p || !f)
		fail_msg("%s: %s", text, why);
	target_set(&t, f, f);
	if (!lower_profile(a, &t, p, p->profiles.at[0], memo, &out, &report, &why))
		fail_msg("%s: %s", text, why);
	return out;
}

static void files(void **state)
{
	static const struct {
		const char *rules, *path;
		uint32_t owner, other;
	} cases[] = {
		{"/a r,", "/a", AP_R, AP_R}, {"/a r,", "/ab", 0, 0}, {"owner /a r,", "/a", AP_R, 0},
		{"/d/* r,", "/d/", 0, 0}, {"/d/* r,", "/d/x", AP_R, AP_R},
		{"/d/* r,", "/d/x/y", 0, 0}, {"/d/** r,", "/d/x/y", AP_R, AP_R},
		{"/d/{,**} r,", "/d/", AP_R, AP_R}, {"/{a,b{c,d}} r,", "/bd", AP_R, AP_R},
		{"/** rw, deny /s/** w,", "/s/x", AP_R, AP_R},
		{"/** rw, priority=1 /s w, deny /s w,", "/s", AP_R | AP_W | AP_A, AP_R | AP_W | AP_A},
		{"/x[0-9] w,", "/x5", AP_W | AP_A, AP_W | AP_A}, {"/x[^0-9] r,", "/x5", 0, 0},
		{"@{A}/f r,", "/two/f", AP_R, AP_R}, {"@{A}/f r,", "/one/f", AP_R, AP_R},
		{"/al/f r,", "/other/f", AP_R, AP_R}, {"//a///b r,", "//a/b", AP_R, AP_R},
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct arena *a = *state;
		char *text = arena_printf(a, "@{A}=/one/ /two/\nalias /al/ -> /other/,\nprofile p {%s}",
					  cases[i].rules);

		for (int k = 0; k < 2; k++) {
			struct lowered p = compiled(a, k ? linux72 : linux61, text);
			struct perms got = match_file(&p, cases[i].path, strlen(cases[i].path));

			if ((got.allow & AP_HALF) != cases[i].owner ||
			    got.allow >> AP_OTHER_SHIFT != cases[i].other)
				fail_msg("%s: %s: %#x", cases[i].rules, cases[i].path, got.allow);
		}
	}
}

static void links_are_pairs(void **state)
{
	struct lowered p = compiled(*state, linux61, "profile p { link /a -> /b/*, }");

	assert_true(match_file(&p, "/a\0/b/x", 7).allow & AP_L);
	assert_false(match_file(&p, "/a\0/c/x", 7).allow & AP_L);
	p = compiled(*state, linux61, "profile p { /a l, deny link /a -> /secret, }");
	assert_true(match_file(&p, "/a\0/other", 9).allow & AP_L);
	assert_false(match_file(&p, "/a\0/secret", 10).allow & AP_L);
}

static uint32_t allowed(struct lowered *p, const char *bytes, size_t len)
{
	return match_class(p, bytes, len).allow;
}

static void other_classes(void **state)
{
	struct lowered p = compiled(*state, linux72,
		"profile p { network inet stream, signal (send) set=(hup) peer=q, ptrace (read) peer=r,"
		" unix (connect) type=stream peer=(addr=@s), userns, umount /m/*,"
		" dbus (send) bus=system path=/o, }");

	assert_true(allowed(&p, "\x0f\0\x02\0\x01", 5));      /* inet stream, by the newer class */
	assert_false(allowed(&p, "\x0f\0\x02\0\x02", 5));     /* not dgram */
	assert_true(match_mediated(&p, 14) && match_mediated(&p, 15) && match_mediated(&p, 10));
	assert_false(match_mediated(&p, 17));                 /* message queues: not known */
	assert_int_equal(allowed(&p, "\x0a\x01q", 3), 2);
	assert_int_equal(allowed(&p, "\x0a\x02q", 3), 0);
	assert_int_equal(allowed(&p, "\x09r", 2), 4);
	assert_true(allowed(&p, "\x15", 1) & 8);
	assert_int_equal(allowed(&p, "\x07/m/x", 5), AP_MAY_UMOUNT);
	assert_int_equal(allowed(&p, "\x20system\0n\0l\0/o\0i\0m", 18), AP_DBUS_SEND);
	/* local address none, its label, peer's address @s, peer's label */
	assert_true(allowed(&p, "\x0f\0\x01\0\x01\0\0\0l\0\x01\0s\0x", 15) & AP_NET_CONNECT);
	assert_false(allowed(&p, "\x0f\0\x01\0\x01\0\0\0l\0\x01\0t\0x", 15) & AP_NET_CONNECT);
}

static void a_weaker_kernel_gets_wider_or_no_rules(void **state)
{
	struct lowered p = compiled(*state, linux61,
		"profile p { unix (connect) type=stream peer=(addr=@s), deny unix type=dgram, userns,"
		" capability perfmon, }");

	assert_true(allowed(&p, "\x0e\0\x01\0\x01", 5)); /* network unix stream */
	assert_false(match_mediated(&p, 21));
	assert_true(p.caps.allow == 1ull << 21); /* perfmon was part of sys_admin */
}

static void attachment(void **state)
{
	struct lowered p = compiled(*state, linux61, "profile p /bin/{a,b*} { }");

	assert_true(match_attaches(&p, "/bin/a") && match_attaches(&p, "/bin/bcd"));
	assert_false(match_attaches(&p, "/bin/ab"));
	p = compiled(*state, linux61, "profile p { }");
	assert_false(p.has_xmatch);
}

int main(void)
{
	return RUN(UNIT(files), UNIT(links_are_pairs), UNIT(other_classes),
		   UNIT(a_weaker_kernel_gets_wider_or_no_rules), UNIT(attachment));
}
