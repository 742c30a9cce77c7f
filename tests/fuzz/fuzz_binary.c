/* Any bytes as compiled policy: refused with a reason, or tables that can be walked. */
#include <string.h>

#include "core/arena.h"
#include "fuzz.h"
#include "policy/apparmor/binary.h"

static void walk(const struct binary_machine *m, const uint8_t *bytes, size_t len)
{
	uint32_t state = m->start;

	if (!m->present)
		return;
	for (size_t i = 0; i < len; i++) {
		state = binary_step(m, state, bytes[i]);
		must(state < m->states);
	}
	uint32_t entry = binary_accept(m, state);
	must(!m->wide || (entry < m->perms_len && !(binary_perm(m, entry, 1) & binary_perm(m, entry, 2))));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct arena *a = arena_new();
	struct binary b;
	const char *why = NULL;
	size_t at = 0;

	if (!binary_read(a, data, len, &b, &why)) {
		must(why && !strncmp(why, "at byte ", 8));
	} else {
		must(!why && b.profiles.len);
		for (size_t i = 0; i < b.profiles.len; i++) {
			const struct binary_profile *p = b.profiles.at[i];

			must(p->from == at && p->to > at && *p->name);
			at = p->to;
			walk(&p->xmatch, data, len < 4096 ? len : 4096);
			walk(&p->policy, data, len < 4096 ? len : 4096);
			walk(&p->file, data, len < 4096 ? len : 4096);
		}
		must(at == len);
	}
	arena_drop(a);
	return 0;
}
