/* Any bytes as a snap.yaml: refused with a reason, or a snap that its record gives
 * again, whose labels read back and whose plans can be written. */
#include <stdlib.h>
#include <string.h>

#include "applets/lib/launch.h"
#include "fuzz.h"
#include "policy/model/content.h"
#include "policy/model/layout.h"
#include "policy/model/name.h"
#include "policy/model/snap.h"

static void plan_is_sound(struct arena *a, const struct snap *s, const struct app *app,
			  const struct hook *hook)
{
	struct launch l = {.effective = s->confinement, .base = "core", .base_dir = "/snap/core/1"};
	const char *label = app ? snap_app_label(a, app) : snap_hook_label(a, hook), *reason;
	char why[WHY_MAX] = "";
	struct label parts;

	must(label && label_parse(a, label, &parts));
	if (hook && hook->component)
		return;
	const struct plan *p = launch_plan(a, s, app, hook, &l, why);
	if (!p) {
		must(*why);
		return;
	}
	struct buf b = buf_new(a);
	plan_print(&b, p);
	must(plan_parse(a, buf_text(&b), b.len, &reason) || b.len > PLAN_BYTES_MAX);
}

static void is_sound(struct arena *a, struct snap *s)
{
	char why[WHY_MAX];
	const char *record = snap_record(a, s);
	struct snap *again = snap_from_record(a, record, strlen(record), why);

	must(again && !strcmp(snap_record(a, again), record));
	snap_set_instance(a, s, arena_printf(a, "%s_0123456789", s->name), "x1");
	for (size_t i = 0; i < s->apps.len; i++)
		plan_is_sound(a, s, s->apps.at[i], NULL);
	for (size_t i = 0; i < s->hooks.len; i++)
		plan_is_sound(a, s, NULL, s->hooks.at[i]);
	for (size_t i = 0; i < s->layouts.len; i++) {
		const char *path = layout_expand(a, s, s->layouts.at[i].path);

		must(path && path[0] == '/' && path[1] && !strstr(path, "/../"));
	}
	for (size_t i = 0; i < s->slots.len; i++) {
		struct content c;

		content_read(a, s->slots.at[i], &c, why);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct arena *a = arena_new();
	char why[WHY_MAX] = "";
	struct snap *s = snap_from_yaml(a, (const char *)data, len, why);

	must(s || *why);
	if (s)
		is_sound(a, s);
	arena_drop(a);
	return 0;
}
