/* artefacts_system.c - the system that policy is made for, out of facts about it */
#include <stdio.h>
#include <string.h>

#include "applets/lib/artefacts.h"
#include "core/str.h"

/* The form of passwd(5) and group(5), as far as filters look at it. */
static const char *ids_text(struct arena *a, const struct host *h, size_t kind)
{
	struct buf b = buf_new(a);

	for (size_t i = 0; i < h->ids[kind].count; i++)
		buf_printf(&b, "%s:x:%u:\n", h->ids[kind].at[i].name, h->ids[kind].at[i].id);
	return buf_text(&b);
}

struct artefacts_system artefacts_system_of(struct arena *a, const struct host *h,
					    const struct sc_arch *arch,
					    const struct sc_arch *kernel, bool classic,
					    bool compiled)
{
	struct artefacts_system s = {
		.target = policy_target_of(a, h, classic),
		.filter = {
			.users = {ids_text(a, h, 0), ids_text(a, h, 1)},
			.target = sc_target_of(arch, kernel),
			.kernel = kernel,
			.apparmor = h->apparmor,
		},
	};

	if (sscanf(h->kernel, "%u.%u", &s.filter.major, &s.filter.minor) != 2)
		die("%s: not the version of a kernel", h->kernel);
	if (compiled && h->apparmor)
		s.features = features_of_host(a, h);
	return s;
}
