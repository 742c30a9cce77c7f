/* Any line as a mount of a snap: refused with a reason, or what the writer writes of it. */
#include <string.h>

#include "fuzz.h"
#include "ns/fstab.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct arena *a = arena_new();
	char why[WHY_MAX], *text = arena_dupn(a, (const char *)data, len);

	for (int user = 0; user < 2; user++) {
		struct fstab_entry e, again;
		struct buf b = buf_new(a);

		*why = '\0';
		if (!fstab_parse(a, text, user, &e, why)) {
			must(*why);
			continue;
		}
		must(*e.dst == '/' || (user && *e.dst == '$'));
		must(!strstr(e.dst, "/../") && !strstr(e.src, "/../"));
		fstab_print(&b, &e);
		must(!strchr(buf_text(&b), '\n'));
		must(fstab_parse(a, buf_text(&b), user, &again, why));
		must(!strcmp(e.src, again.src) && !strcmp(e.dst, again.dst));
		must(e.options.len == again.options.len && e.origin == again.origin);
	}
	arena_drop(a);
	return 0;
}
