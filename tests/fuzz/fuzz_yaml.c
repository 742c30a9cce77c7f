/* Any bytes as YAML: refused with a place, or a tree whose record reads back the same. */
#include <stdlib.h>
#include <string.h>

#include "core/yaml.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct arena *a = arena_new();
	char why[WHY_MAX] = "";
	struct node *root = yaml_parse(a, (const char *)data, len, why);

	if (!root) {
		must(why[0] >= '1' && why[0] <= '9' && strchr(why, ':'));
	} else {
		struct buf text = buf_new(a), again = buf_new(a);

		node_print(&text, root);
		must(text.len <= NODE_RECORD_MAX);
		struct node *copy = node_parse(a, buf_text(&text), text.len, why);
		must(copy);
		node_print(&again, copy);
		must(!strcmp(buf_text(&text), buf_text(&again)));
	}
	arena_drop(a);
	return 0;
}
