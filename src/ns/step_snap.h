/* step_snap.h - do the steps of a snap's own: layouts, content, parallel instances */
#ifndef NS_STEP_SNAP_H
#define NS_STEP_SNAP_H

#include <stdint.h>

#include "ns/mounts.h"
#include "ns/place.h"
#include "ns/step.h"

struct snap_mount {
	const char *point;
	uint64_t id; /* 0: no mount, but a link, or nothing */
};

/* Dies, unless it is a connection of which the source is missing. */
struct snap_mount step_snap_run(struct places *p, const struct step *s);

/* Is each where it was to be, and not covered by a copy of it? Dies. */
void step_snap_check(const struct snap_mount *made, size_t count, const struct mount_table *t);

#endif
