/* Attributes of interfaces: which values are taken, which are refused before any text is made. */
#include "check.h"
#include "core/yaml.h"
#include "policy/block.h"
#include "policy/policy.h"

static struct port *port_of(struct arena *a, enum side side, const char *interface, const char *attrs)
{
	char why[WHY_MAX];
	struct port *p = NEW(a, struct port);

	p->side = side;
	p->name = p->interface = interface;
	p->attrs = yaml_parse(a, attrs, strlen(attrs), why);
	if (!p->attrs)
		fail_msg("%s: %s", attrs, why);
	return p;
}

struct value {
	const char *interface;
	enum side side;
	const char *attrs;
};

#define LIBS "library-source: [$SNAP/lib]\n"

static void values_that_snaps_use_are_taken(void **state)
{
	static const struct value good[] = {
		{"mpris", SLOT, "name: my-player_2\n"},
		{"mpris", SLOT, "{}\n"},
		{"dbus", PLUG, "bus: session\nname: org.example.Foo\n"},
		{"dbus", SLOT, "bus: system\nname: org.kde.foo-bar_baz.x1\n"},
		{"dbus", SLOT, "bus: system\nname: org.example.a-\n"},
		{"qualcomm-ipc-router", SLOT, "qcipc: monitor-2\naddress: '@probe'\n"},
		{"pkcs11", SLOT, "pkcs11-socket: /run/p11-kit/pkcs11-x\n"},
		{"confdb", PLUG, "account: f22PSauKuNkwQTM9Wz67ZCjNACuSjjhN\nview: net/wi-fi\n"},
		{"polkit", PLUG, "action-prefix: org.example.foo\n"},
		{"cuda-driver-libs", SLOT, LIBS "compatibility: cuda-(9..12)-ubuntu-2404\n"},
		{"vulkan-driver-libs", SLOT,
		 LIBS "icd-source: ['${SNAP}/icd.d']\ncompatibility: vulkan-1-(2..5)-ubuntu-2404\n"},
		{"egl-driver-libs", SLOT, LIBS "priority: 10\nicd-source: [$SNAP_COMPONENT(egl)/d]\n"
		 "compatibility: egl-1-5-ubuntu-2404\n"},
		{"gbm-driver-libs", SLOT, LIBS "client-driver: nvidia-drm_gbm.so\n"
		 "compatibility: gbmbackend-(0..2)-arch64-ubuntu-2510\n"},
	};

	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
		const struct value *v = &good[i];
		char why[WHY_MAX] = "";

		if (!iface_check_port(iface_load(*state, v->interface),
				      port_of(*state, v->side, v->interface, v->attrs), why))
			fail_msg("%s: %s: %s", v->interface, v->attrs, why);
	}
}

static void others_are_refused_by_name(void **state)
{
	/* A269, R17 */
	static const struct value bad[] = {
		{"mpris", SLOT, "name: a.b\n"},
		{"mpris", SLOT, "name: \"x\\\",\"\n"},
		{"mpris", SLOT, "name: [x]\n"},
		{"dbus", PLUG, "bus: session\n"},
		{"dbus", PLUG, "name: org.example.Foo\n"},
		{"dbus", PLUG, "bus: private\nname: org.example.Foo\n"},
		{"dbus", SLOT, "bus: session\nname: org\n"},
		{"dbus", SLOT, "bus: session\nname: org.example.Foo-12\n"},
		{"dbus", SLOT, "bus: session\nname: org.*\n"},
		{"dbus", SLOT, "bus: session\nname: 'org.a,'\n"},
		{"dbus", SLOT, "bus: session\nname: 'org.a\"/><allow own=\"x'\n"},
		{"qualcomm-ipc-router", SLOT, "qcipc: a--b\naddress: x\n"},
		{"qualcomm-ipc-router", SLOT, "qcipc: a\naddress: '@x\" peer=(label=y'\n"},
		{"qualcomm-ipc-router", SLOT, "qcipc: a\naddress: '@*'\n"},
		{"pkcs11", SLOT, "{}\n"},
		{"pkcs11", SLOT, "pkcs11-socket: /run/p11-kit/../x\n"},
		{"pkcs11", SLOT, "pkcs11-socket: /run/other/x\n"},
		{"pkcs11", SLOT, "pkcs11-socket: /run/p11-kit/a/b\n"},
		{"pkcs11", SLOT, "pkcs11-socket: '/run/p11-kit/{a,b}'\n"},
		{"confdb", PLUG, "view: net/wifi\n"},
		{"confdb", PLUG, "account: foo\nview: net\n"},
		{"confdb", PLUG, "account: foo\nview: net/wifi/x\n"},
		{"confdb", PLUG, "account: foo\nview: net/wifi\nrole: owner\n"},
		{"polkit", PLUG, "action-prefix: org\n"},
		{"cuda-driver-libs", SLOT, LIBS},
		{"cuda-driver-libs", SLOT, LIBS "compatibility: opengl-4-6-ubuntu-2404\n"},
		{"cuda-driver-libs", SLOT, "compatibility: cuda-1-ubuntu-2404\n"
		 "library-source: [/usr/lib]\n"},
		{"cuda-driver-libs", SLOT, "compatibility: cuda-1-ubuntu-2404\n"
		 "library-source: [$SNAP/../other]\n"},
		{"egl-driver-libs", SLOT, LIBS "priority: 0\nicd-source: [$SNAP/d]\n"
		 "compatibility: egl-1-5-ubuntu-2404\n"},
		{"gbm-driver-libs", SLOT, LIBS "client-driver: ../x.so\n"
		 "compatibility: gbmbackend-0-arch64-ubuntu-2510\n"},
	};

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		const struct value *v = &bad[i];
		char why[WHY_MAX] = "";

		if (iface_check_port(iface_load(*state, v->interface),
				     port_of(*state, v->side, v->interface, v->attrs), why))
			fail_msg("%s took %s", v->interface, v->attrs);
		assert_non_null(strstr(why, v->interface));
	}
}

static bool holds(struct arena *a, const struct block *b, const struct scope *s)
{
	struct turn t = {0};

	return block_next(a, b, s, &t);
}

static void sides_that_must_agree_get_nothing_when_they_do_not(void **state)
{
	const struct iface *i = iface_load(*state, "dbus");
	struct scope s = {
		.iface = i,
		.plug = port_of(*state, PLUG, "dbus", "bus: session\nname: org.example.A\n"),
		.slot = port_of(*state, SLOT, "dbus", "bus: session\nname: org.example.B\n"),
	};

	for (size_t k = 0; k < i->blocks[CONNECTED_PLUG].len; k++)
		assert_false(holds(*state, &i->blocks[CONNECTED_PLUG].at[k], &s));
	for (size_t k = 0; k < i->blocks[CONNECTED_SLOT].len; k++)
		assert_false(holds(*state, &i->blocks[CONNECTED_SLOT].at[k], &s));
	s.slot = port_of(*state, SLOT, "dbus", "bus: session\nname: org.example.A\n");
	assert_true(holds(*state, &i->blocks[CONNECTED_SLOT].at[0], &s));
}

static void an_at_sign_begins_no_variable(void **state)
{
	static const char *const bad[] = {"address: '@{x}'\n", "address: 'a@{'\n"};
	const struct iface *i = iface_load(*state, "qualcomm-ipc-router");
	const struct block *b = &i->blocks[PERMANENT_SLOT].at[0];
	char why[WHY_MAX];

	for (size_t k = 0; k < sizeof bad / sizeof bad[0]; k++) {
		struct scope s = {.slot = port_of(*state, SLOT, i->name, bad[k])};
		struct buf out = buf_new(*state);
		struct turn t = {0};

		assert_true(block_next(*state, b, &s, &t));
		assert_false(block_text(&out, b, BACK_APPARMOR, &s, &t, why));
	}
}

int main(void)
{
	return RUN(UNIT(values_that_snaps_use_are_taken), UNIT(others_are_refused_by_name),
		   UNIT(sides_that_must_agree_get_nothing_when_they_do_not),
		   UNIT(an_at_sign_begins_no_variable));
}
