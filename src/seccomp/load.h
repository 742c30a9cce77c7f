/* load.h - give a compiled filter to the kernel
 *
 * In two steps: all that reads files and can fail before privileges go, and two
 * system calls after. Linux 4.14 (logging); older ones load without it.
 */
#ifndef SECCOMP_LOAD_H
#define SECCOMP_LOAD_H

#include <linux/filter.h>
#include <stdbool.h>

#include "core/arena.h"

#define LOAD_WHY 256

struct sc_loadable {
	bool unrestricted; /* nothing will be loaded */
	struct sock_fprog deny, allow;
};

/* Read and check the filter at an absolute path. Every directory on the way must be root's
 * and not writable by all (there may be links of the host to such, /var -> /data/var), the
 * file root's, writable by nobody else, and no link. may_be_unrestricted: the app is not a confined
 * one. False with a line in why (LOAD_WHY bytes), and then the app must not be run. */
bool load_prepare(struct arena *a, const char *path, bool may_be_unrestricted,
		  struct sc_loadable *out, char *why);

/* Load both, deny first. Needs CAP_SYS_ADMIN or no_new_privs. No memory, no files: the
 * last thing before exec. -1 with errno when the kernel refused; the caller must not go on. */
int load_apply(const struct sc_loadable *filter);

#endif
