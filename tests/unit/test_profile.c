/* Profiles of snaps: what is in them, what they allow, and what never gets into them. */
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "core/str.h"
#include "core/template.h"
#include "policy/apparmor/compile.h"
#include "policy/apparmor/match.h"
#include "policy/apparmor/parse.h"
#include "policy/apparmor/profile.h"
#include "policy/connect.h"
#include "policy/model/snap.h"
#include "policy/quote.h"

static const struct policy_target classic = {.classic = true};
static const struct policy none;

static struct snap *snap(struct arena *a, const char *yaml)
{
	char why[WHY_MAX];
	struct snap *s = snap_from_yaml(a, yaml, strlen(yaml), why);

	if (!s)
		fail_msg("%s", why);
	snap_set_instance(a, s, s->name, "x1");
	return s;
}

/* A snap foo with one app, which has these plugs. */
static struct snap *with_plugs(struct arena *a, const char *plugs)
{
	return snap(a, arena_printf(a, "name: foo\nversion: 1\nbase: core22\napps:\n"
				       "  app: {command: a, plugs: [%s]}\n", plugs));
}

/* What its first app gets when all plugs are connected to the system. */
static struct policy gather(struct arena *a, const struct snap *s, const struct policy_target *t)
{
	VEC(struct conn) conns = {0};
	struct policy p;
	char why[WHY_MAX];

	for (size_t i = 0; i < s->plugs.len; i++) {
		const struct iface *iface = iface_load(a, s->plugs.at[i]->interface);
		struct conn c = {.plug = s->plugs.at[i], .slot_system = true};

		if (!iface || !connect_system_has(iface, SLOT, t->classic))
			continue;
		c.slot = connect_system_port(a, iface, SLOT);
		vec_push(a, &conns, c);
	}
	if (!policy_gather(a, &p, s, &s->apps.at[0]->plugs, &s->apps.at[0]->slots, conns.at, conns.len,
			   t, why))
		fail_msg("%s", why);
	return p;
}

static struct profile_for wanted(struct arena *a, const struct snap *s, const struct policy *p)
{
	return (struct profile_for){.snap = s, .label = arena_printf(a, "snap.%s.app", s->instance),
				    .command = "app", .confinement = s->confinement, .policy = p,
				    .target = &classic};
}

static const char *text_of(struct arena *a, const struct snap *s)
{
	struct policy *p = NEW(a, struct policy);

	*p = gather(a, s, &classic);
	struct profile_for f = wanted(a, s, p);
	return profile_text(a, &f);
}

/* All features that the texts are written for: a kernel that has them all. */
static const struct features *features(struct arena *a)
{
	const char *why, *text = template_text(a, "apparmor/abi/snapbox", NULL);
	const struct features *f = features_parse(a, text, strlen(text), &why);

	if (!f)
		fail_msg("%s", why);
	return f;
}

static void must_compile(struct arena *a, const char *name, const char *text)
{
	const char *why;
	struct compile c;

	compile_start(&c, a, features(a));
	c.source = profile_source();
	if (!compile_profiles(&c, name, text, strlen(text), false, &why))
		fail_msg("%s: %s", name, why);
}

/* The permissions that the profile has for a path, as the owner of the file. */
static uint32_t allowed(struct arena *a, const char *text, const char *path)
{
	struct memo *memo = NEW(a, struct memo);
	struct lower_report report = {0};
	struct target t;
	struct lowered out;
	const char *why = NULL;
	struct ap_policy *p = ap_parse(a, profile_source(), "t", text, strlen(text), &why);

	memo->arena = a;
	target_set(&t, features(a), features(a));
	if (!p || !lower_profile(a, &t, p, p->profiles.at[0], memo, &out, &report, &why))
		fail_msg("%s", why);
	return match_file(&out, path, strlen(path)).allow & AP_HALF;
}

static size_t count(const char *text, const char *what)
{
	size_t n = 0;

	for (; (text = strstr(text, what)); text++)
		n++;
	return n;
}

static void the_same_input_gives_the_same_bytes(void **state)
{
	const char *one = text_of(*state, with_plugs(*state, "home, network, opengl, x11"));
	const char *two = text_of(*state, with_plugs(*state, "x11, network, home, opengl"));

	assert_string_equal(one, two);
}

static void each_piece_says_where_it_is_from(void **state)
{
	struct arena *a = *state;
	const char *text = text_of(a, with_plugs(a, "home, network"));

	assert_non_null(strstr(text, "\n  # home: plug foo:home, slot system:home; home.yaml line "));
	assert_non_null(strstr(text, "\n  # network: plug foo:network, slot system:network; "));
	text = text_of(a, snap(a, "name: foo\nversion: 1\napps: {app: {command: a}}\nlayout:\n"
				  "  /usr/share/foo: {bind: $SNAP/share}\n"));
	assert_non_null(strstr(text, "\n  # layout: /usr/share/foo\n"));
}

static void a_text_that_two_plugs_bring_stands_once(void **state)
{
	struct arena *a = *state;
	const char *text = text_of(a, snap(a, "name: foo\nversion: 1\nplugs:\n  one: {interface: x11}\n"
					      "  two: {interface: x11}\napps: {app: {command: a}}\n"));

	assert_int_equal(count(text, "include <abstractions/X>"), 1);
	assert_int_equal(count(text, "# x11: plug foo:one"), count(text, "# x11: plug foo:two"));
	assert_true(count(text, "# x11: plug foo:one") > 0);
}

static void a_deny_gives_way_to_the_interface_that_grants(void **state)
{
	static const struct {
		const char *plugs, *rule;
		bool there;
	} cases[] = {
		{"network", "deny ptrace (trace),", false},
		{"browser-support", "deny ptrace (trace),", true},
		{"browser-support, docker-support", "deny ptrace (trace),", false},
		{"network-control", "deny capability sys_module,", true},
		{"network-control, kernel-module-control", "deny capability sys_module,", false},
		{"network", "deny @{PROC}/self/mountinfo r,", true},
		{"mount-observe", "deny @{PROC}/self/mountinfo r,", false},
		{"network", "__pycache__", true},
		{"docker-support", "__pycache__", false},
		{"home", "owner @{HOME}/[^.s]** ix,", true},
		{"network", "owner @{HOME}/[^.s]** ix,", false},
		{"home, docker-support", "owner @{HOME}/[^.s]** ix,", false},
		{"desktop-legacy", "deny /var/lib/snapd/desktop/applications/mimeinfo", true},
		{"desktop-legacy, desktop-launch", "deny /var/lib/snapd/desktop/app", false},
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		if (!!strstr(text_of(*state, with_plugs(*state, cases[i].plugs)), cases[i].rule) !=
		    cases[i].there)
			fail_msg("%s: %s", cases[i].plugs, cases[i].rule);
}

/* "mountinfo r" of the process itself is denied in the template, and no allow undoes it. */
static void no_interface_forgets_to_say_that_it_grants_mountinfo(void **state)
{
	size_t n, found = 0;
	const char **names = iface_names(*state, &n);

	for (size_t k = 0; k < n; k++) {
		const struct iface *i = iface_load(*state, names[k]);

		for (int m = 0; m < MOMENT_COUNT; m++)
			for (size_t b = 0; b < i->blocks[m].len; b++) {
				const struct block *block = &i->blocks[m].at[b];
				const char *text = block->text[BACK_APPARMOR];
				bool says = false;

				if (!text || (!strstr(text, "@{PROC}/@{pid}/mountinfo r") &&
					      !strstr(text, "@{PROC}/self/mountinfo r")))
					continue;
				for (size_t f = 0; f < block->flags.len; f++)
					says |= !strcmp(block->flags.at[f], "uses-mountinfo");
				if (!says)
					fail_msg("%s.yaml line %u", names[k], block->line);
				found++;
			}
	}
	assert_true(found > 5);
}

static void nobody_is_there_to_be_prompted(void **state)
{
	assert_null(strstr(text_of(*state, with_plugs(*state, "home, camera")), "prompt "));
}

static void the_base_decides_which_files_of_it_there_are(void **state)
{
	static const struct {
		const char *base;
		bool core;
	} cases[] = {
		{"", true}, {"base: core\n", true}, {"base: core18\n", true}, {"base: core26\n", true},
		{"base: core22-desktop\n", false}, {"base: bare\n", false}, {"base: core2\n", false},
		{"base: fedora40\n", false}, {"base: core222\n", false},
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct arena *a = *state;
		const char *text = text_of(a, snap(a, arena_printf(a,
			"name: foo\nversion: 1\n%sapps: {app: {command: a}}\n", cases[i].base)));

		if (!!strstr(text, "dash} rix,") != cases[i].core ||
		    !!strstr(text, "/opt/** mrlkix,") == cases[i].core)
			fail_msg("%s", cases[i].base);
	}
}

static void modes_and_flags(void **state)
{
	struct arena *a = *state;
	struct snap *s = with_plugs(a, "home");
	struct policy p = gather(a, s, &classic);
	struct profile_for f = wanted(a, s, &p);

	assert_non_null(strstr(profile_text(a, &f), "flags=(attach_disconnected,mediate_deleted) {"));
	f.confinement = CONFINE_DEVMODE;
	assert_non_null(strstr(profile_text(a, &f), "mediate_deleted,complain) {"));
	f.jailmode = true;
	assert_non_null(strstr(profile_text(a, &f), "mediate_deleted) {"));
	f.confinement = CONFINE_CLASSIC;
	assert_non_null(strstr(profile_text(a, &f), "@{INSTALL_DIR}/core/** r,"));
	f.jailmode = false;
	assert_non_null(strstr(profile_text(a, &f), ",complain) {"));
	assert_null(strstr(profile_text(a, &f), "# home:")); /* no pieces: all is permitted */
}

static void an_instance_has_its_own_names(void **state)
{
	struct arena *a = *state;
	struct snap *s = with_plugs(a, "network");

	snap_set_instance(a, s, "foo_two", "7");
	const char *text = text_of(a, s);
	assert_non_null(strstr(text, "@{SNAP_NAME}=\"foo\"\n@{SNAP_INSTANCE_NAME}=\"foo_two\"\n"
				     "@{SNAP_INSTANCE_DESKTOP}=\"foo+two\"\n"
				     "@{SNAP_COMMAND_NAME}=\"app\"\n@{SNAP_REVISION}=\"7\"\n"
				     "@{PROFILE_DBUS}=\"snap_2efoo_5ftwo_2eapp\"\n"));
	assert_non_null(strstr(text, "profile \"snap.foo_two.app\" "));
	text = profile_update_ns_text(a, s, &none, &classic);
	assert_non_null(strstr(text, "mount options=(rw rbind) /var/snap/foo_two/ -> /var/snap/foo/,"));
	must_compile(a, "update-ns", text);
}

/* A259: a path with signs that end or begin something elsewhere is that path and no more. */
static void odd_paths_of_layouts_stay_paths(void **state)
{
	static const char *const odd[] = {"a,b", "a#b", "a b", "a=b,c r", "(a)", "a'b", "gr\303\274n"};

	for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++) {
		struct arena *a = *state;
		struct snap *s = snap(a, arena_printf(a, "name: foo\nversion: 1\n"
			"apps: {app: {command: a}}\nlayout:\n  \"/opt/%s\": {bind: $SNAP/x}\n", odd[i]));
		const char *text = text_of(a, s);
	
		assert_int_equal(allowed(a, text, arena_printf(a, "/opt/%s/in", odd[i])) & AP_W, AP_W);
		assert_int_equal(allowed(a, text, "/opt/a") & AP_W, 0);
		assert_int_equal(allowed(a, text, "/opt/b") & AP_W, 0);
		assert_int_equal(allowed(a, text, arena_printf(a, "/opt/%sx", odd[i])) & AP_W, 0);
		must_compile(a, odd[i], profile_update_ns_text(a, s, &none, &classic));
	}
}

static void refused_name(struct arena *a, const char *bad)
{
	struct snap *s = with_plugs(a, "network");
	struct profile_for f = wanted(a, s, &none);

	f.command = bad;
	assert_dies(profile_text(a, &f), "no name that can stand in policy");
	f.command = "app";
	s->revision = bad;
	assert_dies(profile_text(a, &f), "no name that can stand in policy");
	s->revision = "1";
	s->instance = bad;
	f.label = arena_printf(a, "snap.%s.app", bad);
	assert_dies(profile_text(a, &f), "label");
	assert_dies(profile_update_ns_text(a, s, &none, &classic), "no name");
}

/* A259, R17: whatever the readers of snap.yaml let through, these signs stop here. */
static void hostile_names_are_refused(void **state)
{
	static const char *const bad[] = {
		"foo\" rwx,", "foo\\", "foo\nbar", "foo,", "foo#", "foo{a,b}", "foo[x]", "foo*", "foo?",
		"foo^", "@{HOME}", "foo bar", "foo/../bar", "foo\tbar", "foo\"", "f(o)", "", "f\x7foo",
	};

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		refused_name(*state, bad[i]);
}

static void refused_path(struct arena *a, const char *bad)
{
	struct snap *s = with_plugs(a, "network");
	struct layout at = {.kind = LAYOUT_BIND, .path = bad, .source = "/snap/foo/x1/a"};
	struct layout of = {.kind = LAYOUT_BIND, .path = "/opt/a", .source = bad};

	vec_push(a, &s->layouts, at);
	assert_dies(text_of(a, s), "no path that can stand in policy");
	assert_dies(profile_update_ns_text(a, s, &none, &classic), "no path");
	s->layouts.at[0] = of;
	assert_dies(profile_update_ns_text(a, s, &none, &classic), "no path");
}

static void hostile_paths_are_refused(void **state)
{
	static const char *const bad[] = {
		"/a\"b", "/a\\b", "/a\nb", "/a{b", "/a}b", "/a[b", "/a]b", "/a*", "/a?", "/a^", "/@{HOME}",
		"/a/../b", "/a/./b", "/a//b", "/a/", "a", "", "/a\tb", "/a\x01", "/..", "/a/..", "/a$b",
	};
	struct policy_target t = {.classic = true, .overlay_root = "/upper\" rw, \"/"};

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		refused_path(*state, bad[i]);
	assert_dies(profile_update_ns_text(*state, with_plugs(*state, "home"), &none, &t), "no path");
}

static void the_system_brings_its_own_rules(void **state)
{
	struct arena *a = *state;
	struct snap *s = with_plugs(a, "home");
	struct policy_target t = {.classic = true, .remote_home = true, .overlay_root = "/media/rw up"};
	struct profile_for f = wanted(a, s, &none);

	assert_null(strstr(profile_text(a, &f), "network inet,"));
	f.target = &t;
	assert_non_null(strstr(profile_text(a, &f), "  network inet,\n  network inet6,\n"));
	assert_non_null(strstr(profile_text(a, &f), "  \"/media/rw up/{,**/}\" r,\n"));
	must_compile(a, "overlay", profile_text(a, &f));
}

/* A154: nothing of the host is read, whatever it has below /etc/apparmor.d. */
static void includes_come_from_the_binary_alone(void **state)
{
	struct lex_source source = profile_source();
	const char *found = NULL;
	void *more = NULL;
	size_t len;

	assert_non_null(source.open(*state, source.arg, "abstractions/base", true, &len, &found, &more));
	assert_string_equal(found, "apparmor/abstractions/base");
	assert_null(source.open(*state, source.arg, "abstractions/bash", true, &len, &found, &more));
	assert_null(source.open(*state, source.arg, "local/x", true, &len, &found, &more));
	assert_null(source.open(*state, source.arg, "../apparmor/parts/strict/x", true, &len, &found,
				&more));
}

static void write_file(struct arena *a, const char *root, const char *path, const char *text)
{
	char *full = arena_printf(a, "%s%s", root, path);

	for (char *slash = strchr(full + strlen(root) + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(full, 0755) && errno != EEXIST)
			fail_msg("%s", full);
		*slash = '/';
	}
	int fd = open(full, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
	if (fd < 0)
		fail_msg("%s", full);
	fs_write_all(fd, text, strlen(text));
	close(fd);
}

static void homes_elsewhere_are_said_in_a_file_of_the_administrators(void **state)
{
	struct arena *a = *state;
	const char *file = "/srv/people/ann/snap/foo/common/f";
	char *root = arena_dup(a, "/tmp/snapbox-profile.XXXXXX");
	const char *text = text_of(a, with_plugs(a, "network"));

	if (geteuid())
		skip(); /* such a file must be root's */
	assert_int_equal(allowed(a, text, file) & AP_W, 0);
	assert_non_null(mkdtemp(root));
	dirs_set_root(root);
	write_file(a, root, "/etc/snapbox/templates/apparmor/tunables/local",
		   "@{HOMEDIRS}+=/srv/people/\n");
	assert_int_equal(allowed(a, text, file) & AP_W, AP_W);
	assert_int_equal(allowed(a, text, "/srv/people/ann/snap/bar/common/f") & AP_W, 0);
}

/* May a snap have the plug without attributes? */
static bool goes_alone(struct arena *a, const char *interface)
{
	struct snap *s = with_plugs(a, interface);
	const struct iface *i = iface_load(a, interface);
	struct conn c = {.plug = s->plugs.at[0], .slot_system = true};
	struct policy p;
	char why[WHY_MAX];

	c.slot = connect_system_has(i, SLOT, true) ? connect_system_port(a, i, SLOT) : NULL;
	return policy_gather(a, &p, s, &s->apps.at[0]->plugs, &s->apps.at[0]->slots, &c, !!c.slot,
			     &classic, why);
}

static void every_interface_compiles(void **state)
{
	struct arena *a = *state;
	size_t n, compiled = 0;
	const char **names = iface_names(a, &n);
	struct buf all = buf_new(a);

	for (size_t k = 0; k < n; k++) {
		struct arena_mark mark;

		if (!goes_alone(a, names[k]))
			continue;
		/* All at once, but one: systemd-run cannot get two labels. */
		if (strcmp(names[k], "kubernetes-support"))
			buf_printf(&all, "%s%s", all.len ? ", " : "", names[k]);
		mark = arena_mark(a);
		must_compile(a, names[k], text_of(a, with_plugs(a, names[k])));
		arena_rewind(a, mark);
		compiled++;
	}
	assert_true(compiled > 150);
	must_compile(a, "all", text_of(a, with_plugs(a, buf_text(&all))));
}

int main(void)
{
	return RUN(UNIT(the_same_input_gives_the_same_bytes), UNIT(each_piece_says_where_it_is_from),
		   UNIT(a_text_that_two_plugs_bring_stands_once),
		   UNIT(a_deny_gives_way_to_the_interface_that_grants),
		   UNIT(no_interface_forgets_to_say_that_it_grants_mountinfo),
		   UNIT(nobody_is_there_to_be_prompted),
		   UNIT(the_base_decides_which_files_of_it_there_are), UNIT(modes_and_flags),
		   UNIT(an_instance_has_its_own_names), UNIT(odd_paths_of_layouts_stay_paths),
		   UNIT(hostile_names_are_refused), UNIT(hostile_paths_are_refused),
		   UNIT(the_system_brings_its_own_rules), UNIT(includes_come_from_the_binary_alone),
		   UNIT(homes_elsewhere_are_said_in_a_file_of_the_administrators),
		   UNIT(every_interface_compiles));
}
