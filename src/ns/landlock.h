/* landlock.h - what an app may do with files where AppArmor does not say so
 *
 * A ruleset is a list of lines "RIGHTS PATH", made at install out of the app's own
 * profile (policy/substitute/landlock.h) and kept in its plan. RIGHTS are letters:
 *
 *	r	read files		l	list directories
 *	w	write, make, remove, rename	x	execute
 *	d	ioctl on devices
 *
 * A right on a directory counts for all below it; nothing takes it back. In PATH
 * "%h" is the caller's home, "%u" the caller's uid and "%p" the process, which goes on to
 * be the app; "%%" is "%". The last part
 * may be a pattern as in fnmatch(3), looked up once, when the app starts; it means
 * the files that match, or, where it ends in "**", directories with all in them too.
 * What does not exist at the start is not granted, and no link is followed.
 *
 * MUST be called as the caller: a place that the caller may not enter is no rule.
 */
#ifndef NS_LANDLOCK_H
#define NS_LANDLOCK_H

#include <stdbool.h>

#include "core/arena.h"
#include "ns/plan.h"

enum land_right {
	LAND_READ = 1 << 0,
	LAND_LIST = 1 << 1,
	LAND_WRITE = 1 << 2,
	LAND_EXEC = 1 << 3,
	LAND_DEVICE = 1 << 4,
};

/* Besides files, what a domain keeps its members from: as words in a plan. */
enum land_guard {
	LAND_FILES = 1 << 0,    /* Linux 5.13; renames 5.19, truncate 6.2, ioctl 6.10 */
	LAND_NO_BIND = 1 << 1,  /* bind(2) of TCP; Linux 6.7 */
	LAND_NO_CONNECT = 1 << 2,
	LAND_ABSTRACT = 1 << 3, /* connect to abstract sockets outside; Linux 6.12 */
	LAND_SIGNALS = 1 << 4,  /* signals to processes outside; Linux 6.12 */
};

/* The kernel's version of Landlock; 0: it has none, or it is switched off. */
int landlock_abi(void);

/* The words of a plan's "guard" line to a mask; false when one is unknown. */
bool landlock_guard(const char *words, unsigned *mask);

/* What of guard a kernel of that version can do. */
unsigned landlock_able(int abi, unsigned guard);

/* One line, or NULL and why: neither rights nor a clean path. */
const char *landlock_line(const char *line, unsigned *rights, const char **why);

/* Who the ruleset is for. */
struct land_caller {
	const char *home; /* absolute, or "" when there is none */
	unsigned uid;
};

/* A ruleset of the plan's lines, or -1 when the plan has no guard. Dies; also when the
 * kernel cannot do all of it. */
int landlock_prepare(struct arena *a, const struct plan *p, const struct land_caller *who);

/* This thread and what it starts, for good; takes sys_admin or no_new_privs. Dies. */
void landlock_enforce(int ruleset);

#endif
