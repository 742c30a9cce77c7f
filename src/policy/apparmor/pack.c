/* pack.c - a lowered profile in the form that the kernel loads */
#include "policy/apparmor/pack.h"

#include <string.h>

#include "core/str.h"
#include "policy/apparmor/pack_perms.h"

enum { U8, U16, U32, U64, NAME, STRING, BLOB, STRUCT, STRUCTEND, LIST, LISTEND, ARRAY, ARRAYEND };

struct packer {
	struct buf *b;
	size_t start; /* of this profile in b */
	const struct target *t;
	const struct pack_options *o;
	const char *why;
};

static void le(struct buf *b, uint64_t v, int n)
{
	for (; n--; v >>= 8)
		buf_char(b, (char)(v & 0xff));
}

static void text(struct packer *p, int type, const char *s, size_t len)
{
	buf_char(p->b, (char)type);
	le(p->b, len + 1, 2);
	buf_add(p->b, s, len + 1);
}

static void name(struct packer *p, const char *s)
{
	if (s)
		text(p, NAME, s, strlen(s));
}

static void code(struct packer *p, const char *s, int type)
{
	name(p, s);
	buf_char(p->b, (char)type);
}

static void u32(struct packer *p, const char *s, uint32_t v)
{
	code(p, s, U32);
	le(p->b, v, 4);
}

static void string(struct packer *p, const char *s, const char *value)
{
	if (!value)
		return;
	name(p, s);
	text(p, STRING, value, strlen(value));
}

static void array(struct packer *p, const char *s, size_t n)
{
	code(p, s, ARRAY);
	le(p->b, n, 2);
}

/* --- tables --- */

static size_t rounded(size_t n)
{
	return (n + 7) / 8 * 8;
}

/* The bytes that tables() writes. */
static size_t tables_len(const struct table *t, int width, bool second)
{
	size_t states = rounded(12 + 4ul * t->states);
	size_t slots = rounded(12 + (size_t)width * t->slots);

	return 24 + states * (second ? 3 : 2) + rounded(12 + (size_t)width * t->states) + slots * 2;
}

static char *put_be(char *at, uint32_t v, int n)
{
	while (n--)
		*at++ = (char)(v >> 8 * n);
	return at;
}

static char *table_of(char *at, unsigned id, int width, const uint32_t *v, uint32_t n)
{
	char *end = at + rounded(12 + (size_t)width * n);

	at = put_be(at, id, 2);
	at = put_be(at, (uint32_t)width, 2);
	at = put_be(at, 0, 4);
	at = put_be(at, n, 4);
	for (uint32_t i = 0; width == 2 && i < n; i++)
		at = put_be(at, v[i], 2);
	for (uint32_t i = 0; width == 4 && i < n; i++)
		at = put_be(at, v[i], 4);
	while (at < end)
		*at++ = 0;
	return at;
}

/* accept2 NULL: none is written. */
static void tables(struct buf *b, const struct table *t, int width, const uint32_t *accept,
		   const uint32_t *accept2)
{
	size_t len = tables_len(t, width, accept2 != NULL);
	char *at = buf_room(b, len);

	at = put_be(at, 0x1b5e783d, 4);
	at = put_be(at, 24, 4);
	at = put_be(at, (uint32_t)len, 4);
	at = put_be(at, (t->has_diff ? 1u : 0) | (t->has_oob ? 2u : 0), 2);
	memcpy(at, "notflex\0\0\0", 10);
	at = table_of(at + 10, 1, 4, accept, t->states);
	if (accept2)
		at = table_of(at, 7, 4, accept2, t->states);
	at = table_of(at, 2, 4, t->base, t->states);
	at = table_of(at, 4, width, t->other, t->states);
	at = table_of(at, 8, width, t->next, t->slots);
	table_of(at, 3, width, t->check, t->slots);
}

static void blob_head(struct packer *p, size_t len)
{
	name(p, "aadfa");
	size_t at = p->b->len - p->start + 5, pad = (8 - at % 8) % 8;

	buf_char(p->b, BLOB);
	le(p->b, len + pad, 4);
	for (; pad; pad--)
		buf_char(p->b, 0);
}

static void perms_table(struct packer *p, const struct perm_entry *e, size_t n)
{
	code(p, "perms", STRUCT);
	u32(p, "version", 1);
	array(p, NULL, n);
	for (size_t i = 0; i < n; i++) {
		const uint32_t v[14] = {0, e[i].allow, 0, 0, 0, 0, 0, e[i].prompt, e[i].audit,
					e[i].quiet, 0, e[i].xindex, 0, 0};

		for (int k = 0; k < 14; k++)
			u32(p, NULL, v[k]);
	}
	code(p, NULL, ARRAYEND);
	code(p, NULL, STRUCTEND);
}

enum kind { XMATCH, POLICY, FILES };

struct form {
	bool wide, owner, second; /* permission tables; the owner's apart; ACCEPT2 */
	unsigned permsv;
};

static void with_perms(struct packer *p, const struct form *f, const struct accepts *acc,
		       size_t len)
{
	if (f->wide)
		perms_table(p, acc->entries, acc->count);
	if (f->permsv)
		u32(p, "permsv", f->permsv);
	blob_head(p, len);
}

static void make_tables(struct packer *p, const struct automaton *m, const struct form *f,
			struct packed *made)
{
	struct arena *a = arena_new();
	struct table t;
	struct accepts acc;

	if (!table_make(&t, a, m, p->t->diff_encode && !p->o->no_diff)) {
		p->why = "too many transitions for the kernel's tables";
	} else if (t.states > 65535 && !p->t->state32) {
		p->why = "too many states for a kernel with tables of 16 bits";
	} else {
		int width = t.states > 65535 ? 4 : 2;

		accepts_make(&acc, a, m, &t, f->wide, f->owner);
		made->len = tables_len(&t, width, f->second);
		with_perms(p, f, &acc, made->len);
		made->at = p->b->len;
		tables(p->b, &t, width, acc.accept, f->second ? acc.accept2 : NULL);
	}
	arena_drop(a);
}

/* One automaton with what tells its permissions. The tables of one that was written
 * before, the same way, are copied from there. */
static void machine(struct packer *p, const struct automaton *m, enum kind kind)
{
	struct form f = {.wide = p->t->permstable && kind != XMATCH};
	struct packed *made = m->packed;

	f.owner = f.wide && kind == FILES;
	f.permsv = f.owner && p->t->permstable >= 3 ? 3 : 0;
	f.second = !f.wide || f.permsv;
	unsigned how = 1u + f.wide + f.owner * 2u + f.second * 4u + p->t->state32 * 8u +
		       (p->t->diff_encode && !p->o->no_diff) * 16u;
	if (made->in != p->b || made->how != how) {
		*made = (struct packed){p->b, 0, 0, how};
		make_tables(p, m, &f, made);
		if (p->why)
			made->in = NULL;
		return;
	}
	struct arena *a = arena_new();
	struct table none = {0};
	struct accepts acc;

	accepts_make(&acc, a, m, &none, f.wide, f.owner);
	with_perms(p, &f, &acc, made->len);
	buf_add(p->b, p->b->data + made->at, made->len);
	arena_drop(a);
}

/* --- the rest of the profile --- */

static void names(struct packer *p, const struct lowered *l)
{
	if (!l->name_count)
		return;
	code(p, "xtable", STRUCT);
	array(p, NULL, l->name_count);
	for (unsigned i = 0; i < l->name_count; i++) {
		size_t len = strlen(l->names[i]), at = p->b->len + 3;
		const char *second = l->names[i][0] == ':' ? strchr(l->names[i] + 1, ':') : NULL;

		text(p, STRING, l->names[i], len);
		if (second)
			p->b->data[at + (size_t)(second - l->names[i])] = '\0';
	}
	code(p, NULL, ARRAYEND);
	code(p, NULL, STRUCTEND);
}

static void flags(struct packer *p, const struct ap_profile *prof)
{
	static const uint32_t modes[] = {[AP_MODE_NONE] = 0, [AP_ENFORCE] = 0, [AP_COMPLAIN] = 1,
					 [AP_KILL] = 2, [AP_UNCONFINED] = 3, [AP_MODE_PROMPT] = 4,
					 [AP_DEFAULT_ALLOW] = 3};
	static const uint32_t paths[][2] = {
		{AP_PATH_CHROOT_REL, 8}, {AP_PATH_MEDIATE, 0x10000}, {AP_PATH_ATTACH, 4},
		{AP_PATH_CHROOT_ATTACH, 0x10}, {AP_PATH_ATTACH_IPC, 0x20},
	};
	uint32_t bits = prof->flags.bits, path = 0;
	enum ap_profile_mode mode = prof->flags.mode;

	if (p->o->force_complain && p->t->abi == 5)
		mode = AP_COMPLAIN;
	if (!p->t->interruptible)
		bits &= ~AP_FLAG_INTERRUPTIBLE;
	if (prof->flags.signal && p->t->kill_signal)
		u32(p, "kill", (uint32_t)prof->flags.signal);
	if (prof->flags.error && p->t->error)
		u32(p, "error", (uint32_t)prof->flags.error);
	code(p, "flags", STRUCT);
	u32(p, NULL, bits);
	u32(p, NULL, modes[mode]);
	u32(p, NULL, prof->flags.audit);
	code(p, NULL, STRUCTEND);
	for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
		path |= prof->flags.path & paths[i][0] ? paths[i][1] : 0;
	if (prof->flags.path)
		u32(p, "path_flags", path);
}

static void caps(struct packer *p, const struct ap_caps *c)
{
	uint64_t allow = c->allow & ~c->deny;
	const uint64_t v[4] = {allow, allow & c->audit, c->deny & c->quiet, 0};

	for (int i = 0; i < 4; i++)
		u32(p, NULL, (uint32_t)v[i]);
	code(p, "caps64", STRUCT);
	for (int i = 0; i < 4; i++)
		u32(p, NULL, (uint32_t)(v[i] >> 32));
	code(p, NULL, STRUCTEND);
}

static void xattrs(struct packer *p, const struct ap_profile *prof)
{
	if (!prof->xattrs.len || !p->t->xattr || !p->t->oob)
		return;
	code(p, "xattrs", STRUCT);
	array(p, NULL, prof->xattrs.len);
	for (size_t i = 0; i < prof->xattrs.len; i++)
		string(p, NULL, prof->xattrs.at[i].name);
	code(p, NULL, ARRAYEND);
	code(p, NULL, STRUCTEND);
}

static void rlimits(struct packer *p, const struct ap_rlimits *r)
{
	if (!r->set)
		return;
	code(p, "rlimits", STRUCT);
	u32(p, NULL, r->set);
	array(p, NULL, AP_RLIMITS);
	for (int i = 0; i < AP_RLIMITS; i++) {
		code(p, NULL, U64);
		le(p->b, r->value[i], 8);
	}
	code(p, NULL, ARRAYEND);
	code(p, NULL, STRUCTEND);
}

static void net(struct packer *p, const struct lowered *l)
{
	if (!l->has_net)
		return;
	array(p, "net_allowed_af", AP_FAMILIES);
	for (unsigned f = 0; f < AP_FAMILIES; f++) {
		unsigned allow = l->net_allow[f] & ~(unsigned)l->net_deny[f];
		const unsigned v[3] = {allow, allow & l->net_audit[f],
				       (unsigned)l->net_deny[f] & l->net_quiet[f]};

		for (int i = 0; i < 3; i++) {
			code(p, NULL, U16);
			le(p->b, v[i], 2);
		}
	}
	code(p, NULL, ARRAYEND);
}

bool pack_profile(struct buf *out, const struct target *t, const struct lowered *l,
		  const struct pack_options *o, const char **why)
{
	struct packer p = {.b = out, .start = out->len, .t = t, .o = o};
	uint32_t version = t->abi;

	if (t->abi > 5)
		version |= (o->force_complain ? 1u << 11 : 0) | 2u << 12 | 2u << 20;
	u32(&p, "version", version);
	string(&p, "namespace", o->ns ? o->ns : l->ns);
	code(&p, "profile", STRUCT);
	string(&p, NULL, l->name);
	if (l->has_xmatch) {
		machine(&p, &l->xmatch, XMATCH);
		u32(&p, NULL, l->xmatch_len);
	}
	string(&p, "disconnected", l->disconnected);
	string(&p, "disconnected_ipc", l->disconnected_ipc);
	flags(&p, l->profile);
	caps(&p, &l->caps);
	xattrs(&p, l->profile);
	rlimits(&p, &l->profile->rlimits);
	net(&p, l);
	code(&p, "policydb", STRUCT);
	machine(&p, &l->policy, POLICY);
	if (t->permstable)
		names(&p, l);
	code(&p, NULL, STRUCTEND);
	if (l->has_file) {
		machine(&p, &l->file, FILES);
		names(&p, l);
	}
	code(&p, NULL, STRUCTEND);
	*why = p.why;
	return !p.why;
}
