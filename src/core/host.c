/* host.c - facts of the system we run on, asked for once */
#include "core/host.h"

#include <string.h>
#include <sys/utsname.h>

#include "core/host_probe.h"
#include "core/str.h"
#include "core/vec.h"

struct host *host_probe(struct arena *a)
{
	struct host *h = NEW(a, struct host);
	struct host_list list = {0};
	struct utsname u;

	if (uname(&u))
		die("uname: %m");
	h->kernel = arena_dup(a, u.release);
	h->machine = arena_dup(a, u.machine);
	h->distro = h->overlay_root = "";
	h->apparmor = host_probe_apparmor(a, &list);
	host_probe_seccomp(a, &list);
	h->landlock_abi = host_probe_landlock(a, &list);
	host_probe_namespaces(a, &list);
	host_probe_cgroups(a, &list);
	host_probe_capabilities(a, &list);
	host_probe_mounts(a, &list);
	h->facts = list.at;
	h->count = list.len;
	return h;
}

const struct host_fact *host_fact(const struct host *h, const char *group, const char *name)
{
	for (size_t i = 0; i < h->count; i++)
		if (str_eq(h->facts[i].group, group) && str_eq(h->facts[i].name, name))
			return &h->facts[i];
	return NULL;
}
