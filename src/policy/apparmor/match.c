/* match.c - ask a compiled profile what the kernel would ask it */
#include "policy/apparmor/match.h"

#include <string.h>

static uint32_t walk(const struct automaton *m, const unsigned char *bytes, size_t len)
{
	uint32_t state = 1;

	for (size_t i = 0; i < len && state; i++)
		state = dfa_step(m->dfa, state, m->class_of[bytes[i]]);
	return state;
}

static struct perms perms_at(const struct automaton *m, const void *bytes, size_t len)
{
	return m->perms.at[m->dfa->label.at[walk(m, bytes, len)]];
}

struct perms match_file(const struct lowered *p, const void *bytes, size_t len)
{
	return p->has_file ? perms_at(&p->file, bytes, len) : (struct perms){0};
}

struct perms match_class(const struct lowered *p, const void *bytes, size_t len)
{
	return perms_at(&p->policy, bytes, len);
}

bool match_mediated(const struct lowered *p, unsigned char class)
{
	return walk(&p->policy, &class, 1) != 0;
}

bool match_attaches(const struct lowered *p, const char *path)
{
	return p->has_xmatch && (perms_at(&p->xmatch, path, strlen(path)).allow & AP_X);
}
