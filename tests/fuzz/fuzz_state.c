/* Any bytes as a state file: refused with a reason, or what the writer writes of it. */
#include <string.h>

#include "core/node.h"
#include "fuzz.h"
#include "policy/model/state.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct arena *a = arena_new();
	char why[WHY_MAX] = "", *text = arena_dupn(a, (const char *)data, len);
	struct state s;

	if (!state_parse(a, text, len, &s, why)) {
		must(*why);
	} else {
		const char *again = state_print(a, &s);

		must(strlen(again) == len && !memcmp(again, text, len));
		must(state_current(&s) && !strpbrk(s.name, "/.\n"));
	}
	arena_drop(a);
	return 0;
}
