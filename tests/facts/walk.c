/* walk.c - do two compiled profiles answer every question alike?
 *
 * A breadth-first walk over pairs of states. At each pair the permissions must be
 * the same; where an execution leads to is compared by name, as each profile numbers its
 * own. A step is a class of bytes that neither automaton tells apart.
 *
 * No path has two slashes in a row, so what would be answered then does not matter: the
 * name of a file and the place of a mount are not walked on behind the first of them.
 */
#include "walk.h"

#include <inttypes.h>
#include <string.h>

#include "core/str.h"
#include "policy/apparmor/index.h"

#define STEPS_MAX 257
#define CLASS_MOUNT 7

enum place { BEGIN, BEGIN_MOUNT, ANY, PATH, PATH_SLASH };

struct pair {
	uint32_t x, y;
	enum place place;
	uint32_t from;
	unsigned step; /* the byte, or 256: what is behind the end of a string of its own */
};

struct walk {
	struct arena *arena;
	const struct lowered *ours, *facts;
	const struct automaton *x, *y;
	struct index index;
	VEC(struct pair) all;
	unsigned steps[STEPS_MAX], count;
};

static void visit(struct walk *w, struct pair p)
{
	uint32_t h = (uint32_t)index_mix((uint64_t)p.x << 32 | p.y) + p.place, id;

	for (size_t i = index_first(&w->index, h);
	     (id = index_next(&w->index, h, &i)) != INDEX_END;)
		if (w->all.at[id].x == p.x && w->all.at[id].y == p.y &&
		    w->all.at[id].place == p.place)
			return;
	index_add(&w->index, h, (uint32_t)w->all.len);
	vec_push(w->arena, &w->all, p);
}

/* Where byte b leads from here; false when there is no such question. */
static bool step_place(const struct walk *w, enum place *place, unsigned b)
{
	bool file = w->x == &w->ours->file;

	if (*place == PATH_SLASH && b == '/')
		return false;
	if (*place == BEGIN && !file)
		*place = b == CLASS_MOUNT ? BEGIN_MOUNT : ANY;
	else if (b == '/' && *place != ANY)
		*place = PATH_SLASH;
	else
		*place = b && (*place == PATH || *place == PATH_SLASH) ? PATH : ANY;
	return true;
}

/* A byte for each class of both; those that places are known by are classes of their own. */
static void find_steps(struct walk *w)
{
	unsigned end = w->x->has_oob || w->y->has_oob ? 257 : 256;

	for (unsigned b = 0; b < end; b++) {
		unsigned i = 0;

		while (b && b != '/' && b != CLASS_MOUNT && i < w->count &&
		       (w->x->class_of[w->steps[i]] != w->x->class_of[b] ||
			w->y->class_of[w->steps[i]] != w->y->class_of[b]))
			i++;
		if (!b || b == '/' || b == CLASS_MOUNT || i == w->count)
			w->steps[w->count++] = b;
	}
}

static const char *exec_name(const struct lowered *p, uint32_t half)
{
	unsigned i = (half & AP_INDEX) >> AP_INDEX_SHIFT;

	return i < 4 ? "" : i - 4 < p->name_count ? p->names[i - 4] : "?";
}

/* The bits that differ; of executions that lead to different names, all of them. */
static uint32_t differ(const struct walk *w, uint32_t x, uint32_t y)
{
	uint32_t d = x ^ y;

	if (w->x != &w->ours->file)
		return d;
	for (unsigned shift = 0; shift <= AP_OTHER_SHIFT; shift += AP_OTHER_SHIFT) {
		const char *a = exec_name(w->ours, x >> shift);
		const char *b = exec_name(w->facts, y >> shift);

		d &= ~(AP_INDEX << shift);
		if (strcmp(a, b) != 0)
			d |= AP_INDEX << shift;
		else if (!*a)
			d |= (x ^ y) & AP_INDEX << shift;
	}
	return d;
}

static void print_string(struct walk *w, struct buf *out, uint32_t at)
{
	struct buf back = buf_new(w->arena);

	for (; at; at = w->all.at[at].from)
		buf_char(&back, w->all.at[at].step < 256 ? (char)w->all.at[at].step : '\xff');
	for (size_t i = back.len; i-- > 0;) {
		unsigned char c = (unsigned char)buf_text(&back)[i];

		if (c >= ' ' && c < 0x7f)
			buf_char(out, (char)c);
		else
			buf_printf(out, "\\x%02x", c);
	}
}

static void print_bits(struct buf *out, uint32_t bits, bool file)
{
	static const char *const names[] = {"execute", "write", "read", "append", "link", "lock",
					    "map"};

	for (unsigned i = 0; file && i < 7; i++)
		if ((bits | bits >> AP_OTHER_SHIFT) & 1u << i)
			buf_printf(out, "%s%s", names[i], bits >> AP_OTHER_SHIFT & 1u << i ? " " :
				   " (own) ");
	buf_printf(out, "[%#x] ", bits);
}

/* "write /dev/foo: ours allow 0, facts allow 0x2" */
static bool alike_at(struct walk *w, uint32_t at, struct buf *why)
{
	const struct perms *p = &w->x->perms.at[w->x->dfa->label.at[w->all.at[at].x]];
	const struct perms *q = &w->y->perms.at[w->y->dfa->label.at[w->all.at[at].y]];
	uint32_t d = differ(w, p->allow, q->allow) | differ(w, p->audit, q->audit) |
		     differ(w, p->quiet, q->quiet) | differ(w, p->prompt, q->prompt);

	if (!d)
		return true;
	print_bits(why, d, w->x == &w->ours->file);
	print_string(w, why, at);
	buf_printf(why, ": ours allow %#x audit %#x quiet %#x, facts allow %#x audit %#x quiet %#x",
		   p->allow, p->audit, p->quiet, q->allow, q->audit, q->quiet);
	return false;
}

static bool same_machine(const struct automaton *x, const struct automaton *y)
{
	return x == y || (x->dfa && x->dfa == y->dfa && x->perms.at == y->perms.at);
}

static bool walk_machines(struct walk *w, size_t *states, struct buf *why)
{
	if (same_machine(w->x, w->y) && w->ours->name_count == 0 && w->facts->name_count == 0) {
		*states += w->x->dfa->len;
		return true;
	}
	find_steps(w);
	visit(w, (struct pair){1, 1, BEGIN, 0, 0});
	for (uint32_t i = 0; i < w->all.len; i++) {
		struct pair p = w->all.at[i];

		if (!alike_at(w, i, why))
			return false;
		for (unsigned s = 0; s < w->count; s++) {
			unsigned b = w->steps[s];
			struct pair to = {0, 0, p.place, i, b};

			if (!step_place(w, &to.place, b))
				continue;
			to.x = p.x ? dfa_step(w->x->dfa, p.x, w->x->class_of[b]) : 0;
			to.y = p.y ? dfa_step(w->y->dfa, p.y, w->y->class_of[b]) : 0;
			if (to.x || to.y)
				visit(w, to);
		}
	}
	*states += w->all.len;
	return true;
}

static bool one(const struct lowered *ours, const struct lowered *facts,
		const struct automaton *x, const struct automaton *y, size_t *states,
		struct buf *why)
{
	struct arena *a = arena_new();
	struct walk w = {.arena = a, .ours = ours, .facts = facts, .x = x, .y = y,
			 .index.arena = a};
	bool same = walk_machines(&w, states, why);

	arena_drop(a);
	return same;
}

static bool same_sockets(const struct lowered *x, const struct lowered *y)
{
	return x->has_net == y->has_net &&
	       (!x->has_net || (!memcmp(x->net_allow, y->net_allow, sizeof x->net_allow) &&
				!memcmp(x->net_deny, y->net_deny, sizeof x->net_deny) &&
				!memcmp(x->net_audit, y->net_audit, sizeof x->net_audit) &&
				!memcmp(x->net_quiet, y->net_quiet, sizeof x->net_quiet)));
}

bool walk_profiles(const struct lowered *ours, const struct lowered *facts,
		   size_t *states, struct buf *why)
{
	if (memcmp(&ours->caps, &facts->caps, sizeof ours->caps) != 0) {
		buf_printf(why, "capabilities: ours %#" PRIx64 " denied %#" PRIx64
			   ", facts %#" PRIx64 " denied %#" PRIx64, ours->caps.allow,
			   ours->caps.deny, facts->caps.allow, facts->caps.deny);
		return false;
	}
	if (!same_sockets(ours, facts)) {
		buf_str(why, "families of sockets");
		return false;
	}
	if (ours->has_file != facts->has_file) {
		buf_printf(why, "files: only %s have rules", ours->has_file ? "we" : "the facts");
		return false;
	}
	if (ours->has_file && !one(ours, facts, &ours->file, &facts->file, states, why))
		return false;
	return one(ours, facts, &ours->policy, &facts->policy, states, why);
}
