/* Devices of a label: what a rule means, who gets a group, what udev is told. */
#include "check.h"
#include "core/node.h"
#include "core/str.h"
#include "policy/device/rule.h"
#include "policy/device/udev.h"

static struct policy with(struct arena *a, enum backend k, const char *text)
{
	static const struct iface camera = {.name = "camera"};
	static const struct port cam = {.side = PLUG, .name = "cam", .interface = "camera"};
	struct policy p = {0};
	struct piece piece = {text, &camera, &cam, NULL, CONNECTED_PLUG, 1};

	vec_push(a, &p.pieces[k], piece);
	return p;
}

static void a_rule_keeps_what_it_matches(void **state)
{
	static const struct {
		const char *line, *means;
	} good[] = {
		{"KERNEL==\"video[0-9]*\"", "KERNEL==\"video[0-9]*\""},
		{"SUBSYSTEM==\"usb\",ATTRS{idVendor}==\"28de\", MODE=\"0660\", TAG+=\"uaccess\"",
		 "SUBSYSTEM==\"usb\", ATTRS{idVendor}==\"28de\""},
		{"SUBSYSTEM==\"drm\" KERNEL==\"ctrl\"", "SUBSYSTEM==\"drm\", KERNEL==\"ctrl\""},
		{"ACTION==\"add\", SUBSYSTEM==\"usb\", ATTR{power/wakeup}=\"enabled\"",
		 "SUBSYSTEM==\"usb\""},
		{"SUBSYSTEM==\"block\", ENV{DEVTYPE}!=\"partition\"",
		 "SUBSYSTEM==\"block\", ENV{DEVTYPE}!=\"partition\""},
	};

	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
		struct device_rule r, again;
		struct buf b = buf_new(*state), c = buf_new(*state);
		char why[WHY_MAX];

		assert_true(device_rule_parse(*state, good[i].line, &r, why));
		device_rule_print(&b, &r);
		assert_string_equal(buf_text(&b), good[i].means);
		assert_true(device_rule_parse(*state, buf_text(&b), &again, why));
		device_rule_print(&c, &again);
		assert_string_equal(buf_text(&c), buf_text(&b));
	}
}

static void what_runs_programs_or_means_everything_is_refused(void **state)
{
	static const struct {
		const char *what, *line;
	} bad[] = {
		{"a program", "KERNEL==\"x\", RUN+=\"/bin/sh\""},
		{"a program", "KERNEL==\"x\", PROGRAM==\"/bin/sh\""},
		{"a program", "KERNEL==\"x\", IMPORT{program}=\"/bin/sh\""},
		{"no match", "MODE=\"0666\""},
		{"nothing but a difference", "KERNEL!=\"sda\""},
		{"only when", "ACTION==\"add\""},
		{"nothing", ""},
		{"a comma too much", "KERNEL==\"x\","},
		{"nothing between", "KERNEL==\"x\"SUBSYSTEM==\"y\""},
		{"a second line", "KERNEL==\"x\"\nKERNEL==\"sda\""},
		{"a quote", "KERNEL==\"x\"\", MODE=\"0666\""},
		{"a backslash", "KERNEL==\"x\\\""},
		{"an assignment where a match belongs", "KERNEL=\"x\""},
		{"no argument", "ATTRS==\"x\""},
		{"an argument that ends the key", "ATTRS{a}{b}==\"x\""},
		{"jumps", "KERNEL==\"x\", GOTO=\"end\""},
	};

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct device_rule r;
		char why[WHY_MAX] = "";

		if (device_rule_parse(*state, bad[i].line, &r, why) || !*why)
			fail_msg("accepted %s: %s", bad[i].what, bad[i].line);
	}
}

/* D1: older bases get a group when something is assigned, others always; D14. */
static void the_base_says_whether_there_is_a_group(void **state)
{
	static const struct {
		const char *base;
		bool lax, self;
		const char *word;
	} cases[] = {
		{"core", false, false, "assigned"},    {"core22", false, false, "assigned"},
		{"core24", false, false, "always"},    {"bare", false, false, "always"},
		{"core22-desktop", false, false, "always"}, {NULL, false, false, "always"},
		{"core22", true, false, "never"},      {"core24", false, true, "self"},
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct policy p = with(*state, BACK_DEVICE, "KERNEL==\"video[0-9]*\"\n");
		struct device_for f = {"snap.foo.bar", cases[i].base, cases[i].lax, cases[i].self,
				       &p};
		struct buf b = buf_new(*state);
		char why[WHY_MAX];
		bool grouped = *cases[i].word == 'a';

		assert_true(device_group_text(&b, &f, why));
		assert_non_null(strstr(buf_text(&b),
				       arena_printf(*state, "\ngroup %s\n", cases[i].word)));
		assert_int_equal(!!strstr(buf_text(&b), "default c 1:3 rwm null\n"), grouped);
		assert_int_equal(!!strstr(buf_text(&b), "match KERNEL==\"video[0-9]*\"\n"), grouped);
		assert_null(strstr(buf_text(&b), "kmsg"));
		assert_true(str_ends(buf_text(&b), "\nend\n"));
	}
}

/* D6: rules with a tag; D14: none for who makes groups itself. */
static void udev_is_told_once_with_the_tag_of_the_label(void **state)
{
	struct policy p = with(*state, BACK_DEVICE, "KERNEL==\"vchiq\"\nKERNEL==\"video[0-9]*\"\n"
						    "KERNEL==\"vchiq\"\n");
	struct device_for f = {"snap.foo_k.hook.configure", "core22", false, false, &p};
	struct buf b = buf_new(*state), lax = buf_new(*state), self = buf_new(*state);
	char why[WHY_MAX];

	assert_true(udev_text(&b, &f, why));
	assert_string_equal(buf_text(&b),
			    "# Devices of snap.foo_k.hook.configure. Made by snapbox.\n"
			    "\n# camera: plug cam\n"
			    "KERNEL==\"vchiq\", TAG+=\"snap_foo__k_hook_configure\"\n"
			    "KERNEL==\"video[0-9]*\", TAG+=\"snap_foo__k_hook_configure\"\n");
	f.lax = true;
	assert_true(udev_text(&lax, &f, why));
	for (char **l = str_split(*state, buf_text(&lax), '\n', NULL); *l; l++)
		assert_true(!**l || **l == '#');
	f.lax = false;
	vec_push((struct arena *)*state, &p.flags, "controls-device-cgroup");
	f.self = device_is_self(&p);
	assert_true(udev_text(&self, &f, why));
	assert_null(strstr(buf_text(&self), "KERNEL"));
}

static void own_rules_of_an_interface_stay_in_order(void **state)
{
	struct policy p = with(*state, BACK_UDEV, "KERNEL!=\"sr*\", GOTO=\"end\"\nLABEL=\"end\"\n");
	struct device_for f = {"snap.foo.bar", "core22", false, false, &p};
	struct buf b = buf_new(*state);
	char why[WHY_MAX];

	vec_push((struct arena *)*state, &p.pieces[BACK_UDEV], p.pieces[BACK_UDEV].at[0]);
	assert_true(udev_text(&b, &f, why));
	assert_string_equal(buf_text(&b), "# Devices of snap.foo.bar. Made by snapbox.\n"
					  "\n# camera: plug cam\n"
					  "KERNEL!=\"sr*\", GOTO=\"end\"\nLABEL=\"end\"\n");
}

static void a_bad_rule_names_plug_and_interface(void **state)
{
	struct policy p = with(*state, BACK_DEVICE, "KERNEL==\"x\", RUN+=\"/bin/sh\"\n");
	struct device_for f = {"snap.foo.bar", "core22", false, false, &p};
	struct buf b = buf_new(*state);
	char why[WHY_MAX];

	assert_false(device_group_text(&b, &f, why));
	assert_non_null(strstr(why, "cam: device rule of interface camera: "));
	assert_false(udev_text(&b, &f, why));
}

int main(void)
{
	return RUN(UNIT(a_rule_keeps_what_it_matches),
		   UNIT(what_runs_programs_or_means_everything_is_refused),
		   UNIT(the_base_says_whether_there_is_a_group),
		   UNIT(udev_is_told_once_with_the_tag_of_the_label),
		   UNIT(own_rules_of_an_interface_stay_in_order),
		   UNIT(a_bad_rule_names_plug_and_interface));
}
