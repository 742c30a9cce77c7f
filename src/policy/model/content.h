/* content.h - what the content interface shares between snaps (behaviour M25)
 *
 * Reading of attributes only: who may connect, and the mounts that follow, are
 * decided elsewhere.
 */
#ifndef POLICY_MODEL_CONTENT_H
#define POLICY_MODEL_CONTENT_H

#include "policy/model/model.h"

#define CONTENT_PATHS_MAX 100

struct content {
	const char *label;         /* "content", or the name of the port */
	const char *compatibility; /* instead of a label, or NULL */
	const char *target;        /* of a plug: as written */
	const char *provider;      /* "default-provider" of a plug: the name of a snap, or NULL */
	struct words reads, writes; /* of a slot: as written */
	bool source;               /* each path lands below the target, by its last part */
};

/* False with why when the attributes are not what the interface needs. */
bool content_read(struct arena *a, const struct port *p, struct content *out, char *why);

/* A written path as a process of snap s sees it: $SNAP, $SNAP_DATA and
 * $SNAP_COMMON at its beginning replaced, else below $SNAP. NULL when it is not
 * one that content_read() accepts. */
const char *content_path(struct arena *a, const struct snap *s, const char *path);

#endif
