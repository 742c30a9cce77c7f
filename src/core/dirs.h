/* dirs.h - every path we own, all below --root
 *
 * The names that a snap sees inside stay snapd's; these are the host's.
 */
#ifndef CORE_DIRS_H
#define CORE_DIRS_H

#include "core/arena.h"

enum dir {
	DIR_STATE,     /* /var/lib/snapbox          root 0755: what survives a reboot */
	DIR_INSTALLED, /* /var/lib/snapbox/installed root 0755: what is installed, a file a snap */
	DIR_RECORDS,   /* /var/lib/snapbox/records  root 0755: NAME_REV, what snap.yaml said */
	DIR_SNAP_FILES,/* /var/lib/snapbox/snaps    root 0700: the copied .snap files */
	DIR_TREES,     /* /var/lib/snapbox/trees    root 0700: unpacked snaps (--extract) */
	DIR_PLANS,     /* /var/lib/snapbox/plans    root 0755: what confine reads, one a label */
	DIR_SECCOMP,   /* /var/lib/snapbox/seccomp  root 0755: LABEL.src, LABEL.bin2 */
	DIR_APPARMOR,  /* /var/lib/snapbox/apparmor root 0755: LABEL, snap-update-ns.NAME: texts */
	DIR_DEVICES,   /* /var/lib/snapbox/devices  root 0755: LABEL.device, .udev, NAME.kmod ... */
	DIR_STAGING,   /* /var/lib/snapbox/staging  root 0700: half-done work, cleared by boot */
	DIR_TMP,       /* /var/lib/snapbox/tmp      root 0700: snap.NAME, each snap's /tmp */
	DIR_CACHE,     /* /var/cache/snapbox/apparmor root 0700: compiled policy; may go any time */
	DIR_RUN,       /* /run/snapbox              root 0755: gone after a reboot */
	DIR_NS,        /* /run/snapbox/ns           root 0700: preserved namespaces */
	DIR_LOCK,      /* /run/snapbox/lock         root 0700: lock files, 0600 */
	DIR_SNAPS,     /* /snap                     root 0755: mounted images */
	DIR_BIN,       /* /snap/bin                 root 0755: command links */
	DIR_DATA,      /* /var/snap                 root 0755: data of snaps */
	DIR_CONFIG,    /* /etc/snapbox              read only for us */
	DIR_LIBEXEC,   /* /usr/lib/snapbox          where the privileged copy lives */
	DIR_COUNT,
};

/* The root that all paths are below: "" for the running system, else an
 * absolute path without a trailing slash. Dies when the path is not a directory. */
void dirs_set_root(const char *root);
const char *dirs_root(void);

/* An own directory, or a path below it: dirs_path(a, DIR_SNAPS, "%s/%s", n, r). */
char *dirs_path(struct arena *a, enum dir d, const char *fmt, ...) PRINTF(3, 4);

/* Make the directory (and those above it) with its mode and owner if it is
 * missing; dies if something of another kind, owner or a looser mode is there. */
void dirs_make(enum dir d);

/* A descriptor (O_PATH) of an own directory after the same checks, or -1 with
 * errno when it is missing; dies when it is there but not ours. */
int dirs_open(enum dir d);

#endif
