/* Interface files: every one that rides along is well formed, and means what the engine says. */
#include "check.h"
#include "core/str.h"
#include "core/yaml.h"
#include "policy/decl.h"
#include "policy/except.h"
#include "policy/lint.h"
#include "policy/policy.h"

static const struct iface *parse(struct arena *a, const char *text)
{
	char why[WHY_MAX] = "";
	const struct iface *i = iface_parse(a, "x.yaml", text, strlen(text), why);

	if (!i)
		fail_msg("%s", why);
	return i;
}

static void every_embedded_interface_is_well_formed(void **state)
{
	size_t n;
	char why[WHY_MAX];
	const char **names = iface_names(*state, &n);

	assert_true(n > 0);
	for (size_t k = 0; k < n; k++) {
		const struct iface *i = iface_load(*state, names[k]);

		assert_non_null(i);
		if (!lint_iface(*state, i, why))
			fail_msg("%s: %s", names[k], why);
	}
	assert_null(iface_load(*state, "no-such-interface"));
	assert_null(iface_load(*state, "../home"));
}

static void what_is_not_of_the_form_is_refused_with_its_line(void **state)
{
	static const struct {
		const char *text, *why;
	} bad[] = {
		{"name: x\n", "no summary"},
		{"summary: s\n", "no proper name"},
		{"name: X\nsummary: s\n", "no proper name"},
		{"name: x\nsummary: s\ncolour: red\n", "x.yaml:3: unknown key colour"},
		{"name: x\nsummary: s\nimplicit-slot: [desktop]\n", "neither core nor classic"},
		{"name: x\nsummary: s\nplug:\n  a: {type: colour}\n", "not a type"},
		{"name: x\nsummary: s\nplug:\n  a: {optional: true}\n", "no type"},
		{"name: x\nsummary: s\nslot:\n  a: {type: int, step: 2}\n", "unknown key step"},
		{"name: x\nsummary: s\nconnected-plug:\n  apparmor: x\n", "a list of blocks"},
		{"name: x\nsummary: s\nconnected-plug:\n  - {}\n", "says nothing"},
		{"name: x\nsummary: s\nconnected-plug:\n  - when: {moon: full}\n    apparmor: x\n",
		 "x.yaml:4: when: unknown condition moon"},
		{"name: x\nsummary: s\nconnected-plug:\n  - for-each: plug.read\n    apparmor: x\n",
		 "plug.ATTRIBUTE as NAME"},
		{"name: x\nsummary: s\nconnected-plug:\n  - flags: [fly]\n", "unknown flag fly"},
		{"name: x\nsummary: s\ndeclaration:\n  gadgets: {}\n", "unknown key gadgets"},
		{"name: [x\n", "x.yaml: "},
	};

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		char why[WHY_MAX] = "";

		if (iface_parse(*state, "x.yaml", bad[i].text, strlen(bad[i].text), why))
			fail_msg("accepted: %s", bad[i].text);
		if (!strstr(why, bad[i].why))
			fail_msg("\"%s\" is refused with \"%s\"", bad[i].text, why);
	}
}

static void lint_finds_what_would_fail_at_a_connection(void **state)
{
#define HEAD "name: x\nsummary: s\nplug: {a: {type: text}}\n"
	static const struct {
		const char *text, *why;
	} bad[] = {
		{HEAD "connected-plug: [{apparmor: $(plug.b) r}]\n", "$(plug.b) is nothing here"},
		{HEAD "connected-plug: [{apparmor: $(plug.a:hex3) r}]\n", "$(plug.a:hex3)"},
		{HEAD "connected-plug: [{apparmor: $(plug.a}]\n", "is nothing here"},
		{HEAD "permanent-plug: [{apparmor: $(slot.label) r}]\n", "$(slot.label)"},
		{HEAD "connected-plug: [{when: {plug.c: set}, apparmor: x}]\n", "when plug.c"},
		{HEAD "connected-plug: [{when: {plug.a: $(slot.b)}, apparmor: x}]\n", "$(slot.b)"},
		{HEAD "permanent-slot: [{udev: 'LABEL=\"x\"\n\n      GOTO=\"x\"'}]\n", "GOTO=\"x\" with no"},
		{HEAD "permanent-slot: [{dbus: '<allow own=\"x\"/>'}]\n", "outside of a policy"},
		{HEAD "permanent-slot: [{dbus: '<policy user=\"root\">'}]\n", "is not closed"},
		{HEAD "permanent-slot: [{dbus: '</policy>'}]\n", "without <policy>"},
		{HEAD "permanent-slot: [{dbus: '<policy user=\"root\"><allow own=\"x\"></policy>'}]\n",
		 "not closed"},
		{HEAD "permanent-slot: [{dbus: '<listen>unix:path=/x</listen>'}]\n", "no policy, rule"},
		{HEAD "connected-plug: [{for-each: slot.a as p, apparmor: x}]\n", "for-each slot.a"},
		{HEAD "declaration: {plugs: {allow-flight: true}}\n", "unknown rule allow-flight"},
		{HEAD "declaration: {slots: {deny-connection: {mood: x}}}\n", "constraint mood"},
		{HEAD "slot: {p: {type: text, pattern: '('}}\n", "no regular expression"},
	};

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		char why[WHY_MAX] = "";

		assert_false(lint_iface(*state, parse(*state, bad[i].text), why));
		if (!strstr(why, bad[i].why))
			fail_msg("\"%s\" is refused with \"%s\"", bad[i].text, why);
	}
}

static void except_leaves_out_just_the_words(void **state)
{
	static const char *const words[] = {".", "snap"};
	struct words p = except_patterns(*state, words, 2);

	assert_string_equal(str_join(*state, (char *const *)p.at, p.len, " "),
			    "[^.s]** s[^n]** s{,/} sn[^a]** sn{,/} sna[^p]** sna{,/} snap[^/]**");
}

/* A port of a snap "foo" (or "bar" for slots) with an app "app" that has it. */
static struct port *port_of(struct arena *a, enum side side, const char *interface, const char *attrs)
{
	static const char *const names[] = {"foo", "bar"};
	char why[WHY_MAX];
	struct snap *s = NEW(a, struct snap);
	struct port *p = NEW(a, struct port);
	struct app *app = NEW(a, struct app);
	const char *text = *attrs ? attrs : "none: 1\n";

	s->name = s->instance = names[side];
	app->name = "app";
	app->snap = s;
	vec_push(a, &s->apps, app);
	p->side = side;
	p->name = p->interface = interface;
	p->snap = s;
	p->attrs = yaml_parse(a, text, strlen(text), why);
	if (!p->attrs)
		fail_msg("%s", why);
	vec_push(a, side == PLUG ? &app->plugs : &app->slots, p);
	return p;
}

static const char *all_text(struct arena *a, const struct policy *p, enum backend k)
{
	struct buf b = buf_new(a);

	for (size_t i = 0; i < p->pieces[k].len; i++)
		buf_str(&b, p->pieces[k].at[i].text);
	return buf_text(&b);
}

static struct policy gather(struct arena *a, struct port *plug, struct port *slot, bool system)
{
	struct conn c = {plug, slot, false, system};
	struct policy_target t = {.classic = true};
	struct ports plugs = {&plug, 1, 1}, none = {0};
	struct policy p;
	char why[WHY_MAX] = "";

	if (!policy_gather(a, &p, plug->snap, &plugs, &none, &c, slot ? 1 : 0, &t, why))
		fail_msg("%s", why);
	return p;
}

static void a_connection_grants_and_its_absence_does_not(void **state)
{
	struct arena *a = *state;
	struct port *plug = port_of(a, PLUG, "home", "");
	struct policy p = gather(a, plug, NULL, false);

	assert_string_equal(all_text(a, &p, BACK_APPARMOR), "");
	p = gather(a, plug, port_of(a, SLOT, "home", ""), true);
	const char *text = all_text(a, &p, BACK_APPARMOR);
	assert_non_null(strstr(text, "prompt owner @{HOME}/sna[^p]** rwlk,\n"));
	assert_non_null(strstr(text, "audit deny @{HOME}/bin wl,\n"));
	assert_null(strstr(text, "dac_read_search"));
	assert_null(strstr(text, "$("));
	assert_string_equal(p.pieces[BACK_APPARMOR].at[0].iface->name, "home");

	p = gather(a, port_of(a, PLUG, "home", "read: all\n"), port_of(a, SLOT, "home", ""), true);
	assert_non_null(strstr(all_text(a, &p, BACK_APPARMOR), "capability dac_read_search,\n"));
}

static void attributes_become_text_by_their_type_only(void **state)
{
	struct arena *a = *state;
	struct port *plug = port_of(a, PLUG, "serial-port", "");
	struct policy p = gather(a, plug, port_of(a, SLOT, "serial-port", "path: /dev/ttyS0\n"), false);

	assert_string_equal(all_text(a, &p, BACK_APPARMOR), "/dev/ttyS0 rwk,\n");
	assert_string_equal(all_text(a, &p, BACK_DEVICE), "SUBSYSTEM==\"tty\", KERNEL==\"ttyS0\"\n");
	p = gather(a, plug, port_of(a, SLOT, "serial-port",
		   "path: /dev/serial-port-x\nusb-vendor: 1\nusb-product: 2748\n"), false);
	assert_non_null(strstr(all_text(a, &p, BACK_APPARMOR), "/dev/tty[A-Z]*[0-9] rwk,\n"));
}

static void hostile_attributes_are_refused_before_any_text(void **state)
{
	/* A269, R17 */
	static const char *const bad[] = {
		"path: /dev/../etc/shadow\n", "path: \"/dev/ttyS0\\n/** rw,\"\n", "path: /dev/tty*\n",
		"path: \"/dev/ttyS0 rw, /**\"\n", "path: [a]\n", "path: \"@{HOME}\"\n", "path: dev/ttyS0\n",
		"usb-vendor: 65536\npath: /dev/serial-port-x\n", "usb-vendor: -1\n", "usb-vendor: x\n", NULL,
	};
	const struct iface *i = iface_load(*state, "serial-port");

	for (size_t k = 0; bad[k]; k++) {
		char why[WHY_MAX] = "";

		if (iface_check_port(i, port_of(*state, SLOT, "serial-port", bad[k]), why))
			fail_msg("accepted %s", bad[k]);
		assert_non_null(strstr(why, "serial-port"));
	}
}

static void a_value_that_slipped_through_is_still_no_rule(void **state)
{
	struct arena *a = *state;
	const struct iface *i = parse(a, "name: x\nsummary: s\nplug: {p: {type: any}}\n"
					 "connected-plug:\n  - apparmor: |\n      $(plug.p) r,\n");
	struct port *p = port_of(a, PLUG, "x", "p: \"/a r, /**\"\n");
	struct scope s = {.iface = i, .plug = p};
	struct buf out = buf_new(a);
	struct turn t = {0};
	char why[WHY_MAX];

	assert_true(block_next(a, &i->blocks[CONNECTED_PLUG].at[0], &s, &t));
	assert_false(block_text(&out, &i->blocks[CONNECTED_PLUG].at[0], BACK_APPARMOR, &s, &t, why));
	assert_non_null(strstr(why, "characters that rules are made of"));
}

static bool holds(struct arena *a, const struct block *b, const struct scope *s)
{
	struct turn t = {0};

	return block_next(a, b, s, &t);
}

static void conditions_are_a_conjunction_of_alternatives(void **state)
{
	struct arena *a = *state;
	const struct iface *i = parse(a,
		"name: x\nsummary: s\nconnected-plug:\n"
		"  - when: {classic: true, base: [core22, core24], plug.mode: [a, b]}\n    apparmor: y\n");
	const struct block *b = &i->blocks[CONNECTED_PLUG].at[0];
	struct scope s = {.plug = port_of(a, PLUG, "x", "mode: b\n"), .classic = true, .base = "core24"};

	assert_true(holds(a, b, &s));
	s.base = "core20";
	assert_false(holds(a, b, &s));
	s.base = "core22";
	s.classic = false;
	assert_false(holds(a, b, &s));
	s.classic = true;
	s.plug = port_of(a, PLUG, "x", "mode: c\n");
	assert_false(holds(a, b, &s));
}

static bool may(struct arena *a, enum decl_action what, struct decl_question q)
{
	const char *why;

	return decl_allows(a, what, &q, NULL, &why);
}

static void declarations_decide(void **state)
{
	struct arena *a = *state;
	struct decl_question q = {
		.iface = iface_load(a, "home"), .classic = true, .distro = "debian",
		.plug = {port_of(a, PLUG, "home", ""), "app", "", "", NULL},
		.slot = {port_of(a, SLOT, "home", ""), "core", "", "", NULL},
	};

	assert_true(may(a, DECL_CONNECTION, q));
	assert_true(may(a, DECL_AUTO_CONNECTION, q));
	q.classic = false;
	assert_false(may(a, DECL_AUTO_CONNECTION, q)); /* I6 */
	q.core_desktop = true;
	assert_true(may(a, DECL_AUTO_CONNECTION, q));
	q.plug.port = port_of(a, PLUG, "home", "read: all\n");
	assert_false(may(a, DECL_AUTO_CONNECTION, q));
	assert_false(may(a, DECL_CONNECTION, q));
	q.plug.port = NULL;
	q.slot.snap_type = "app";
	assert_false(may(a, DECL_INSTALLATION, q));
	assert_false(decl_allows_dangerous(&q)); /* P15 */
	q.slot.snap_type = "core";
	assert_true(decl_allows_dangerous(&q));
}

static void the_first_rule_counts_whole(void **state)
{
	struct arena *a = *state;
	char why[WHY_MAX];
	static const char grant[] = "allow-auto-connection: true\n";
	struct decl_question q = {
		.iface = iface_load(a, "serial-port"), .classic = true, .distro = "",
		.plug = {port_of(a, PLUG, "serial-port", ""), "app", "", "", NULL},
		.slot = {port_of(a, SLOT, "serial-port", ""), "gadget", "", "", NULL},
	};

	assert_false(may(a, DECL_AUTO_CONNECTION, q));
	q.plug.granted = yaml_parse(a, grant, strlen(grant), why);
	assert_true(may(a, DECL_AUTO_CONNECTION, q)); /* I10: deny of the base rule is out */
}

static void constraints_refer_to_the_other_side(void **state)
{
	struct arena *a = *state;
	const struct iface *i = parse(a,
		"name: x\nsummary: s\ndeclaration:\n  slots:\n"
		"    allow-connection: {plug-attributes: {content: $SLOT(content)}}\n"
		"    allow-auto-connection:\n"
		"      plug-publisher-id: [$SLOT_PUBLISHER_ID]\n"
		"      plug-attributes: {content: $SLOT(content)}\n");
	struct decl_question q = {
		.iface = i, .distro = "",
		.plug = {port_of(a, PLUG, "x", "content: gl\n"), "app", "", "", NULL},
		.slot = {port_of(a, SLOT, "x", "content: gl\n"), "app", "", "", NULL},
	};

	assert_true(may(a, DECL_CONNECTION, q));
	assert_false(may(a, DECL_AUTO_CONNECTION, q)); /* two unknown publishers are not one */
	q.plug.publisher_id = q.slot.publisher_id = "abc";
	assert_true(may(a, DECL_AUTO_CONNECTION, q));
	q.slot.port = port_of(a, SLOT, "x", "content: [gl, vulkan]\n");
	assert_false(may(a, DECL_CONNECTION, q));
	q.slot.port = port_of(a, SLOT, "x", "");
	assert_false(may(a, DECL_CONNECTION, q));
}

int main(void)
{
	return RUN(UNIT(every_embedded_interface_is_well_formed),
		   UNIT(what_is_not_of_the_form_is_refused_with_its_line),
		   UNIT(lint_finds_what_would_fail_at_a_connection),
		   UNIT(except_leaves_out_just_the_words),
		   UNIT(a_connection_grants_and_its_absence_does_not),
		   UNIT(attributes_become_text_by_their_type_only),
		   UNIT(hostile_attributes_are_refused_before_any_text),
		   UNIT(a_value_that_slipped_through_is_still_no_rule),
		   UNIT(conditions_are_a_conjunction_of_alternatives), UNIT(declarations_decide),
		   UNIT(the_first_rule_counts_whole), UNIT(constraints_refer_to_the_other_side));
}
