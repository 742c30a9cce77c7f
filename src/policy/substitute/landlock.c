/* landlock.c - the file rules of a profile as Landlock can say them
 *
 * MUST NOT grant a place that no rule names, unless a note says so.
 * MUST NOT let a rule's own "%" become the caller's home or number.
 */
#include "policy/substitute/landlock.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "core/buf.h"
#include "core/str.h"
#include "core/vec.h"
#include "policy/apparmor/variables.h"
#include "policy/substitute/place.h"
#include "policy/substitute/spread.h"

#define SIGNAL_EXISTS 35 /* the bit of a rule's "exists" */

static const char letters[] = "rlwxd";
enum { READ = 1, LIST = 2, WRITE = 4, EXEC = 8, DEVICE = 16 };

struct grant {
	unsigned rights;
	const char *path;
	const char *rule; /* of a denial */
	bool below, whole; /* of a denial: with what is below; it is just that place */
};

struct projection {
	struct arena *arena;
	struct expander expander;
	struct landlock *out;
	VEC(struct grant) grants, denials;
	const char *rule; /* being looked at, for notes */
	const char *why;
};

/* Where only the start knows the way: one value that place.c knows again. */
static void set_places(struct arena *a, struct ap_policy *policy)
{
	static const char *const places[][2] = {
		{"HOME", "/%h/"}, {"PROC", "/proc/"}, {"pid", "%p"}, {"pids", "%p"},
		{"tid", "%p"}, {"uid", "%u"},
	};

	for (size_t i = 0; i < policy->variables.len; i++) {
		struct ap_variable *v = policy->variables.at[i];

		for (size_t k = 0; k < sizeof places / sizeof places[0]; k++)
			if (!v->boolean && !strcmp(v->name, places[k][0])) {
				v->values.len = 0;
				vec_push(a, &v->values, arena_dup(a, places[k][1]));
			}
	}
}

/* The base's own files, which are anybody's: read only, and allowed whole. */
static const char *const base[] = {
	"/bin", "/lib", "/lib32", "/lib64", "/libx32", "/opt", "/sbin", "/usr", NULL,
};

static bool is_public(const char *path)
{
	for (size_t i = 0; base[i]; i++)
		if (str_is_in(path, base[i]))
			return true;
	return false;
}

static unsigned rights_of(uint32_t perms)
{
	unsigned r = 0;

	perms |= perms >> AP_OTHER_SHIFT;
	r |= perms & (AP_R | AP_M) ? READ : 0;
	r |= perms & (AP_W | AP_A | AP_L) ? WRITE : 0;
	r |= perms & AP_X ? EXEC : 0;
	return r;
}

static void note(struct projection *p, bool wider, const char *why)
{
	struct land_note n = {wider, p->rule, why};
	struct landlock *out = p->out;

	for (size_t i = 0; i < out->notes.len; i++)
		if (str_eq(out->notes.at[i].rule, n.rule) && str_eq(out->notes.at[i].why, why))
			return;
	vec_push(p->arena, &out->notes, n);
}

/* One note a place, however many rules lead to it. */
static void note_wider(struct projection *p, const char *path)
{
	for (size_t i = 0; i < p->out->notes.len; i++)
		if (str_eq(str_after(p->out->notes.at[i].why, "all below "), path))
			return;
	note(p, true, arena_printf(p->arena, "all below %s", path));
}

static void grant(struct projection *p, unsigned rights, const char *path)
{
	struct grant g = {.rights = rights, .path = path};

	if (str_starts(path, "/dev/"))
		g.rights |= DEVICE;
	vec_push(p->arena, &p->grants, g);
}

static int by_path(const void *x, const void *y)
{
	return strcmp(((const struct grant *)x)->path, ((const struct grant *)y)->path);
}

/* Sorted, each path once: there are thousands, and every app has them. */
static void merge_grants(struct projection *p)
{
	struct grant *at = p->grants.at;
	size_t n = 0;

	if (p->grants.len)
		qsort(at, p->grants.len, sizeof *at, by_path);
	for (size_t i = 0; i < p->grants.len; i++)
		if (n && str_eq(at[n - 1].path, at[i].path))
			at[n - 1].rights |= at[i].rights;
		else
			at[n++] = at[i];
	p->grants.len = n;
}

/* Of what processes have to be written to, only the first one's own is granted: the
 * host's are in the same tree, and its root's are as well root's of an app. */
static void keep_from_others(struct projection *p, unsigned *rights)
{
	if (!(*rights & WRITE))
		return;
	*rights &= ~(unsigned)WRITE;
	grant(p, WRITE, "/proc/%p");
	note(p, false, "written only below /proc/PID of the process that is started");
}

/* What no Landlock says. */
static void note_limits(struct projection *p)
{
	static const char *const limits[] = {
		"chmod, chown, utime and setxattr of all files that its user may",
		"stat, chdir and flock of all that its user may enter or has open",
		"programs that are made in memory (memfd_create) may be executed",
		"sockets may be made (bind), with any abstract name",
	};

	p->rule = "(no rule)";
	for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++)
		note(p, true, limits[i]);
}

static void add_path(struct projection *p, unsigned rights, const char *pattern)
{
	struct place at = place_of(p->arena, pattern);

	bool public = at.path && is_public(at.path);

	if (at.lists) /* the rule is of a directory: what r means there is to list it */
		rights = (rights & READ ? LIST : 0) | (rights & WRITE);
	else if (at.below)
		rights |= rights & READ ? LIST : 0;
	if (public && strpbrk(at.path, "*?[")) /* what may be written to there has a name */
		rights &= ~(unsigned)WRITE;
	if (str_eq(at.path, "/proc"))
		keep_from_others(p, &rights);
	switch (at.fit) {
	case PLACE_EXACT:
		break;
	case PLACE_WIDER:
		if (!public)
			note_wider(p, at.path);
		break;
	case PLACE_NONE:
		note(p, false, at.why);
		return;
	}
	if (rights)
		grant(p, rights, at.path);
}

static void deny(struct projection *p, unsigned rights, const char *pattern)
{
	struct place at = place_of(p->arena, pattern);
	struct grant g = {rights, at.path, p->rule, at.below, at.fit == PLACE_EXACT};

	if (at.path && !is_public(at.path))
		vec_push(p->arena, &p->denials, g);
}

/* Is path the place or below it? The place may be a pattern. */
static bool holds(const char *place, const char *path)
{
	return !fnmatch(place, path, FNM_PATHNAME | FNM_LEADING_DIR);
}

/* Does the denial take the whole grant away? */
static bool undoes(const struct grant *d, const struct grant *g)
{
	return d->whole && (d->below ? holds(d->path, g->path) : str_eq(d->path, g->path));
}

/* What is denied is not granted. An exception in a larger place, which is allowed, Landlock
 * cannot make. */
static void apply_denials(struct projection *p)
{
	for (size_t i = 0; i < p->denials.len; i++) {
		const struct grant *d = &p->denials.at[i];

		for (size_t k = 0; k < p->grants.len; k++) {
			struct grant *g = &p->grants.at[k];

			p->rule = d->rule;
			if (undoes(d, g))
				g->rights &= ~d->rights;
			else if (g->rights & d->rights && holds(g->path, d->path))
				note(p, true, arena_printf(p->arena, "no exception in %s",
							   g->path));
		}
	}
}

/* A "%" that stands in a rule is a byte of a name, which a plan says as "%%": only our own
 * values for variables mean the caller. */
static char *with_percents(struct arena *a, const char *text)
{
	char *out = NEW_N(a, char, 2 * strlen(text) + 1), *to = out;

	for (; *text; text++) {
		if (*text == '%')
			*to++ = '%';
		*to++ = *text;
	}
	return out;
}

static bool add_rule(struct projection *p, const struct ap_rule *r)
{
	struct words paths = {0};
	unsigned rights = rights_of(r->perms);
	char *text = r->str[AP_PATH];

	p->rule = text;
	text = variables_expand(&p->expander, with_percents(p->arena, text));
	if (!text) {
		p->why = arena_printf(p->arena, "%s:%d: %s", r->file, r->line, p->expander.why);
		return false;
	}
	if (!spread(p->arena, text, &paths)) {
		note(p, false, "more alternatives than can be told apart");
		return true;
	}
	for (size_t i = 0; i < paths.len; i++)
		if (r->prefix.mode == AP_DENY)
			deny(p, rights, paths.at[i]);
		else
			add_path(p, rights, paths.at[i]);
	return true;
}

/* Is a grant of no use beside another one, which holds all below it? */
static bool is_covered(const struct projection *p, const struct grant *g)
{
	char *above = arena_dup(p->arena, g->path), *slash;

	while ((slash = strrchr(above, '/')) && slash != above) {
		*slash = '\0';
		const struct grant key = {.path = above};
		const struct grant *up = bsearch(&key, p->grants.at, p->grants.len, sizeof key,
						 by_path);

		if (up && !(g->rights & ~up->rights))
			return true;
	}
	return false;
}

static void print_grants(struct projection *p)
{
	for (size_t i = 0; i < p->grants.len; i++) {
		const struct grant *g = &p->grants.at[i];
		struct buf line = buf_new(p->arena);

		if (!(g->rights & ~(unsigned)DEVICE) || is_covered(p, g))
			continue;
		for (size_t k = 0; letters[k]; k++)
			if (g->rights & 1u << k)
				buf_char(&line, letters[k]);
		buf_printf(&line, " %s", g->path);
		vec_push(p->arena, &p->out->allow, buf_text(&line));
	}
}

static void add_base(struct projection *p)
{
	for (size_t i = 0; base[i]; i++)
		grant(p, READ | LIST | EXEC, base[i]);
}

/* Signal 0, which asks whether a process is there. */
static bool only_asks(const struct ap_rule *r)
{
	uint8_t exists[sizeof r->signals] = {[SIGNAL_EXISTS / 8] = 1 << SIGNAL_EXISTS % 8};

	return !memcmp(r->signals, exists, sizeof exists);
}

/* What else a domain may be kept from, by what the profile allows of it. */
static const char *guards(struct arena *a, const struct ap_profile *profile)
{
	bool kills = false, talks = false, binds = false;

	for (size_t i = 0; i < profile->rules.len; i++) {
		const struct ap_rule *r = profile->rules.at[i];
		const char *peer = r->str[AP_PEER];

		if (r->prefix.mode == AP_DENY)
			continue;
		if (peer && place_is_own(peer))
			continue;
		if (r->kind == AP_SIGNAL && r->perms & AP_W && !only_asks(r))
			kills = true;
		if (r->kind == AP_UNIX && r->perms & (AP_NET_SEND | AP_NET_CONNECT) &&
		    !str_eq(r->str[AP_PEER_ADDR], "none"))
			talks = true;
		if (r->kind == AP_NETWORK)
			binds = true;
	}
	return arena_printf(a, "files%s%s%s", binds ? "" : " no-bind no-connect",
			    talks ? "" : " abstract", kills ? "" : " signals");
}

bool landlock_project(struct arena *a, struct ap_policy *policy, const struct ap_profile *profile,
		      struct landlock *out, const char **why)
{
	struct projection p = {.arena = a, .out = out};

	*out = (struct landlock){.guard = "none"};
	set_places(a, policy);
	variables_start(&p.expander, a, policy, profile->name, profile->attachment);
	for (size_t i = 0; i < profile->rules.len; i++) {
		const struct ap_rule *r = profile->rules.at[i];

		if (r->kind == AP_MOUNT && r->prefix.mode != AP_DENY)
			out->missing = "it may mount, which Landlock would forbid";
		if (r->kind == AP_FILE && !add_rule(&p, r)) {
			*why = p.why;
			return false;
		}
	}
	if (out->missing)
		return true;
	add_base(&p);
	merge_grants(&p);
	apply_denials(&p);
	print_grants(&p);
	note_limits(&p);
	out->guard = guards(a, profile);
	return true;
}
