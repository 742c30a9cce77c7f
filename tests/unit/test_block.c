/* The language of interface files: types of attributes, loops, conditions, places. */
#include "check.h"
#include "core/yaml.h"
#include "policy/lint.h"
#include "policy/policy.h"
#include "policy/fit.h"

static const struct iface *parse(struct arena *a, const char *text)
{
	char why[WHY_MAX] = "";
	const struct iface *i = iface_parse(a, "x.yaml", text, strlen(text), why);

	if (!i || !lint_iface(a, i, why))
		fail_msg("%s", why);
	return i;
}

static struct port *port_of(struct arena *a, enum side side, const char *attrs)
{
	static const char *const names[] = {"foo", "bar"};
	char why[WHY_MAX];
	struct snap *s = NEW(a, struct snap);
	struct port *p = NEW(a, struct port);

	s->name = s->instance = names[side];
	s->revision = "x1";
	p->side = side;
	p->name = "port";
	p->interface = "x";
	p->snap = s;
	p->attrs = *attrs ? yaml_parse(a, attrs, strlen(attrs), why) : node_new(a, NODE_MAP, 1, 1);
	if (!p->attrs)
		fail_msg("%s", why);
	return p;
}

/* What all blocks of connected-plug say to one reader, or "refused: why". */
static const char *said(struct arena *a, const char *file, const char *attrs, enum backend k)
{
	const struct iface *i = parse(a, file);
	struct scope s = {.iface = i, .plug = port_of(a, PLUG, attrs), .slot = port_of(a, SLOT, "")};
	struct buf out = buf_new(a);
	char why[WHY_MAX] = "";

	if (!iface_check_port(i, s.plug, why))
		return arena_printf(a, "refused: %s", why);
	for (size_t b = 0; b < i->blocks[CONNECTED_PLUG].len; b++) {
		const struct block *block = &i->blocks[CONNECTED_PLUG].at[b];
		struct turn t = {0};

		while (block_next(a, block, &s, &t))
			if (!block_text(&out, block, k, &s, &t, why))
				return arena_printf(a, "refused: %s", why);
	}
	return buf_text(&out);
}

#define HEAD "name: x\nsummary: s\n"
#define MOUNTS HEAD "plug:\n  mount:\n    type: maps\n    fields:\n" \
	"      what: {type: glob}\n      type: {type: texts, optional: true}\n" \
	"      options: {type: texts}\n      quiet: {type: bool, default: 'false'}\n"

static void a_loop_goes_over_maps_and_the_lists_in_them(void **state)
{
	static const char attrs[] =
		"mount:\n  - {what: '/dev/sd*', options: [rw, uid=5], type: [ext4, vfat]}\n"
		"  - {what: /srv/a b, options: [noauto], quiet: true}\n";
	static const char file[] = MOUNTS
		"connected-plug:\n"
		"  - for-each: plug.mount as m\n    when: {m.type: set}\n    apparmor: |\n"
		"      mount fstype=($(m.type:commas)) options=($(m.options:mount-flags)) \"$(m.what)\",\n"
		"  - for-each: plug.mount as m\n    when: {m.type: unset, m.quiet: true}\n    apparmor: |\n"
		"      mount options=($(m.options:mount-flags)) \"$(m.what)\",\n"
		"  - for-each: [plug.mount as m, m.options as o]\n    when: {o: unlike no.*}\n"
		"    apparmor: |\n      # $(o)\n";

	assert_string_equal(said(*state, file, attrs, BACK_APPARMOR),
			    "mount fstype=(ext4,vfat) options=(rw) \"/dev/sd*\",\n"
			    "mount options=(rw) \"/srv/a b\",\n# rw\n# uid=5\n");
	assert_string_equal(said(*state, file, "mount: []\n", BACK_APPARMOR), "");
	assert_string_equal(said(*state, file, "mount:\n  - {what: /a, options: []}\n", BACK_APPARMOR),
			    "");
}

static void what_is_nested_is_checked_and_named(void **state)
{
	static const struct {
		const char *attrs, *why;
	} bad[] = {
		{"none: 1\n", "attribute mount is missing"},
		{"mount: /a\n", "attribute mount must be a list"},
		{"mount: [/a]\n", "attribute mount[1] must be a map"},
		{"mount:\n  - {what: /a, options: []}\n  - {what: /a}\n",
		 "attribute mount[2].options is missing"},
		{"mount:\n  - {what: /a, options: [rw, [x]]}\n", "mount[1].options[2] must be a text"},
		{"mount:\n  - {what: /a, options: [5]}\n", "mount[1].options[1] must be a text"},
		{"mount:\n  - {what: /a, options: [], quiet: maybe}\n",
		 "mount[1].quiet must be true or false"},
		{"mount:\n  - {what: '/{a', options: []}\n", "mount[1].what has a pattern"},
	};

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		const char *out = said(*state, MOUNTS, bad[i].attrs, BACK_APPARMOR);

		if (!strstr(out, bad[i].why))
			fail_msg("%s gives \"%s\"", bad[i].attrs, out);
	}
}

static void defaults_stand_in_for_what_is_absent_or_empty(void **state)
{
	static const char file[] = HEAD
		"plug:\n  tag: {type: text, default: $(name)}\n  n: {type: int, default: '16'}\n"
		"connected-plug:\n  - when: {plug.tag: set}\n    seccomp: |\n      $(plug.tag) $(plug.n:hex4)\n";

	assert_string_equal(said(*state, file, "", BACK_SECCOMP), "port 0010\n");
	assert_string_equal(said(*state, file, "tag: ''\nn: 0xff\n", BACK_SECCOMP), "port 00ff\n");
	assert_string_equal(said(*state, file, "tag: own\n", BACK_SECCOMP), "own 0010\n");
	assert_non_null(strstr(said(*state, file, "tag: 5\n", BACK_SECCOMP), "tag must be a text"));
}

static void numbers_and_truths_are_written_one_way(void **state)
{
	static const char file[] = HEAD "plug:\n  n: {type: int}\n  b: {type: bool}\n"
		"connected-plug:\n  - seccomp: |\n      $(plug.n) $(plug.b)\n";

	assert_string_equal(said(*state, file, "n: 0x10\nb: yes\n", BACK_SECCOMP), "16 true\n");
	assert_string_equal(said(*state, file, "n: -3\nb: off\n", BACK_SECCOMP), "-3 false\n");
}

static void fronts_of_paths_become_what_the_reader_knows(void **state)
{
	static const char file[] = HEAD
		"plug:\n  p: {type: files, from: [$HOME, $SNAP_COMMON, /], single: true}\n"
		"connected-plug:\n  - for-each: plug.p as p\n    apparmor: |\n"
		"      \"$(p)\" r,\n    update-ns: |\n      \"$(parents p)/\" rw,\n"
		"    user-mount: |\n      none $(parent p) none x 0 0\n";

	assert_string_equal(said(*state, file, "p: $HOME/.a/b c/d\n", BACK_APPARMOR),
			    "\"@{HOME}/.a/b c/d\" r,\n");
	assert_string_equal(said(*state, file, "p: $HOME/.a/b c/d\n", BACK_UPDATE_NS),
			    "\"@{HOME}/\" rw,\n\"@{HOME}/.a/\" rw,\n\"@{HOME}/.a/b c/\" rw,\n");
	assert_string_equal(said(*state, file, "p: $HOME/.a/b c/d\n", BACK_USER_MOUNT),
			    "none $HOME/.a/b\\040c none x 0 0\n");
	assert_string_equal(said(*state, file, "p: [$HOME/a]\n", BACK_UPDATE_NS), "");
	assert_string_equal(said(*state, file, "p: $SNAP_COMMON/x\n", BACK_APPARMOR),
			    "\"/var/snap/foo/common/x\" r,\n");
	assert_string_equal(said(*state, file, "p: /x\n", BACK_APPARMOR), "\"/x\" r,\n");
	assert_non_null(strstr(said(*state, file, "p: $SNAP/x\n", BACK_APPARMOR), "does not begin"));
	assert_non_null(strstr(said(*state, file, "p: $HOMER/x\n", BACK_APPARMOR), "does not begin"));
	assert_non_null(strstr(said(*state, file, "p: $HOME\n", BACK_APPARMOR), "does not begin"));
}

static void paths_of_each_type_refuse_what_is_not_theirs(void **state)
{
	/* A269, R17 */
	static const struct {
		const char *type, *value;
		bool fine;
	} cases[] = {
		{"path", "'/dev/ttyS0'", true},   {"path", "'/dev/a b'", false},
		{"path", "'/dev/a,'", false},     {"path", "'/dev/@{X}'", false},
		{"path", "'/dev/*'", false},      {"path", "'/dev/a#b'", false},
		{"path", "'/dev/../a'", false},   {"path", "'dev/a'", false},
		{"path", "\"/dev/a\\n\"", false}, {"path", "'/dev/'", false},
		{"file", "'/a b,c#d (e)'", true}, {"file", "'/a/..'", false},
		{"file", "'/..'", false},         {"file", "'/a/./b'", false},
		{"file", "'/a//b'", false},       {"file", "'/a\"b'", false},
		{"file", "'/a\\b'", false},       {"file", "'/a$b'", false},
		{"file", "'/a{b}'", false},       {"file", "'/a[b]'", false},
		{"file", "\"/a\\tb\"", false},    {"file", "'/a*'", false},
		{"file", "'/..a/b..'", true},     {"file", "'/a?b'", false},
		{"glob", "'/a/{b,c{d,e}}/**'", true}, {"glob", "'/a/{b}'", false},
		{"glob", "'/a/{b,c'", false},     {"glob", "'/a/b,c}'", false},
		{"glob", "'/a/[bc]'", true},      {"glob", "'/a/[^b]'", true},
		{"glob", "'/a/[]'", false},       {"glob", "'/a/[b'", false},
		{"glob", "'/a/b]'", false},       {"glob", "'/a/[{]'", false},
		{"glob", "'/a/^b'", false},       {"glob", "'/a@{B}'", false},
		{"glob", "'/a\\*'", false},       {"glob", "'/a\"'", false},
		{"glob", "'/a/../*'", false},     {"glob", "'/a@b'", true},
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const char *out = said(*state,
			arena_printf(*state, HEAD "plug:\n  p: {type: %s}\nconnected-plug:\n"
				     "  - apparmor: |\n      \"$(plug.p)\" r,\n", cases[i].type),
			arena_printf(*state, "p: %s\n", cases[i].value), BACK_APPARMOR);

		if (cases[i].fine == !strncmp(out, "refused", 7))
			fail_msg("%s %s gives \"%s\"", cases[i].type, cases[i].value, out);
	}
}

static void a_value_fits_its_place_or_is_refused(void **state)
{
	static const struct {
		enum backend k;
		const char *before, *value, *after;
		bool pattern, fine;
	} cases[] = {
		{BACK_APPARMOR, "", "/a", " r,", false, true},
		{BACK_APPARMOR, "", "/a b", " r,", false, false},
		{BACK_APPARMOR, "", "/a,", " r,", false, false},
		{BACK_APPARMOR, "", "/a*", " r,", true, false},
		{BACK_APPARMOR, "\"", "/a b, #c", "\" r,", false, true},
		{BACK_APPARMOR, "\"", "/a*", "\" r,", false, false},
		{BACK_APPARMOR, "\"", "/a*", "\" r,", true, true},
		{BACK_APPARMOR, "\"", "/a\" r, /**", "\" r,", true, false},
		{BACK_APPARMOR, "\"", "/a\\", "\" r,", true, false},
		{BACK_APPARMOR, "\"", "/a\n/** rw,", "\" r,", true, false},
		{BACK_APPARMOR, "\"", "/@{HOME}", "\" r,", true, false},
		{BACK_APPARMOR, "\"", "/a@", "{,/}\" r,", false, false},
		{BACK_APPARMOR, "\"", "/a@", "\" r,", false, true},
		{BACK_APPARMOR, "\"/{a,", "b,c", "}\" r,", false, false},
		{BACK_UPDATE_NS, "", "a>b", "", false, false},
		{BACK_DEVICE, "KERNEL==\"", "a b*", "\"", true, true},
		{BACK_DEVICE, "KERNEL==\"", "a|b", "\"", true, true},
		{BACK_DEVICE, "KERNEL==\"", "a|b", "\"", false, false},
		{BACK_DEVICE, "KERNEL==\"", "a\", RUN+=\"x", "\"", true, false},
		{BACK_DEVICE, "ATTR{", "power/control", "}", false, true},
		{BACK_DEVICE, "ATTR{", "a}==\"\"", "}", false, false},
		{BACK_UDEV, "SYMLINK+=\"", "%k", "\"", false, false},
		{BACK_SECCOMP, "socket AF_NETLINK - ", "16", "", false, true},
		{BACK_SECCOMP, "socket AF_NETLINK - ", "16\nptrace", "", false, false},
		{BACK_SECCOMP, "", "bind ptrace", "", false, false},
		{BACK_MOUNT, "none ", "/a,b", " none bind 0 0", false, true},
		{BACK_MOUNT, "none /a none bind,x=", "b,suid", " 0 0", false, false},
		{BACK_MOUNT, "none /a none bind,x=", "b c", " 0 0", false, false},
		{BACK_KMOD, "", "alpha", "", false, true},
		{BACK_KMOD, "", "alpha x=1", "", false, false},
		{BACK_MODPROBE, "options alpha ", "x=1 y=\"$z\"", "", false, true},
		{BACK_MODPROBE, "options ", "alpha beta", "", false, false},
		{BACK_MODPROBE, "options alpha ", "x=1\\", "", false, false},
		{BACK_MODPROBE, "options alpha ", "x\ninstall alpha /bin/sh", "", false, false},
		{BACK_DBUS, "<allow own=\"", "org.foo", "\"/>", false, true},
		{BACK_DBUS, "<allow own=\"", "x\"/><allow own=\"y", "\"/>", false, false},
		{BACK_DBUS, "<allow own=\"", "x&quot;", "\"/>", false, false},
		{BACK_DBUS, "", "<deny", "", false, false},
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct buf out = buf_new(*state);

		buf_printf(&out, "a line before, with a \" in it\n%s", cases[i].before);
		size_t before = out.len;
		if (fit_add(&out, cases[i].k, cases[i].value, cases[i].pattern, cases[i].after) !=
		    cases[i].fine)
			fail_msg("%s%s%s", cases[i].before, cases[i].value, cases[i].after);
		assert_true(cases[i].fine || out.len == before);
	}
}

static void refusals_look_at_attributes_together(void **state)
{
	struct arena *a = *state;
	const struct iface *i = parse(a, HEAD
		"plug:\n  m:\n    type: maps\n    optional: true\n    fields: {load: {type: text}, "
		"options: {type: text, optional: true}}\n"
		"permanent-plug:\n  - for-each: plug.m as m\n    when: {m.load: denied, m.options: set}\n"
		"    refuse: options are for modules that are loaded\n");
	char why[WHY_MAX] = "";

	assert_true(policy_check_port(a, i, port_of(a, PLUG, ""), why));
	assert_true(policy_check_port(a, i, port_of(a, PLUG, "m: [{load: denied}]\n"), why));
	assert_false(policy_check_port(a, i, port_of(a, PLUG,
		"m: [{load: boot, options: x}, {load: denied, options: x}]\n"), why));
	assert_string_equal(why, "plug \"port\" of interface x: m[2]: "
				 "options are for modules that are loaded");
}

static void both_sides_can_be_compared(void **state)
{
	struct arena *a = *state;
	const struct iface *i = parse(a, HEAD "plug: {bus: {type: text}}\nslot: {bus: {type: text}}\n"
		"connected-plug:\n  - when: {plug.bus: $(slot.bus)}\n    seccomp: same\n");
	const struct block *b = &i->blocks[CONNECTED_PLUG].at[0];
	struct scope s = {.iface = i, .plug = port_of(a, PLUG, "bus: system\n")};

	for (int same = 0; same < 2; same++) {
		struct turn t = {0};

		s.slot = port_of(a, SLOT, same ? "bus: system\n" : "bus: session\n");
		assert_int_equal(block_next(a, b, &s, &t), same);
	}
}

static void specifications_that_make_no_sense_are_refused(void **state)
{
	static const struct {
		const char *text, *why;
	} bad[] = {
		{HEAD "plug: {a: {type: text, fields: {b: {type: int}}}}\n", "fields"},
		{HEAD "plug: {a: {type: map}}\n", "fields"},
		{HEAD "plug: {a: {type: text, single: true}}\n", "only lists"},
		{HEAD "plug: {a: {type: text, from: [/]}}\n", "from is for paths"},
		{HEAD "plug: {a: {type: int, pattern: x}}\n", "for texts"},
		{HEAD "plug: {a: {type: texts, default: x}}\n", "one value"},
		{HEAD "plug: {a: {type: int, default: x}}\n", "default is not of its type"},
		{HEAD "plug: {a: {type: text, refuse: '('}}\n", "no regular expression"},
		{HEAD "plug: {a: {type: map, fields: {b: {type: map, fields: {c: {type: map, fields: "
		 "{d: {type: int}}}}}}}}\n", "fields of fields"},
		{HEAD "native: flight\n", "no code named flight"},
		{HEAD "plug: {a: {type: texts}}\nconnected-plug:\n"
		 "  - {for-each: [plug.a as b, plug.a as c, plug.a as d], apparmor: x}\n", "more than 2"},
		{HEAD "plug: {a: {type: texts}}\nconnected-plug:\n"
		 "  - {for-each: plug.a as b, apparmor: $(b.c) r}\n", "$(b.c)"},
		{HEAD "plug: {a: {type: texts}}\nconnected-plug:\n"
		 "  - {for-each: [b as c, plug.a as b], apparmor: x}\n", "for-each b"},
		{HEAD "plug: {a: {type: text}}\nconnected-plug:\n"
		 "  - {when: {plug.a: 'like ('}, apparmor: x}\n", "no regular expression"},
		{HEAD "plug: {a: {type: text}}\nconnected-plug:\n"
		 "  - {when: {plug.a: $(slot.b)}, apparmor: x}\n", "$(slot.b) is nothing"},
		{HEAD "plug: {a: {type: text}}\nconnected-plug:\n  - {apparmor: $(parents plug.a)}\n",
		 "no path"},
		{HEAD "plug: {a: {type: text}}\npermanent-plug:\n"
		 "  - {when: {classic: true}, refuse: x}\n", "attributes only"},
		{HEAD "plug: {a: {type: text}}\npermanent-plug:\n"
		 "  - {when: {plug.a: x}, refuse: x, apparmor: y}\n", "has no text"},
	};

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		char why[WHY_MAX] = "";
		const struct iface *x = iface_parse(*state, "x.yaml", bad[i].text,
						    strlen(bad[i].text), why);

		if (x && lint_iface(*state, x, why))
			fail_msg("accepted: %s", bad[i].text);
		if (!strstr(why, bad[i].why))
			fail_msg("\"%s\" is refused with \"%s\"", bad[i].text, why);
	}
}

int main(void)
{
	return RUN(UNIT(a_loop_goes_over_maps_and_the_lists_in_them),
		   UNIT(what_is_nested_is_checked_and_named),
		   UNIT(defaults_stand_in_for_what_is_absent_or_empty),
		   UNIT(numbers_and_truths_are_written_one_way),
		   UNIT(fronts_of_paths_become_what_the_reader_knows),
		   UNIT(paths_of_each_type_refuse_what_is_not_theirs),
		   UNIT(a_value_fits_its_place_or_is_refused),
		   UNIT(refusals_look_at_attributes_together), UNIT(both_sides_can_be_compared),
		   UNIT(specifications_that_make_no_sense_are_refused));
}
