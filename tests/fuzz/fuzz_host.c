/* Any bytes as facts of a host: refused with a reason, or what the writer writes of it. */
#include <string.h>

#include "core/host.h"
#include "core/node.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct arena *a = arena_new();
	char why[WHY_MAX] = "", *text = arena_dupn(a, (const char *)data, len);
	const struct host *h = host_parse(a, text, len, why);
	struct buf b = buf_new(a);

	if (!h) {
		must(*why);
	} else {
		host_print(&b, h);
		must(b.len == len && !memcmp(b.data, text, len));
		must(!strpbrk(h->overlay_root, "\"*?[]{}@^,\n"));
	}
	arena_drop(a);
	return 0;
}
