/* proc.h - children
 *
 * A child inherits no descriptor above 2 but those named. SIGCHLD is put to
 * its default first, so a caller who ignores it cannot hide a failure.
 */
#ifndef CORE_PROC_H
#define CORE_PROC_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "core/arena.h"

/* fork; dies on failure. Returns 0 in the child, which must leave by _exit(), and has
 * nothing to undo when it dies. */
pid_t proc_fork(void);

/* Wait for the end of a child: its exit status, or 128 + signal. Dies on error. */
int proc_wait(pid_t pid);

/* Run fn(out, arg) in a forked child that has lost every privilege: no caps,
 * uid and gid nobody, no new privileges, no dump, limits on memory (bytes), cpu
 * seconds and files, and a seccomp filter that leaves memory, the open
 * descriptors and exit. What fn writes to out, up to max bytes, is returned.
 * NULL, with a line in *why, when the child failed; errors that fn wants to
 * report it writes as "!text" and returns false. */
struct proc_jail {
	size_t memory, max;
	unsigned cpu_seconds;
	bool (*fn)(int out, void *arg);
	void *arg;
	int keep[4]; /* descriptors the child may use, -1 ends the list */
};
char *proc_jailed(struct arena *a, const struct proc_jail *jail, size_t *len, const char **why);

/* The same child, whose output is read from the descriptor while it runs; j->max does
 * not count. Close the descriptor, then end it: NULL, or why the child failed. */
int proc_jail_start(const struct proc_jail *jail, pid_t *pid);
const char *proc_jail_end(struct arena *a, const struct proc_jail *jail, pid_t pid);

#endif
