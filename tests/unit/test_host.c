/* What is there to confine with: the facts agree with the kernel, and come in one order. */
#include <sys/prctl.h>
#include <unistd.h>

#include "check.h"
#include "core/host.h"
#include "core/json.h"
#include "core/node.h"

static void every_group_is_reported(void **state)
{
	static const char *const groups[] = {"apparmor", "seccomp", "landlock", "namespace",
					     "cgroup", "capability", "mount"};
	const struct host *h = host_probe(*state);
	size_t g = 0;

	for (size_t i = 0; i < h->count; i++) {
		if (strcmp(h->facts[i].group, groups[g]))
			g++;
		assert_in_range(g, 0, 6);
		assert_string_equal(h->facts[i].group, groups[g]);
		assert_non_null(h->facts[i].detail);
	}
	assert_int_equal(g, 6);
}

static void facts_agree_with_the_kernel(void **state)
{
	const struct host *h = host_probe(*state);

	/* This process runs: what it runs on is there. */
	assert_int_equal(host_fact(h, "namespace", "mnt")->state, HOST_PRESENT);
	assert_int_equal(host_fact(h, "seccomp", "")->state, HOST_PRESENT);
	assert_int_equal(host_fact(h, "seccomp", "errno")->state, HOST_PRESENT);
	assert_int_equal(h->landlock_abi > 0,
			 host_fact(h, "landlock", "")->state == HOST_PRESENT);
	assert_int_equal(h->apparmor, host_fact(h, "apparmor", "")->state == HOST_PRESENT);
	assert_int_equal(host_fact(h, "capability", "sys_admin")->state == HOST_PRESENT,
			 prctl(PR_CAPBSET_READ, 21, 0, 0, 0) == 1);
	assert_null(host_fact(h, "seccomp", "no such action"));
}

static void without_apparmor_its_features_are_missing_not_silent(void **state)
{
	const struct host *h = host_probe(*state);

	if (h->apparmor)
		skip();
	assert_int_equal(host_fact(h, "apparmor", "file")->state, HOST_MISSING);
	assert_int_equal(host_fact(h, "apparmor", "ptrace")->state, HOST_MISSING);
}

static void text_of_strangers_is_not_json_syntax(void **state)
{
	struct buf b = buf_new(*state);

	json_text(&b, "a\"b\\c\n\x01\xc3\xa4\xff");
	assert_string_equal(buf_text(&b), "\"a\\\"b\\\\c\\u000a\\u0001\xc3\xa4\\ufffd\"");
	b = buf_new(*state);
	buf_char(&b, '{');
	json_pair(&b, "k", "v");
	json_pair_u64(&b, "n", 7);
	json_pair_bool(&b, "t", true);
	json_pair(&b, "z", NULL);
	assert_string_equal(buf_text(&b), "{\"k\":\"v\",\"n\":7,\"t\":true,\"z\":null");
}

static const char head[] = "snapbox-host 1\nkernel 6.1\nmachine x86_64\ndistro debian\n"
			   "remote-home no\noverlay-root -\n";

static const struct host *read_it(struct arena *a, const char *text, char *why)
{
	*why = '\0';
	return host_parse(a, text, strlen(text), why);
}

static void this_machine_survives_being_written_down(void **state)
{
	struct host *h = host_probe(*state);
	struct buf once = buf_new(*state), twice = buf_new(*state);
	char why[WHY_MAX];

	h->distro = "debian";
	h->overlay_root = "/upper";
	h->remote_home = true;
	host_print(&once, h);
	const struct host *again = read_it(*state, buf_text(&once), why);
	assert_string_equal(why, "");
	host_print(&twice, again);
	assert_string_equal(buf_text(&once), buf_text(&twice));
	assert_int_equal(again->count, h->count);
	assert_int_equal(again->apparmor, h->apparmor);
	assert_int_equal(again->landlock_abi, h->landlock_abi);
	assert_true(again->remote_home);
	assert_string_equal(again->overlay_root, "/upper");
}

static void the_default_host_knows_the_users_of_snaps(void **state)
{
	const struct host *h = host_default(*state);
	size_t found = 0;

	assert_true(h->apparmor);
	for (size_t i = 0; i < h->ids[0].count; i++)
		found += !strcmp(h->ids[0].at[i].name, "snap_daemon") &&
			 h->ids[0].at[i].id == 584788;
	assert_int_equal(found, 1);
	assert_null(host_fact(h, "apparmor", "file"));
}

static void facts_with_anything_odd_are_refused_with_their_line(void **state)
{
	static const struct {
		const char *rest, *why;
	} bad[] = {
		{"", "line 7: "}, /* no end */
		{"present apparmor\npresent apparmor\nend\n", "line 8: says something a second"},
		{"maybe apparmor\nend\n", "line 7: "},
		{"present AppArmor\nend\n", "line 7: is not a fact"},
		{"present apparmor  file\nend\n", "line 7: is not a fact"},
		{"present apparmor file = \nend\n", "line 7: is not a fact"},
		{"present apparmor a\tb\nend\n", "line 7: is not a fact"},
		{"user root 0\npresent apparmor\nend\n", "line 8: is a fact behind the users"},
		{"user b 1\nuser a 2\nend\n", "line 8: is not in the order"},
		{"user b 1\nuser b 1\nend\n", "line 8: is not in the order"},
		{"group b 1\nuser a 2\nend\n", "line 8: is a user behind the groups"},
		{"user ro:ot 0\nend\n", "line 7: is not the name"},
		{"user root 4294967295\nend\n", "line 7: is not a name and a number"},
		{"user root 00\nend\n", "line 7: is not a name and a number"},
		{"end", "the file does not end"},
		{"end\nend\n", "the file does not end"},
	};
	char why[WHY_MAX];

	assert_non_null(read_it(*state, arena_printf(*state, "%send\n", head), why));
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		assert_null(read_it(*state, arena_printf(*state, "%s%s", head, bad[i].rest), why));
		if (!strstr(why, bad[i].why))
			fail_msg("%s: %s", bad[i].rest, why);
	}
}

/* The upper directory becomes a rule: A259's letters must not come in this way. */
static void an_upper_directory_is_a_plain_path(void **state)
{
	static const char *const bad[] = {"/", "upper", "/a/", "/a//b", "/a b", "/a*", "/a,b",
					  "/a\"b", "/{a}", "/@{a}", "", "- "};
	char why[WHY_MAX];

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		const char *text = arena_printf(*state, "snapbox-host 1\nkernel 6\nmachine m\n"
						"distro -\nremote-home no\noverlay-root %s\nend\n",
						bad[i]);
		assert_null(read_it(*state, text, why));
		assert_non_null(strstr(why, "line 6: "));
	}
}

int main(void)
{
	return RUN(UNIT(this_machine_survives_being_written_down),
		   UNIT(the_default_host_knows_the_users_of_snaps),
		   UNIT(facts_with_anything_odd_are_refused_with_their_line),
		   UNIT(an_upper_directory_is_a_plain_path),
		   UNIT(every_group_is_reported), UNIT(facts_agree_with_the_kernel),
		   UNIT(without_apparmor_its_features_are_missing_not_silent),
		   UNIT(text_of_strangers_is_not_json_syntax));
}
