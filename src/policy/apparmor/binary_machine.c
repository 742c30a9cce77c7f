/* binary_machine.c - the tables of an automaton, checked before any is used */
#include <string.h>

#include "policy/apparmor/binary.h"

#define DIFF 0x80000000u
#define OOB 0x20000000u
#define BASE 0x00ffffffu
#define STATES_MAX ((uint32_t)1 << 24)

enum { ACCEPT = 1, BASES, CHECK, DEFAULT, CLASSES, ACCEPT2 = 7, NEXT, IDS };

static uint32_t be(const unsigned char *p, unsigned n)
{
	uint32_t v = 0;

	while (n--)
		v = v << 8 | *p++;
	return v;
}

struct table_at {
	const unsigned char *at;
	uint32_t n, width;
};

static const char *find_tables(struct table_at t[IDS], const unsigned char *p, size_t len)
{
	while (len) {
		if (len < 12)
			return "the head of a table is cut off";
		uint32_t id = be(p, 2), width = be(p + 2, 2), n = be(p + 8, 4);
		uint64_t size = (12 + (uint64_t)n * width + 7) / 8 * 8;

		if (!id || id >= IDS || id == 6 || be(p + 4, 4))
			return "an unknown table";
		if (t[id].at)
			return "a table twice";
		if ((width != 1 && width != 2 && width != 4) || size > len)
			return "a table that is larger than its blob";
		t[id] = (struct table_at){p + 12, n, width};
		p += size;
		len -= size;
	}
	return NULL;
}

static const char *check_sizes(const struct table_at t[IDS])
{
	uint32_t states = t[BASES].n, width = t[NEXT].width;

	if (!t[ACCEPT].at || !t[BASES].at || !t[DEFAULT].at || !t[NEXT].at || !t[CHECK].at)
		return "a table is missing";
	if (t[ACCEPT].width != 4 || t[BASES].width != 4 || (width != 2 && width != 4) ||
	    t[DEFAULT].width != width || t[CHECK].width != width ||
	    (t[ACCEPT2].at && t[ACCEPT2].width != 4) ||
	    (t[CLASSES].at && (t[CLASSES].width != 1 || t[CLASSES].n != 256)))
		return "a table of the wrong width";
	if (states < 2 || states > STATES_MAX || t[ACCEPT].n != states || t[DEFAULT].n != states ||
	    (t[ACCEPT2].at && t[ACCEPT2].n != states))
		return "tables that do not agree about the number of states";
	if (t[NEXT].n != t[CHECK].n)
		return "tables that do not agree about the number of transitions";
	return NULL;
}

/* Does following what states inherit from end, from every state? Walked marks are
 * the number of the walk that came by first. */
static bool chains_end(struct arena *a, const struct binary_machine *m)
{
	uint32_t *walk = NEW_N(a, uint32_t, m->states);

	for (uint32_t i = 0; i < m->states; i++) {
		uint32_t s = i;

		while (!walk[s] && (be(m->base + 4ul * s, 4) & DIFF)) {
			walk[s] = i + 1;
			s = be(m->other + (size_t)s * m->width, m->width);
		}
		if (walk[s] == i + 1 && (be(m->base + 4ul * s, 4) & DIFF))
			return false;
	}
	return true;
}

static const char *check_states(struct arena *a, const struct binary_machine *m, unsigned flags)
{
	for (uint32_t s = 0; s < m->states; s++) {
		uint32_t b = be(m->base + 4ul * s, 4);

		if (be(m->other + (size_t)s * m->width, m->width) >= m->states)
			return "a default that is no state";
		if ((b & ~BASE & ~(DIFF | OOB)) || ((b & DIFF) && !(flags & 1)) ||
		    ((b & OOB) && (!(flags & 2) || !(b & BASE))))
			return "a base with unknown flags";
		if ((uint64_t)(b & BASE) + 255 >= m->slots)
			return "a base beyond the transitions";
	}
	for (uint32_t i = 0; i < m->slots; i++)
		if (be(m->next + (size_t)i * m->width, m->width) >= m->states ||
		    be(m->check + (size_t)i * m->width, m->width) >= m->states)
			return "a transition that is of or to no state";
	return chains_end(a, m) ? NULL : "states that inherit from each other in a circle";
}

const char *binary_tables(struct arena *a, struct binary_machine *m, const unsigned char *p,
			  size_t len)
{
	struct table_at t[IDS] = {0};

	if (len < 24 || be(p, 4) != 0x1b5e783d)
		return "no tables";
	uint32_t head = be(p + 4, 4), flags = be(p + 12, 2);
	if (head < 14 || head > len || head % 8 || (flags & ~3u))
		return "a head of tables that is not valid";
	const char *wrong = find_tables(t, p + head, len - head);
	if (!wrong)
		wrong = check_sizes(t);
	if (wrong)
		return wrong;
	m->present = true;
	m->start = 1;
	m->states = t[BASES].n;
	m->slots = t[NEXT].n;
	m->width = t[NEXT].width;
	m->accept = t[ACCEPT].at;
	m->accept2 = t[ACCEPT2].at;
	m->base = t[BASES].at;
	m->other = t[DEFAULT].at;
	m->next = t[NEXT].at;
	m->check = t[CHECK].at;
	m->classes = t[CLASSES].at;
	return check_states(a, m, flags);
}

uint32_t binary_perm(const struct binary_machine *m, uint32_t entry, unsigned word)
{
	const unsigned char *p = m->perms + ((size_t)entry * BINARY_PERM_WORDS + word) * 5 + 1;

	return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

uint32_t binary_accept(const struct binary_machine *m, uint32_t state)
{
	return be(m->accept + 4ul * state, 4);
}

static const char *check_entry(const struct binary_machine *m, uint32_t i, size_t names)
{
	enum { ALLOW = 1, DENY, SUBTREE, COND, KILL, COMPLAIN, PROMPT, HIDE = 10, XINDEX };
	uint32_t allow = binary_perm(m, i, ALLOW), deny = binary_perm(m, i, DENY);
	uint32_t soft = binary_perm(m, i, COND) | binary_perm(m, i, COMPLAIN) |
			binary_perm(m, i, PROMPT);
	uint32_t x = binary_perm(m, i, XINDEX);

	if ((allow & deny) || (binary_perm(m, i, SUBTREE) & ~allow) || (soft & (allow | deny)) ||
	    ((binary_perm(m, i, KILL) | binary_perm(m, i, HIDE)) & allow) ||
	    (binary_perm(m, i, COMPLAIN) & binary_perm(m, i, PROMPT)))
		return "permissions that exclude each other";
	if ((x & 0x0c000000) == 0x08000000 && (x & 0x00ffffff) >= names)
		return "execution that leads to a name that is not there";
	return NULL;
}

const char *binary_check_perms(const struct binary_machine *m, size_t names)
{
	const char *wrong = NULL;

	if (!m->present || !m->wide)
		return NULL;
	for (uint32_t i = 0; i < m->perms_len && !wrong; i++)
		wrong = check_entry(m, i, names);
	for (uint32_t s = 0; s < m->states && !wrong; s++)
		if (binary_accept(m, s) >= m->perms_len)
			wrong = "a state whose permissions are not there";
	return wrong;
}

uint32_t binary_step(const struct binary_machine *m, uint32_t state, unsigned char byte)
{
	uint32_t c = m->classes ? m->classes[byte] : byte;

	for (;;) {
		uint32_t b = be(m->base + 4ul * state, 4);
		size_t at = ((size_t)(b & BASE) + c) * m->width;

		if (be(m->check + at, m->width) == state)
			return be(m->next + at, m->width);
		state = be(m->other + (size_t)state * m->width, m->width);
		if (!(b & DIFF))
			return state;
	}
}
