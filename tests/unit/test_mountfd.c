/* Mounts as descriptors, on real mounts in a mount namespace of the test's own. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "check.h"
#include "core/mountfd.h"

static int tmpfs(uint64_t attr)
{
	static const char *const options[] = {"mode=0755", "size=1m", NULL};

	return mountfd_new("tmpfs", options, attr);
}

/* A directory that is a tmpfs, in a new mount namespace where nothing spreads. */
static int scratch(struct arena *a, char **dir)
{
	if (geteuid())
		skip();
	assert_return_code(unshare(CLONE_NEWNS), errno);
	int root = open("/", O_PATH | O_CLOEXEC);
	assert_return_code(mountfd_attr(root, 0, 0, MS_PRIVATE, true), errno);
	close(root);
	*dir = arena_dup(a, "/tmp/snapbox-test-XXXXXX");
	assert_non_null(mkdtemp(*dir));
	int at = open(*dir, O_PATH | O_CLOEXEC);
	int fd = tmpfs(MOUNT_ATTR_NODEV | MOUNT_ATTR_NOSUID);
	assert_return_code(mountfd_attach(fd, at), errno);
	close(at);
	return fd;
}

static void done(int fd, const char *dir)
{
	int tmp = open("/tmp", O_PATH | O_CLOEXEC);

	close(fd);
	assert_return_code(mountfd_detach(tmp, strrchr(dir, '/') + 1), errno);
	assert_return_code(rmdir(dir), errno);
	close(tmp);
}

static unsigned long flags_of(int fd)
{
	struct statvfs sf;

	assert_return_code(fstatvfs(fd, &sf), errno);
	return sf.f_flag & (ST_RDONLY | ST_NOSUID | ST_NODEV | ST_NOEXEC);
}

static void flags_are_there_before_anybody_sees_the_mount(void **state)
{
	char *dir;
	int fd = scratch(*state, &dir);

	assert_int_equal(flags_of(fd), ST_NODEV | ST_NOSUID);
	assert_return_code(mkdirat(fd, "sub", 0755), errno);
	int copy = mountfd_clone(fd, "sub", false);
	assert_true(copy >= 0);
	assert_return_code(mountfd_attr(copy, MOUNT_ATTR_RDONLY, MOUNT_ATTR_NODEV, 0, false),
			   errno);
	assert_int_equal(flags_of(copy), ST_RDONLY | ST_NOSUID);
	assert_int_equal(flags_of(fd), ST_NODEV | ST_NOSUID);
	assert_int_equal(mkdirat(copy, "x", 0755), -1);
	assert_int_equal(errno, EROFS);
	close(copy);
	done(fd, dir);
}

static void a097_targets_never_lead_out_of_the_root(void **state)
{
	char *dir;
	int fd = scratch(*state, &dir);
	struct stat st, inside;

	assert_return_code(mkdirat(fd, "etc", 0755), errno);
	assert_return_code(fstatat(fd, "etc", &inside, 0), errno);
	assert_return_code(symlinkat("/etc", fd, "absolute"), errno);
	assert_return_code(symlinkat("../../../../../etc", fd, "climbs"), errno);
	assert_return_code(symlinkat("loop", fd, "loop"), errno);
	static const char *const ways[] = {"/etc", "etc", "../../etc", "/absolute", "climbs", NULL};
	for (size_t i = 0; ways[i]; i++) {
		int at = mountfd_target(fd, ways[i]);

		assert_return_code(fstat(at, &st), errno);
		assert_true(st.st_dev == inside.st_dev && st.st_ino == inside.st_ino);
		close(at);
	}
	assert_int_equal(mountfd_target(fd, "loop"), -1);
	assert_int_equal(errno, ELOOP);
	assert_int_equal(mountfd_target(fd, "missing"), -1);
	assert_int_equal(errno, ENOENT);
	done(fd, dir);
}

static void the_mounted_object_is_the_one_that_was_made(void **state)
{
	char *dir;
	int fd = scratch(*state, &dir);

	assert_return_code(mkdirat(fd, "at", 0755), errno);
	int before = mountfd_target(fd, "at");
	int new = tmpfs(0);
	assert_return_code(mountfd_attach(new, before), errno);
	int after = mountfd_target(fd, "at");
	assert_true(mountfd_same(new, after));
	assert_false(mountfd_same(new, before));
	assert_int_not_equal(mountfd_id(before), mountfd_id(after));
	assert_int_equal(mountfd_id(before), mountfd_id(fd));
	assert_int_equal(mountfd_id(-1), 0);

	/* a recursive copy has it, a plain one has not */
	int all = mountfd_clone(fd, "", true), one = mountfd_clone(fd, "", false);
	struct stat st;
	assert_return_code(mkdirat(new, "seen", 0755), errno);
	assert_return_code(fstatat(all, "at/seen", &st, 0), errno);
	assert_int_equal(fstatat(one, "at/seen", &st, 0), -1);
	close(all);
	close(one);
	close(after);
	close(before);
	close(new);
	done(fd, dir);
}

static void a126_detaching_does_not_follow_links(void **state)
{
	char *dir;
	int fd = scratch(*state, &dir);
	char here[4096], there[4096];

	assert_return_code(mkdirat(fd, "at", 0755), errno);
	int at = mountfd_target(fd, "at"), new = tmpfs(0);
	assert_return_code(mountfd_attach(new, at), errno);
	assert_return_code(symlinkat("at", fd, "link"), errno);
	assert_non_null(getcwd(here, sizeof here));
	assert_int_equal(mountfd_detach(fd, "link"), -1);
	assert_int_equal(errno, EINVAL);
	static const char *const refused[] = {"..", "at/", "../at", "/at", NULL};
	for (size_t i = 0; refused[i]; i++) {
		assert_int_equal(mountfd_detach(fd, refused[i]), -1);
		assert_int_equal(errno, EINVAL);
	}
	int top = mountfd_target(fd, "at");
	assert_true(mountfd_same(new, top));
	assert_return_code(mountfd_detach(fd, "at"), errno);
	close(top);
	top = mountfd_target(fd, "at");
	assert_true(mountfd_same(at, top));
	close(top);

	/* also by a handle on the mount itself */
	close(new);
	new = tmpfs(0);
	assert_return_code(mountfd_attach(new, at), errno);
	assert_return_code(mountfd_detach(new, ""), errno);
	top = mountfd_target(fd, "at");
	assert_true(mountfd_same(at, top));
	assert_non_null(getcwd(there, sizeof there));
	assert_string_equal(here, there);
	close(top);
	close(new);
	close(at);
	done(fd, dir);
}

static size_t mounts(void)
{
	FILE *f = fopen("/proc/self/mountinfo", "re");
	size_t n = 0;

	assert_non_null(f);
	for (int c; (c = getc(f)) != EOF;)
		n += c == '\n';
	fclose(f);
	return n;
}

static void a_mount_is_seen_from_attach_to_detach(void **state)
{
	char *dir;
	int fd = scratch(*state, &dir);
	size_t before = mounts();
	int at = open(dir, O_PATH | O_CLOEXEC), new = tmpfs(0);

	assert_int_equal(mounts(), before);
	close(new);
	assert_int_equal(mounts(), before);
	new = tmpfs(0);
	assert_return_code(mountfd_attach(new, at), errno);
	assert_int_equal(mounts(), before + 1);
	assert_return_code(mountfd_detach(new, ""), errno);
	assert_int_equal(mounts(), before);
	close(new);
	close(at);
	done(fd, dir);
}

static void failures_say_why(void **state)
{
	static const char *const options[] = {"no-such-option=1", NULL};

	(void)state;
	if (geteuid())
		skip();
	assert_int_equal(mountfd_new("nosuchfs", NULL, 0), -1);
	assert_int_equal(errno, ENODEV);
	assert_string_equal(mountfd_why, "");
	assert_int_equal(mountfd_new("tmpfs", options, 0), -1);
	assert_int_equal(errno, EINVAL);
	assert_non_null(strstr(mountfd_why, "no-such-option"));
	assert_int_equal(mountfd_clone(AT_FDCWD, "/no/such/place", true), -1);
	assert_int_equal(errno, ENOENT);
	int file = open("/dev/null", O_RDONLY | O_CLOEXEC);
	assert_int_equal(mountfd_attach(file, file), -1);
	assert_int_equal(mountfd_detach(file, "x"), -1);
	assert_int_equal(errno, ENOTDIR);
	close(file);
}

int main(void)
{
	return RUN(UNIT(flags_are_there_before_anybody_sees_the_mount),
		   UNIT(a097_targets_never_lead_out_of_the_root),
		   UNIT(the_mounted_object_is_the_one_that_was_made),
		   UNIT(a126_detaching_does_not_follow_links),
		   UNIT(a_mount_is_seen_from_attach_to_detach), UNIT(failures_say_why));
}
