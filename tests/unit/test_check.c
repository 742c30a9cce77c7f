/* What install refuses to accept: files (P13), flags (P9, P10), machines (P8). */
#include <stdio.h>
#include <sys/stat.h>

#include "check.h"
#include "policy/model/check.h"
#include "policy/model/snap.h"

#define FILES_MAX 64

static struct snap *snap_of(struct arena *a, const char *text)
{
	char why[WHY_MAX];
	struct snap *s = snap_from_yaml(a, text, strlen(text), why);

	if (!s)
		fail_msg("%s", why);
	return s;
}

static const char *const yaml =
	"name: foo\nversion: 1\n"
	"apps:\n  foo: {command: bin/foo arg, completer: foo.bash}\n"
	"  srv: {command: sbin/srv, daemon: simple, stop-command: /sbin//stop now}\n";

static const struct file_fact fine[] = {
	{"", S_IFDIR | 0755, NULL},
	{"meta", S_IFDIR | 0755, NULL},
	{"meta/snap.yaml", S_IFREG | 0644, NULL},
	{"meta/gui", S_IFDIR | 0755, NULL},
	{"meta/gui/icon.png", S_IFREG | 0644, NULL},
	{"meta/hooks", S_IFDIR | 0755, NULL},
	{"meta/hooks/install", S_IFREG | 0755, NULL},
	{"bin", S_IFLNK | 0777, "usr/bin"},
	{"usr", S_IFDIR | 0755, NULL},
	{"usr/bin", S_IFDIR | 0755, NULL},
	{"usr/bin/foo", S_IFREG | 0755, NULL},
	{"sbin", S_IFDIR | 0700, NULL},
	{"sbin/srv", S_IFREG | 0700, NULL},
	{"sbin/stop", S_IFLNK | 0777, "../usr/bin/foo"},
	{"foo.bash", S_IFREG | 0644, NULL},
	{"fifo", S_IFIFO | 0644, NULL},
};
#define FINE (sizeof fine / sizeof fine[0])

/* The good files with one changed, added, or (mode 0) taken away. */
static bool with(struct arena *a, const struct snap *s, const char *path, unsigned mode,
		 const char *target, char *why)
{
	struct file_fact files[FINE + 1];
	size_t n = 0;
	bool there = false;

	for (size_t i = 0; i < FINE; i++) {
		bool this = path && !strcmp(fine[i].path, path);

		there |= this;
		if (!this)
			files[n++] = fine[i];
		else if (mode)
			files[n++] = (struct file_fact){path, mode, target};
	}
	if (path && !there)
		files[n++] = (struct file_fact){path, mode, target};
	return check_files(a, s, files, n, why);
}

static void good_images_pass(void **state)
{
	struct arena *a = *state;
	struct snap *s = snap_of(a, yaml);
	char why[WHY_MAX];

	assert_true(with(a, s, NULL, 0, NULL, why));
	assert_true(with(a, s, "meta/gui/icon.png", S_IFLNK | 0777, "../snap.yaml", why));
	assert_true(with(a, s, "meta/hooks/install", S_IFREG | 0700, NULL, why));
	/* What leaves the image is for the running app to find. */
	assert_true(with(a, s, "usr/bin/foo", S_IFLNK | 0777, "/usr/bin/python3", why));
	assert_true(with(a, s, "usr/bin/foo", S_IFLNK | 0777, "../../../x", why));
	assert_true(with(a, s, "usr/bin/foo", S_IFLNK | 0777, ".././bin/../../bin/bar", why) == false);
}

static void bad_images_are_refused(void **state)
{
	static const struct {
		const char *path;
		unsigned mode;
		const char *target, *why;
	} rows[] = {
		{"", S_IFDIR | 0750, NULL, "the top directory: not everybody may enter it"},
		{"", 0, NULL, "the top directory: is not in the snap"},
		{"meta", S_IFDIR | 0711, NULL, "meta: not everybody may enter it"},
		{"meta", S_IFLNK | 0777, "usr", "meta: not a directory"}, /* A201 */
		{"meta", S_IFLNK | 0777, "../../../etc", "meta: not a directory"},
		{"meta/snap.yaml", 0, NULL, "meta/snap.yaml: is not in the snap"},
		{"meta/snap.yaml", S_IFLNK | 0777, "/etc/passwd", "meta/snap.yaml: not a regular file"},
		{"meta/snap.yaml", S_IFREG | 0600, NULL, "meta/snap.yaml: not readable by all"},
		{"meta/gui", S_IFDIR | 0700, NULL, "meta/gui: not everybody"},
		{"meta/gui", S_IFLNK | 0777, "..", "meta/gui: a link to nowhere good"},
		{"meta/gui", S_IFLNK | 0777, ".", "meta/gui: a link to nowhere good"},
		{"meta/gui/icon.png", S_IFLNK | 0777, "/etc/shadow", "a link that leaves the snap"},
		{"meta/gui/icon.png", S_IFLNK | 0777, "../../../etc/shadow", "a link that leaves the snap"},
		{"meta/gui/icon.png", S_IFLNK | 0777, "nothing", "a link to nowhere good"},
		{"meta/gui/icon.png", S_IFLNK | 0777, "icon.png", "a link to nowhere good"},
		{"meta/gui/icon.png", S_IFLNK | 0777, "../../fifo", "not a regular file"},
		{"meta/gui/icon.png", S_IFREG | 0640, NULL, "meta/gui/icon.png: not readable by all"},
		{"meta/gui/x", S_IFIFO | 0644, NULL, "meta/gui/x: not a regular file"},
		{"meta/gui/x", S_IFSOCK | 0644, NULL, "meta/gui/x: not a regular file"},
		/* A244 */
		{"meta/hooks/install", S_IFREG | 0644, NULL, "not executable"},
		{"meta/hooks/install", S_IFREG | 04755, NULL, "a hook with a set-id bit"},
		{"meta/hooks/install", S_IFLNK | 0777, "../../usr/bin/foo", "a hook that is a link"},
		{"meta/hooks", S_IFLNK | 0777, "/usr/bin", "a link that leaves the snap"},
		{"usr/bin/foo", 0, NULL, "bin/foo: is not in the snap"},
		{"usr/bin/foo", S_IFREG | 0644, NULL, "bin/foo: not readable and executable by all"},
		{"usr/bin/foo", S_IFREG | 0750, NULL, "bin/foo: not readable and executable by all"},
		{"usr/bin/foo", S_IFDIR | 0755, NULL, "bin/foo: not a regular file"},
		{"usr/bin/foo", S_IFIFO | 0755, NULL, "bin/foo: not a regular file"},
		{"usr/bin/foo", S_IFLNK | 0777, "foo", "bin/foo: a link to itself"},
		{"bin", S_IFLNK | 0777, "bin", "bin/foo: a link to itself"},
		{"bin", S_IFREG | 0755, NULL, "bin/foo: is not in the snap"},
		{"usr/bin", S_IFDIR | 0700, NULL, "bin: not everybody may enter it"},
		{"sbin/srv", S_IFREG | 0600, NULL, "sbin/srv: not executable"},
		{"sbin/stop", 0, NULL, "sbin/stop: is not in the snap"},
		{"foo.bash", S_IFREG | 0600, NULL, "foo.bash: not readable by all"},
		{"foo.bash", 0, NULL, "foo.bash: is not in the snap"},
		{"dev0", S_IFBLK | 0600, NULL, "dev0: a device"},
		{"dev1", S_IFCHR | 0666, NULL, "dev1: a device"},
	};
	struct arena *a = *state;
	struct snap *s = snap_of(a, yaml);
	char why[WHY_MAX];

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		if (with(a, s, rows[i].path, rows[i].mode, rows[i].target, why))
			fail_msg("accepted row %zu: %s %o", i, rows[i].path, rows[i].mode);
		if (!strstr(why, rows[i].why))
			fail_msg("row %zu, %s: \"%s\", not \"%s\"", i, rows[i].path, why, rows[i].why);
	}
}

static void long_and_winding_links_end(void **state)
{
	struct arena *a = *state;
	struct snap *s = snap_of(a, yaml);
	char why[WHY_MAX];
	char *target = arena_alloc(a, 4096, 1);

	for (size_t i = 0; i < 4092; i += 2)
		memcpy(target + i, "./", 2);
	memcpy(target + 4088, "../foo", 7);
	assert_true(with(a, s, "usr/bin/foo", S_IFLNK | 0777, target, why));
	memset(target, 'a', 4095);
	assert_true(with(a, s, "usr/bin/foo", S_IFLNK | 0777, target, why)); /* leaves what can be told */
	struct file_fact chain[200];
	for (size_t i = 0; i < 200; i++)
		chain[i] = (struct file_fact){arena_printf(a, "meta/l%zu", i), S_IFLNK | 0777,
					      arena_printf(a, "l%zu", i + 1)};
	memcpy(chain, fine, sizeof fine);
	assert_false(check_files(a, s, chain, 200, why));
	assert_non_null(strstr(why, "a link to nowhere good"));
}

/* P9, P10: every combination that decides. */
static void flags_decide_the_confinement(void **state)
{
	static const struct {
		const char *kind;
		struct check_flags f;
		int effective; /* -1: refused */
		const char *says;
	} rows[] = {
		{"strict", {.classic_system = true}, CONFINE_STRICT, ""},
		{"strict", {.devmode = true}, CONFINE_DEVMODE, ""},
		{"strict", {.jailmode = true, .can_jail = true}, CONFINE_STRICT, ""},
		{"strict", {.jailmode = true}, -1, "cannot confine"},
		{"strict", {.devmode = true, .jailmode = true, .can_jail = true}, -1, "exclude each other"},
		{"strict", {.devmode = true, .classic = true}, -1, "exclude each other"},
		{"strict", {.classic = true, .classic_system = true}, CONFINE_STRICT, "has no effect"},
		{"devmode", {.classic_system = true}, -1, "made for devmode"},
		{"devmode", {.devmode = true}, CONFINE_DEVMODE, ""},
		{"devmode", {.jailmode = true, .can_jail = true}, CONFINE_STRICT, ""},
		{"classic", {.classic_system = true}, -1, "takes --classic"},
		{"classic", {.classic = true, .classic_system = true}, CONFINE_CLASSIC, ""},
		{"classic", {.was_classic = true, .classic_system = true}, CONFINE_CLASSIC, ""},
		{"classic", {.classic = true}, -1, "does not offer"},
		{"classic", {.classic = true, .jailmode = true, .can_jail = true, .classic_system = true},
		 CONFINE_STRICT, ""},
		{"classic", {.devmode = true, .classic_system = true}, CONFINE_DEVMODE, ""},
	};
	struct arena *a = *state;

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct snap *s = snap_of(a, arena_printf(a, "name: foo\nversion: 1\nconfinement: %s\n",
							 rows[i].kind));
		enum confinement effective = CONFINE_CLASSIC;
		char note[WHY_MAX] = "", why[WHY_MAX] = "";
		bool ok = check_confinement(s, &rows[i].f, &effective, note, why);

		if (ok != (rows[i].effective >= 0) || (ok && (int)effective != rows[i].effective))
			fail_msg("row %zu: %d %d", i, ok, effective);
		if (!strstr(ok ? note : why, rows[i].says))
			fail_msg("row %zu: \"%s\"", i, ok ? note : why);
	}
}

static void only_what_this_machine_can_run(void **state)
{
	static const struct {
		const char *text, *why; /* NULL: accepted */
	} rows[] = {
		{"architectures: [all]\n", NULL},
		{"architectures: [amd64, arm64]\n", NULL},
		{"architectures: [arm64, armhf]\n", "it is for arm64 and others, and this machine is amd64"},
		{"assumes: [snapd2.40, command-chain]\n", NULL},
		{"assumes: [snapd9.1]\n", "it assumes snapd9.1"},
		{"assumes: [time-travel]\n", "it assumes time-travel"},
		{"type: kernel\n", "does not manage snaps of type kernel"},
		{"type: gadget\n", "does not manage snaps of type gadget"},
		{"type: os\n", NULL},
	};
	struct arena *a = *state;
	char why[WHY_MAX];

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct snap *s = snap_of(a, arena_printf(a, "name: foo\nversion: 1\n%s", rows[i].text));
		bool ok = check_machine(s, "amd64", why);

		if (ok != !rows[i].why || (!ok && !strstr(why, rows[i].why)))
			fail_msg("row %zu: %s", i, ok ? "accepted" : why);
	}
	assert_false(check_machine(snap_of(a, "name: snapd\nversion: 1\n"), "amd64", why));
}

int main(void)
{
	return RUN(UNIT(good_images_pass), UNIT(bad_images_are_refused),
		   UNIT(long_and_winding_links_end), UNIT(flags_decide_the_confinement),
		   UNIT(only_what_this_machine_can_run));
}
