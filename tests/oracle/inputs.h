/* inputs.h - system calls that ask for trouble: at and beside all that rules name */
#ifndef ORACLE_INPUTS_H
#define ORACLE_INPUTS_H

#include <linux/seccomp.h>
#include <stdbool.h>

#include "seccomp/arch.h"
#include "seccomp/rule.h"

/* A small generator, so that a failure can be repeated by its seed. */
struct rng {
	uint64_t state;
};
uint64_t rng_next(struct rng *r);
uint64_t rng_below(struct rng *r, uint64_t n);

/* Calls of the target, of its second architecture, of x32 and of others, whose numbers and
 * arguments are near those of the rules. */
void input_make(struct rng *r, struct sc_target target, const struct sc_rule *rules, size_t count,
		struct seccomp_data *out);

/* What the rules themselves say, without any program: does one of them hold? Foreign is set
 * when the call is not one of the target's at all. */
bool input_matches(const struct seccomp_data *d, struct sc_target target, const struct sc_rule *rules,
		   size_t count, bool *foreign);

#endif
