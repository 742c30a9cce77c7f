/* Attributes of interfaces that snaps and gadgets describe: what is taken, what is refused
 * and why. A269, A271: nothing of a stranger's becomes a rule of its own (R17). */
#include "check.h"
#include "core/yaml.h"
#include "policy/decl.h"
#include "policy/policy.h"

static struct port *port_of(struct arena *a, enum side side, const char *interface, const char *attrs)
{
	char why[WHY_MAX];
	struct port *p = NEW(a, struct port);

	p->snap = NEW(a, struct snap);
	p->snap->name = p->snap->instance = "foo";
	p->side = side;
	p->name = "port";
	p->interface = interface;
	p->attrs = yaml_parse(a, attrs, strlen(attrs), why);
	if (!p->attrs)
		fail_msg("%s: %s", attrs, why);
	vec_push(a, side == PLUG ? &p->snap->plugs : &p->snap->slots, p);
	return p;
}

/* why: part of the reason, or NULL for what is taken. */
struct row {
	const char *attrs, *why;
};

static void check_rows(struct arena *a, enum side side, const char *interface,
		       const struct row *rows)
{
	const struct iface *i = iface_load(a, interface);

	for (; rows->attrs; rows++) {
		char why[WHY_MAX] = "";
		bool taken = policy_check_port(a, i, port_of(a, side, interface, rows->attrs), why);

		if (taken != !rows->why)
			fail_msg("%s %s %s: %s", interface, taken ? "takes" : "refuses",
				 rows->attrs, why);
		if (!taken && (!strstr(why, rows->why) || !strstr(why, interface) ||
			       strchr(why, '\n')))
			fail_msg("%s refuses %s with \"%s\", not \"%s\"", interface, rows->attrs,
				 why, rows->why);
	}
}

static void pins_leds_and_channels(void **state)
{
	check_rows(*state, SLOT, "bool-file", (const struct row[]){
		{"path: /sys/class/leds/input27::capslock/brightness", NULL},
		{"path: /sys/class/gpio/gpio13/value", NULL},
		{"{}", "path is missing"},
		{"path: 7", "must be a text"},
		{"path: /sys/class/gpio/gpio13/direction", "does not have the form"},
		{"path: /sys/class/leds/a/b/brightness", "does not have the form"},
		{"path: /sys/class/leds/../../../etc/brightness", "not a clean path"},
		{"path: '/sys/class/leds/*/brightness'", "signs of patterns"},
		{"path: '/sys/class/leds/a b/brightness'", "special characters"},
		{"path: '/sys/class/leds/@{x}/brightness'", "signs of patterns"},
		{NULL, NULL}});
	check_rows(*state, SLOT, "gpio", (const struct row[]){
		{"number: 13", NULL}, {"number: 0x10", NULL},
		{"{}", "number is missing"}, {"number: '13'", "must be a number"},
		{"number: -1", "out of range"}, {"number: 1/** rw", "must be a number"},
		{NULL, NULL}});
	check_rows(*state, SLOT, "pwm", (const struct row[]){
		{"{chip-number: 0, channel: 1}", NULL},
		{"{channel: 1}", "chip-number is missing"}, {"{chip-number: 1}", "channel is missing"},
		{"{chip-number: 1, channel: x}", "channel must be a number"},
		{NULL, NULL}});
}

static void lines_of_gpio_chips(void **state)
{
	check_rows(*state, SLOT, "gpio-chardev", (const struct row[]){
		{"{source-chip: [chip0, chip 1], lines: '3,4-6'}", NULL},
		{"{source-chip: [a], lines: 0-511}", NULL},
		{"{source-chip: [a], lines: '7'}", NULL},
		{"{lines: '1'}", "source-chip is missing"},
		{"{source-chip: [a]}", "lines is missing"},
		{"{source-chip: a, lines: '1'}", "source-chip must be a list"},
		{"{source-chip: [], lines: '1'}", "too few"},
		{"{source-chip: [''], lines: '1'}", "source-chip[1]"},
		{"{source-chip: [' a'], lines: '1'}", "source-chip[1]"},
		{"{source-chip: [a, 'b '], lines: '1'}", "source-chip[2]"},
		{"{source-chip: [a, b, a], lines: '1'}", "source-chip: twice \"a\""},
		{"{source-chip: [\"a\\nb\"], lines: '1'}", "control characters"},
		{"{source-chip: [a], lines: 5}", "lines must be a text"},
		{"{source-chip: [a], lines: ''}", "lines does not"},
		{"{source-chip: [a], lines: '1,'}", "lines does not"},
		{"{source-chip: [a], lines: '1;reboot'}", "lines does not"},
		{"{source-chip: [a], lines: 0-512}", "more than 512"},
		{"{source-chip: [a], lines: '0-511,600'}", "more than 512"},
		{"{source-chip: [a], lines: 6-4}", "neither a number nor a range"},
		{"{source-chip: [a], lines: 4-4}", "neither a number nor a range"},
		{"{source-chip: [a], lines: '3,2-4'}", "some twice"},
		{"{source-chip: [a], lines: '1,1'}", "some twice"},
		{"{source-chip: [a], lines: '4294967296'}", "neither a number"},
		{NULL, NULL}});
}

static void nodes_of_buses(void **state)
{
	check_rows(*state, SLOT, "hidraw", (const struct row[]){
		{"path: /dev/hidraw0", NULL}, {"path: /dev/hidraw999", NULL},
		{"{path: /dev/hidraw-pad, usb-vendor: 1, usb-product: 0}", NULL},
		{"path: /dev/hidraw1000", "does not have the form"},
		{"path: /dev/hidraw-pad", "without usb-vendor"},
		{"{path: /dev/hidraw0, usb-vendor: 1, usb-product: 2}", "with usb-vendor"},
		{"{path: /dev/hidraw-pad, usb-vendor: 1}", "goes with usb-product"},
		{"{path: /dev/hidraw-pad, usb-product: 1}", "goes with usb-vendor"},
		{"{path: /dev/hidraw-pad, usb-vendor: 0, usb-product: 1}", "out of range"},
		{"{path: /dev/hidraw-pad, usb-vendor: 65536, usb-product: 1}", "out of range"},
		{"{path: /dev/hidraw-pad, usb-vendor: '1\", RUN=\"x', usb-product: 1}", "a number"},
		{NULL, NULL}});
	check_rows(*state, SLOT, "i2c", (const struct row[]){
		{"path: /dev/i2c-1", NULL}, {"sysfs-name: 1-0040", NULL},
		{"{}", "needs a path or a sysfs-name"},
		{"{path: /dev/i2c-1, sysfs-name: x}", "not both"},
		{"path: /dev/i2c-", "does not have the form"},
		{"path: /dev/i2c-1/../sda", "not a clean path"},
		{"sysfs-name: ../x", "does not have the form"},
		{"sysfs-name: '**'", "does not have the form"},
		{NULL, NULL}});
	check_rows(*state, SLOT, "iio", (const struct row[]){
		{"path: /dev/iio:device0", NULL}, {"{}", "is missing"},
		{"path: /dev/iio:device", "the form"}, {"path: /dev//iio:device0", "not a clean path"},
		{NULL, NULL}});
	check_rows(*state, SLOT, "spi", (const struct row[]){
		{"path: /dev/spidev0.1", NULL}, {"path: /dev/spidev0x1", "the form"},
		{"path: /dev/spidev0.1,", "special"}, {NULL, NULL}});
	check_rows(*state, SLOT, "uio", (const struct row[]){
		{"path: /dev/uio0", NULL}, {"path: /dev/uio*", "patterns"},
		{"path: [/dev/uio0]", "must be a text"}, {NULL, NULL}});
	check_rows(*state, SLOT, "raw-volume", (const struct row[]){
		{"path: /dev/vda1", NULL}, {"path: /dev/sdiv15", NULL}, {"path: /dev/hdt63", NULL},
		{"path: /dev/i2o/hddx1", NULL}, {"path: /dev/mmcblk999p63", NULL},
		{"path: /dev/nvme99n63p63", NULL}, {"path: /dev/nvme0p1", NULL},
		{"path: /dev/vda", "the form"}, {"path: /dev/vda0", "the form"},
		{"path: /dev/sdiw1", "the form"}, {"path: /dev/sda16", "the form"},
		{"path: /dev/loop0p1", "the form"}, {"path: /dev/mmcblk1000p1", "the form"},
		{"path: /dev/vda1/", "clean"}, {"path: /dev/../dev/vda1", "clean"}, {NULL, NULL}});
}

static void files_of_people_and_of_the_system(void **state)
{
	check_rows(*state, PLUG, "personal-files", (const struct row[]){
		{"read: [$HOME/.a, '$HOME/b c, d#e']", NULL}, {"write: [$HOME/a@b]", NULL},
		{"{}", "needs files"}, {"read: $HOME/.a", "read must be a list"},
		{"read: [1]", "read[1] must be a text"}, {"read: [/etc]", "does not begin with"},
		{"read: [$HOME]", "does not begin with"}, {"read: [$HOME/]", "names no file"},
		{"read: [$HOME/a/]", "clean"}, {"read: [$HOME/../../etc]", "clean"},
		{"read: [$HOME/a, $HOME/./b]", "read[2] is not a clean path"},
		{"write: [~root/x]", "does not begin with"}, {"write: [$HOME/~x]", "refuses"},
		{"write: [$HOME/a@]", "refuses"}, {"write: [$HOME/$HOME]", "dollar"},
		{"write: ['$HOME/*']", "patterns"}, {"write: ['$HOME/{a,b}']", "patterns"},
		{"write: ['$HOME/[a]']", "patterns"}, {"write: ['$HOME/a?']", "patterns"},
		{"write: ['$HOME/^a']", "patterns"}, {"write: ['$HOME/@{b}']", "patterns"},
		{"write: ['$HOME/a\"b']", "quote"}, {"write: ['$HOME/a\\b']", "backslash"},
		{"write: [\"$HOME/a\\n/** rw,\"]", "control"},
		{"write: ['@{HOME}/x']", "does not begin with"}, {NULL, NULL}});
	check_rows(*state, PLUG, "system-files", (const struct row[]){
		{"{read: [/etc/one], write: [/var/lib/a b]}", NULL},
		{"{}", "needs files"}, {"read: [etc]", "absolute"}, {"read: [/]", "refuses"},
		{"read: [$HOME/x]", "absolute"}, {"read: [/etc/$HOME]", "dollar"},
		{"read: [/etc//x]", "clean"}, {"read: [/etc/..]", "clean"},
		{"read: [/etc/x~]", "refuses"}, {"read: [/etc/x@]", "refuses"},
		{"read: ['/etc/x\", /** rw, \"']", "quote"}, {"read: [\"/e\\r\"]", "control"},
		{"read: ['/**']", "patterns"}, {NULL, NULL}});
}

#define MOUNT(fields) "mount: [{" fields "}]"
static void mounts_of_mount_control(void **state)
{
	check_rows(*state, PLUG, "mount-control", (const struct row[]){
		{"{}", NULL}, /* installs, but connects never */
		{MOUNT("what: '/dev/sd*', where: '/media/**', type: [ext4], options: [rw, sync]"), NULL},
		{MOUNT("what: /a, where: /b, options: [bind], persistent: true"), NULL},
		{MOUNT("what: none, where: $SNAP_COMMON/x, type: [tmpfs], options: [size=10M]"), NULL},
		{MOUNT("where: /n, type: [nfs], options: [soft, vers=4]"), NULL},
		{MOUNT("what: 'a b', where: /f, type: [functionfs], options: [uid=5]"), NULL},
		{MOUNT("what: '/{a,b}', where: $SNAP_DATA/x, options: [noatime, nofail]"), NULL},
		{"mount: x", "mount must be a list"}, {"mount: []", "too few"},
		{"mount: [x]", "mount[1] must be a map"},
		{MOUNT("where: /b, options: [rw]"), "mount[1]: says not what"},
		{MOUNT("what: /a, options: [rw]"), "where is missing"},
		{MOUNT("what: /a, where: /b"), "options is missing"},
		{MOUNT("what: /a, where: /b, options: []"), "too few"},
		{MOUNT("what: /a, where: /b, options: [suid]"), "\"suid\" is unknown or not allowed"},
		{MOUNT("what: /a, where: /b, options: [dev]"), "\"dev\" is unknown"},
		{MOUNT("what: /a, where: /b, options: [rbind]"), "\"rbind\" is unknown"},
		{MOUNT("what: /a, where: /b, options: [remount]"), "\"remount\""},
		{MOUNT("what: /a, where: /b, options: [rw, ro]"), "\"ro\" contradicts"},
		{MOUNT("what: /a, where: /b, options: [atime, noatime]"), "\"noatime\" contradicts"},
		{MOUNT("what: /a, where: /b, options: ['rw)']"), "\"rw)\" is unknown"},
		{MOUNT("what: /a, where: /b, options: ['rw,suid']"), "is unknown"},
		{MOUNT("what: /a, where: /b, options: ['uid={']"), "refuses"},
		{MOUNT("what: /a, where: /b, type: [ext4], options: [size=1]"), "\"size=1\" is unknown"},
		{MOUNT("what: /a, where: /b, type: [ext4, vfat], options: [uid=1]"), "\"uid=1\""},
		{MOUNT("what: /a, where: /b, type: [proc], options: [rw]"), "refuses"},
		{MOUNT("what: /a, where: /b, type: [overlay], options: [rw]"), "refuses"},
		{MOUNT("what: /a, where: /b, type: [nfs4], options: [rw]"), "refuses"},
		{MOUNT("what: /a, where: /b, type: ['ext4)'], options: [rw]"), "the form"},
		{MOUNT("what: /a, where: /b, type: [ext4], options: [bind]"), "what is bound"},
		{MOUNT("what: none, where: /b, type: [tmpfs, ext4], options: [rw]"), "no other type"},
		{MOUNT("where: /b, type: [nfs, cifs], options: [rw]"), "nfs goes with no other"},
		{MOUNT("what: /a, where: /b, type: [nfs], options: [rw]"), "shares of nfs"},
		{MOUNT("what: none, where: /b, options: [rw]"), "only for tmpfs"},
		{MOUNT("what: /a, where: /b, type: [tmpfs], options: [rw]"), "for tmpfs what"},
		{MOUNT("what: a, where: /b, options: [rw]"), "is a path, or none"},
		{MOUNT("what: 'a*', where: /b, type: [functionfs], options: [rw]"), "no pattern"},
		{MOUNT("what: '/a\", /** rw, #', where: /b, options: [rw]"), "quote"},
		{MOUNT("what: '/a@{x}', where: /b, options: [rw]"), "pattern"},
		{MOUNT("what: '/a@b', where: /b, options: [rw]"), "refuses"},
		{MOUNT("what: /a/../b, where: /b, options: [rw]"), "clean"},
		{MOUNT("what: '/a{b', where: /b, options: [rw]"), "not well formed"},
		{MOUNT("what: /a, where: /, options: [rw]"), "refuses"},
		{MOUNT("what: /a, where: b, options: [rw]"), "does not begin with"},
		{MOUNT("what: /a, where: $SNAP/b, options: [rw]"), "does not begin with"},
		{MOUNT("what: /a, where: $SNAP_COMMON, options: [rw]"), "does not begin with"},
		{MOUNT("what: /a, where: $SNAP_COMMON/../b, options: [rw]"), "clean"},
		{MOUNT("what: /a, where: /b/$SNAP_DATA, options: [rw]"), "dollar"},
		{MOUNT("what: /a, where: \"/b\\n\", options: [rw]"), "control"},
		{MOUNT("what: /a, where: '/b}', options: [rw]"), "not well formed"},
		{MOUNT("what: /a, where: $SNAP_DATA/b, options: [rw], persistent: true"), "persistent"},
		{MOUNT("what: /a, where: /b, options: [rw], persistent: maybe"), "true or false"},
		{NULL, NULL}});
	check_rows(*state, PLUG, "usb-gadget", (const struct row[]){
		{"{}", NULL}, {"ffs-mounts: [{name: a b, where: $SNAP_COMMON/x}]", NULL},
		{"ffs-mounts: x", "must be a list"}, {"ffs-mounts: [{where: /a}]", "name is missing"},
		{"ffs-mounts: [{name: 'a*', where: /a}]", "refuses"},
		{"ffs-mounts: [{name: \"a\\n\", where: /a}]", "control"},
		{"ffs-mounts: [{name: a, where: '/a\"'}]", "quote"},
		{"ffs-mounts: [{name: a, where: $HOME/a}]", "does not begin with"},
		{"ffs-mounts: [{name: a, where: $SNAP_DATA/a, persistent: true}]", "persistent"},
		{NULL, NULL}});
}

static void devices_that_a_gadget_describes(void **state)
{
	check_rows(*state, SLOT, "custom-device", (const struct row[]){
		{"devices: [/dev/a*, '/dev/input/event[0-9]', '/dev/x@y']", NULL},
		{"files: {read: ['/sys/a b/*'], write: [/sys/c]}", NULL},
		{"{devices: [/dev/a], udev-tagging: [{kernel: a, attributes: {idVendor: '1'}}]}", NULL},
		{"{devices: [/dev/d/a], udev-tagging: [{kernel: a}]}", NULL},
		{"{devices: [/dev/a], udev-tagging: [{kernel: 'x|y', for-device: /dev/a}]}", NULL},
		{"{}", "neither devices nor files"}, {"devices: /dev/a", "must be a list"},
		{"devices: [/etc/a]", "does not begin with"}, {"devices: [/dev/../a]", "clean"},
		{"devices: ['/dev/**']", "refuses"}, {"devices: ['/dev/{a,b}']", "refuses"},
		{"devices: ['/dev/a|b']", "refuses"}, {"devices: ['/dev/[a']", "well formed"},
		{"devices: ['/dev/a@{b}']", "well formed"}, {"devices: ['/dev/a\"']", "quote"},
		{"devices: [\"/dev/a\\n\"]", "control"},
		{"{devices: [/dev/a], read-devices: [/dev/a]}", "in devices and in read-devices"},
		{"files: {exec: [/a]}", "files.exec is nothing"}, {"files: [/a]", "must be a map"},
		{"files: {read: ['/a/**']}", "refuses"}, {"files: {read: [a]}", "absolute"},
		{"{devices: [/dev/a], custom-device: 5}", "must be a text"},
		{"{devices: [/dev/a], udev-tagging: [{subsystem: x}]}", "kernel is missing"},
		{"{devices: [/dev/a], udev-tagging: [{kernel: b}]}", "name of no device"},
		{"{devices: [/dev/x/a, /dev/y/a], udev-tagging: [{kernel: a}]}", "more than one"},
		{"{devices: [/dev/a], udev-tagging: [{kernel: a, for-device: /dev/b}]}", "no device"},
		{"{devices: [/dev/a], udev-tagging: [{kernel: a, for-device: x}]}", "no device"},
		{"{devices: [/dev/a], udev-tagging: [{kernel: a, run: x}]}", "udev-tagging[1].run"},
		{"{devices: [/dev/a], udev-tagging: [{kernel: 'a\", RUN+=\"x'}]}", "the form"},
		{"{devices: [/dev/a], udev-tagging: [{kernel: \"a\\nb\"}]}", "control"},
		{"{devices: [/dev/a], udev-tagging: [{kernel: a, attributes: x}]}", "must be a map"},
		{"{devices: [/dev/a], udev-tagging: [{kernel: a, attributes: {a: 5}}]}", "no name with"},
		{"{devices: [/dev/a], udev-tagging: [{kernel: a, attributes: {a: \"b\\nc\"}}]}",
		 "no name with"},
		{"{devices: [/dev/a], udev-tagging: [{kernel: a, attributes: {a: 'b\"'}}]}",
		 "no name with"},
		{"{devices: [/dev/a], udev-tagging: [{kernel: a, environment: {'a}==\"\"': b}}]}",
		 "no name with"},
		{NULL, NULL}});
	check_rows(*state, PLUG, "custom-device", (const struct row[]){
		{"{}", NULL}, {"custom-device: x", NULL}, {"custom-device: [x]", "must be a text"},
		{NULL, NULL}});
}

static void memory_and_queues(void **state)
{
	check_rows(*state, SLOT, "shared-memory", (const struct row[]){
		{"read: [a*b, c.d]", NULL}, {"write: ['x y']", NULL},
		{"{}", "needs names"}, {"read: a", "must be a list"}, {"read: ['']", "begin with"},
		{"read: [../x]", "clean"}, {"read: ['..']", "clean"}, {"read: [a/b]", "the form"},
		{"read: ['a**']", "refuses"}, {"read: [' a']", "refuses"}, {"read: ['a ']", "refuses"},
		{"read: ['a?']", "the form"}, {"read: ['[a]']", "the form"},
		{"read: ['{a,b}']", "the form"}, {"read: ['a\"']", "quote"}, {"read: ['@{x}']", "well"},
		{"read: [\"a\\n\"]", "control"}, {"{read: [a], shared-memory: [x]}", "a text"},
		{NULL, NULL}});
	check_rows(*state, PLUG, "shared-memory", (const struct row[]){
		{"{}", NULL}, {"private: true", NULL}, {"shared-memory: x", NULL},
		{"private: 5", "true or false"}, {"{private: true, shared-memory: x}", "no name"},
		{NULL, NULL}});
	check_rows(*state, SLOT, "posix-mq", (const struct row[]){
		{"path: /a", NULL}, {"path: [a, /b c]", NULL},
		{"{path: /a, permissions: [read, delete]}", NULL},
		{"{}", "path is missing"}, {"path: []", "too few"}, {"path: ''", "the form"},
		{"path: /a/b", "the form"}, {"path: [/a, '/b*']", "path[2]"}, {"path: /..", "refuses"},
		{"path: '/a\"'", "refuses"}, {"path: '/a\\'", "refuses"}, {"path: '@{x}'", "refuses"},
		{"path: \"/a\\n\"", "control"}, {"{path: /a, permissions: [setattr]}", "allowed values"},
		{"{path: /a, permissions: read}", "must be a list"}, {NULL, NULL}});
}

static void private_memory_is_alone(void **state)
{
	struct arena *a = *state;
	struct port *p = port_of(a, PLUG, "shared-memory", "private: true");
	char why[WHY_MAX] = "";

	vec_push(a, &p->snap->slots, port_of(a, SLOT, "shared-memory", "read: [a]"));
	assert_false(policy_check_port(a, iface_load(a, "shared-memory"), p, why));
	assert_non_null(strstr(why, "no other plug or slot"));
}

static void modules_units_and_families(void **state)
{
	check_rows(*state, PLUG, "kernel-module-load", (const struct row[]){
		{"{}", NULL}, {"modules: [{name: a-B_1, load: on-boot, options: p=1 q}]", NULL},
		{"modules: [{name: a, load: dynamic, options: '*'}]", NULL},
		{"modules: [{name: a, options: 'f=$SNAP_COMMON/x'}]", NULL},
		{"modules: x", "must be a list"}, {"modules: [{load: denied}]", "name is missing"},
		{"modules: [{name: a}]", "neither"}, {"modules: [{name: a, options: ''}]", "neither"},
		{"modules: [{name: 'a b', load: denied}]", "the form"},
		{"modules: [{name: ../a, load: denied}]", "the form"},
		{"modules: [{name: \"a\\ninstall b /bin/sh\", load: denied}]", "control"},
		{"modules: [{name: a, load: always}]", "allowed values"},
		{"modules: [{name: b, load: on-boot}, {name: a, load: denied, options: p}]",
		 "modules[2]: options are for"},
		{"modules: [{name: a, load: on-boot, options: '*'}]", "loads itself"},
		{"modules: [{name: a, options: '=1'}]", "the form"},
		{"modules: [{name: a, options: 'p=1\\'}]", "refuses"},
		{"modules: [{name: a, options: \"p=1\\ninstall b /bin/sh\"}]", "control"},
		{NULL, NULL}});
	check_rows(*state, PLUG, "mediatek-accel", (const struct row[]){
		{"units: [apu, vcu]", NULL}, {"{}", "units is missing"}, {"units: []", "too few"},
		{"units: apu", "a list"}, {"units: [gpu]", "allowed values"}, {NULL, NULL}});
	check_rows(*state, PLUG, "netlink-driver", (const struct row[]){
		{"family-name: foo-1", NULL}, {"{}", "is missing"}, {"family-name: foo-", "the form"},
		{"family-name: 1foo", "the form"}, {"family-name: [a]", "a text"}, {NULL, NULL}});
	check_rows(*state, SLOT, "netlink-driver", (const struct row[]){
		{"{family: 16, family-name: foo}", NULL}, {"{family-name: foo}", "family is missing"},
		{"{family: -1, family-name: foo}", "out of range"},
		{"{family: '16', family-name: foo}", "a number"}, {NULL, NULL}});
}

static void names_that_differ_do_not_connect_by_themselves(void **state)
{
	struct arena *a = *state;
	const char *why = "";
	char reason[WHY_MAX];
	static const char grant[] = "allow-auto-connection: true\n";
	struct decl_question q = {
		.iface = iface_load(a, "netlink-driver"), .classic = true, .distro = "",
		.plug = {port_of(a, PLUG, "netlink-driver", "family-name: foo"), "app", "", "", NULL},
		.slot = {port_of(a, SLOT, "netlink-driver", "{family: 9, family-name: bar}"), "gadget",
			 "", "", NULL},
	};

	q.plug.granted = yaml_parse(a, grant, strlen(grant), reason);
	assert_false(decl_allows(a, DECL_AUTO_CONNECTION, &q, NULL, &why));
	assert_non_null(strstr(why, "different names"));
	assert_true(decl_allows(a, DECL_CONNECTION, &q, NULL, &why));
	q.slot.port = port_of(a, SLOT, "netlink-driver", "{family: 9, family-name: foo}");
	assert_true(decl_allows(a, DECL_AUTO_CONNECTION, &q, NULL, &why));
}

static void ports_without_a_name_of_their_own_are_known_by_their_own(void **state)
{
	struct arena *a = *state;
	const char *why = "";
	struct decl_question q = {
		.iface = iface_load(a, "custom-device"), .classic = true, .distro = "",
		.plug = {port_of(a, PLUG, "custom-device", "{}"), "app", "", "", NULL},
		.slot = {port_of(a, SLOT, "custom-device", "devices: [/dev/a]"), "app", "", "", NULL},
	};

	assert_true(decl_allows(a, DECL_CONNECTION, &q, NULL, &why)); /* both are named "port" */
	q.plug.port = port_of(a, PLUG, "custom-device", "custom-device: other");
	assert_false(decl_allows(a, DECL_CONNECTION, &q, NULL, &why));
}

int main(void)
{
	return RUN(UNIT(pins_leds_and_channels), UNIT(lines_of_gpio_chips), UNIT(nodes_of_buses),
		   UNIT(files_of_people_and_of_the_system), UNIT(mounts_of_mount_control),
		   UNIT(devices_that_a_gadget_describes), UNIT(memory_and_queues),
		   UNIT(private_memory_is_alone), UNIT(modules_units_and_families),
		   UNIT(names_that_differ_do_not_connect_by_themselves),
		   UNIT(ports_without_a_name_of_their_own_are_known_by_their_own));
}
