/* The mounts of a snap as text: layouts, connections, parallel instances. */
#include "check.h"
#include "core/str.h"
#include "ns/fstab.h"
#include "policy/model/snap.h"

static const struct iface content = {.name = "content"};
static const struct port themes = {.side = PLUG, .name = "themes", .interface = "content"};

static struct snap *snap_of(struct arena *a, const char *layout, const char *instance)
{
	char why[WHY_MAX];
	char *text = arena_printf(a, "name: foo\nversion: 1\nbase: core24\napps: {a: {command: x}}\n"
				     "layout:\n%s", layout);
	struct snap *s = snap_from_yaml(a, text, strlen(text), why);

	if (!s)
		fail_msg("%s", why);
	snap_set_instance(a, s, instance, "x1");
	return s;
}

static void add(struct arena *a, struct policy *p, enum backend k, const char *text)
{
	struct piece piece = {text, &content, &themes, NULL, CONNECTED_PLUG, 1};

	vec_push(a, &p->pieces[k], piece);
}

static const char *text_of(struct arena *a, const struct snap *s, const struct policy *p)
{
	struct buf b = buf_new(a);
	char why[WHY_MAX];

	if (!fstab_text(&b, s, p, why))
		fail_msg("%s", why);
	return buf_text(&b);
}

/* M17, M19, M24, M26 */
static void layouts_are_written_as_snapd_does(void **state)
{
	const struct snap *s = snap_of(*state,
		"  /usr/share/foo: {bind: $SNAP/usr/share/foo}\n"
		"  /etc/foo.conf: {bind-file: $SNAP_DATA/foo.conf}\n"
		"  /opt/foo: {symlink: $SNAP/opt/foo}\n"
		"  /var/lib/foo: {type: tmpfs, mode: 01777}\n"
		"  $SNAP/a b: {bind: $SNAP_COMMON/b}\n", "foo_k");
	const struct policy none = {0};

	assert_string_equal(text_of(*state, s, &none),
		"/snap/foo_k /snap/foo none rbind,x-snapd.origin=overname 0 0\n"
		"/var/snap/foo_k /var/snap/foo none rbind,x-snapd.origin=overname 0 0\n"
		"/var/snap/foo/x1/foo.conf /etc/foo.conf none "
		"bind,rw,x-snapd.kind=file,x-snapd.origin=layout 0 0\n"
		"none /opt/foo none x-snapd.kind=symlink,x-snapd.symlink=/snap/foo/x1/opt/foo,"
		"x-snapd.origin=layout 0 0\n"
		"/var/snap/foo/common/b /snap/foo/x1/a\\040b none rbind,rw,x-snapd.origin=layout 0 0\n"
		"/snap/foo/x1/usr/share/foo /usr/share/foo none rbind,rw,x-snapd.origin=layout 0 0\n"
		"tmpfs /var/lib/foo tmpfs x-snapd.mode=01777,x-snapd.origin=layout 0 0\n");
}

/* M19: what lies in a place is mounted after it, whatever sorts between them as text. */
static void connections_come_first_and_by_path(void **state)
{
	struct snap *s = snap_of(*state, "  /opt/foo: {bind: $SNAP/opt}\n", "foo");
	struct policy p = {0};

	add(*state, &p, BACK_MOUNT, "/snap/b/2/x /snap/foo/x1/d/e none bind,ro 0 0\n");
	add(*state, &p, BACK_MOUNT, "/snap/b/2/y /snap/foo/x1/d-1 none bind 0 0\n"
				    "/snap/b/2/z /snap/foo/x1/d none bind,ro 0 0\n");
	assert_string_equal(text_of(*state, s, &p),
		"/snap/b/2/y /snap/foo/x1/d-1 none bind 0 0\n"
		"/snap/b/2/z /snap/foo/x1/d none bind,ro 0 0\n"
		"/snap/b/2/x /snap/foo/x1/d/e none bind,ro 0 0\n"
		"/snap/foo/x1/opt /opt/foo none rbind,rw,x-snapd.origin=layout 0 0\n");
}

static void two_at_one_place_are_put_side_by_side(void **state)
{
	struct snap *s = snap_of(*state, "  {}\n", "foo");
	struct policy p = {0};

	add(*state, &p, BACK_MOUNT, "/snap/b/2/x /snap/foo/x1/d none bind,ro 0 0\n");
	add(*state, &p, BACK_MOUNT, "/snap/c/2/x /snap/foo/x1/d none bind,ro 0 0\n");
	add(*state, &p, BACK_MOUNT, "/snap/e/2/x /snap/foo/x1/d none bind,ro 0 0\n");
	add(*state, &p, BACK_MOUNT, "/snap/b/2/x /snap/foo/x1/d none bind 0 0\n");
	assert_string_equal(text_of(*state, s, &p),
		"/snap/c/2/x /snap/foo/x1/d-2 none bind,ro 0 0\n"
		"/snap/e/2/x /snap/foo/x1/d-3 none bind,ro 0 0\n"
		"/snap/b/2/x /snap/foo/x1/d none bind 0 0\n");
}

static void mounts_of_users_know_their_home(void **state)
{
	static const char doc[] = "$XDG_RUNTIME_DIR/doc/by-app/snap.foo $XDG_RUNTIME_DIR/doc none "
				  "bind,rw,x-snapd.ignore-missing 0 0\n";
	static const char dir[] = "none $HOME/.local/share none "
				  "x-snapd.kind=ensure-dir,x-snapd.must-exist-dir=$HOME 0 0\n";
	struct policy p = {0};
	struct buf b = buf_new(*state);
	char why[WHY_MAX];

	add(*state, &p, BACK_USER_MOUNT, doc);
	add(*state, &p, BACK_USER_MOUNT, dir);
	assert_true(fstab_user_text(&b, &p, why));
	assert_string_equal(buf_text(&b), arena_printf(*state, "%s%s", dir, doc));
}

static void only_known_lines_are_read(void **state)
{
	static const struct {
		const char *what, *line;
	} bad[] = {
		{"five fields", "/a /b none bind 0"},
		{"two blanks", "/a  /b none bind 0 0"},
		{"climbs", "/a /b/../etc none bind 0 0"},
		{"source climbs", "/a/../b /b none bind 0 0"},
		{"variable of users", "/a $HOME/b none bind 0 0"},
		{"variable", "/a/$SNAP /b none bind 0 0"},
		{"no bind", "/a /b none ro 0 0"},
		{"both binds", "/a /b none bind,rbind 0 0"},
		{"twice", "/a /b none bind,bind 0 0"},
		{"unknown option", "/a /b none bind,suid 0 0"},
		{"dev", "/a /b none bind,dev 0 0"},
		{"other type", "/a /b ext4 rw 0 0"},
		{"link climbs", "none /b none x-snapd.kind=symlink,x-snapd.symlink=/a/../b 0 0"},
		{"mode", "tmpfs /b tmpfs x-snapd.mode=4755x 0 0"},
		{"fsck", "/a /b none bind 0 1"},
		{"escape", "/a\\040b\\100 /b none bind 0 0"},
		{"newline", "/a /b none bind 0 0\n"},
	};

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct fstab_entry e;
		char why[WHY_MAX] = "";

		if (fstab_parse(*state, bad[i].line, false, &e, why) || !*why)
			fail_msg("accepted %s: %s", bad[i].what, bad[i].line);
	}
}

/* A263: a target that brings an option along */
static void a_link_with_a_comma_is_refused(void **state)
{
	struct snap *s = snap_of(*state,
		"  /opt/foo: {symlink: '$SNAP/x,x-snapd.kind=file'}\n", "foo");
	const struct policy none = {0};
	struct buf b = buf_new(*state);
	char why[WHY_MAX];

	assert_false(fstab_text(&b, s, &none, why));
	assert_non_null(strstr(why, "layout /opt/foo: "));
}

static void a_bad_mount_names_plug_and_interface(void **state)
{
	struct snap *s = snap_of(*state, "  {}\n", "foo");
	struct policy p = {0};
	struct buf b = buf_new(*state);
	char why[WHY_MAX];

	add(*state, &p, BACK_MOUNT, "/ /snap/foo/x1/d none bind 0 0\n");
	assert_false(fstab_text(&b, s, &p, why));
	assert_non_null(strstr(why, "themes: mount of interface content: "));
}

int main(void)
{
	return RUN(UNIT(layouts_are_written_as_snapd_does),
		   UNIT(connections_come_first_and_by_path),
		   UNIT(two_at_one_place_are_put_side_by_side),
		   UNIT(mounts_of_users_know_their_home), UNIT(only_known_lines_are_read),
		   UNIT(a_link_with_a_comma_is_refused),
		   UNIT(a_bad_mount_names_plug_and_interface));
}
