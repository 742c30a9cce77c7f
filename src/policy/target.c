/* target.c - what policy asks of the system that it is for
 *
 * MUST not open the network to every app where it is not needed. A home on NFS made
 * the kernel ask the app's own policy about the sockets of the file system, until
 * Linux 6.2 gave sockets that the kernel makes for itself a label of their own
 * (kernel_t in security/apparmor), which is never asked about (A29).
 */
#include <stdio.h>

#include "core/str.h"
#include "policy/policy.h"

/* "6.1.0-45-amd64" */
static bool is_older(const char *release, unsigned major, unsigned minor)
{
	unsigned x = 0, y = 0;

	return sscanf(release, "%u.%u", &x, &y) != 2 || x < major || (x == major && y < minor);
}

struct policy_target policy_target_of(struct arena *a, const struct host *h, bool classic)
{
	struct policy_target t = {
		.classic = classic,
		.distro = h->distro,
		.remote_home = h->remote_home && is_older(h->kernel, 6, 2),
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
