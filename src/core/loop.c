/* loop.c - mount an image that is open, without naming it to anybody
 *
 * MUST mount only the device that holds this very image: the device is asked
 * what it holds, and the mount which device it is on (attacks.md A091).
 *
 * Between LOOP_CTL_GET_FREE and LOOP_CONFIGURE anybody may take the device:
 * then the next free one is asked for.
 */
#include "core/loop.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/loop.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <time.h>
#include <unistd.h>

#include "core/die.h"
#include "core/mountfd.h"

#define TRIES 128
#define CONTROL_MINOR 237 /* of the misc devices, major 10 */
#define MISC_MAJOR 10
#define LOOP_MAJOR 7
#define SECTOR 512

struct device {
	int fd;
	char path[32]; /* how the kernel finds it: from "/", or from the private place */
	int place;     /* descriptor of a private place, or -1 */
	dev_t number;
};

static int fail(struct loop_failure *f, bool unsupported, const char *fmt, ...) PRINTF(3, 4);
static int fail(struct loop_failure *f, bool unsupported, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	f->unsupported = unsupported;
	vsnprintf(f->why, sizeof f->why, fmt, ap);
	va_end(ap);
	return -1;
}

/* Is this what a container says that may not, or a kernel that does not know? */
static bool means_unsupported(int error)
{
	return error == ENOENT || error == ENODEV || error == ENXIO || error == EPERM ||
	       error == EACCES || error == ENOSYS || error == ENOTTY;
}

/* Make a device node where nobody else can see it, on a tmpfs attached nowhere. */
static int private_node(const char *name, dev_t number, int flags, int *place)
{
	static const char *const options[] = {"mode=0700", "size=64k", NULL};

	*place = mountfd_new("tmpfs", options, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC);
	if (*place < 0)
		return -1;
	if (mknodat(*place, name, (number == makedev(MISC_MAJOR, CONTROL_MINOR) ?
				   S_IFCHR : S_IFBLK) | 0600, number))
		return -1;
	return openat(*place, name, flags | O_CLOEXEC | O_NOFOLLOW);
}

static int open_control(void)
{
	int place = -1, fd = open("/dev/loop-control", O_RDWR | O_CLOEXEC | O_NOFOLLOW);

	if (fd >= 0 || errno != ENOENT)
		return fd;
	fd = private_node("loop-control", makedev(MISC_MAJOR, CONTROL_MINOR), O_RDWR, &place);
	int saved = errno;
	if (place >= 0)
		close(place);
	errno = saved;
	return fd;
}

static bool open_device(struct device *d, int number)
{
	struct stat st;

	d->number = makedev(LOOP_MAJOR, (unsigned)number);
	d->place = -1;
	snprintf(d->path, sizeof d->path, "/dev/loop%d", number);
	d->fd = open(d->path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (d->fd < 0 && errno == ENOENT) {
		snprintf(d->path, sizeof d->path, "loop%d", number);
		d->fd = private_node(d->path, d->number, O_RDONLY, &d->place);
	}
	if (d->fd < 0)
		return false;
	if (!fstat(d->fd, &st) && S_ISBLK(st.st_mode) && st.st_rdev == d->number)
		return true;
	errno = ENXIO;
	return false;
}

static void close_device(struct device *d)
{
	int saved = errno;

	if (d->fd >= 0)
		close(d->fd);
	if (d->place >= 0)
		close(d->place);
	errno = saved;
}

static bool holds(const struct device *d, int image)
{
	struct loop_info64 info = {0};
	struct stat st;

	return !ioctl(d->fd, LOOP_GET_STATUS64, &info) && !fstat(image, &st) &&
	       info.lo_device == st.st_dev && info.lo_inode == st.st_ino &&
	       info.lo_flags & LO_FLAGS_READ_ONLY && info.lo_flags & LO_FLAGS_AUTOCLEAR;
}

static int attach(int image, struct device *d, struct loop_failure *f)
{
	struct loop_config config = {
		.fd = (unsigned)image,
		.info.lo_flags = LO_FLAGS_READ_ONLY | LO_FLAGS_AUTOCLEAR | LO_FLAGS_DIRECT_IO,
	};
	int control = open_control();

	if (control < 0)
		return fail(f, means_unsupported(errno), "loop devices: %s", strerror(errno));
	for (int i = 0; i < TRIES; i++) {
		int number = ioctl(control, LOOP_CTL_GET_FREE);

		if (number < 0)
			break;
		if (!open_device(d, number)) {
			close_device(d);
			break;
		}
		if (!ioctl(d->fd, LOOP_CONFIGURE, &config)) {
			close(control);
			return 0;
		}
		close_device(d);
		if (errno != EBUSY)
			break;
		/* Somebody was faster. Not all at once again. */
		nanosleep(&(struct timespec){.tv_nsec = 100000L * (getpid() % 16 + i)}, NULL);
	}
	int saved = errno;
	close(control);
	return fail(f, means_unsupported(saved), "loop device: %s", strerror(saved));
}

/* A source without "/" is looked up from the working directory. */
static int mount_device(const struct device *d, const char *type)
{
	char source[48];
	const char *const options[] = {"ro", source, NULL};
	int back = -1, fd = -1;

	snprintf(source, sizeof source, "source=%s", d->path);
	if (d->place >= 0) {
		back = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
		if (back < 0 || fchdir(d->place))
			return -1;
	}
	fd = mountfd_new(type, options,
			 MOUNT_ATTR_RDONLY | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOSUID);
	if (back >= 0) {
		int saved = errno;

		if (fchdir(back) && fd >= 0) {
			close(fd);
			fd = -1;
		}
		close(back);
		errno = saved;
	}
	return fd;
}

int loop_mount(int image, const char *type, struct loop_failure *f)
{
	struct device d = {.fd = -1, .place = -1};
	struct stat st;

	*f = (struct loop_failure){0};
	if (fstat(image, &st))
		return fail(f, false, "%s", strerror(errno));
	if (!S_ISREG(st.st_mode))
		return fail(f, false, "not a regular file");
	if (st.st_size % SECTOR)
		return fail(f, true, "the image does not end with a sector");
	if (attach(image, &d, f) < 0)
		return -1;
	int fd = -1;
	if (!holds(&d, image)) {
		fail(f, false, "the loop device holds something else");
	} else if ((fd = mount_device(&d, type)) < 0) {
		/* A kernel without the filesystem or its compression: no fault of the image. */
		bool lacks = means_unsupported(errno) || strstr(mountfd_why, "not supported");

		fail(f, lacks, "%s: %s%s%s", type, strerror(errno), *mountfd_why ? ": " : "",
		     mountfd_why);
	} else if (fstat(fd, &st) || st.st_dev != d.number) {
		fail(f, false, "the mount is of another device");
		close(fd);
		fd = -1;
	}
	close_device(&d);
	return fd;
}
