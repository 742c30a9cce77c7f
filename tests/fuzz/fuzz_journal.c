/* Any bytes as a journal: refused, or lines that stay in our directories. */
#include <string.h>

#include "core/journal.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct arena *a = arena_new();
	char *text = arena_dupn(a, (const char *)data, len);
	struct journal j;

	if (journal_parse(a, text, len, &j)) {
		for (size_t i = 0; i < j.len; i++) {
			must(j.at[i].dir < DIR_COUNT && *j.at[i].name);
			must(!strchr(j.at[i].name, '/') && strcmp(j.at[i].name, ".."));
			must(!(j.at[i].mode & ~07777u));
		}
		must(!strncmp(text + len - 4, "end\n", 4));
	}
	arena_drop(a);
	return 0;
}
