/* policy_dump.c - compiled policy in words */
#include "applets/lib/policy_dump.h"

#include "policy/apparmor/binary.h"
#include "policy/apparmor/words.h"

static void machine(struct buf *out, const char *what, const struct binary_machine *m)
{
	uint32_t inherit = 0;

	if (!m->present)
		return;
	for (uint32_t s = 0; s < m->states; s++)
		inherit += m->base[4ul * s] >> 7;
	buf_printf(out, "  %s: %u states, %u transitions of %u bytes, %u states inherit", what,
		   m->states, m->slots, m->width, inherit);
	if (m->wide)
		buf_printf(out, ", %u permissions", m->perms_len);
	buf_char(out, '\n');
}

static const char *capability(int n)
{
	int i = 0;

	while (i < n && ap_capabilities[i])
		i++;
	return ap_capabilities[i] ? ap_capabilities[i] : "unknown";
}

static void caps(struct buf *out, const char *what, uint64_t bits)
{
	if (bits == UINT64_MAX) {
		buf_printf(out, "  %s: all\n", what);
		return;
	}
	if (!bits)
		return;
	buf_printf(out, "  %s:", what);
	for (int i = 0; i < 64; i++)
		if (bits >> i & 1)
			buf_printf(out, " %s", capability(i));
	buf_char(out, '\n');
}

static void profile(struct buf *out, const struct binary_profile *p)
{
	static const char *const modes[] = {"enforce", "complain", "kill", "unconfined", "prompt"};

	buf_printf(out, "profile ");
	if (p->ns)
		buf_printf(out, ":%s://", p->ns);
	buf_printf(out, "%s\n  version %u, mode %s%s%s%s\n", p->name, p->version & 0x3ff,
		   modes[p->mode], p->flags & 1 ? ", hat" : "", p->audit ? ", audit" : "",
		   p->path_flags & 4 ? ", attach_disconnected" : "");
	if (p->disconnected)
		buf_printf(out, "  disconnected: %s\n", p->disconnected);
	caps(out, "capabilities", p->caps[0]);
	caps(out, "audited capabilities", p->caps[1]);
	caps(out, "quiet capabilities", p->caps[2]);
	for (size_t i = 0; i < p->xattrs.len; i++)
		buf_printf(out, "  attribute %s\n", p->xattrs.at[i].at);
	for (int i = 0; i < 16; i++)
		if (p->rlimits >> i & 1)
			buf_printf(out, "  limit %d: %llu\n", i, (unsigned long long)p->rlimit[i]);
	machine(out, "attachment", &p->xmatch);
	machine(out, "policy", &p->policy);
	machine(out, "files", &p->file);
	for (size_t i = 0; i < p->names.len; i++) {
		buf_printf(out, "  execution %zu leads to ", i);
		for (size_t k = 0; k < p->names.at[i].len; k++) /* a namespace ends with a NUL */
			buf_char(out, p->names.at[i].at[k] ? p->names.at[i].at[k] : ':');
		buf_char(out, '\n');
	}
}

bool policy_dump(struct buf *out, const void *policy, size_t len, const char **why)
{
	struct arena *a = arena_new();
	struct binary b;
	const char *wrong;
	bool ok = binary_read(a, policy, len, &b, &wrong);

	for (size_t i = 0; ok && i < b.profiles.len; i++)
		profile(out, b.profiles.at[i]);
	if (!ok)
		*why = arena_dup(out->arena, wrong);
	arena_drop(a);
	return ok;
}
