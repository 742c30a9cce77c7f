/* profiles.h - AppArmor policy of snaps in the running kernel
 *
 * The texts are files (DIR_APPARMOR); this makes the kernel follow them. What is
 * compiled is kept (policy/apparmor/cache.h). All that is loaded together goes in one
 * write, which the kernel takes whole or not at all, and is looked for afterwards in
 * the kernel's own list.
 *
 * MUST NOT load for another root, nor where AppArmor belongs to somebody else: in a
 * container without a policy namespace of its own (behaviour A3).
 */
#ifndef APPLETS_LIB_PROFILES_H
#define APPLETS_LIB_PROFILES_H

#include "core/host.h"
#include "core/txn.h"
#include "policy/apparmor/features.h"

/* What the running kernel's AppArmor can; NULL when it is off, another root's, or not
 * ours to change. */
const struct features *profiles_features(struct arena *a, const struct host *h);

/* Is everything there that strict policy is written for [A17]? network_v8 and network_v9
 * are what mainline kernels call network. */
bool profiles_full(const struct host *h);

/* One text that is to be loaded, by the name of its label. */
struct profile_file {
	const char *name, *text;
};
struct profile_files {
	struct profile_file *at;
	size_t len, cap;
};

/* Load the profiles that instance is about to have. Dies when that is not possible: if
 * the command dies before the commit, the kernel gets back what is on disk. */
void profiles_stage(struct txn *t, const struct features *f, const char *instance,
		    const struct profile_files *files);

/* Load everything on disk and our own profile, in one write; a text that is damaged is left out
 * with a warning. Labels of snaps that are not on disk any more are removed. */
bool profiles_load_all(struct arena *a, const struct features *f);

/* The profile of the privileged copy. False after a warning. */
bool profiles_load_own(struct arena *a, const struct features *f);

/* Load what is on disk of a snap: what the kernel has may be of a command that was
 * interrupted before its files were there. False after a warning. */
bool profiles_again(struct arena *a, const char *instance);

/* Remove the labels of a snap that is gone. False after a warning. */
bool profiles_forget(struct arena *a, const char *instance);

#endif
