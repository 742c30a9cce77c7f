/* mountfd.c - mounts as descriptors
 *
 * MUST NOT pass a path of strangers to the kernel: what they could have moved
 * is opened first and handed over as a descriptor.
 * MUST give a mount its flags before it is attached.
 *
 * Raw system calls, because neither musl nor older glibc has wrappers.
 */
#include "core/mountfd.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/stat.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/fs.h"

/* umount2(2); the kernel has these in no header for programs */
#define DETACH_LAZY 2u
#define DETACH_NOFOLLOW 8u

char mountfd_why[256];

int mountfd_clone(int dir, const char *path, bool recursive)
{
	unsigned flags = OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC;

	if (!path[0])
		flags |= AT_EMPTY_PATH;
	if (recursive)
		flags |= AT_RECURSIVE;
	return (int)syscall(SYS_open_tree, dir, path, flags);
}

static int configure(int fs, unsigned cmd, const char *key, const char *value)
{
	return (int)syscall(SYS_fsconfig, fs, cmd, key, value, 0);
}

static int set_option(int fs, const char *option)
{
	const char *equals = strchr(option, '=');
	char key[64];

	if (!equals)
		return configure(fs, FSCONFIG_SET_FLAG, option, NULL);
	if ((size_t)(equals - option) >= sizeof key) {
		errno = EINVAL;
		return -1;
	}
	memcpy(key, option, (size_t)(equals - option));
	key[equals - option] = '\0';
	return configure(fs, FSCONFIG_SET_STRING, key, equals + 1);
}

/* The first message the kernel left on the context: "e squashfs: ...". */
static void note_why(int fs)
{
	int saved = errno;
	ssize_t n = read(fs, mountfd_why, sizeof mountfd_why - 1);

	if (n < 0)
		n = 0;
	while (n && mountfd_why[n - 1] == '\n')
		n--;
	mountfd_why[n] = '\0';
	if (n > 2 && mountfd_why[1] == ' ')
		memmove(mountfd_why, mountfd_why + 2, (size_t)n - 1);
	errno = saved;
}

static void close_keeping_errno(int fd)
{
	int saved = errno;

	close(fd);
	errno = saved;
}

int mountfd_new(const char *type, const char *const *options, uint64_t attr)
{
	int fs = (int)syscall(SYS_fsopen, type, FSOPEN_CLOEXEC), failed = 0, fd = -1;

	mountfd_why[0] = '\0';
	if (fs < 0)
		return -1;
	for (size_t i = 0; options && options[i] && !failed; i++)
		failed = set_option(fs, options[i]);
	if (!failed)
		failed = configure(fs, FSCONFIG_CMD_CREATE, NULL, NULL);
	if (!failed)
		fd = (int)syscall(SYS_fsmount, fs, FSMOUNT_CLOEXEC, (unsigned)attr);
	if (fd < 0)
		note_why(fs);
	close_keeping_errno(fs);
	return fd;
}

int mountfd_attr(int fd, uint64_t set, uint64_t clear, uint64_t propagation, bool recursive)
{
	struct mount_attr attr = {.attr_set = set, .attr_clr = clear, .propagation = propagation};
	unsigned flags = AT_EMPTY_PATH | (recursive ? AT_RECURSIVE : 0u);

	/* The kinds of access time are one field: setting one means clearing all. */
	if (set & MOUNT_ATTR__ATIME)
		attr.attr_clr |= MOUNT_ATTR__ATIME;
	return (int)syscall(SYS_mount_setattr, fd, "", flags, &attr, sizeof attr);
}

int mountfd_attach(int fd, int target)
{
	return (int)syscall(SYS_move_mount, fd, "", target, "",
			    MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH);
}

int mountfd_target(int root, const char *path)
{
	return fs_open_in_root(root, path, O_PATH);
}

static bool identify(int fd, struct statx *sx)
{
	return !syscall(SYS_statx, fd, "", AT_EMPTY_PATH, STATX_INO | STATX_MNT_ID, sx) &&
	       sx->stx_mask & STATX_MNT_ID;
}

uint64_t mountfd_id(int fd)
{
	struct statx sx;

	return identify(fd, &sx) ? sx.stx_mnt_id : 0;
}

bool mountfd_same(int a, int b)
{
	struct statx sa, sb;

	return identify(a, &sa) && identify(b, &sb) && sa.stx_mnt_id == sb.stx_mnt_id &&
	       sa.stx_ino == sb.stx_ino && sa.stx_dev_major == sb.stx_dev_major &&
	       sa.stx_dev_minor == sb.stx_dev_minor;
}

/* umount2 knows only paths: stand in the directory and name what is in it. */
int mountfd_detach(int dir, const char *name)
{
	int back, result = -1;

	if (strchr(name, '/') || !strcmp(name, "..")) {
		errno = EINVAL;
		return -1;
	}
	back = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (back < 0)
		return -1;
	if (!fchdir(dir)) {
		result = (int)syscall(SYS_umount2, name[0] ? name : ".",
				      DETACH_LAZY | DETACH_NOFOLLOW);
		int saved = errno;
		if (fchdir(back))
			result = -1;
		else
			errno = saved;
	}
	close_keeping_errno(back);
	return result;
}
