/* fs.h - files and directories, by handle
 *
 * Paths are relative to a directory descriptor wherever strangers could move
 * things (attacks.md R08, R11); links are never followed below it. Linux 5.6.
 */
#ifndef CORE_FS_H
#define CORE_FS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "core/arena.h"

/* openat2 below dir: no symbolic links, no magic links, no "..", O_CLOEXEC.
 * Returns a descriptor, or -1 with errno. mode counts only with O_CREAT. */
int fs_open(int dir, const char *path, int flags, mode_t mode);

/* openat2 of path as if root were "/": links are followed, but never out of it
 * (magic links not at all). For paths whose every part belongs to root. */
int fs_open_in_root(int root, const char *path, int flags);

/* The whole of a regular file of at most max bytes, NUL-terminated, or NULL
 * with errno (EFBIG when larger, EINVAL when it is not a regular file). */
char *fs_read_fd(struct arena *a, int fd, size_t max, size_t *len);
char *fs_read(struct arena *a, int dir, const char *path, size_t max, size_t *len);

/* Replace path by these bytes: a temporary beside it, fsync, rename, fsync of
 * the directory. Owner is the caller. Dies. */
void fs_write(int dir, const char *path, const void *data, size_t len, mode_t mode);

void fs_write_all(int fd, const void *data, size_t len); /* dies */

/* A directory and those above it, each root-owned 0755 when made here; the last
 * gets mode and owner exactly, by descriptor. An existing one is left as it is.
 * Dies when a part is a link or not a directory. Returns an O_RDONLY|O_DIRECTORY
 * descriptor of the last. An empty one of ours with mode 0700 is
 * what a crash left of this, and is finished. */
int fs_make_dirs(int dir, const char *path, mode_t mode, uid_t uid, gid_t gid);

/* The same of one name in dir, which may hold what strangers put there: -1 with errno. */
int fs_try_dir(int dir, const char *name, mode_t mode, uid_t uid, gid_t gid);

/* Remove path and all below it, however deep, staying on its device and never through
 * links. A missing path is fine. False with errno when something could not go. */
bool fs_remove_tree(int dir, const char *path);

/* Make path a symbolic link to target in one rename, replacing what is there
 * unless that is a directory. Dies. */
void fs_link(int dir, const char *path, const char *target);

/* The same of one name in dir; false with errno when it cannot be. */
bool fs_try_link(int dir, const char *name, const char *target);

/* Remove what fs_write() and fs_link() of a killed process left in dir. The caller
 * holds the lock that whoever writes there holds. */
void fs_clear_temporary(struct arena *a, int dir);

/* fsync of a directory, so that renames in it last. Dies. */
void fs_sync_dir(int dir);

/* Owned by root:root, and not writable by group or others. */
bool fs_is_roots(int fd);

/* Names in a directory without "." and "..", sorted by byte, NULL-terminated;
 * NULL with errno when it cannot be read. */
char **fs_list(struct arena *a, int dir, const char *path, size_t *count);
/* The same of those that begin so: what is cheap where there are tens of thousands. */
char **fs_list_of(struct arena *a, int dir, const char *path, const char *prefix, size_t *count);

#endif
