/* hook.h - run a hook of an installed snap
 *
 * Hooks are confined as apps are: they are started by `snapbox run --hook`, in a
 * process of their own.
 */
#ifndef APPLETS_LIB_HOOK_H
#define APPLETS_LIB_HOOK_H

#include <stdbool.h>

#include "core/arena.h"

#define HOOK_SECONDS 300 /* a hook that takes longer has failed */

/* False, with one line in why (WHY_MAX bytes), when it failed. What it prints goes to
 * standard error. After a failure SIGINT, SIGTERM and SIGHUP stay blocked, so that the
 * caller can put things right. */
bool hook_run(struct arena *a, const char *instance, const char *hook, char *why);

#endif
