/* inputs.c - system calls that ask for trouble: at and beside all that rules name */
#include "inputs.h"

#include <string.h>

#include "seccomp/resolve.h"

uint64_t rng_next(struct rng *r)
{
	uint64_t x = r->state += 0x9e3779b97f4a7c15u;

	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
	x = (x ^ x >> 27) * 0x94d049bb133111ebu;
	return x ^ x >> 31;
}

uint64_t rng_below(struct rng *r, uint64_t n)
{
	return rng_next(r) % n;
}

/* resolve_name(), once for each name: it is slow where calls are behind others. */
static int resolve(const struct sc_arch *arch, const char *call, struct sc_number at[SC_NUMBERS])
{
	static struct {
		const struct sc_arch *arch;
		char call[32];
		struct sc_number at[SC_NUMBERS];
		int count;
	} cache[16384];
	size_t h = (size_t)(arch - sc_archs) * 31;

	for (const char *c = call; *c; c++)
		h = h * 131 + (unsigned char)*c;
	for (size_t i = h % 16384, end = i + 8; i < end && i < 16384; i++) {
		if (!cache[i].arch && strlen(call) < sizeof cache[i].call) {
			cache[i].arch = arch;
			strcpy(cache[i].call, call);
			cache[i].count = resolve_name(arch, call, cache[i].at);
		}
		if (cache[i].arch == arch && !strcmp(cache[i].call, call)) {
			memcpy(at, cache[i].at, sizeof cache[i].at);
			return cache[i].count;
		}
	}
	return resolve_name(arch, call, at);
}

static uint32_t any_number(struct rng *r)
{
	static const uint32_t first[] = {0, 0, 0, 4000, 5000, 6000, 0xf0000, 0x40000000, 0xfffffff0};

	return first[rng_below(r, sizeof first / sizeof *first)] + (uint32_t)rng_below(r, 600);
}

/* A value that some rule compares this argument with, or a neighbour, with the upper
 * half as it should be, as sign extension makes it, or full of dirt. */
static uint64_t near(struct rng *r, uint64_t v, const struct sc_cond *c)
{
	switch (rng_below(r, 8)) {
	case 0: v++; break;
	case 1: v--; break;
	case 2: v |= c->mask; break;
	case 3: v &= ~(c->mask & -c->mask); break;
	case 4: v ^= UINT64_C(1) << rng_below(r, 64); break;
	}
	switch (rng_below(r, 8)) {
	case 0: v |= UINT64_C(0xffffffff) << 32; break;
	case 1: v |= UINT64_C(1) << 32; break;
	case 2: v ^= rng_next(r) << 32; break;
	case 3: v = (uint64_t)(int64_t)(int32_t)v; break;
	}
	return v;
}

void input_make(struct rng *r, struct sc_target target, const struct sc_rule *rules, size_t count,
		struct seccomp_data *out)
{
	const struct sc_arch *arch = target.second && rng_below(r, 3) == 0 ? target.second : target.arch;
	const struct sc_rule *rule = count ? &rules[rng_below(r, count)] : NULL;
	struct sc_number at[SC_NUMBERS];
	int numbers = rule ? resolve(arch, rule->call, at) : 0;

	memset(out, 0, sizeof *out);
	out->arch = arch->audit;
	out->nr = (int)any_number(r);
	for (int i = 0; i < SC_ARGS; i++)
		out->args[i] = rng_below(r, 2) ? rng_next(r) : rng_below(r, 32);
	if (numbers > 0 && rng_below(r, 16)) {
		const struct sc_number *n = &at[rng_below(r, (uint64_t)numbers)];

		out->nr = (int)n->nr;
		for (uint8_t i = 0; i < rule->count; i++)
			if (rng_below(r, 12))
				out->args[rule->cond[i].arg] = near(r, rule->cond[i].value, &rule->cond[i]);
		if (n->mask)
			out->args[0] = rng_below(r, 8) ? n->sub : rng_below(r, 32);
	}
	switch (rng_below(r, 64)) {
	case 0: out->nr = (int)((uint32_t)out->nr ^ SC_X32_BIT); break;
	case 1: out->arch ^= 1u << rng_below(r, 32); break;
	case 2: out->nr = -1; break;
	}
	/* The kernel zero-extends what a 32-bit call passes. */
	if (arch->bits == 32 && arch->space != SPACE_X32)
		for (int i = 0; i < SC_ARGS; i++)
			out->args[i] = (uint32_t)out->args[i];
}

static bool holds(const struct sc_cond *c, uint64_t v, bool narrow)
{
	uint64_t want = narrow ? (uint32_t)c->value : c->value;
	uint64_t mask = narrow ? (uint32_t)c->mask : c->mask;

	v = narrow ? (uint32_t)v : v;
	switch (c->op) {
	case SC_EQ: return v == want;
	case SC_NE: return v != want;
	case SC_LT: return v < want;
	case SC_LE: return v <= want;
	case SC_GT: return v > want;
	case SC_GE: return v >= want;
	}
	return (v & mask) == want;
}

/* The call as the kernel will take it: what is behind another is looked through. */
static bool is_call(const struct seccomp_data *d, const struct sc_number *at, bool deny)
{
	if ((uint32_t)d->nr != at->nr)
		return false;
	return !at->mask || (d->args[0] & (deny ? at->mask : UINT64_MAX)) == at->sub;
}

bool input_matches(const struct seccomp_data *d, struct sc_target target,
		   const struct sc_rule *rules, size_t count, bool *foreign)
{
	const struct sc_arch *arch = d->arch == target.arch->audit ? target.arch : target.second;
	bool x32 = (uint32_t)d->nr >= SC_X32_BIT;

	*foreign = !arch || d->arch != arch->audit ||
		   (arch->space == SPACE_BELOW_X32 && x32 && d->nr != -1) ||
		   (arch->space == SPACE_X32 && !x32);
	for (size_t i = 0; !*foreign && i < count; i++) {
		struct sc_number at[SC_NUMBERS];
		int n = resolve(arch, rules[i].call, at);

		for (int k = 0; k < n; k++) {
			bool all = is_call(d, &at[k], rules[i].deny);

			for (int c = 0; all && !at[k].mask && c < rules[i].count; c++)
				all = holds(&rules[i].cond[c], d->args[rules[i].cond[c].arg],
					    rules[i].cond[c].low || arch->bits == 32);
			if (all)
				return true;
		}
	}
	return false;
}
