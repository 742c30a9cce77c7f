/* target.c - what policy asks of the system that it is for */
#include <stdio.h>

#include "core/str.h"
#include "policy/policy.h"

/* Linux 6.1 and later give sockets of network file systems a label of the kernel's own. */
static bool is_older(const char *kernel)
{
	unsigned major, minor;

	return sscanf(kernel, "%u.%u", &major, &minor) == 2 &&
	       (major < 6 || (major == 6 && minor < 1));
}

struct policy_target policy_target_of(struct arena *a, const struct host *h, bool classic)
{
	struct policy_target t = {
		.classic = classic,
		.distro = h->distro,
		.remote_home = h->remote_home && is_older(h->kernel),
		.overlay_root = h->overlay_root,
	};

	for (size_t i = 0; i < h->count; i++) {
		const struct host_fact *f = &h->facts[i];

		if (f->state == HOST_PRESENT && *f->name &&
		    (str_eq(f->group, "apparmor") || str_eq(f->group, "seccomp")))
			vec_push(a, &t.features, arena_printf(a, "%s.%s", f->group, f->name));
	}
	return t;
}
