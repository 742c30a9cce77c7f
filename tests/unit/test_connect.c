/* Who is connected to whom: by a person's words, and by the rules. */
#include <stdio.h>

#include "check.h"
#include "core/str.h"
#include "policy/autoconnect.h"
#include "policy/connect.h"
#include "policy/model/snap.h"

static const struct connect_on classic = {.classic = true, .distro = "debian"};
static const struct connect_on core = {.distro = "ubuntu-core"};

static struct snap *snap(struct arena *a, const char *instance, const char *yaml)
{
	char why[WHY_MAX] = "", name[64];
	const char *key = strchr(instance, '_');

	snprintf(name, sizeof name, "%.*s", (int)(key ? key - instance : 40), instance);
	const char *text = arena_printf(a, "name: %s\nversion: '1'\nbase: bare\n%s", name, yaml);
	struct snap *s = snap_from_yaml(a, text, strlen(text), why);
	if (!s)
		fail_msg("%s", why);
	snap_set_instance(a, s, instance, "x1");
	return s;
}

static struct snaps all_of(struct arena *a, const struct snap *x, const struct snap *y,
			   const struct snap *z)
{
	struct snaps all = {0};
	const struct snap *const list[] = {x, y, z};

	for (size_t i = 0; i < 3; i++)
		if (list[i])
			snaps_put(a, &all, list[i]);
	return all;
}

/* The lines without head and end. */
static const char *shown(struct arena *a, const struct conn_lines *l)
{
	const char *text = strchr(conns_print(a, l), '\n') + 1;

	return arena_dupn(a, text, strlen(text) - strlen("end\n"));
}

static const char *auto_of(struct arena *a, const struct snap *s, const struct snaps *all,
			   const struct connect_on *on)
{
	struct conn_lines l = {0};

	autoconnect(a, &l, s, all, on);
	return shown(a, &l);
}

static void references_are_read_as_snapd_reads_them(void **state)
{
	struct arena *a = *state;
	struct port_ref r;
	const char *why;

	assert_true(connect_ref(a, "foo:home", true, &r, &why));
	assert_string_equal(r.snap, "foo");
	assert_string_equal(r.name, "home");
	assert_true(connect_ref(a, ":home", true, &r, &why));
	assert_string_equal(r.snap, "");
	assert_true(connect_ref(a, "foo_k1", false, &r, &why));
	assert_string_equal(r.snap, "foo_k1");
	assert_string_equal(r.name, "");
	assert_true(connect_ref(a, "snapd:home", true, &r, &why));
	assert_string_equal(r.snap, "system");
	assert_true(connect_ref(a, "core", false, &r, &why));
	assert_string_equal(r.snap, "system");

	static const char *const bad[] = {
		"", ":", "foo:", "foo:a:b", "foo", "foo:\"home\"", "foo:ho\nme", "../foo:home",
		"foo:..", "foo:@{HOME}", "foo:/home", "Foo:home", "foo:home ", "foo_:home", NULL,
	};
	for (size_t i = 0; bad[i]; i++)
		if (connect_ref(a, bad[i], true, &r, &why))
			fail_msg("accepted: %s", bad[i]);
	assert_false(connect_ref(a, "a:b:c", true, &r, &why));
	assert_string_equal(why, "invalid value: \"a:b:c\" (want snap:name or :name)");
	assert_false(connect_ref(a, "foo:", false, &r, &why));
	assert_string_equal(why, "invalid value: \"foo:\" (want snap:name or snap)");
}

/* connect PLUG [SLOT], among foo, bar and zoo: the line, or the words of the refusal. */
static const char *connect(struct arena *a, const struct snaps *all, const char *plug,
			   const char *slot, const struct connect_on *on)
{
	struct port_ref p, s = {"", ""};
	const char *why;
	struct conn c;
	struct conn_lines l = {0};

	if (!connect_ref(a, plug, false, &p, &why) ||
	    (slot && !connect_ref(a, slot, false, &s, &why)) ||
	    !connect_resolve(a, &p, snaps_find(all, p.snap), &s,
			     *s.snap ? snaps_find(all, s.snap) : NULL, on, &c, &why))
		return why;
	conns_put(a, &l, connect_line(&c, CONN_MANUAL));
	return shown(a, &l);
}

static void a_persons_words_find_one_plug_and_one_slot(void **state)
{
	struct arena *a = *state;
	struct snaps all = all_of(
		a,
		snap(a, "foo", "apps: {foo: {command: x, plugs: [home, camera, mir]}}\n"
			       "plugs: {odd: frobnicate, serial: serial-port}\n"),
		snap(a, "bar", "slots: {m1: mir, m2: mir}\n"),
		snap(a, "zoo_k", "slots: {m: mir, p: {interface: serial-port, path: '/dev/ttyS0 rw, /**'}}\n"));

	assert_string_equal(connect(a, &all, "foo:home", NULL, &classic),
			    "foo:home system:home home manual\n");
	assert_string_equal(connect(a, &all, "foo:home", ":home", &classic),
			    "foo:home system:home home manual\n");
	assert_string_equal(connect(a, &all, "foo:home", "snapd:home", &classic),
			    "foo:home system:home home manual\n");
	assert_string_equal(connect(a, &all, "foo:mir", "zoo_k", &classic),
			    "foo:mir zoo_k:m mir manual\n");
	assert_string_equal(connect(a, &all, "foo:mir", "bar:m2", &classic),
			    "foo:mir bar:m2 mir manual\n");
	assert_string_equal(connect(a, &all, "foo:mir", "bar", &classic),
			    "snap \"bar\" has multiple \"mir\" interface slots: m1, m2");
	assert_string_equal(connect(a, &all, "foo:home", "bar", &classic),
			    "snap \"bar\" has no \"home\" interface slots");
	assert_string_equal(connect(a, &all, "foo:home", "bar:m1", &classic),
			    "cannot connect foo:home (\"home\" interface) to bar:m1 (\"mir\" interface)");
	assert_string_equal(connect(a, &all, "foo:home", "bar:nix", &classic),
			    "snap \"bar\" has no slot named \"nix\"");
	assert_string_equal(connect(a, &all, "foo:nix", NULL, &classic),
			    "snap \"foo\" has no plug named \"nix\"");
	assert_string_equal(connect(a, &all, "foo:home", ":mir", &classic),
			    "snap \"system\" has no slot named \"mir\"");
	assert_string_equal(connect(a, &all, "foo:serial", NULL, &classic),
			    "snap \"system\" has no \"serial-port\" interface slots");
	assert_string_equal(connect(a, &all, "foo", NULL, &classic),
			    "cannot resolve connection, plug snap name is empty");
	/* I14: of an interface that nobody knows */
	assert_string_equal(connect(a, &all, "foo:odd", NULL, &classic),
			    "snap \"foo\" has no plug named \"odd\"");
	/* A269: attributes that would become rules */
	assert_non_null(strstr(connect(a, &all, "foo:serial", "zoo_k:p", &classic), "attribute path"));
}

static void what_the_system_offers_depends_on_its_kind(void **state)
{
	struct arena *a = *state;
	struct snap *s = snap(a, "foo", "apps: {foo: {command: x, plugs: [home, unity7, network]}}\n");
	struct snaps all = all_of(a, s, NULL, NULL);

	/* I4, I6, I8 */
	assert_string_equal(auto_of(a, s, &all, &classic),
			    "foo:home system:home home auto\n"
			    "foo:network system:network network auto\n"
			    "foo:unity7 system:unity7 unity7 auto\n");
	assert_string_equal(auto_of(a, s, &all, &core), "foo:network system:network network auto\n");
	assert_string_equal(connect(a, &all, "foo:unity7", NULL, &core),
			    "snap \"system\" has no \"unity7\" interface slots");
	assert_string_equal(connect(a, &all, "foo:home", NULL, &core),
			    "foo:home system:home home manual\n");
}

static void nothing_privileged_is_connected_by_itself(void **state)
{
	struct arena *a = *state;
	struct snap *s = snap(a, "foo",
		"plugs: {home: {read: all}, camera: , snapd-control: , docker-support: , odd: frobnicate,\n"
		"        kernel-module-control: , system-files: {read: [/etc/x]}}\n"
		"apps: {foo: {command: x}}\n");
	struct snaps all = all_of(a, s, NULL, NULL);

	/* I6, I7, I9 */
	assert_string_equal(auto_of(a, s, &all, &classic), "");
}

static void attributes_decide_as_the_rules_say(void **state)
{
	/* I6, I8: "yes" may be connected by itself, "no" may not; on a classic system and on core */
	static const struct {
		const char *plug, *classic, *core;
	} asked[] = {
		{"browser-support", "yes", "yes"},
		{"browser-support, allow-sandbox: true", "no", "no"},
		{"browser-support, allow-sandbox: false", "yes", "yes"},
		{"optical-drive", "yes", "no"},
		{"optical-drive, write: true", "no", "no"},
		{"home", "yes", "no"},
		{"home, read: all", "no", "no"},
		{"home, read: most", "no", "no"},
		{"upower-observe", "yes", "yes"},
		{"x11", "yes", "no"},
		{"wayland", "yes", "no"},
		{"opengl", "yes", "yes"},
		{"network-control", "no", "no"},
		{"kernel-module-observe", "no", "no"},
		{"docker", "no", "no"},
		{"userns", "no", "no"},
	};

	for (size_t i = 0; i < sizeof asked / sizeof asked[0]; i++) {
		struct arena *a = *state;
		struct snap *s = snap(a, "foo", arena_printf(a,
			"plugs: {p: {interface: %s}}\napps: {foo: {command: x}}\n", asked[i].plug));
		struct snaps all = all_of(a, s, NULL, NULL);

		for (int k = 0; k < 2; k++) {
			const char *made = auto_of(a, s, &all, k ? &core : &classic);

			if (str_eq(k ? asked[i].core : asked[i].classic, "yes") != !!*made)
				fail_msg("{interface: %s} %s: \"%s\"", asked[i].plug,
					 k ? "on core" : "on classic", made);
		}
	}
}

static void a_plug_for_one_slot_gets_one_or_none(void **state)
{
	struct arena *a = *state;
	struct snap *p = snap(a, "foo", "plugs: {mir: }\napps: {foo: {command: x}}\n");
	struct snap *one = snap(a, "one", "slots: {mir: }\napps: {one: {command: x}}\n");
	struct snap *two = snap(a, "two", "slots: {mir: }\napps: {two: {command: x}}\n");
	struct snaps all = all_of(a, p, one, NULL);

	assert_string_equal(auto_of(a, p, &all, &classic), "foo:mir one:mir mir auto\n");
	/* the slot comes after the plug */
	assert_string_equal(auto_of(a, one, &all, &classic), "foo:mir one:mir mir auto\n");
	snaps_put(a, &all, two);
	assert_string_equal(auto_of(a, p, &all, &classic), "");
	assert_string_equal(auto_of(a, two, &all, &classic), "");
}

static void slots_of_parallel_instances_are_no_candidates(void **state)
{
	struct arena *a = *state;
	struct snap *p = snap(a, "foo_a", "plugs: {mir: }\napps: {foo: {command: x}}\n");
	struct snap *one = snap(a, "one", "slots: {mir: }\napps: {one: {command: x}}\n");
	struct snap *also = snap(a, "one_b", "slots: {mir: }\napps: {one: {command: x}}\n");
	struct snaps all = all_of(a, p, one, also);

	assert_string_equal(auto_of(a, p, &all, &classic), "foo_a:mir one:mir mir auto\n");
	assert_string_equal(auto_of(a, also, &all, &classic), "");
	assert_string_equal(connect(a, &all, "foo_a:mir", "one_b", &classic),
			    "foo_a:mir one_b:mir mir manual\n");
}

static void content_asks_for_a_publisher_and_nobody_vouches_for_one(void **state)
{
	struct arena *a = *state;
	struct snap *p = snap(a, "foo", "plugs: {c: {interface: content, target: $SNAP/c}}\n");
	struct snap *s = snap(a, "bar", "slots: {c: {interface: content, read: [/]}}\n");
	struct snaps all = all_of(a, p, s, NULL);

	/* I11 */
	assert_string_equal(auto_of(a, p, &all, &classic), "");
	assert_string_equal(auto_of(a, s, &all, &classic), "");
}

static void what_a_person_decided_stays(void **state)
{
	struct arena *a = *state;
	struct snap *s = snap(a, "foo", "apps: {foo: {command: x, plugs: [home, network, opengl]}}\n");
	struct snaps all = all_of(a, s, NULL, NULL);
	struct conn_lines l = {0};

	conns_put(a, &l, (struct conn_line){"foo", "home", "system", "home", "home", CONN_UNDESIRED});
	conns_put(a, &l, (struct conn_line){"foo", "network", "system", "network", "network", CONN_MANUAL});
	autoconnect(a, &l, s, &all, &classic);
	assert_string_equal(shown(a, &l), "foo:home system:home home undesired\n"
					  "foo:network system:network network manual\n"
					  "foo:opengl system:opengl opengl auto\n");
	struct conns c = connect_of(a, &l, s, &all, &classic);
	assert_int_equal(c.len, 2);
	assert_string_equal(c.at[0].plug->name, "network");
	assert_ptr_equal(c.at[0].plug, snap_port(s, PLUG, "network"));
	assert_true(c.at[0].slot_system && !c.at[0].plug_system);
}

static void lines_that_mean_nothing_connect_nothing(void **state)
{
	struct arena *a = *state;
	struct snap *s = snap(a, "foo", "plugs: {home: network}\nslots: {mir: }\napps: {foo: {command: x}}\n");
	struct snaps all = all_of(a, s, NULL, NULL);
	struct conn_lines l = {0};

	conns_put(a, &l, (struct conn_line){"foo", "home", "system", "home", "home", CONN_MANUAL});
	conns_put(a, &l, (struct conn_line){"foo", "gone", "system", "home", "home", CONN_MANUAL});
	conns_put(a, &l, (struct conn_line){"away", "mir", "foo", "mir", "mir", CONN_MANUAL});
	conns_put(a, &l, (struct conn_line){"foo", "home", "system", "mir", "mir", CONN_MANUAL});
	assert_int_equal(connect_of(a, &l, s, &all, &classic).len, 0);
}

static void disconnect_finds_what_is_meant(void **state)
{
	struct arena *a = *state;
	struct conn_lines l = {0};
	struct line_numbers n;
	struct port_ref one = {"foo", "mir"}, other = {"bar", "mir"}, home = {"", "home"},
			plug = {"foo", "home"};
	const char *why;

	conns_put(a, &l, (struct conn_line){"foo", "home", "system", "home", "home", CONN_UNDESIRED});
	conns_put(a, &l, (struct conn_line){"foo", "mir", "bar", "mir", "mir", CONN_MANUAL});
	conns_put(a, &l, (struct conn_line){"foo", "mir", "zoo", "mir", "mir", CONN_AUTO});
	assert_true(connect_lines_of(a, &l, &one, NULL, false, &n, &why));
	assert_int_equal(n.len, 2);
	assert_true(connect_lines_of(a, &l, &other, NULL, false, &n, &why));
	assert_int_equal(n.len, 1);
	assert_int_equal(n.at[0], 1);
	assert_true(connect_lines_of(a, &l, &one, &other, false, &n, &why));
	assert_int_equal(n.len, 1);
	assert_true(connect_lines_of(a, &l, &home, NULL, false, &n, &why));
	assert_int_equal(n.len, 0);
	assert_true(connect_lines_of(a, &l, &home, NULL, true, &n, &why));
	assert_int_equal(n.len, 1);
	assert_false(connect_lines_of(a, &l, &plug, &home, false, &n, &why));
	assert_string_equal(why, "cannot disconnect foo:home from system:home, it is not connected");
	assert_false(connect_lines_of(a, &l, &other, &one, true, &n, &why));
	assert_string_equal(why, "cannot forget connection bar:mir from foo:mir, it was not connected");
}

static void nobody_may_offer_what_is_the_systems(void **state)
{
	struct arena *a = *state;
	const char *why = "";
	struct snap *s = snap(a, "foo", "slots: {home: , mir: , odd: frobnicate, serial-port: {path: /dev/ttyS0}}\n"
					"apps: {foo: {command: x}}\n");

	/* P15 */
	assert_false(autoconnect_may_offer(a, snap_port(s, SLOT, "home"), &classic, &why));
	assert_string_equal(why, "installation not allowed by \"home\" slot rule of interface \"home\"");
	assert_false(autoconnect_may_offer(a, snap_port(s, SLOT, "serial-port"), &classic, &why));
	assert_true(autoconnect_may_offer(a, snap_port(s, SLOT, "mir"), &classic, &why));
	assert_true(autoconnect_may_offer(a, snap_port(s, SLOT, "odd"), &classic, &why));
}

int main(void)
{
	return RUN(UNIT(references_are_read_as_snapd_reads_them),
		   UNIT(a_persons_words_find_one_plug_and_one_slot),
		   UNIT(what_the_system_offers_depends_on_its_kind),
		   UNIT(nothing_privileged_is_connected_by_itself),
		   UNIT(attributes_decide_as_the_rules_say),
		   UNIT(a_plug_for_one_slot_gets_one_or_none),
		   UNIT(slots_of_parallel_instances_are_no_candidates),
		   UNIT(content_asks_for_a_publisher_and_nobody_vouches_for_one),
		   UNIT(what_a_person_decided_stays), UNIT(lines_that_mean_nothing_connect_nothing),
		   UNIT(disconnect_finds_what_is_meant), UNIT(nobody_may_offer_what_is_the_systems));
}
