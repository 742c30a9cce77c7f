/* snap.yaml to a model: what is understood, and what is refused with which words. */
#include <stdio.h>
#include <time.h>

#include "check.h"
#include "core/str.h"
#include "policy/model/assumes.h"
#include "policy/model/attr.h"
#include "policy/model/content.h"
#include "policy/model/grammar.h"
#include "policy/model/layout.h"
#include "policy/model/snap.h"

static struct snap *read_whole(struct arena *a, const char *text, char *why)
{
	return snap_from_yaml(a, text, strlen(text), why);
}

static struct snap *read_text(struct arena *a, const char *rest, char *why)
{
	return read_whole(a, arena_printf(a, "name: foo\nversion: 1\n%s", rest), why);
}

static struct snap *good(struct arena *a, const char *rest)
{
	char why[WHY_MAX];
	struct snap *s = read_text(a, rest, why);

	if (!s)
		fail_msg("refused \"%s\": %s", str_show(a, rest), why);
	return s;
}

struct bad {
	const char *text, *why;
};

static void all_refused(struct arena *a, const struct bad *rows, bool whole)
{
	char why[WHY_MAX];

	for (; rows->text; rows++) {
		if (whole ? read_whole(a, rows->text, why) : read_text(a, rows->text, why))
			fail_msg("accepted \"%s\"", str_show(a, rows->text));
		if (!strstr(why, rows->why))
			fail_msg("\"%s\": \"%s\", not \"%s\"", str_show(a, rows->text), why, rows->why);
	}
}

static void defaults_are_filled_in(void **state)
{
	struct snap *s = good(*state, "apps: {foo: {command: bin/foo}}\n");

	assert_int_equal(s->type, SNAP_APP);
	assert_int_equal(s->confinement, CONFINE_STRICT);
	assert_int_equal(s->grade, GRADE_STABLE);
	assert_int_equal(s->architectures.len, 0);
	assert_string_equal(s->instance, "foo");
	assert_string_equal(s->key, "");
	assert_string_equal(snap_base(s), "core");
	assert_string_equal(snap_app_label(*state, snap_app(s, "foo")), "snap.foo.foo");
	assert_int_equal(snap_app(s, "foo")->stop_timeout_ms, TIME_UNSET);
}

/* A227: what is text stays as it was written. */
static void texts_are_kept_as_written(void **state)
{
	struct snap *s = good(*state, "title: 1.50\nsummary: 2024-01-01\ngrade: ~\nbase:\nlicense: !!str GPL-3.0\n");

	assert_string_equal(s->title, "1.50");
	assert_string_equal(s->summary, "2024-01-01");
	assert_null(s->base);
	char why[WHY_MAX];
	s = read_whole(*state, "name: foo\nversion: 1.10\n", why);
	assert_string_equal(s->version, "1.10");
}

/* A227, A235, A237 and P5-P8. */
static void bad_tops_are_refused(void **state)
{
	static const struct bad wholes[] = {
		{"version: 1\n", "has no name"},
		{"name: foo\n", "has no version"},
		{"name: 123\nversion: 1\n", "line 1: name: \"123\" is not the name of a snap"},
		{"name: ~\nversion: 1\n", "has no name"},
		{"name: [a]\nversion: 1\n", "line 1: name: not a text"},
		{"name: {a: b}\nversion: 1\n", "name: not a text"},
		{"name: 2024-01-01\nversion: 1\n", "is not the name of a snap"},
		{"name: foo_k\nversion: 1\n", "is not the name of a snap"},
		{"name: ../x\nversion: 1\n", "is not the name of a snap"},
		{"name: foo\nversion: 1 2\n", "line 2: version: \"1 2\" is not a version"},
		{"name: foo\nversion: [1]\n", "version: not a text"},
		{NULL, NULL},
	};
	static const struct bad rests[] = {
		{"type: application\n", "line 3: type: \"application\" is not one of app, base, kernel"},
		{"type: snapd\n", "only snapd is of type snapd"},
		{"confinement: \"strict \"\n", "confinement: \"strict \" is not one of strict, classic, devmode"},
		{"confinement: Classic\n", "is not one of"},
		{"grade: beta\n", "grade: \"beta\" is not one of stable, devel"},
		{"base: ../core\n", "base: \"../core\" is not the name of a base"},
		{"base: core_1\n", "is not the name of a base"},
		{"base: none\napps: {x: {command: a}}\n", "a snap without a base has no apps"},
		{"base: none\nhooks: {install: }\n", "a snap without a base has no apps"},
		{"type: base\nbase: core22\n", "a base has no base"},
		{"architectures: amd64\n", "architectures: not a list"},
		{"architectures: [../x]\n", "is not an architecture"},
		{"assumes: [snap env]\n", "is not something a snap can assume"},
		{"assumes: [[a]]\n", "assumes: not a list of texts"},
		{"epoch: -1\n", "epoch: \"-1\" is not an epoch"},
		{"epoch: 0*\n", "is not an epoch"},
		{"epoch: 1.5\n", "is not an epoch"},
		{"epoch: [1]\n", "epoch: not an epoch"},
		{"epoch: {read: []}\n", "epoch.read: not a list of 1 to 10"},
		{"epoch: {read: [2, 1]}\n", "not numbers that grow"},
		{"title: 12345678901234567890123456789012345678901\n", "is not a title of at most 40"},
		{"license: 'GPL; rm'\n", "is not a license"},
		{"provenance: global-upload\n", "is not a provenance"},
		{"layouts: {}\n", "line 3: layouts: write \"layout\", without an s"},
		{"system-usernames: {root: shared}\n", "\"root\" is not a user that a snap can have"},
		{"system-usernames: {snap_daemon: private}\n", "the scope must be shared"},
		{"system-usernames: [snap_daemon]\n", "not a map of users"},
		{"components: {x: {type: standard}}\n", "\"x\" is not a component"},
		{"components: {cc: {type: odd}}\n", "components.cc.type: not one"},
		{"components: {cc: {type: kernel-modules}}\n", "components.cc.type: not one"},
		{"components: {cc: {type: standard, hooks: {configure: }}}\n", "is not the name of a hook"},
		{"links: {contact: a}\n", "links.contact: not a list"},
		{"environment: [A]\n", "environment: not a map"},
		{NULL, NULL},
	};
	struct arena *a = *state;

	all_refused(a, wholes, true);
	all_refused(a, rests, false);
	good(a, "some-new-key: [1, {a: b}]\napps: {foo: {command: a, new-key: 1}}\n");
	good(a, "epoch: {read: [1, 2], write: [2]}\n");
	good(a, "epoch: 3*\n");
}

/* P4: each key of an app, as text to the model. */
static void every_key_of_an_app_is_understood(void **state)
{
	struct snap *s = good(*state,
		"slots: {bus: {interface: dbus, bus: system, name: org.foo}}\n"
		"apps:\n  other: {command: b, daemon: simple}\n"
		"  d:\n    command: bin/d --x  $SNAP/a\n    command-chain: [bin/c1, bin/c2]\n"
		"    daemon: notify\n    daemon-scope: system\n    stop-command: bin/s\n"
		"    reload-command: bin/r\n    post-stop-command: bin/p\n    stop-timeout: 1m30s\n"
		"    start-timeout: 500ms\n    watchdog-timeout: 1h\n    restart-delay: 1.5s\n"
		"    completer: c.bash\n    refresh-mode: endure\n    stop-mode: sigterm-all\n"
		"    install-mode: disable\n    restart-condition: on-failure\n"
		"    success-exit-status: [42, \"7\"]\n    bus-name: org.foo.Bar\n"
		"    activates-on: [bus]\n    common-id: org.foo.d\n    aliases: [dd]\n"
		"    environment: {B: 1, A: $B}\n    before: [other]\n    timer: mon1-wed,9:00~11:00/2,,fri\n"
		"    autostart: d.desktop\n    plugs: [network-bind]\n"
		"    sockets: {s1: {listen-stream: $SNAP_DATA/s, socket-mode: 0640}, s2: {listen-stream: 80}}\n");
	const struct app *d = snap_app(s, "d");

	assert_string_equal(d->command, "bin/d --x  $SNAP/a");
	assert_int_equal(d->command_chain.len, 2);
	assert_int_equal(d->daemon, DAEMON_NOTIFY);
	assert_int_equal(d->stop_timeout_ms, 90000);
	assert_int_equal(d->start_timeout_ms, 500);
	assert_int_equal(d->watchdog_timeout_ms, 3600000);
	assert_int_equal(d->restart_delay_ms, 1500);
	assert_string_equal(d->success_exit_status.at[1], "7");
	assert_string_equal(d->environment.at[0].key, "B");
	assert_string_equal(d->environment.at[1].value, "$B");
	assert_int_equal(d->sockets.at[0].mode, 0640);
	assert_int_equal(d->slots.len, 1);
	assert_int_equal(snap_app(s, "other")->slots.len, 0); /* activates-on makes it d's own */
	assert_string_equal(d->timer, "mon1-wed,9:00~11:00/2,,fri");
}

/* P4, P6, P7, V4-V11, A233, A239. */
static void bad_apps_are_refused(void **state)
{
	static const struct bad rows[] = {
		{"apps: [a]\n", "apps: not a map"},
		{"apps: {a: bin/a}\n", "apps.a: not a map"},
		{"apps: {a_b: {command: a}}\n", "apps: \"a_b\" is not the name of an app"},
		{"apps: {../x: {command: a}}\n", "is not the name of an app"},
		{"apps: {a: {}}\n", "line 3: apps.a: has no command"},
		{"apps: {a: {command: ''}}\n", "apps.a.command: \"\" is not a command"},
		{"apps: {a: {command: '  '}}\n", "is not a command"},
		{"apps: {a: {command: ' bin/a'}}\n", "is not a command"},
		{"apps: {a: {command: 'rm -rf; x'}}\n", "is not a command"},
		{"apps: {a: {command: 'a $(id)'}}\n", "is not a command"},
		{"apps: {a: {command: 'a `id`'}}\n", "is not a command"},
		{"apps: {a: {command: \"a 'b'\"}}\n", "is not a command"},
		{"apps: {a: {command: 'a \"b\"'}}\n", "is not a command"},
		{"apps: {a: {command: 'a \\ b'}}\n", "is not a command"},
		{"apps: {a: {command: \"a\\tb\"}}\n", "is not a command"},
		{"apps: {a: {command: \"a\\nb\"}}\n", "is not a command"},
		{"apps: {a: {command: caf\xc3\xa9}}\n", "is not a command"},
		{"apps: {a: {command: ../../bin/sh}}\n", "is not a command"},
		{"apps: {a: {command: bin/../../sh}}\n", "is not a command"},
		{"apps: {a: {command: $HOME/x}}\n", "is not a command"},
		{"apps: {a: {command: /}}\n", "is not a command"},
		{"apps: {a: {command: .}}\n", "is not a command"},
		{"apps: {a: {command: a, stop-command: 'b|c'}}\n", "apps.a.stop-command"},
		{"apps: {a: {command: a, reload-command: 'b&'}}\n", "apps.a.reload-command"},
		{"apps: {a: {command: a, command-chain: [b c]}}\n", "is not a program in the snap"},
		{"apps: {a: {command: a, command-chain: [../b]}}\n", "is not a program in the snap"},
		{"apps: {a: {command: a, command-chain: ['']}}\n", "is not a program in the snap"},
		{"apps: {a: {command: a, command-chain: b}}\n", "command-chain: not a list"},
		{"apps: {a: {command: a, completer: ../../x}}\n", "is not a path in the snap"},
		{"apps: {a: {command: a, common-id: ../../x}}\n", "is not an id"},
		{"apps: {a: {command: a, common-id: a..b}}\n", "is not an id"},
		{"apps: {a: {command: a, autostart: ../x.desktop}}\n", "is not the name of a desktop file"},
		{"apps: {a: {command: a, aliases: [../ls]}}\n", "is not a name for a command"},
		{"apps: {a: {command: a, aliases: [x]}, b: {command: b, aliases: [x]}}\n", "apps.b.aliases: x is taken"},
		{"apps: {a: {command: a, common-id: i}, b: {command: b, common-id: i}}\n", "apps.b.common-id: i is taken"},
		{"apps: {a: {command: a, environment: {A=B: 1}}}\n", "is not the name of a variable"},
		{"apps: {a: {command: a, environment: {'': 1}}}\n", "an empty key"},
		{"apps: {a: {command: a, environment: {1A: 1}}}\n", "is not the name of a variable"},
		{"apps: {a: {command: a, environment: {A B: 1}}}\n", "is not the name of a variable"},
		{"apps: {a: {command: a, environment: {\"A\\nB\": 1}}}\n", "is not the name of a variable"},
		{"apps: {a: {command: a, environment: {A: [1]}}}\n", "apps.a.environment.A: not a text"},
		{"apps: {a: {command: a, daemon: sometimes}}\n", "is not one of "},
		{"apps: {a: {command: a, daemon-scope: user}}\n", "daemon-scope: only for services"},
		{"apps: {a: {command: a, daemon: simple, daemon-scope: world}}\n", "is not one of"},
		{"apps: {a: {command: a, timer: 9:00}}\n", "timer: only for services"},
		{"apps: {a: {command: a, daemon: simple, timer: 25:00}}\n", "is not a schedule"},
		{"apps: {a: {command: a, daemon: simple, timer: '9:00,mon'}}\n", "is not a schedule"},
		{"apps: {a: {command: a, stop-timeout: 1s}}\n", "only for services"},
		{"apps: {a: {command: a, daemon: simple, stop-timeout: 10}}\n", "not a time such as"},
		{"apps: {a: {command: a, daemon: simple, stop-timeout: -1s}}\n", "not a time such as"},
		{"apps: {a: {command: a, daemon: simple, stop-timeout: 99999999h}}\n", "not a time such as"},
		{"apps: {a: {command: a, daemon: simple, restart-condition: maybe}}\n", "restart condition"},
		{"apps: {a: {command: a, daemon: simple, stop-mode: sigkill}}\n", "is not a stop mode"},
		{"apps: {a: {command: a, refresh-mode: endure}}\n", "endure is only for services"},
		{"apps: {a: {command: a, daemon: simple, refresh-mode: ignore-running}}\n", "is not for services"},
		{"apps: {a: {command: a, daemon: simple, success-exit-status: [0]}}\n", "is not a status"},
		{"apps: {a: {command: a, daemon: simple, success-exit-status: [256]}}\n", "is not a status"},
		{"apps: {a: {command: a, daemon: simple, before: [b]}}\n", "b is not a service of this snap"},
		{"apps: {a: {command: a, daemon: simple, before: [b]}, b: {command: b}}\n", "b is not a service"},
		{"apps: {a: {command: a, daemon: simple, before: [b]}, b: {command: b, daemon: simple, "
		 "before: [a]}}\n", "before and after make a circle"},
		{"apps: {a: {command: a, daemon: simple, after: [a]}}\n", "before and after make a circle"},
		{"apps: {a: {command: a, daemon: simple, activates-on: [x]}}\n", "x is not a dbus slot"},
		{"apps: {a: {command: a, daemon: dbus, bus-name: a b}}\n", "is not a bus name"},
		{"apps: {a: {command: a, daemon: simple, sockets: {s: {listen-stream: 80}}}}\n",
		 "needs the plug network-bind"},
		{"apps: {a: {command: a, plugs: [home, Home]}}\n", "\"Home\" is not a name"},
		{"apps: {a: {command: a, plugs: home}}\n", "apps.a.plugs: not a list"},
		{"apps: {a: {command: a, slots: [{x: y}]}}\n", "apps.a.slots: not a list of texts"},
		{NULL, NULL},
	};

	all_refused(*state, rows, false);
}

/* V8. */
static void sockets_listen_only_where_they_may(void **state)
{
	static const struct {
		const char *listen;
		bool system, user;
	} rows[] = {
		{"80", true, true}, {"65535", true, true}, {"127.0.0.1:8080", true, true},
		{"[::1]:8080", true, true}, {"[::]:1", true, true}, {"@snap.foo.x", true, true},
		{"$SNAP_DATA/s", true, false}, {"$SNAP_COMMON/a/b", true, false},
		{"$SNAP_USER_DATA/s", false, true}, {"$XDG_RUNTIME_DIR/s", true, true},
		{"0", false, false}, {"65536", false, false}, {"0.0.0.0:80", false, false},
		{"localhost:80", false, false}, {"/run/s", false, false}, {"$SNAP/s", false, false},
		{"$SNAP_DATA/../s", false, false}, {"$SNAP_DATA//s", false, false}, {"$SNAP_DATA/", false, false},
		{"$SNAP_DATA", false, false}, {"$SNAP_DATA/$X", false, false}, {"$SNAP_DATA/a/.", false, false},
		{"@snap.foobar.x", false, false}, {"@snap.foo.", false, false}, {"@x", false, false},
		{"", false, false}, {"80 ", false, false}, {"[::1]", false, false},
	};
	struct snap s = {.name = "foo"};
	struct app system = {.snap = &s, .scope = SCOPE_SYSTEM}, user = {.snap = &s, .scope = SCOPE_USER};

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (grammar_listen(rows[i].listen, &system) != rows[i].system ||
		    grammar_listen(rows[i].listen, &user) != rows[i].user)
			fail_msg("\"%s\"", rows[i].listen);
}

static bool has(const struct ports *list, const char *name)
{
	for (size_t i = 0; i < list->len; i++)
		if (!strcmp(list->at[i]->name, name))
			return true;
	return false;
}

/* I3. */
static void plugs_belong_to_who_lists_them_or_to_all(void **state)
{
	struct snap *s = good(*state,
		"plugs:\n  all:\n  mine: home\n  cups: {interface: content, target: $SNAP/x, n: 5, on: true}\n"
		"slots: {srv: network}\n"
		"components: {cc: {type: standard, hooks: {install: {plugs: [mine]}, remove: }}}\n"
		"hooks: {configure: {plugs: [cups]}, evil-hook: {plugs: [evil]}}\n"
		"apps:\n  a: {command: a, plugs: [mine, made, mine]}\n  b: {command: b}\n");
	const struct app *a = snap_app(s, "a"), *b = snap_app(s, "b");
	const struct hook *h = snap_hook(s, NULL, "configure"), *c = snap_hook(s, "cc", "install");
	int64_t n;
	bool yes;

	assert_true(has(&a->plugs, "all") && has(&b->plugs, "all") && has(&h->plugs, "all"));
	assert_true(has(&c->plugs, "all") && has(&c->plugs, "mine"));
	assert_true(has(&a->plugs, "mine") && !has(&b->plugs, "mine") && !has(&h->plugs, "mine"));
	assert_true(has(&h->plugs, "cups") && !has(&a->plugs, "cups"));
	assert_true(has(&a->plugs, "made") && !has(&b->plugs, "made"));
	assert_int_equal(a->plugs.len, 3);
	assert_true(has(&a->slots, "srv") && has(&h->slots, "srv") && !has(&c->slots, "srv"));
	assert_string_equal(snap_port(s, PLUG, "made")->interface, "made");
	assert_string_equal(snap_port(s, PLUG, "mine")->interface, "home");
	assert_null(snap_hook(s, NULL, "evil-hook"));
	assert_null(snap_port(s, PLUG, "evil"));
	const struct port *cups = snap_port(s, PLUG, "cups");
	assert_null(attr_get(cups, "interface"));
	assert_string_equal(attr_text(cups, "target"), "$SNAP/x");
	assert_null(attr_text(cups, "n"));
	assert_true(attr_int(cups, "n", &n) && n == 5);
	assert_true(attr_bool(cups, "on", &yes) && yes);
}

/* A225, A233. */
static void bad_ports_are_refused(void **state)
{
	static const struct bad rows[] = {
		{"plugs: [home]\n", "plugs: not a map"},
		{"plugs: {a: [x]}\n", "plugs.a: not an interface and not a map"},
		{"plugs: {a: 5}\n", "plugs.a: not an interface and not a map"},
		{"plugs: {Home: }\n", "\"Home\" is not a name"},
		{"plugs: {a: ../x}\n", "\"../x\" is not the name of an interface"},
		{"plugs: {a: {interface: 5}}\n", "plugs.a.interface: not a text"},
		{"plugs: {a: {interface: X}}\n", "\"X\" is not the name of an interface"},
		{"plugs: {a: {label: [x]}}\n", "plugs.a.label: not a text"},
		{"plugs: {a: {$x: 1}}\n", "plugs.a.$x: names with $ are reserved"},
		{"plugs: {a: {x: ~}}\n", "plugs.a.x: has no value"},
		{"plugs: {a: {x: [b, ~]}}\n", "plugs.a.x: has no value"},
		{"plugs: {a: home}\nslots: {a: home}\n", "slots.a: is a plug and a slot"},
		{"slots: {x: }\napps: {a: {command: a, plugs: [x]}}\n", "plugs.x: is a plug and a slot"},
		{NULL, NULL},
	};
	struct arena *a = *state;
	struct buf many = buf_new(a), apps = buf_new(a);
	char why[WHY_MAX];

	all_refused(a, rows, false);
	buf_str(&many, "plugs:\n");
	buf_str(&apps, "apps:\n");
	for (int i = 0; i < 501; i++) {
		buf_printf(&many, "  p%d:\n", i);
		buf_printf(&apps, "  a%d: {command: a}\n", i);
	}
	assert_null(read_text(a, buf_text(&many), why));
	assert_non_null(strstr(why, "plugs: more than 250"));
	assert_null(read_text(a, buf_text(&apps), why));
	assert_non_null(strstr(why, "apps: more than 500"));
}

/* A255, A257, A259, A265, A267. */
static void layouts_are_refused(void **state)
{
	static const char *const places[] = {
		"/", "/proc", "/proc/sys", "/sys", "/dev", "/dev/null", "/run", "/run/x", "/var/run",
		"/var/run/x", "/tmp", "/tmp/x", "/boot", "/home", "/home/x", "/media", "/lib/modules",
		"/lib/modules/x", "/usr/lib/firmware", "/var/snap", "/var/snap/foo/x", "/var/lib/snapd",
		"/var/lib/snapd/x", "/var/lib/snapbox/x", "/lost+found", "/foo", "/foo/bar", "/snap",
		"/snap/other/x", "/snap/foo", "/snap/fooevil/x", "/snap/bin/x", "/usr", "/lib", "/var",
		"/usr/lib", "/var/lib", "/usr/lib/snapd", "$SNAP_DATA/x", "$SNAP_COMMON",
		/* unclean */
		"/etc/..", "/etc/../proc", "//etc/x", "/etc/./x", "/etc/x/", "etc/x", "$SNAP/../..",
		"$HOME/x", "${SNAP}/x", "$SNAPX/y", "$SNAP_DATAevil/x", "/etc/$SNAP", "$SNAP/$SNAP_DATA",
		/* patterns */
		"/etc/?", "/etc/*", "/etc/[a]", "/etc/{a,b}", "/etc/^a", "/etc/a\\\\\\\"", "/etc/@x", NULL,
	};
	static const char *const kinds[] = {"bind: $SNAP/x", "bind-file: $SNAP/x", "symlink: $SNAP/x",
					    "type: tmpfs", NULL};
	struct arena *a = *state;
	char why[WHY_MAX];

	for (size_t i = 0; places[i]; i++)
		for (size_t k = 0; kinds[k]; k++)
			if (read_text(a, arena_printf(a, "layout: {\"%s\": {%s}}\n", places[i], kinds[k]), why))
				fail_msg("accepted %s on %s", kinds[k], places[i]);
	static const char *const sources[] = {
		"/etc/shadow", "/", "", "x", "../x", "$SNAP_DATA/../x", "$SNAP/./x", "$SNAP/x/", "$SNAP//x",
		"$HOME", "$SNAPevil", "$SNAP_USER_DATA/x", "/snap/other", "/var/snap/fooevil", "$SNAP/a*",
		"$SNAP/$SNAP", "/snap/foo", NULL,
	};
	for (size_t i = 0; sources[i]; i++)
		for (size_t k = 0; k < 3; k++) {
			const char *key = (const char *[]){"bind", "bind-file", "symlink"}[k];

			if (read_text(a, arena_printf(a, "layout: {/etc/x: {%s: \"%s\"}}\n", key, sources[i]), why))
				fail_msg("accepted %s: %s", key, sources[i]);
		}
}

static void bad_layout_keys_are_refused(void **state)
{
	static const struct bad rows[] = {
		{"layout: [a]\n", "layout: not a map"},
		{"layout: {/etc/x: a}\n", "layout /etc/x: not a map"},
		{"layout: {/etc/x: {}}\n", "must have one of"},
		{"layout: {/etc/x: {bind: $SNAP/x, type: tmpfs}}\n", "must have one of"},
		{"layout: {/etc/x: {type: ext4}}\n", "\"ext4\" is not tmpfs"},
		{"layout: {/etc/x: {type: tmpfs, user: nobody}}\n", "is not root"},
		{"layout: {/etc/x: {type: tmpfs, group: 0}}\n", "is not root"},
		{"layout: {/etc/x: {type: tmpfs, mode: 4755}}\n", "is not a mode"},
		{"layout: {/etc/x: {type: tmpfs, mode: 9}}\n", "is not a mode"},
		{"layout: {/etc/x: {type: tmpfs}, /etc/x/y: {type: tmpfs}}\n", "layout /etc/x/y: lies in /etc/x"},
		{"layout: {/etc/x/y: {type: tmpfs}, /etc/x: {symlink: $SNAP/a}}\n", "lies in"},
		{"layout: {/etc/x: {bind: $SNAP/a}, /etc/y: {bind-file: $SNAP/a}}\n", "takes for a file"},
		{NULL, NULL},
	};
	struct arena *a = *state;
	struct buf many = buf_new(a), deep = buf_new(a);
	char why[WHY_MAX];

	all_refused(a, rows, false);
	buf_str(&many, "layout:\n");
	for (int i = 0; i < 251; i++)
		buf_printf(&many, "  /opt/d%d: {type: tmpfs}\n", i);
	assert_null(read_text(a, buf_text(&many), why));
	assert_non_null(strstr(why, "more than 250"));
	buf_str(&deep, "layout: {/opt");
	for (int i = 0; i < 200; i++)
		buf_str(&deep, "/d");
	buf_str(&deep, ": {type: tmpfs}}\n");
	assert_null(read_text(a, buf_text(&deep), why));
	assert_null(read_text(a, arena_printf(a, "layout: {/opt/%0256d: {type: tmpfs}}\n", 0), why));
	assert_null(read_text(a, arena_printf(a, "layout: {/opt/%01025d: {type: tmpfs}}\n", 0), why));
}

static void layouts_are_understood(void **state)
{
	struct snap *s = good(*state,
		"layout:\n  /usr/share/foo: {bind: $SNAP/usr/share/foo}\n"
		"  /etc/foo.conf: {bind-file: $SNAP_COMMON/foo.conf}\n"
		"  /var/cache/foo: {type: tmpfs, mode: 01777}\n"
		"  /usr/lib/x86_64-linux-gnu/dri: {symlink: $SNAP/dri, user: root, group: root}\n"
		"  $SNAP/data dir: {bind: $SNAP_DATA}\n");

	assert_int_equal(s->layouts.len, 5);
	assert_int_equal(s->layouts.at[1].kind, LAYOUT_BIND_FILE);
	assert_int_equal(s->layouts.at[2].mode, 01777);
	assert_int_equal(s->layouts.at[0].mode, 0755);
	assert_string_equal(layout_expand(*state, s, s->layouts.at[4].path), "/snap/foo/unset/data dir");
	snap_set_instance(*state, s, "foo_k", "x3");
	assert_string_equal(layout_expand(*state, s, s->layouts.at[4].source), "/var/snap/foo/x3");
	assert_string_equal(layout_expand(*state, s, "$SNAP_COMMON/a"), "/var/snap/foo/common/a");
	assert_dies(snap_set_instance(*state, s, "bar", "x1"), "not a name for the snap foo");
	assert_dies(snap_set_instance(*state, s, "foo", "one"), "not a revision");
}

/* P8. */
static void promises(void **state)
{
	static const char *const kept[] = {"snapd2.77", "snapd2.40.1", "snapd2", "snapd1.999", "common-data-dir",
					   "snap-env", "command-chain", "app-refresh-mode",
					   "snap-uid-envvars", "isa-riscv64-rva23", NULL};
	static const char *const other[] = {"snapd2.78", "snapd3", "snapd2.77.1", "snapd", "snapd2.", "snapd2.40~rc",
					    "snapd02.40", "snapdx", "kernel-assets", "isa-", "isa-amd64",
					    "isa-amd64-v9", "isa--x", "something-new", "", NULL};

	(void)state;
	for (size_t i = 0; kept[i]; i++)
		if (!assumes_hold(kept[i], "amd64"))
			fail_msg("%s is not kept", kept[i]);
	for (size_t i = 0; other[i]; i++)
		if (assumes_hold(other[i], "amd64"))
			fail_msg("%s is kept", other[i]);
}

/* M25, A261. */
static void content_is_read_and_paths_stay_inside(void **state)
{
	static const char *const bad[] = {"../../etc", "$SNAP/../..", "..", "", "a/../../b", "a//b", "a/",
					  "a/./b", "$HOME/x", "a*", "$SNAPx/y", "//", "/..", "a\\\"b", NULL};
	struct arena *a = *state;
	struct content c;
	char why[WHY_MAX];
	struct snap *s = good(a,
		"plugs:\n  p: {interface: content, target: $SNAP/t, default-provider: gtk:sl, content: gtk}\n"
		"slots:\n  old: {interface: content, read: [lib, $SNAP_DATA/x], write: [/]}\n"
		"  new: {interface: content, source: {read: [$SNAP/a]}}\n"
		"  none: {interface: content}\n  both: {interface: content, read: [a], source: {read: [b]}}\n"
		"  nums: {interface: content, read: [1]}\n  text: {interface: content, read: a}\n");

	assert_true(content_read(a, snap_port(s, PLUG, "p"), &c, why));
	assert_string_equal(c.provider, "gtk");
	assert_string_equal(c.label, "gtk");
	assert_true(content_read(a, snap_port(s, SLOT, "old"), &c, why));
	assert_string_equal(c.label, "old");
	assert_string_equal(content_path(a, s, c.reads.at[0]), "/snap/foo/unset/lib");
	assert_string_equal(content_path(a, s, c.reads.at[1]), "/var/snap/foo/unset/x");
	assert_string_equal(content_path(a, s, c.writes.at[0]), "/snap/foo/unset");
	assert_true(content_read(a, snap_port(s, SLOT, "new"), &c, why));
	assert_true(c.source);
	assert_false(content_read(a, snap_port(s, SLOT, "none"), &c, why));
	assert_non_null(strstr(why, "shares nothing"));
	assert_false(content_read(a, snap_port(s, SLOT, "both"), &c, why));
	assert_false(content_read(a, snap_port(s, SLOT, "nums"), &c, why));
	assert_false(content_read(a, snap_port(s, SLOT, "text"), &c, why));
	for (size_t i = 0; bad[i]; i++) {
		if (content_path(a, s, bad[i]))
			fail_msg("accepted \"%s\"", bad[i]);
		s = good(a, arena_printf(a, "plugs: {p: {interface: content, target: \"%s\"}}\n", bad[i]));
		assert_false(content_read(a, snap_port(s, PLUG, "p"), &c, why));
	}
}

/* A217: what is stored gives the same snap again; hooks that are files are in it. */
static void the_record_gives_the_same_snap(void **state)
{
	struct arena *a = *state;
	char why[WHY_MAX];
	struct snap *s = good(a, "apps: {foo: {command: a}}\nhooks: {configure: {plugs: [home]}}\n");

	snap_add_hook(a, (struct node *)s->record, "install");
	snap_add_hook(a, (struct node *)s->record, "configure");
	snap_add_hook(a, (struct node *)s->record, "not-one");
	const char *text = snap_record(a, s);
	struct snap *again = snap_from_record(a, text, strlen(text), why);
	assert_non_null(again);
	assert_string_equal(snap_record(a, again), text);
	assert_int_equal(again->hooks.len, 2);
	assert_string_equal(snap_hook_label(a, snap_hook(again, NULL, "install")), "snap.foo.hook.install");
	s = good(a, "hooks:\n");
	snap_add_hook(a, (struct node *)s->record, "install");
	text = snap_record(a, s);
	assert_int_equal(snap_from_record(a, text, strlen(text), why)->hooks.len, 1);
	assert_null(snap_from_record(a, "name: foo\n", 10, why));
	static const struct bad hooks[] = {
		{"hooks: [a]\n", "hooks: not a map"},
		{"hooks: {install: x}\n", "hooks.install: not a map"},
		{"hooks: {../x: }\n", "is not the name of a hook"},
		{"hooks: {default-configure: }\n", "default-configure needs configure"},
		{"type: base\nhooks: {configure: }\n", "a base has no configure hooks"},
		{NULL, NULL},
	};
	all_refused(a, hooks, false);
}

/* A233: what is within the limits takes no longer than it should. */
static void the_largest_are_read_in_time(void **state)
{
	struct arena *a = *state;
	struct buf b = buf_new(a);
	char why[WHY_MAX];
	struct timespec t0, t1;

	/* Services in a row, each naming 60 that come later; every name as long as may be. */
	buf_str(&b, "name: foo\nversion: 1\napps:\n");
	for (int i = 0; i < 500; i++) {
		buf_printf(&b, " a%d: {command: a, daemon: simple, aliases: [x%d], before: [", i, i);
		for (int k = i + 1; k < 500 && k < i + 60; k++)
			buf_printf(&b, "a%d,", k);
		buf_str(&b, "]}\n");
	}
	buf_str(&b, "plugs:\n");
	for (int i = 0; i < 250; i++)
		buf_printf(&b, " p%d:\n", i);
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t0);
	assert_non_null(read_whole(a, buf_text(&b), why));
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t1);
	double ms = (double)(t1.tv_sec - t0.tv_sec) * 1e3 + (double)(t1.tv_nsec - t0.tv_nsec) / 1e6;
	if (ms > 3000) /* sanitizers; a tenth of it without */
		fail_msg("%.0f ms", ms);
}

int main(void)
{
	return RUN(UNIT(defaults_are_filled_in), UNIT(texts_are_kept_as_written),
		   UNIT(bad_tops_are_refused), UNIT(every_key_of_an_app_is_understood),
		   UNIT(bad_apps_are_refused), UNIT(sockets_listen_only_where_they_may),
		   UNIT(plugs_belong_to_who_lists_them_or_to_all), UNIT(bad_ports_are_refused),
		   UNIT(layouts_are_refused), UNIT(bad_layout_keys_are_refused),
		   UNIT(layouts_are_understood), UNIT(promises),
		   UNIT(content_is_read_and_paths_stay_inside), UNIT(the_record_gives_the_same_snap),
		   UNIT(the_largest_are_read_in_time));
}
