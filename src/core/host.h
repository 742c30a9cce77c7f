/* host.h - facts of the system we run on, asked for once
 *
 * Facts, not policy: what the running kernel offers and what this process may
 * use of it. Probing changes nothing and works as an ordinary user, except that
 * some answers are then HOST_UNKNOWN. Nothing is read that a container could
 * fake to loosen confinement: the kernel itself is asked wherever it answers.
 */
#ifndef CORE_HOST_H
#define CORE_HOST_H

#include "core/arena.h"

enum host_state { HOST_MISSING, HOST_PRESENT, HOST_UNKNOWN };

/* One thing that confinement can build on. */
struct host_fact {
	const char *group; /* apparmor, seccomp, landlock, namespace, cgroup, capability, mount */
	const char *name;  /* within its group; "" for the group as a whole */
	enum host_state state;
	const char *detail; /* a version, a list, or why it is missing; may be "" */
};

struct host {
	const char *kernel; /* uname -r */
	const char *machine; /* uname -m */
	struct host_fact *facts; /* grouped, in a fixed order */
	size_t count;
	bool apparmor;      /* in the list of active security modules */
	int landlock_abi;   /* 0: missing */
};

const struct host *host_probe(struct arena *a);

/* NULL when the kernel knows nothing of the kind. */
const struct host_fact *host_fact(const struct host *h, const char *group, const char *name);

#endif
