/* busy.h - who runs something of a snap */
#ifndef APPLETS_LIB_BUSY_H
#define APPLETS_LIB_BUSY_H

#include <stddef.h>

#include "core/arena.h"

/* The pids of processes that are in the snap's namespace, or whose program,
 * root or working directory is below /snap/NAME: "12, 345", or NULL when there
 * are none. Another root has no processes. */
char *busy_pids(struct arena *a, const char *name);

#endif
