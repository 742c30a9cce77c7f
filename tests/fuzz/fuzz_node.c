/* Any bytes as a record: refused with a reason, or what the writer writes of it. */
#include <stdlib.h>
#include <string.h>

#include "core/node.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct arena *a = arena_new();
	char why[WHY_MAX] = "", *text = arena_dupn(a, (const char *)data, len);
	struct node *root = node_parse(a, text, len, why);

	if (!root) {
		must(*why);
	} else {
		struct buf again = buf_new(a);

		node_print(&again, root);
		must(again.len == len && !memcmp(buf_text(&again), text, len));
	}
	arena_drop(a);
	return 0;
}
