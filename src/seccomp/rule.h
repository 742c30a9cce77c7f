/* rule.h - a line of a filter, read
 *
 * The nouns that the reader and the compiler share.
 */
#ifndef SECCOMP_RULE_H
#define SECCOMP_RULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SC_ARGS 6

enum sc_op {
	SC_EQ,
	SC_NE,
	SC_LT,
	SC_LE,
	SC_GT,
	SC_GE,
	SC_MASKED, /* (argument & mask) == value; no bit of value is outside mask */
};

struct sc_cond {
	uint8_t arg, op;
	bool low; /* the kernel sees the lower 32 bits only, so that is what counts */
	uint64_t value, mask;
};

/* All conditions must hold; the rule's call, then, is allowed or denied. */
struct sc_rule {
	const char *call;
	bool deny;
	bool absent; /* denied as by a kernel that has no such call: ENOSYS */
	uint8_t count;
	unsigned line; /* in the text, from 1 */
	struct sc_cond cond[SC_ARGS];
};

struct sc_filter {
	bool unrestricted; /* @unrestricted: no filter at all */
	bool complain;     /* @complain: what is not allowed is logged, not refused */
	struct sc_rule *rules;
	size_t count;
};

#endif
