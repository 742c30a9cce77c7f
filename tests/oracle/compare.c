/* compare.c - two compiled filters of one text, by what they answer
 *
 *	oracle_compare SRC OURS THEIRS [USERS]
 *
 * OURS is our NAME.bin2, THEIRS snap-seccomp's, both for this machine. Calls near
 * all that SRC names go through both. Kills are alike, whether of a thread or the
 * process. What differs on purpose is in differences.txt, beside this file: a
 * difference that is none of those fails. TAP, one test.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/fs.h"
#include "core/str.h"
#include "inputs.h"
#include "seccomp/bin.h"
#include "seccomp/filter.h"
#include "seccomp/resolve.h"
#include "seccomp/sim.h"

#define INPUTS 300000

static struct sc_bin read_bin(struct arena *a, const char *path)
{
	struct sc_bin bin;
	const char *why;
	size_t len;
	char *bytes = fs_read(a, AT_FDCWD, path, BIN_FILE_MAX, &len);

	if (!bytes || !bin_read(bytes, len, &bin, &why))
		die("%s: %s", path, bytes ? why : strerror(errno));
	return bin;
}

static uint32_t one(uint32_t answer)
{
	return (answer & SECCOMP_RET_ACTION_FULL) == SECCOMP_RET_KILL_THREAD ? SECCOMP_RET_KILL_PROCESS
									     : answer;
}

static uint32_t answer_of(const struct sc_bin *b, const struct seccomp_data *d)
{
	uint32_t allow = SECCOMP_RET_ALLOW, deny = SECCOMP_RET_ALLOW;

	if (b->unrestricted)
		return allow;
	if (!sim_run(b->allow, b->allow_count, d, false, &allow, NULL) ||
	    !sim_run(b->deny, b->deny_count, d, false, &deny, NULL))
		die("a program that the kernel would not take");
	return one(sim_both(deny, allow));
}

/* May the two differ here? The cases of differences.txt, by their numbers there. */
static int purpose(const struct seccomp_data *d, const struct sc_filter *f, struct sc_target t,
		   uint32_t ours)
{
	const struct sc_arch *arch = d->arch == t.arch->audit ? t.arch : t.second;
	struct sc_number at[SC_NUMBERS];

	for (size_t i = 0; arch && i < f->count; i++) {
		int n = resolve_name(arch, f->rules[i].call, at);

		for (int k = 0; k < n; k++) {
			if (at[k].nr != (uint32_t)d->nr)
				continue;
			if (at[k].mask) /* 3, 4 */
				return f->rules[i].deny ? ours == (SECCOMP_RET_ERRNO | EACCES) : 4;
			for (int c = 0; c < f->rules[i].count; c++) {
				const struct sc_cond *cond = &f->rules[i].cond[c];

				if (cond->low && d->args[cond->arg] >> 32 && ours != SECCOMP_RET_ALLOW)
					return 2;
			}
		}
	}
	return 0;
}

int main(int argc, char **argv)
{
	struct arena *a = arena_new();
	struct sc_target t = sc_target_of(sc_arch_native(), sc_arch_kernel());
	struct sc_users users = users_load(a, "");
	struct rng r = {1};
	struct sc_filter f;
	char why[FILTER_WHY];
	size_t len, differences = 0;

	if (argc != 4)
		die_with(EXIT_USAGE, "oracle_compare SRC OURS THEIRS");
	char *text = fs_read(a, AT_FDCWD, argv[1], FILTER_TEXT_MAX, &len);
	if (!text || !filter_parse(a, text, len, t.arch->family, &users, &f, why))
		die("%s: %s", argv[1], text ? why : strerror(errno));
	struct sc_bin ours = read_bin(a, argv[2]), theirs = read_bin(a, argv[3]);

	for (int i = 0; i < INPUTS; i++) {
		struct seccomp_data d;

		input_make(&r, t, f.rules, f.count, &d);
		uint32_t x = answer_of(&ours, &d), y = answer_of(&theirs, &d);
		if (x == y || purpose(&d, &f, t, x))
			continue;
		if (differences++ < 5) {
			const char *name = resolve_number(a, d.arch == t.arch->audit ? t.arch : t.second, d.nr);

			printf("# %s (%d) of %x, %#llx %#llx %#llx %#llx: ours %s", name ? name : "?", d.nr,
			       d.arch, d.args[0], d.args[1], d.args[2], d.args[3], sim_name(x));
			printf(", theirs %s\n", sim_name(y));
		}
	}
	const char *name = strrchr(argv[1], '/');
	printf("%s %s: %d calls; allow %zu instructions, theirs %zu; deny %zu, theirs %zu\n",
	       differences ? "not ok" : "ok", name ? name + 1 : argv[1], INPUTS, ours.allow_count,
	       theirs.allow_count, ours.deny_count, theirs.deny_count);
	return differences != 0;
}
