/* fstab.h - layouts and connections to the mounts of a snap: NAME.fstab
 *
 * The text that snapd keeps per snap and its tools read, fstab(5) with options of
 * its own (behaviour M18); paths are written as step.h does. What each line means:
 *
 *	/snap/bar/2/lib /snap/foo/1/lib none bind,ro 0 0       of a connection
 *	/snap/foo/1/etc /etc/foo none rbind,rw,x-snapd.origin=layout 0 0
 *	none /etc/foo.conf none x-snapd.kind=symlink,x-snapd.symlink=/...,... 0 0
 *	tmpfs /var/cache/foo tmpfs x-snapd.mode=01777,x-snapd.origin=layout 0 0
 *	/snap/foo_k /snap/foo none rbind,x-snapd.origin=overname 0 0
 *
 * The order is the one in which they are made (M19): parallel instances, then
 * connections, then layouts, each by path. The same input gives the same bytes.
 */
#ifndef NS_FSTAB_H
#define NS_FSTAB_H

#include "core/buf.h"
#include "core/field.h"
#include "policy/policy.h"

enum fstab_origin { ORIGIN_OVERNAME, ORIGIN_CONNECTION, ORIGIN_LAYOUT };

struct fstab_entry {
	const char *src, *dst, *type; /* "none" where there is none */
	struct words options;
	enum fstab_origin origin;
};

/* One line, of an interface or of a file; with user, paths may begin with $HOME or
 * $XDG_RUNTIME_DIR. False with one line in why (WHY_MAX bytes) when anything in it is
 * not as snapd's tools know it. */
bool fstab_parse(struct arena *a, const char *line, bool user, struct fstab_entry *out,
		 char *why);
void fstab_print(struct buf *out, const struct fstab_entry *e);

/* All mounts of a snap, and those that are made again for each user. all is what
 * policy_gather() gave for all ports of the snap together. False with why. */
bool fstab_text(struct buf *out, const struct snap *s, const struct policy *all, char *why);
bool fstab_user_text(struct buf *out, const struct policy *all, char *why);

#endif
