/* Attributes of interfaces: which values are taken, which are refused before any text is made. */
#include "check.h"
#include "core/yaml.h"
#include "policy/block.h"
#include "policy/native.h"
#include "policy/policy.h"

static struct port *port_of(struct arena *a, enum side side, const char *interface, const char *attrs)
{
	char why[WHY_MAX];
	struct port *p = NEW(a, struct port);
	struct snap *snap = NEW(a, struct snap);

	snap->name = side == PLUG ? "foo" : "bar";
	snap->instance = side == PLUG ? "foo_k" : "bar_k";
	snap->revision = "x1";
	p->snap = snap;
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
		{"polkit", PLUG, "install-rules: [{name: foo.bar.rules, sha3-384: Ab-c_9}]\n"},
		{"cuda-driver-libs", SLOT, LIBS "compatibility: cuda-(9..12)-ubuntu-2404\n"},
		{"vulkan-driver-libs", SLOT,
		 LIBS "icd-source: ['${SNAP}/icd.d']\ncompatibility: vulkan-1-(2..5)-ubuntu-2404\n"},
		{"egl-driver-libs", SLOT, LIBS "priority: 10\nicd-source: [$SNAP_COMPONENT(egl)/d]\n"
		 "compatibility: egl-1-5-ubuntu-2404\n"},
		{"content", PLUG, "target: $SNAP/imported\ncontent: gl\n"},
		{"content", SLOT, "read: [$SNAP/share, lib]\n"},
		{"content", SLOT, "source: {read: [$SNAP/a], write: [$SNAP_COMMON/b]}\n"},
		{"cups", SLOT, "cups-socket-directory: $SNAP_COMMON/run\n"},
		{"cups", SLOT, "{}\n"},
		{"gbm-driver-libs", SLOT, LIBS "client-driver: nvidia-drm_gbm.so\n"
		 "compatibility: gbmbackend-(0..2)-arch64-ubuntu-2510\n"},
	};

	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
		const struct value *v = &good[i];
		char why[WHY_MAX] = "";

		if (!policy_check_port(*state, iface_load(*state, v->interface),
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
		{"qualcomm-ipc-router", SLOT, "qcipc: a\n"},
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
		{"confdb", PLUG, "account: system\nview: net/wifi\nrole: custodian\n"},
		{"polkit", PLUG, "action-prefix: org\n"},
		{"polkit", PLUG, "{}\n"},
		{"polkit", PLUG, "install-rules: []\n"},
		{"polkit", PLUG, "install-rules: [{name: x.rules}]\n"},
		{"polkit", PLUG, "install-rules: [{name: ../x.rules, sha3-384: abc}]\n"},
		{"polkit", PLUG, "install-rules: [{name: x.rules, sha3-384: abc, mode: 1}]\n"},
		{"content", PLUG, "content: gl\n"},
		{"content", PLUG, "target: ''\n"},
		{"content", PLUG, "target: $SNAP/../x\n"},
		{"content", PLUG, "target: $SNAP/a*b\n"},
		{"content", PLUG, "target: $HOME/x\n"},
		{"content", PLUG, "target: '$SNAP/x\", /**'\n"},
		{"content", PLUG, "target: $SNAP/x\ncontent: gl\ncompatibility: gl-1\n"},
		{"content", SLOT, "{}\n"},
		{"content", SLOT, "read: [../x]\n"},
		{"content", SLOT, "read: ['$SNAP/{a,b}']\n"},
		{"content", SLOT, "read: [$SNAP/a]\nsource: {read: [$SNAP/b]}\n"},
		{"content", SLOT, "write: [\"$SNAP/a\\nmount,\"]\n"},
		{"cups", SLOT, "cups-socket-directory: $SNAP/run\n"},
		{"cups", SLOT, "cups-socket-directory: $SNAP_COMMON/../x\n"},
		{"cups", SLOT, "cups-socket-directory: '$SNAP_COMMON/x\"'\n"},
		{"cups", SLOT, "cups-socket-directory: /run/cups\n"},
		{"cups", SLOT, "cups-socket-directory: [x]\n"},
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

		if (policy_check_port(*state, iface_load(*state, v->interface),
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

static const char *native(struct arena *a, const char *interface, enum moment m, enum backend k,
			  const char *plug, const char *slot)
{
	struct scope s = {.plug = port_of(a, PLUG, interface, plug),
			  .slot = port_of(a, SLOT, interface, slot)};
	struct buf out = buf_new(a);
	char why[WHY_MAX] = "";

	if (!native_text(&out, interface, m, k, &s, why))
		fail_msg("%s", why);
	return buf_text(&out);
}

static void lenders_are_seen_by_instance_and_borrowers_by_name(void **state)
{
	static const char plug[] = "target: $SNAP/in\n",
			  slot[] = "source: {read: [lib], write: [$SNAP_COMMON/d]}\n";

	assert_string_equal(native(*state, "content", CONNECTED_PLUG, BACK_MOUNT, plug, slot),
			    "/var/snap/bar_k/common/d /snap/foo/x1/in/d none bind 0 0\n"
			    "/snap/bar_k/x1/lib /snap/foo/x1/in/lib none bind,ro 0 0\n");
	assert_string_equal(native(*state, "content", CONNECTED_PLUG, BACK_APPARMOR, plug, slot),
			    "\"/var/snap/bar_k/common/d/**\" mrwlkix,\n"
			    "\"/snap/bar_k/x1/lib/**\" mrkix,\n");
	assert_string_equal(native(*state, "content", CONNECTED_SLOT, BACK_APPARMOR, plug, slot),
			    "\"/snap/foo/x1/in/d/**\" mrwlkix,\n");
	assert_string_equal(native(*state, "content", CONNECTED_SLOT, BACK_MOUNT, plug, slot), "");
	assert_string_equal(native(*state, "cups", CONNECTED_PLUG, BACK_MOUNT, "{}\n",
				   "cups-socket-directory: $SNAP_DATA/s\n"),
			    "/var/snap/bar_k/x1/s /var/cups none bind,rw 0 0\n");
	assert_string_equal(native(*state, "cups", CONNECTED_PLUG, BACK_MOUNT, "{}\n", "{}\n"), "");
}

static void a_service_on_core_has_what_a_classic_system_keeps(void **state)
{
	const struct iface *i = iface_load(*state, "bluez");
	struct scope s = {.slot = port_of(*state, SLOT, "bluez", "{}\n"), .classic = true};

	assert_false(holds(*state, &i->blocks[PERMANENT_SLOT].at[0], &s));
	s.classic = false;
	assert_true(holds(*state, &i->blocks[PERMANENT_SLOT].at[0], &s));
}

int main(void)
{
	return RUN(UNIT(values_that_snaps_use_are_taken), UNIT(others_are_refused_by_name),
		   UNIT(sides_that_must_agree_get_nothing_when_they_do_not),
		   UNIT(an_at_sign_begins_no_variable),
		   UNIT(lenders_are_seen_by_instance_and_borrowers_by_name),
		   UNIT(a_service_on_core_has_what_a_classic_system_keeps));
}
