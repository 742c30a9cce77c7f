/* Any bytes as a snap's table of mounts: refused with a reason, or steps that stay what
 * they are when they are written again, and are the snap's business. */
#include <string.h>

#include "core/str.h"
#include "fuzz.h"
#include "ns/step.h"

static void check(struct arena *a, const struct step *s)
{
	struct buf out = buf_new(a), again = buf_new(a);
	struct step_list list;
	const char *why;

	step_print(&out, s);
	must(step_read(a, "foo_k", "foo", buf_text(&out), &list, &why) && list.len == 1);
	step_print(&again, &list.at[0]);
	must(!strcmp(buf_text(&out), buf_text(&again)));
	if (step_host_source(a, s) || str_eq(s->dst, "/dev/shm"))
		return;
	must(!(s->flags & (STEP_DEV | STEP_SHARED | STEP_LINKED)) && !step_is_kept(s->dst));
	must(s->flags & STEP_LINK || !(s->flags & STEP_BIND) || str_starts(s->src, "/snap/") ||
	     str_starts(s->src, "/var/snap/"));
	must(!strstr(s->dst, "/../") && !str_ends(s->dst, "/.."));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct arena *a = arena_new();
	const char *why = NULL, *text = arena_dupn(a, (const char *)data, len);
	struct step_list list;

	if (!step_read(a, "foo_k", "foo", text, &list, &why))
		must(why);
	else
		for (size_t i = 0; i < list.len; i++)
			check(a, &list.at[i]);
	arena_drop(a);
	return 0;
}
