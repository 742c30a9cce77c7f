/* binary.c - compiled policy read back, field by field */
#include "policy/apparmor/binary.h"

#include <string.h>

#include "core/str.h"

enum { U8, U16, U32, U64, NAME, STRING, BLOB, STRUCT, STRUCTEND, LIST, LISTEND, ARRAY, ARRAYEND };

struct cursor {
	struct arena *arena;
	const unsigned char *data;
	size_t at, end, profile; /* profile: where the one at hand begins */
	const char *why;
};

static bool fail(struct cursor *c, const char *what)
{
	if (!c->why)
		c->why = arena_printf(c->arena, "at byte %zu: %s", c->at, what);
	return false;
}

static uint64_t le(const unsigned char *p, unsigned n)
{
	uint64_t v = 0;

	while (n--)
		v = v << 8 | p[n];
	return v;
}

static size_t left(const struct cursor *c)
{
	return c->end - c->at;
}

/* Is an item of this kind here, under this name? Then the cursor goes behind its
 * kind; else nothing moves. */
static bool item(struct cursor *c, const char *name, unsigned kind)
{
	size_t at = c->at, n = name ? strlen(name) + 1 : 0;

	if (c->why)
		return false;
	if (name) {
		if (left(c) < 3 + n || c->data[at] != NAME || le(c->data + at + 1, 2) != n ||
		    memcmp(c->data + at + 3, name, n))
			return false;
		at += 3 + n;
	}
	if (at >= c->end || c->data[at] != kind)
		return false;
	c->at = at + 1;
	return true;
}

static bool need(struct cursor *c, const char *name, unsigned kind)
{
	static const char *const kinds[] = {
		"byte", "16 bits", "number", "64 bits", "name", "text", "tables", "group",
		"end of a group", "list", "end of a list", "array", "end of an array"};

	if (item(c, name, kind))
		return true;
	return fail(c, arena_printf(c->arena, "no %s%s%s where one must be", kinds[kind],
				    name ? " " : "", name ? name : ""));
}

static uint64_t number(struct cursor *c, unsigned bytes)
{
	if (c->why || left(c) < bytes) {
		fail(c, "a number is cut off");
		return 0;
	}
	c->at += bytes;
	return le(c->data + c->at - bytes, bytes);
}

static uint32_t u32(struct cursor *c, const char *name)
{
	return need(c, name, U32) ? (uint32_t)number(c, 4) : 0;
}

static bool optional(struct cursor *c, const char *name, uint32_t *v)
{
	if (!item(c, name, U32))
		return false;
	*v = (uint32_t)number(c, 4);
	return true;
}

/* What stands behind the kind of a text. */
static struct binary_text text_here(struct cursor *c, bool inner)
{
	size_t n = (size_t)number(c, 2);
	const char *s = (const char *)c->data + c->at;

	if (c->why || !n || n > left(c) || s[n - 1]) {
		fail(c, "a text that is cut off or does not end");
		return (struct binary_text){"", 0};
	}
	if (!inner && strlen(s) != n - 1)
		fail(c, "a text with a NUL inside");
	c->at += n;
	return (struct binary_text){s, n - 1};
}

static const char *string(struct cursor *c, const char *name)
{
	return item(c, name, STRING) ? text_here(c, false).at : NULL;
}

static size_t array(struct cursor *c)
{
	return need(c, NULL, ARRAY) ? (size_t)number(c, 2) : 0;
}

static void perms(struct cursor *c, struct binary_machine *m)
{
	if (!item(c, "perms", STRUCT))
		return;
	if (u32(c, "version") != 1)
		fail(c, "an unknown version of permissions");
	size_t n = array(c);
	m->wide = true;
	m->perms = c->data + c->at;
	m->perms_len = (uint32_t)n;
	for (size_t i = 0; i < n * BINARY_PERM_WORDS && !c->why; i++)
		u32(c, NULL);
	need(c, NULL, ARRAYEND);
	need(c, NULL, STRUCTEND);
	optional(c, "permsv", &m->permsv);
}

/* The blob's tables begin at a multiple of 8 from the start of the profile. */
static bool machine(struct cursor *c, struct binary_machine *m)
{
	if (!item(c, "aadfa", BLOB))
		return false;
	size_t n = (size_t)number(c, 4), pad = (8 - (c->at - c->profile) % 8) % 8;
	if (c->why || n > left(c) || n < pad)
		return fail(c, "tables that are cut off");
	const char *wrong = binary_tables(c->arena, m, c->data + c->at + pad, n - pad);
	if (wrong)
		return fail(c, wrong);
	c->at += n;
	optional(c, "start", &m->start);
	optional(c, "dfa_start", &m->start);
	return m->start < m->states || fail(c, "a start that is no state");
}

static void texts(struct cursor *c, const char *name, bool inner, struct binary_profile *p,
		  bool xattrs)
{
	if (!item(c, name, STRUCT))
		return;
	p->names.len = xattrs ? p->names.len : 0;
	for (size_t n = array(c); n > 0 && !c->why; n--) {
		struct binary_text t = need(c, NULL, STRING) ? text_here(c, inner) :
							       (struct binary_text){"", 0};
		if (xattrs)
			vec_push(c->arena, &p->xattrs, t);
		else
			vec_push(c->arena, &p->names, t);
	}
	need(c, NULL, ARRAYEND);
	need(c, NULL, STRUCTEND);
}

static void rules(struct cursor *c, struct binary_machine *m, struct binary_profile *p)
{
	perms(c, m);
	if (machine(c, m) && m->permsv == 3 && !m->accept2)
		fail(c, "the owner counts, but no table says where");
	if (m->wide && !m->present)
		fail(c, "permissions without tables");
	texts(c, "xtable", true, p, false);
	const char *wrong = binary_check_perms(m, p->names.len);
	if (wrong)
		fail(c, wrong);
}

static void flags(struct cursor *c, struct binary_profile *p)
{
	optional(c, "kill", &p->kill);
	optional(c, "error", &p->error);
	need(c, "flags", STRUCT);
	p->flags = u32(c, NULL);
	p->mode = u32(c, NULL);
	p->audit = u32(c, NULL);
	need(c, NULL, STRUCTEND);
	if (p->mode > 4 || p->kill > 64)
		fail(c, "an unknown mode or signal");
	optional(c, "path_flags", &p->path_flags);
	for (int i = 0; i < 4; i++)
		p->caps[i] = u32(c, NULL);
	need(c, "caps64", STRUCT);
	for (int i = 0; i < 4; i++)
		p->caps[i] |= (uint64_t)u32(c, NULL) << 32;
	need(c, NULL, STRUCTEND);
}

static void limits(struct cursor *c, struct binary_profile *p)
{
	if (!item(c, "rlimits", STRUCT))
		return;
	p->rlimits = u32(c, NULL);
	size_t n = array(c);
	if (n > 16)
		fail(c, "too many limits");
	for (size_t i = 0; i < n && !c->why; i++)
		p->rlimit[i] = need(c, NULL, U64) ? number(c, 8) : 0;
	need(c, NULL, ARRAYEND);
	need(c, NULL, STRUCTEND);
}

static void families(struct cursor *c, struct binary_profile *p)
{
	if (!item(c, "net_allowed_af", ARRAY))
		return;
	p->families_len = (uint32_t)number(c, 2);
	p->families = c->data + c->at;
	for (uint32_t i = 0; i < p->families_len * 3 && !c->why; i++)
		if (need(c, NULL, U16))
			number(c, 2);
	need(c, NULL, ARRAYEND);
}

static void profile(struct cursor *c, struct binary_profile *p)
{
	p->from = c->profile = c->at;
	p->version = u32(c, "version");
	if ((p->version & 0x3ff) < 5 || (p->version & 0x3ff) > 9)
		fail(c, "an unknown version of policy");
	p->ns = string(c, "namespace");
	need(c, "profile", STRUCT);
	if (need(c, NULL, STRING))
		p->name = text_here(c, false).at;
	if (p->name && !*p->name)
		fail(c, "a profile without a name");
	p->rename = string(c, "rename");
	p->attach = string(c, "attach");
	if (machine(c, &p->xmatch))
		p->xmatch_len = u32(c, NULL);
	p->disconnected = string(c, "disconnected");
	p->disconnected_ipc = string(c, "disconnected_ipc");
	flags(c, p);
	texts(c, "xattrs", false, p, true);
	limits(c, p);
	families(c, p);
	if (item(c, "policydb", STRUCT)) {
		rules(c, &p->policy, p);
		need(c, NULL, STRUCTEND);
	}
	rules(c, &p->file, p);
	need(c, NULL, STRUCTEND);
	p->to = c->at;
}

bool binary_read(struct arena *a, const void *data, size_t len, struct binary *out,
		 const char **why)
{
	struct cursor c = {.arena = a, .data = data, .end = len};

	memset(out, 0, sizeof *out);
	if (!len)
		fail(&c, "nothing at all");
	while (c.at < len && !c.why) {
		struct binary_profile *p = NEW(a, struct binary_profile);

		profile(&c, p);
		vec_push(a, &out->profiles, p);
	}
	*why = c.why;
	return !c.why;
}
