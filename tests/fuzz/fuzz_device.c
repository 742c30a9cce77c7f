/* Any line as a rule of devices: refused with a reason, or one that is read back the same. */
#include <string.h>

#include "core/node.h"
#include "fuzz.h"
#include "policy/device/rule.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct arena *a = arena_new();
	char why[WHY_MAX] = "", *text = arena_dupn(a, (const char *)data, len);
	struct device_rule r, again;

	if (!device_rule_parse(a, text, &r, why)) {
		must(*why);
	} else {
		struct buf b = buf_new(a), c = buf_new(a);

		device_rule_print(&b, &r);
		must(b.len && !strchr(buf_text(&b), '\n'));
		for (size_t i = 0; i < r.matches.len; i++)
			must(strcmp(r.matches.at[i].key, "RUN") && strcmp(r.matches.at[i].key, "PROGRAM"));
		must(device_rule_parse(a, buf_text(&b), &again, why));
		device_rule_print(&c, &again);
		must(!strcmp(buf_text(&b), buf_text(&c)));
	}
	arena_drop(a);
	return 0;
}
