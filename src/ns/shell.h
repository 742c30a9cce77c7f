/* shell.h - a shell in an app's place */
#ifndef NS_SHELL_H
#define NS_SHELL_H

#include "ns/plan.h"

/* The plan p with a shell instead of its command: of the base, else of the snap
 * itself; same label, same rights, same command-chain. NULL with *why when neither
 * has one. Which shells is fixed: the caller names nothing (attacks.md R01). */
const struct plan *shell_plan(struct arena *a, const struct plan *p, const char **why);

#endif
