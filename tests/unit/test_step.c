/* test_step.c - a step survives being written down, and nothing but a step can be read */
#include "check.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ns/mounts.h"
#include "ns/step.h"

static void round_trip(void **state)
{
	static const char *const good[] = {
		"/dev /dev none rbind,rslave 0 0",
		"/snap/a/1/x /snap/b/2/y none bind,ro 0 0",
		"/a\\040b /c\\011d\\012e\\134f none bind,ro,x-snapd.ignore-missing 0 0",
		"none /usr/share/x tmpfs mode=0755,uid=0,gid=0 0 0",
		"none /x tmpfs rw 0 0",
		"tmpfs /var/x tmpfs x-snapd.origin=layout,x-snapd.mode=01777 0 0",
		"tmpfs /var/x tmpfs x-snapd.uid=7,x-snapd.gid=8 0 0",
		"/snap/a/1/f /etc/f none bind,x-snapd.kind=file,x-snapd.origin=layout 0 0",
		"none /opt/x none x-snapd.kind=symlink,x-snapd.symlink=/a\\040b 0 0",
	};

	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
		struct buf out = buf_new(*state);
		const char *why;
		struct step s;

		if (!step_parse(*state, good[i], &s, &why))
			fail_msg("refused \"%s\": %s", good[i], why);
		step_print(&out, &s);
		assert_string_equal(buf_text(&out), good[i]);
	}
}

/* A263 A257: options never come from paths, unclean paths are refused. */
static void refused(void **state)
{
	static const struct {
		const char *why, *line;
	} bad[] = {
		{"empty", ""},
		{"target climbs", "/dev /dev/../etc none bind 0 0"},
		{"target is the root", "/dev / none bind 0 0"},
		{"dot", "/dev /dev/. none bind 0 0"},
		{"empty component", "/dev //dev none bind 0 0"},
		{"slash at the end", "/dev /dev/ none bind 0 0"},
		{"relative target", "/dev dev none bind 0 0"},
		{"relative source", "dev /dev none bind 0 0"},
		{"source climbs", "/a/../b /dev none bind 0 0"},
		{"bind of nothing", "none /dev none bind 0 0"},
		{"nothing at all", "none /dev none rw 0 0"},
		{"other filesystem", "none /dev ext4 rw 0 0"},
		{"procfs", "none /proc proc rw 0 0"},
		{"tmpfs of a path", "/dev /dev tmpfs rw 0 0"},
		{"bind and rbind", "/dev /dev none rbind,bind 0 0"},
		{"bind twice", "/dev /dev none bind,bind 0 0"},
		{"slave and private", "/dev /dev none bind,rslave,rprivate 0 0"},
		{"shared", "/dev /dev none bind,rshared 0 0"},
		{"suid", "/dev /dev none bind,suid 0 0"},
		{"unknown option", "/dev /dev none bind,loud 0 0"},
		{"empty option", "/dev /dev none bind,,ro 0 0"},
		{"mode of a bind", "/dev /dev none bind,mode=0777 0 0"},
		{"mode of letters", "none /x tmpfs mode=a 0 0"},
		{"mode of nothing", "none /x tmpfs mode= 0 0"},
		{"bind that is a link",
		 "/a /b none bind,x-snapd.kind=symlink,x-snapd.symlink=/c 0 0"},
		{"link to nowhere", "none /b none x-snapd.kind=symlink 0 0"},
		{"no link that leads somewhere", "/a /b none bind,x-snapd.symlink=/c 0 0"},
		{"link climbs", "none /b none x-snapd.kind=symlink,x-snapd.symlink=/c/.. 0 0"},
		{"relative link", "none /b none x-snapd.kind=symlink,x-snapd.symlink=c 0 0"},
		{"link twice",
		 "none /b none x-snapd.kind=symlink,x-snapd.symlink=/c,x-snapd.symlink=/d 0 0"},
		{"file with all below", "/a /b none rbind,x-snapd.kind=file 0 0"},
		{"two kinds", "/a /b none bind,x-snapd.kind=file,x-snapd.kind=symlink 0 0"},
		{"unknown kind", "/a /b none bind,x-snapd.kind=dir 0 0"},
		{"two origins", "/a /b none bind,x-snapd.origin=layout,x-snapd.origin=overname 0 0"},
		{"unknown origin", "/a /b none bind,x-snapd.origin=rootfs 0 0"},
		{"setuid mode", "tmpfs /b tmpfs x-snapd.mode=04755 0 0"},
		{"decimal mode", "tmpfs /b tmpfs x-snapd.mode=755 0 0"},
		{"mode with two zeros", "tmpfs /b tmpfs x-snapd.mode=00755 0 0"},
		{"mode of nothing", "tmpfs /b tmpfs x-snapd.mode= 0 0"},
		{"mode twice", "tmpfs /b tmpfs x-snapd.mode=0755,x-snapd.mode=0700 0 0"},
		{"negative uid", "tmpfs /b tmpfs x-snapd.uid=-1 0 0"},
		{"uid that wraps", "tmpfs /b tmpfs x-snapd.uid=4294967296 0 0"},
		{"escape in options cut off", "/a /b none bind,x-snapd.symlink=/c\\04 0 0"},
		{"five fields", "/dev /dev none bind 0"},
		{"seven fields", "/dev /dev none bind 0 0 0"},
		{"dump", "/dev /dev none bind 1 0"},
		{"escape cut off", "/dev\\04 /dev none bind 0 0"},
		{"escape of a letter", "/dev\\101 /dev none bind 0 0"},
		{"escape of NUL", "/dev\\000 /dev none bind 0 0"},
		{"two lines", "/dev /dev none bind 0 0\n/a /b none bind 0 0"},
	};

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct step s;
		const char *why = NULL;

		if (step_parse(*state, bad[i].line, &s, &why))
			fail_msg("accepted %s: \"%s\"", bad[i].why, bad[i].line);
		assert_non_null(why);
	}
}

/* A255 A257 A265: what a snap's own lines may ask for, whoever wrote them. */
static void a_snap_asks_for_its_own(void **state)
{
	static const char *const good[] = {
		"",
		"# nothing\n\n",
		"/snap/foo/1/x /usr/share/x none rbind,rw,x-snapd.origin=layout 0 0\n",
		"/var/snap/foo/1/x /snap/foo/1/x none rbind,rw,x-snapd.origin=layout 0 0\n",
		"/snap/bar/1/x /snap/foo/1/x none bind,ro 0 0\n",
		"/var/snap/bar/common/x /var/snap/foo/common/x none bind 0 0\n",
		"/snap/foo_k /snap/foo none rbind,x-snapd.origin=overname 0 0\n",
		"none /etc/x none x-snapd.kind=symlink,x-snapd.symlink=/snap/foo/1/x 0 0\n",
		"tmpfs /var/cache/x tmpfs x-snapd.mode=01777,x-snapd.origin=layout 0 0\n",
		"/var/snap/bar/common/run /var/cups none bind,rw 0 0\n",
		"/dev/shm/snap.foo_k /dev/shm none bind,rw 0 0\n",
		"/var/lib/snapd/hostfs/usr/share/fonts /usr/share/fonts none bind,ro 0 0\n",
		"/var/lib/snapd/hostfs/boot /boot none rbind,rw 0 0\n",
		"/var/lib/snapd/hostfs/tmp/snap-private-tmp/snap.x/tmp/.X11-unix /tmp/.X11-unix none "
		"bind,ro 0 0\n",
	};
	static const struct {
		const char *why, *line;
	} bad[] = {
		{"the host as source", "/etc /opt/x none bind 0 0"},
		{"the host as source of a layout", "/etc /opt/x none bind,x-snapd.origin=layout 0 0"},
		{"another snap's", "/snap/bar/1 /opt/x none bind,x-snapd.origin=layout 0 0"},
		{"name that begins alike", "/snap/foox/1 /opt/x none bind,x-snapd.origin=layout 0 0"},
		{"the host elsewhere", "/var/lib/snapd/hostfs/usr/share/x /opt/x none bind,ro 0 0"},
		{"the host's secrets", "/var/lib/snapd/hostfs/etc /etc none bind,ro 0 0"},
		{"the host by a layout", "/var/lib/snapd/hostfs/boot /boot none "
		 "bind,x-snapd.origin=layout 0 0"},
		{"others' memory", "/dev/shm/snap.bar /dev/shm none bind,rw 0 0"},
		{"others' /tmp", "/var/lib/snapd/hostfs/tmp/snap-private-tmp/snap.x/tmp/a/.X11-unix "
		 "/tmp/.X11-unix none bind,ro 0 0"},
		{"link to the host", "none /o/x none x-snapd.kind=symlink,x-snapd.symlink=/etc 0 0"},
		{"kernel", "/snap/foo/1 /proc none bind 0 0"},
		{"in /dev", "/snap/foo/1 /dev/shm/x none bind 0 0"},
		{"above what is kept", "/snap/foo/1 /usr none bind 0 0"},
		{"above snaps", "/snap/foo/1 /var none bind 0 0"},
		{"homes", "tmpfs /home/x tmpfs rw 0 0"},
		{"private /tmp", "tmpfs /tmp tmpfs rw 0 0"},
		{"other snap as target", "/snap/foo/1 /snap/bar/1 none bind 0 0"},
		{"all snaps", "/snap/foo/1 /snap none bind 0 0"},
		{"all of the snap", "/snap/foo/1 /snap/foo none bind 0 0"},
		{"others' data", "/snap/foo/1 /var/snap/bar/1/x none bind 0 0"},
		{"layout on data", "/snap/foo/1 /var/snap/foo/1/x none bind,x-snapd.origin=layout 0 0"},
		{"over another name", "/snap/foo_k /snap/bar none rbind,x-snapd.origin=overname 0 0"},
		{"another over the name", "/snap/bar /snap/foo none rbind,x-snapd.origin=overname 0 0"},
		{"across", "/snap/foo_k /var/snap/foo none rbind,x-snapd.origin=overname 0 0"},
		{"tmpfs over the name", "tmpfs /snap/foo tmpfs x-snapd.origin=overname 0 0"},
		{"devices", "/snap/foo/1 /opt/x none bind,dev 0 0"},
		{"propagation", "/snap/foo/1 /opt/x none bind,rslave 0 0"},
		{"words of tmpfs", "none /opt/x tmpfs mode=0755 0 0"},
		{"no step", "/snap/foo/1 /opt/x none bind 0"},
	};
	struct step_list list;
	const char *why;

	for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
		if (!step_read(*state, "foo_k", "foo", good[i], &list, &why))
			fail_msg("refused %s: %s", good[i], why);
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		if (step_read(*state, "foo_k", "foo", bad[i].line, &list, &why))
			fail_msg("accepted %s: %s", bad[i].why, bad[i].line);
		assert_non_null(strstr(why, "line 1: "));
	}
	assert_false(step_read(*state, "foo", "foo", "/snap/foo /snap/foo none "
			       "rbind,x-snapd.origin=overname 0 0", &list, &why));
}

/* ---- on real mounts, in a mount namespace of this process's own */

static struct step_dirs dirs;

static void own_root(void)
{
	if (geteuid())
		skip();
	assert_return_code(unshare(CLONE_NEWNS), errno);
	assert_return_code(mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL), errno);
	while (!umount2("/mnt", MNT_DETACH)) /* of the test before */
		;
	assert_return_code(mount("none", "/mnt", "tmpfs", 0, NULL), errno);
	assert_return_code(mkdir("/mnt/a", 0755), errno);
	assert_return_code(mkdir("/mnt/b", 0755), errno);
	assert_return_code(close(open("/mnt/a/file", O_CREAT | O_WRONLY, 0644)), errno);
	assert_return_code(close(open("/mnt/plain", O_CREAT | O_WRONLY, 0644)), errno);
	dirs.host = open("/", O_PATH | O_DIRECTORY);
	dirs.root = dirs.base = dirs.own = dirs.tmp = open("/mnt", O_PATH | O_DIRECTORY);
}

static struct step step_of(struct arena *a, const char *line)
{
	struct step s;
	const char *why;

	if (!step_parse(a, line, &s, &why))
		fail_msg("%s: %s", line, why);
	return s;
}

static const struct mount *mount_at(struct arena *a, const char *point)
{
	struct mount_table t = mounts_read(a);
	const struct mount *found = NULL;

	for (size_t i = 0; i < t.len; i++)
		if (!strcmp(t.at[i].point, point))
			found = &t.at[i];
	return found;
}

static void flags_are_set(void **state)
{
	own_root();
	struct step s = step_of(*state, "/a /b none bind,ro 0 0");

	step_run(&s, &dirs);
	assert_return_code(access("/mnt/b/file", F_OK), errno);
	assert_int_equal(open("/mnt/b/new", O_CREAT | O_WRONLY, 0600), -1);
	assert_int_equal(errno, EROFS);
	const struct mount *m = mount_at(*state, "/mnt/b");
	assert_non_null(m);
	assert_true(mounts_has_option(m, "nosuid") && mounts_has_option(m, "nodev"));
}

static void link_cannot_lead_out(void **state)
{
	own_root();
	struct step s = step_of(*state, "none /trap tmpfs mode=0700 0 0");

	assert_return_code(symlink("/etc", "/mnt/trap"), errno);
	assert_dies(step_run(&s, &dirs), "mount /trap: there is no such place inside");
	assert_return_code(access("/etc/passwd", F_OK), errno);
}

static void linked_target_stays_inside(void **state)
{
	own_root();
	struct step s = step_of(*state, "none /lib/modules tmpfs mode=0700 0 0");

	s.flags |= STEP_LINKED;
	assert_return_code(mkdir("/mnt/usr", 0755), errno);
	assert_return_code(symlink("/usr", "/mnt/lib"), errno);
	assert_return_code(mkdir("/mnt/usr/modules", 0755), errno);
	step_run(&s, &dirs);
	assert_non_null(mount_at(*state, "/mnt/usr/modules"));
}

static void source_link_is_not_followed(void **state)
{
	own_root();
	struct step s = step_of(*state, "/out/x /b none bind 0 0");

	assert_return_code(symlink("/etc", "/mnt/out"), errno);
	assert_dies(step_run(&s, &dirs), "mount /b: /out/x: ");
}

static void missing(void **state)
{
	own_root();
	struct step s = step_of(*state, "/no /b none bind 0 0");

	assert_dies(step_run(&s, &dirs), "mount /b: /no: No such file");
	s.flags |= STEP_OPTIONAL;
	step_run(&s, &dirs);
	s = step_of(*state, "/a /no none bind 0 0");
	assert_dies(step_run(&s, &dirs), "mount /no: there is no such place inside");
	s.flags |= STEP_OPTIONAL;
	step_run(&s, &dirs);
}

/* A124: the base's /etc/x over the host's: same kind, or nothing. */
static void same_kind_only(void **state)
{
	static const char *const skipped[] = {"/plain", "/fifo", "/link", "/none"};

	own_root();
	assert_return_code(mkfifo("/mnt/fifo", 0600), errno);
	assert_return_code(symlink("a", "/mnt/link"), errno);
	for (size_t i = 0; i < sizeof skipped / sizeof skipped[0]; i++) {
		struct step s = step_of(*state, "/x /b none bind,ro 0 0");
		struct step t = step_of(*state, "/a /x none bind,ro 0 0");

		s.flags |= STEP_SAME;
		s.src = skipped[i];
		step_run(&s, &dirs);
		assert_null(mount_at(*state, "/mnt/b"));
		t.flags |= STEP_SAME;
		t.dst = skipped[i];
		step_run(&t, &dirs);
		assert_null(mount_at(*state, "/mnt/plain"));
	}
	struct step s = step_of(*state, "/a /b none bind,ro 0 0");
	s.flags |= STEP_SAME;
	step_run(&s, &dirs);
	assert_non_null(mount_at(*state, "/mnt/b"));
}

static void a_new_tmpfs(void **state)
{
	struct stat st;

	own_root();
	struct step s = step_of(*state, "none /b tmpfs mode=0711,uid=7,gid=8,size=64k 0 0");

	step_run(&s, &dirs);
	assert_return_code(stat("/mnt/b", &st), errno);
	assert_int_equal(st.st_mode & 07777, 0711);
	assert_int_equal(st.st_uid, 7);
	assert_int_equal(st.st_gid, 8);
	s.data = "size=%,mode=9";
	assert_dies(step_run(&s, &dirs), "mount /b: new tmpfs");
}

int main(void)
{
	return RUN(UNIT(round_trip), UNIT(refused), UNIT(a_snap_asks_for_its_own),
		   UNIT(flags_are_set), UNIT(link_cannot_lead_out),
		   UNIT(linked_target_stays_inside), UNIT(source_link_is_not_followed),
		   UNIT(missing), UNIT(same_kind_only), UNIT(a_new_tmpfs));
}
