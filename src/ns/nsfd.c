/* nsfd.c - namespaces as descriptors, and whose they are
 *
 * openat, because musl's open makes a second system call for O_CLOEXEC.
 */
#include "ns/nsfd.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <linux/nsfs.h>
#include <sched.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "core/die.h"

static bool is_nsfs(int fd)
{
	struct statfs fs;

	return !fstatfs(fd, &fs) && fs.f_type == NSFS_MAGIC;
}

bool nsfd_is_mount_namespace(int fd)
{
	return is_nsfs(fd) && ioctl(fd, NS_GET_NSTYPE) == CLONE_NEWNS;
}

static int open_mount_namespace(const char *path)
{
	int fd = openat(AT_FDCWD, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	if (fd >= 0 && !nsfd_is_mount_namespace(fd)) {
		close(fd);
		errno = EPERM;
		return -1;
	}
	return fd;
}

int nsfd_self(void)
{
	return open_mount_namespace("/proc/self/ns/mnt");
}

int nsfd_first(void)
{
	return open_mount_namespace("/proc/1/ns/mnt");
}

ino_t nsfd_number(int fd)
{
	struct stat st;

	if (fstat(fd, &st))
		die("stat a namespace: %m");
	return st.st_ino;
}

ino_t nsfd_owner(int fd)
{
	int owner = ioctl(fd, NS_GET_USERNS);

	if (owner < 0)
		return 0;
	ino_t n = nsfd_number(owner);
	close(owner);
	return n;
}

/* linux/nsfs.h of older systems lacks it. */
#define GET_MNTNS_ID _IOR(0xb7, 0x5, uint64_t)

bool nsfd_is_younger(int ns, int within)
{
	uint64_t a, b;

	return ioctl(ns, GET_MNTNS_ID, &a) || ioctl(within, GET_MNTNS_ID, &b) || a > b;
}

ino_t nsfd_user(void)
{
	int fd = openat(AT_FDCWD, "/proc/self/ns/user", O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0)
		die("/proc/self/ns/user: %m (/proc must be mounted)");
	if (!is_nsfs(fd) || ioctl(fd, NS_GET_NSTYPE) != CLONE_NEWUSER)
		die("/proc/self/ns/user: not a user namespace");
	ino_t n = nsfd_number(fd);
	close(fd);
	return n;
}
