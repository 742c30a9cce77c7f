/* graded.c - how the apps of installed snaps are confined on this system */
#include "applets/lib/graded.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "core/dirs.h"
#include "core/fs.h"
#include "core/str.h"
#include "ns/plan.h"
#include "policy/apparmor/profile.h"
#include "policy/model/name.h"
#include "policy/model/snap.h"

#define PROFILE_MAX ((size_t)4 << 20)

static void add(struct arena *a, struct substitute_snap *s, const struct host *h,
		const char *label, const char *text)
{
	const char *why;

	if (!substitute_add(a, s, h, profile_source(), label, text, &why))
		die("%s", why);
}

static void add_label(struct arena *a, struct substitute_snap *s, const struct host *h,
		      int profiles, const char *label)
{
	const char *why;
	const struct plan *p = plan_read(a, label, &why);

	if (!p)
		die("%s: %s", label, why);
	char *text = fs_read(a, profiles, label, PROFILE_MAX, NULL);
	if (!text && p->kind == PLAN_STRICT)
		die("%s: %m", dirs_path(a, DIR_APPARMOR, "%s", label));
	add(a, s, h, label, text);
}

struct substitute_snap graded_snap(struct arena *a, const struct host *h, const char *instance)
{
	struct substitute_snap s = {.view.instance = instance};
	int plans = dirs_open(DIR_PLANS), profiles = dirs_open(DIR_APPARMOR);
	char **files = plans < 0 ? NULL : fs_list(a, plans, ".", NULL);

	if (!files && errno != ENOENT)
		die("%s: %m", dirs_path(a, DIR_PLANS, "%s", ""));
	for (; files && *files; files++) {
		struct label l;

		if (label_parse(a, *files, &l) && str_eq(l.instance, instance))
			add_label(a, &s, h, profiles, *files);
	}
	if (plans >= 0)
		close(plans);
	if (profiles >= 0)
		close(profiles);
	substitute_done(a, &s, h);
	return s;
}

struct substitute_snap graded_plain(struct arena *a, const struct host *h)
{
	static const char yaml[] = "name: plain\nversion: '1'\nbase: bare\n"
				   "apps: {plain: {command: plain}}\n";
	struct substitute_snap s = {.view.instance = "plain"};
	struct policy_target target = policy_target_of(a, h, true);
	struct policy nothing = {0};
	char why[WHY_MAX];
	struct snap *snap = snap_from_yaml(a, yaml, sizeof yaml - 1, why);

	if (!snap)
		die("%s", why);
	snap_set_instance(a, snap, snap->name, "x1");
	struct profile_for f = {
		.snap = snap, .label = "snap.plain.plain", .command = "plain",
		.confinement = CONFINE_STRICT, .policy = &nothing, .target = &target,
	};
	add(a, &s, h, f.label, profile_text(a, &f));
	substitute_done(a, &s, h);
	return s;
}
