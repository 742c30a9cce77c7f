/* users.h - the users and groups of the target, for u:NAME and g:NAME
 *
 * Read from its own passwd and group files, never through the C library: a
 * filter made for another machine, or in an initramfs, must not use the ids of
 * whoever compiles it. root is 0 even where there is no such file.
 */
#ifndef SECCOMP_USERS_H
#define SECCOMP_USERS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"

struct sc_users {
	const char *passwd, *group; /* the texts; "" when there is no such file */
};

/* Read etc/passwd and etc/group below the directory root ("" is the system's).
 * Dies when one is there and cannot be read. */
struct sc_users users_load(struct arena *a, const char *root);

/* May this be the name of a user or group? Stricter than passwd(5), as adduser is. */
bool users_name_ok(const char *name);

/* The id; false when there is no such entry, or its line is not as it should be. */
bool users_uid(const struct sc_users *users, const char *name, uint32_t *id);
bool users_gid(const struct sc_users *users, const char *name, uint32_t *id);

#endif
