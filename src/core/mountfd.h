/* mountfd.h - mounts as descriptors
 *
 * A mount is made detached, gets every flag, and is attached last: nobody sees
 * it half done, and no path is looked up twice (attacks.md R09). Descriptors
 * are O_CLOEXEC; closing the descriptor of a mount that was never attached
 * dissolves it. Flags are MOUNT_ATTR_* of linux/mount.h, included here: do not
 * include sys/mount.h beside it, glibc's older ones clash.
 *
 * All return -1 with errno (ENOSYS before Linux 5.12) and never print.
 */
#ifndef CORE_MOUNTFD_H
#define CORE_MOUNTFD_H

#include <linux/mount.h>
#include <stdbool.h>
#include <stdint.h>

/* A detached copy of the mount that path below dir shows, from path on down.
 * "" copies what dir itself refers to: that is the way for trees of strangers
 * (fs_open first), because links in path are followed. */
int mountfd_clone(int dir, const char *path, bool recursive);

/* A new detached mount of a filesystem. options are "key=value" or "key",
 * NULL-terminated, NULL for none; attr are the flags it is born with.
 * mountfd_why is the kernel's own words when it said any, else "". */
int mountfd_new(const char *type, const char *const *options, uint64_t attr);
extern char mountfd_why[256];

/* Change flags: set and clear are MOUNT_ATTR_*, propagation is MS_PRIVATE,
 * MS_SLAVE, MS_SHARED, MS_UNBINDABLE or 0 to leave it. When both must change
 * recursively and one cannot, nothing does. */
int mountfd_attr(int fd, uint64_t set, uint64_t clear, uint64_t propagation, bool recursive);

/* Put a detached mount (or move an attached one) on top of target, an O_PATH
 * descriptor of a directory for a directory, of a file for a file. */
int mountfd_attach(int fd, int target);

/* An O_PATH descriptor of path seen with root as "/": links are followed, but
 * never out of root, and never magic ones. What is mounted there counts. */
int mountfd_target(int root, const char *path);

/* The number of the mount that fd is on, or 0. Linux 5.8. */
uint64_t mountfd_id(int fd);

/* Do both refer to the same file through the same mount? */
bool mountfd_same(int a, int b);

/* Take away the topmost mount on name in dir, and all below it, also when it
 * is busy. name is one component, never followed when it is a link; "" is the
 * mount whose root dir itself is. The working directory is put back. */
int mountfd_detach(int dir, const char *name);

#endif
