/* grants.h - what the system's own slots give to the apps of a snap
 *
 * A plug whose interface the system offers, and may be connected to by itself
 * (behaviour I4, I8), is connected at install. Only what that adds to the filter
 * of system calls is asked for here; the classic kind of system is assumed.
 */
#ifndef APPLETS_LIB_GRANTS_H
#define APPLETS_LIB_GRANTS_H

#include "policy/model/model.h"
#include "seccomp/source.h"

struct grants {
	struct sc_snippet *at; /* each with its origin: "network-bind: plug web" */
	size_t len, cap;
};

/* For an app or a hook that has these plugs. Dies when a plug's attributes are not
 * what its interface asks for. */
struct grants grants_filter(struct arena *a, const struct snap *s, const struct ports *plugs);

/* Say which plugs get nothing: those that nobody here knows, or that want a
 * connection that is not made by itself. One warning a snap at most. */
void grants_warn(struct arena *a, const struct snap *s);

#endif
