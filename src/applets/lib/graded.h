/* graded.h - how the apps of installed snaps are confined on this system */
#ifndef APPLETS_LIB_GRADED_H
#define APPLETS_LIB_GRADED_H

#include "core/host.h"
#include "policy/substitute/substitute.h"

/* Read again from the policy that install wrote. Dies when a part of it cannot be read;
 * no apps: the snap has none, or is not installed. */
struct substitute_snap graded_snap(struct arena *a, const struct host *h, const char *instance);

/* An app without plugs, on a base like any other. */
struct substitute_snap graded_plain(struct arena *a, const struct host *h);

#endif
