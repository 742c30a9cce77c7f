/* here.h - facts of this system: the running kernel, and what is below the root */
#ifndef APPLETS_LIB_HERE_H
#define APPLETS_LIB_HERE_H

#include "applets/applet.h"
#include "core/host.h"

/* Kernel, distribution, and the accounts that policy can name: those below 1000, and
 * those that snaps may ask for. What is mounted counts when the root is the running
 * system's. Dies. */
const struct host *here(struct arena *a);

/* debug host: the same as host_print() writes it. */
int here_show(struct cmd *c);

#endif
