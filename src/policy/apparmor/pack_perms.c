/* pack_perms.c - permissions of states in the kernel's two encodings */
#include "policy/apparmor/pack_perms.h"

#define GETATTR 0x200u
#define LOCK 0x8000u
#define CONT_MATCH 0x08000000u
#define ONEXEC 0x20000000u
#define CHANGE_PROFILE 0x40000000u

/* Bits of which audit and quiet can tell, in both halves. */
#define TOLD 0x1fc07fu

static uint32_t file_bits(uint32_t p)
{
	uint32_t v = p & 0xf;

	v |= p & AP_R ? GETATTR | 0x40 : 0;
	v |= p & AP_W ? 0x100 | 0x10 | 0x20 | 0x1000 | 0x2000 | 0x40 : 0;
	v |= p & AP_L ? 0x40000 : 0;
	v |= p & AP_K ? LOCK : 0;
	v |= p & AP_M ? 0x10000 : 0;
	return v;
}

static uint32_t xindex(uint32_t p)
{
	uint32_t n = (p & AP_INDEX) >> AP_INDEX_SHIFT, v = 0;

	v |= p & AP_UNSAFE ? 0x10000000 : 0;
	v |= p & AP_IX ? 0x40000000 : 0;
	v |= p & AP_PUX || n == 1 ? 0x80000000 : 0;
	if (n == 2)
		v |= 0x04000000;
	else if (n == 3)
		v |= 0x24000000;
	else if (n > 3)
		v |= 0x08000000 | (n - 4);
	return v;
}

static struct perm_entry file_entry(const struct perms *p, int shift)
{
	uint32_t allow = p->allow >> shift & AP_HALF;
	struct perm_entry e = {
		.allow = file_bits(allow) | GETATTR, .audit = file_bits(p->audit >> shift & 0x7f),
		.quiet = file_bits(p->quiet >> shift & 0x7f),
		.prompt = file_bits(p->prompt >> shift & 0x7f), .xindex = xindex(allow),
	};

	e.allow |= p->allow & AP_CHANGE ? CHANGE_PROFILE : 0;
	e.allow |= p->allow & AP_ONEXEC ? ONEXEC : 0;
	e.prompt &= ~e.allow;
	return e;
}

static uint32_t policy_bits(uint32_t p)
{
	return (p & 0x7f) | (p >> 14 & 3) << 8 | (p >> 16 & 7) << 20 | (p >> 19 & 3) << 24;
}

static struct perm_entry policy_entry(const struct perms *p)
{
	struct perm_entry e = {
		.allow = policy_bits(p->allow) | LOCK, .audit = policy_bits(p->audit),
		.quiet = policy_bits(p->quiet), .prompt = policy_bits(p->prompt),
	};

	e.allow |= p->allow & 0x10000000 ? CONT_MATCH : 0;
	e.prompt &= ~e.allow;
	return e;
}

void accepts_make(struct accepts *out, struct arena *a, const struct automaton *m,
		  const struct table *t, bool wide, bool owner)
{
	*out = (struct accepts){NEW_N(a, uint32_t, t->states), NEW_N(a, uint32_t, t->states)};
	if (wide) {
		out->count = m->perms.len * (owner ? 2 : 1);
		out->entries = NEW_N(a, struct perm_entry, out->count);
	}
	for (size_t i = 0; wide && i < m->perms.len; i++) {
		if (owner) {
			out->entries[2 * i] = file_entry(&m->perms.at[i], 0);
			out->entries[2 * i + 1] = file_entry(&m->perms.at[i], AP_OTHER_SHIFT);
		} else {
			out->entries[i] = policy_entry(&m->perms.at[i]);
		}
	}
	for (uint32_t s = 0; s < t->states; s++) {
		const struct perms *p = &m->perms.at[t->perms[s]];

		if (wide) {
			out->accept[s] = t->perms[s] * (owner ? 2 : 1);
			out->accept2[s] = owner && s > 1;
		} else {
			out->accept[s] = p->allow;
			out->accept2[s] = (p->audit & TOLD) | (p->quiet & TOLD) << 7;
		}
	}
}
