/* parts.h - states beside each other that have the same sum */
#ifndef POLICY_APPARMOR_PARTS_H
#define POLICY_APPARMOR_PARTS_H

#include <stdint.h>

#include "core/arena.h"

struct part {
	uint64_t sum;
	uint32_t state;
};

struct parts {
	struct part *at, *sorted;
	struct parts_group {
		uint64_t sum;
		uint32_t n; /* members; then where the next one goes */
	} *groups;
	uint32_t *group_of, *slots;
};

void parts_start(struct parts *p, struct arena *a, uint32_t max);

/* Put the first n of at in an order in which equal sums are neighbours. */
void parts_group(struct parts *p, uint32_t n);

#endif
