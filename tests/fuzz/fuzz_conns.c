/* Any bytes as the file of connections: refused with a reason, or what the writer writes of it. */
#include <string.h>

#include "core/node.h"
#include "fuzz.h"
#include "policy/model/conns.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct arena *a = arena_new();
	char why[WHY_MAX] = "", *text = arena_dupn(a, (const char *)data, len);
	struct conn_lines lines;

	if (!conns_parse(a, text, len, &lines, why)) {
		must(*why);
	} else {
		const char *again = conns_print(a, &lines);

		must(strlen(again) == len && !memcmp(again, text, len));
		for (size_t i = 0; i < lines.len; i++)
			must(!strpbrk(lines.at[i].plug_snap, "/.\n\"") &&
			     !strpbrk(lines.at[i].slot, "/.\n\"@") &&
			     conns_find(&lines, &lines.at[i]) == &lines.at[i]);
	}
	arena_drop(a);
	return 0;
}
