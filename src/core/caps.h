/* caps.h - capabilities in three named sets
 *
 * A launch holds CAPS_LAUNCH while it builds, CAPS_FILTER while it loads the
 * system call filter, and CAPS_NONE at its end; nothing in between. Everything
 * here dies on failure, and reads back what it set: a call that says it worked
 * and did not is caught (attacks.md R06).
 */
#ifndef CORE_CAPS_H
#define CORE_CAPS_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"

enum caps {
	CAPS_NONE,
	CAPS_FILTER, /* sys_admin: a filter without no_new_privs */
	CAPS_POLICY, /* mac_admin: change AppArmor policy */
	CAPS_LAUNCH, /* what making and joining a mount namespace for somebody takes */
};

/* Are all of the set permitted to this process? */
bool caps_permitted(enum caps set);

/* Permitted and effective become the sets given plus keep, a bit per capability;
 * inheritable and ambient become empty. permitted must cover effective. */
void caps_hold(enum caps permitted, enum caps effective, uint64_t keep);

/* Lose all but keep from the bounding set for good. Needs setpcap (CAPS_LAUNCH). */
void caps_bound(uint64_t keep);

/* The mask of "all", "none", or names like "chown sys_chroot" one blank apart,
 * as in capabilities(7) without "cap_". False: one of them is not a capability. */
bool caps_parse(const char *names, uint64_t *mask);

/* The words for a mask, as caps_parse() reads them. */
const char *caps_print(struct arena *a, uint64_t mask);

/* The mask of a set, for the file capabilities of the privileged copy. */
uint64_t caps_mask(enum caps set);

#endif
