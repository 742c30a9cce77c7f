/* parts.c - states beside each other that have the same sum */
#include "policy/apparmor/parts.h"

#include <string.h>

void parts_start(struct parts *p, struct arena *a, uint32_t max)
{
	p->at = NEW_N(a, struct part, max);
	p->sorted = NEW_N(a, struct part, max);
	p->groups = NEW_N(a, struct parts_group, max);
	p->group_of = NEW_N(a, uint32_t, max);
	p->slots = NEW_N(a, uint32_t, max * 4ul + 64);
}

/* Put parts with equal sums side by side. Few: by insertion. Many: count how often
 * each sum occurs, in a table of the places of its first part. */
void parts_group(struct parts *s, uint32_t n)
{
	struct part *p = s->at, *to = s->sorted;
	uint32_t mask = 1, *slot = s->slots, groups = 0;

	if (n <= 24) {
		for (uint32_t i = 1; i < n; i++) {
			struct part x = p[i];
			uint32_t k = i;

			for (; k > 0 && p[k - 1].sum > x.sum; k--)
				p[k] = p[k - 1];
			p[k] = x;
		}
		return;
	}
	while (mask < n * 2)
		mask *= 2;
	memset(slot, 0, mask * sizeof *slot);
	mask--;
	for (uint32_t i = 0; i < n; i++) {
		uint32_t h = (uint32_t)(p[i].sum ^ p[i].sum >> 32) & mask;

		while (slot[h] && s->groups[slot[h] - 1].sum != p[i].sum)
			h = (h + 1) & mask;
		if (!slot[h]) {
			s->groups[groups] = (struct parts_group){p[i].sum, 0};
			slot[h] = ++groups;
		}
		s->group_of[i] = slot[h] - 1;
		s->groups[slot[h] - 1].n++;
	}
	for (uint32_t g = 0, at = 0; g < groups; g++) {
		uint32_t len = s->groups[g].n;

		s->groups[g].n = at;
		at += len;
	}
	for (uint32_t i = 0; i < n; i++)
		to[s->groups[s->group_of[i]].n++] = p[i];
	memcpy(p, to, n * sizeof *p);
}
