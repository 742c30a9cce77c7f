/* host_probe.h - how each group of facts is found out; only host.c calls these
 *
 * Each adds its facts to the list, in a fixed order whatever it finds.
 */
#ifndef CORE_HOST_PROBE_H
#define CORE_HOST_PROBE_H

#include "core/host.h"
#include "core/vec.h"

struct host_list {
	struct host_fact *at;
	size_t len, cap;
};

static inline void host_add(struct arena *a, struct host_list *l, const char *group,
			    const char *name, enum host_state state, const char *detail)
{
	struct host_fact f = {group, name, state, detail};

	vec_push(a, l, f);
}

bool host_probe_apparmor(struct arena *a, struct host_list *l); /* is it active? */
void host_probe_seccomp(struct arena *a, struct host_list *l);
int host_probe_landlock(struct arena *a, struct host_list *l); /* the ABI, or 0 */
void host_probe_namespaces(struct arena *a, struct host_list *l);
void host_probe_cgroups(struct arena *a, struct host_list *l);
void host_probe_capabilities(struct arena *a, struct host_list *l);
void host_probe_mounts(struct arena *a, struct host_list *l);

#endif
