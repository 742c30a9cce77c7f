/* Any bytes as a compiled filter: refused with a reason, or programs that can be run. */
#include <string.h>

#include "core/arena.h"
#include "fuzz.h"
#include "seccomp/bin.h"
#include "seccomp/sim.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct arena *a = arena_new();
	void *copy = arena_dupn(a, (const char *)data, len); /* as aligned as the loader has it */
	struct seccomp_data d = {.arch = 0xc000003e, .nr = 1};
	const char *why = NULL;
	struct sc_bin bin;
	uint32_t answer;

	if (!bin_read(copy, len, &bin, &why)) {
		must(why);
	} else if (!bin.unrestricted) {
		must(bin.allow_count && bin.allow_count <= BIN_CODE_MAX);
		must(bin.deny_count && bin.deny_count <= BIN_CODE_MAX);
		must(len == BIN_HEADER + (bin.allow_count + bin.deny_count) * sizeof *bin.allow);
		sim_run(bin.allow, bin.allow_count, &d, false, &answer, NULL);
		sim_run(bin.deny, bin.deny_count, &d, true, &answer, NULL);
	} else {
		must(len == BIN_HEADER);
	}
	arena_drop(a);
	return 0;
}
