/* Any text as a filter: refused with a reason, or programs that answer as its lines say. */
#include <errno.h>
#include <string.h>

#include "fuzz.h"
#include "inputs.h"
#include "seccomp/bin.h"
#include "seccomp/compile.h"
#include "seccomp/filter.h"
#include "seccomp/pack.h"
#include "seccomp/sim.h"

static const struct sc_users users = {"root:x:0:0\ndaemon:x:2:3\n", "root:x:0:\ndaemon:x:2:\n"};

static uint32_t right(const struct seccomp_data *d, struct sc_target t, const struct sc_filter *f,
		      bool deny)
{
	struct sc_rule *side = f->count ? f->rules : NULL;
	bool match = false, foreign;

	input_matches(d, t, NULL, 0, &foreign);
	for (size_t i = 0; i < f->count; i++)
		if (side[i].deny == deny)
			match |= input_matches(d, t, &side[i], 1, &foreign);
	if (foreign)
		return SECCOMP_RET_KILL_PROCESS;
	if (deny)
		return match ? SECCOMP_RET_ERRNO | EACCES : SECCOMP_RET_ALLOW;
	if (match)
		return SECCOMP_RET_ALLOW;
	return f->complain ? SECCOMP_RET_LOG : SECCOMP_RET_ERRNO | EPERM;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const char *const archs[] = {"amd64", "i386", "s390x", "mips", "ppc64", "arm64"};
	struct sc_target t = sc_target_of(sc_arch_find(archs[len % 6]), NULL);
	struct arena *a = arena_new();
	struct rng r = {len};
	struct sc_filter f;
	struct sc_compiled c;
	char why[COMPILE_WHY] = "";
	const char *reason;
	struct sc_bin bin;
	size_t size;

	if (!filter_parse(a, (const char *)data, len, t.arch->family, &users, &f, why) ||
	    !compile_rules(a, &f, t, &c, why)) {
		must(*why);
		arena_drop(a);
		return 0;
	}
	const void *bytes = pack_bin(a, &c, &size);
	must(c.big || bin_read(bytes, size, &bin, &reason));
	for (int i = 0; i < 200 && !c.unrestricted; i++) {
		struct seccomp_data d;
		uint32_t answer;

		input_make(&r, t, f.rules, f.count, &d);
		must(sim_run(c.allow.code, c.allow.count, &d, c.big, &answer, NULL));
		must(answer == right(&d, t, &f, false));
		must(sim_run(c.deny.code, c.deny.count, &d, c.big, &answer, NULL));
		must(answer == right(&d, t, &f, true));
	}
	arena_drop(a);
	return 0;
}
