/* kernel.h - give compiled policy to the kernel; the only caller of libapparmor's loader
 *
 * All profiles of one call are taken together or not at all (Linux 4.12).
 */
#ifndef POLICY_APPARMOR_KERNEL_H
#define POLICY_APPARMOR_KERNEL_H

#include <stdbool.h>
#include <stddef.h>

#include "core/buf.h"

enum kernel_how {
	KERNEL_ADD,     /* refuses with EEXIST what is loaded already */
	KERNEL_REPLACE,
};

/* securityfs: the directory "apparmor" in it; NULL: where it is mounted. False
 * with errno; on EPROTO the kernel's log says at which offset. */
bool kernel_load(const char *securityfs, enum kernel_how how, const void *policy, size_t len);

/* One profile, with the children in it: ":ns://name" or "name". False with errno. */
bool kernel_remove(const char *securityfs, const char *name);

/* What the running kernel can enforce, for features_load(). */
const char *kernel_features_dir(void);

#endif
