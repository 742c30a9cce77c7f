/* enter.h - from a caller's process to the app, in a fixed order
 *
 * Root calls this in its own process; for others the privileged copy does. The
 * same page serves both.
 */
#ifndef NS_ENTER_H
#define NS_ENTER_H

#include "core/arena.h"
#include "ns/plan.h"

/* Become the app of the plan: its namespace, its filter, no rights but those the
 * plan leaves, the caller's identity, working directory, umask and signal mask.
 * words are the caller's arguments, envp is what the app's environment is made of.
 * Dies with EXIT_REFUSED, or with 126 or 127 when the command cannot be run. */
_Noreturn void enter_run(struct arena *a, const struct plan *p, char *const *words,
			 char *const *envp);

#endif
