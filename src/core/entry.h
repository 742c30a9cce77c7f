/* entry.h - what a process inherits, put aside before anything else runs
 *
 * MUST be the first call of main(): it trusts nothing of the caller. It refuses
 * argc 0 or a missing argv[0], guarantees descriptors 0 to 2, marks all others
 * close-on-exec, and puts signals, timers, personality and umask to known
 * values (attacks.md R01, R03, R04). Linux 5.11 (CLOSE_RANGE_CLOEXEC).
 */
#ifndef CORE_ENTRY_H
#define CORE_ENTRY_H

#include <signal.h>
#include <stdbool.h>
#include <sys/types.h>

/* What the caller gave us and an app must get back. */
struct entry {
	mode_t umask;
	sigset_t blocked;
	bool ignores_hangup; /* as under nohup: the one disposition that is kept */
	bool secure; /* the kernel gave privileges that the caller does not have */
};
extern struct entry entry;

void entry_reset(int argc, char **argv);

/* Give umask, signal mask and an ignored hangup back, before somebody else's program. */
void entry_restore(void);

#endif
