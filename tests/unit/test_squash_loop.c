/* Images mounted by the real kernel, in a mount namespace of the test's own. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/loop.h>

#include "check.h"
#include "core/fs.h"
#include "core/loop.h"
#include "core/mountfd.h"
#include "mksq.h"

/* A file with an image of one directory; skips where loop devices are missing. */
static int image_file(struct arena *a, char **dir)
{
	struct loop_failure f;

	if (geteuid() || access("/dev/loop-control", R_OK | W_OK))
		skip();
	assert_return_code(unshare(CLONE_NEWNS), errno);
	int root = open("/", O_PATH | O_CLOEXEC);
	assert_return_code(mountfd_attr(root, 0, 0, MS_PRIVATE, true), errno);
	close(root);
	*dir = mksq_dir(a);
	mksq_run(a, "cd %s && mkdir in at && echo hello >in/file && cp /bin/true in/su && "
		 "chmod 4755 in/su && mknod in/null c 1 3 && mksquashfs in image -noappend -quiet "
		 "-no-progress >/dev/null && chmod 600 image", *dir);
	int fd = open(arena_printf(a, "%s/image", *dir), O_RDONLY | O_CLOEXEC);
	int mount = loop_mount(fd, "squashfs", &f);
	if (mount < 0 && f.unsupported)
		skip();
	close(mount);
	return fd;
}

static void remove_dir(const char *dir)
{
	assert_true(fs_remove_tree(AT_FDCWD, dir));
}

static void a113_an_image_is_ro_nodev_nosuid_before_it_is_seen(void **state)
{
	struct arena *a = *state;
	struct loop_failure f;
	struct statvfs sf;
	char *dir;
	int image = image_file(a, &dir), mount = loop_mount(image, "squashfs", &f);

	if (mount < 0)
		fail_msg("%s", f.why);
	assert_return_code(fstatvfs(mount, &sf), errno);
	assert_int_equal(sf.f_flag & (ST_RDONLY | ST_NODEV | ST_NOSUID),
			 ST_RDONLY | ST_NODEV | ST_NOSUID);
	int at = open(arena_printf(a, "%s/at", dir), O_PATH | O_CLOEXEC);
	assert_return_code(mountfd_attach(mount, at), errno);
	assert_string_equal(fs_read(a, AT_FDCWD, arena_printf(a, "%s/at/file", dir), 10, NULL),
			    "hello\n");
	assert_int_equal(open(arena_printf(a, "%s/at/null", dir), O_RDONLY | O_CLOEXEC), -1);
	assert_int_equal(errno, EACCES);
	assert_int_equal(openat(mount, "x", O_WRONLY | O_CREAT | O_CLOEXEC, 0600), -1);
	assert_int_equal(errno, EROFS);
	assert_return_code(mountfd_detach(mount, ""), errno);
	close(at);
	close(mount);
	close(image);
	remove_dir(dir);
}

/* What the loop device says of itself; -1 and ENXIO once it is free. */
static int status(unsigned number, struct loop_info64 *info)
{
	char path[32];

	snprintf(path, sizeof path, "/dev/loop%u", number);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int result = ioctl(fd, LOOP_GET_STATUS64, info), saved = errno;
	close(fd);
	errno = saved;
	return result;
}

static void a091_the_device_holds_this_image_and_goes_with_the_mount(void **state)
{
	struct loop_failure f;
	struct loop_info64 info = {0};
	struct stat st, on;
	char *dir;
	int image = image_file(*state, &dir), mount = loop_mount(image, "squashfs", &f);

	assert_true(mount >= 0);
	assert_return_code(fstat(mount, &on), errno);
	assert_return_code(fstat(image, &st), errno);
	assert_int_equal(major(on.st_dev), 7);
	assert_return_code(status(minor(on.st_dev), &info), errno);
	assert_true(info.lo_device == st.st_dev && info.lo_inode == st.st_ino);
	assert_true(info.lo_flags & LO_FLAGS_READ_ONLY && info.lo_flags & LO_FLAGS_AUTOCLEAR);
	close(mount);
	/* Let go of a little later: the last user is a kernel thread. Others on this
	 * machine may take the number at once. */
	for (int i = 0; i < 500; i++) {
		info = (struct loop_info64){0};
		if (status(minor(on.st_dev), &info) || info.lo_inode != st.st_ino)
			break;
		usleep(10000);
	}
	assert_false(info.lo_device == st.st_dev && info.lo_inode == st.st_ino);
	close(image);
	remove_dir(dir);
}

static void many_at_once_each_get_a_device(void **state)
{
	enum { CHILDREN = 12, EACH = 6 };
	char *dir;
	int image = image_file(*state, &dir), status;

	for (int i = 0; i < CHILDREN; i++) {
		if (fork())
			continue;
		for (int j = 0; j < EACH; j++) {
			struct loop_failure f;
			int mount = loop_mount(image, "squashfs", &f);

			if (mount < 0 || faccessat(mount, "file", F_OK, 0))
				_exit(1);
			close(mount);
		}
		_exit(0);
	}
	for (int i = 0; i < CHILDREN; i++) {
		assert_true(wait(&status) > 0);
		assert_int_equal(status, 0);
	}
	close(image);
	remove_dir(dir);
}

static void nodes_missing_in_dev_are_made_where_nobody_sees_them(void **state)
{
	struct arena *a = *state;
	struct loop_failure f;
	char *dir, before[4096], after[4096];
	int image = image_file(a, &dir);
	int dev = open("/dev", O_PATH | O_CLOEXEC), empty = mountfd_new("tmpfs", NULL, 0);
	size_t n;

	assert_return_code(mountfd_attach(empty, dev), errno);
	assert_non_null(getcwd(before, sizeof before));
	int mount = loop_mount(image, "squashfs", &f);
	if (mount < 0)
		fail_msg("%s", f.why);
	assert_return_code(faccessat(mount, "file", F_OK, 0), errno);
	assert_non_null(getcwd(after, sizeof after));
	assert_string_equal(before, after);
	assert_non_null(fs_list(a, empty, ".", &n));
	assert_int_equal(n, 0);
	assert_return_code(mountfd_detach(empty, ""), errno);
	close(mount);
	close(empty);
	close(dev);
	close(image);
	remove_dir(dir);
}

static void what_cannot_be_here_and_what_is_wrong_are_told_apart(void **state)
{
	struct arena *a = *state;
	struct loop_failure f;
	char *dir;
	int image = image_file(a, &dir), status;

	int bad = open(arena_printf(a, "%s/bad", dir), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	assert_return_code(ftruncate(bad, 65536), errno);
	assert_int_equal(loop_mount(bad, "squashfs", &f), -1);
	assert_false(f.unsupported);
	assert_non_null(strstr(f.why, "squashfs"));
	assert_int_equal(loop_mount(image, "nosuchfs", &f), -1);
	assert_true(f.unsupported);
	assert_return_code(ftruncate(bad, 65537), errno);
	assert_int_equal(loop_mount(bad, "squashfs", &f), -1);
	assert_true(f.unsupported);
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	assert_int_equal(loop_mount(null, "squashfs", &f), -1);
	assert_false(f.unsupported);
	assert_string_equal(f.why, "not a regular file");
	/* who may not, as in a container, is told that it cannot be here */
	if (!fork()) {
		if (setresuid(65534, 65534, 65534))
			_exit(2);
		_exit(loop_mount(image, "squashfs", &f) != -1 || !f.unsupported);
	}
	assert_true(wait(&status) > 0);
	assert_int_equal(status, 0);
	close(null);
	close(bad);
	close(image);
	remove_dir(dir);
}

int main(void)
{
	return RUN(UNIT(a113_an_image_is_ro_nodev_nosuid_before_it_is_seen),
		   UNIT(a091_the_device_holds_this_image_and_goes_with_the_mount),
		   UNIT(many_at_once_each_get_a_device),
		   UNIT(nodes_missing_in_dev_are_made_where_nobody_sees_them),
		   UNIT(what_cannot_be_here_and_what_is_wrong_are_told_apart));
}
