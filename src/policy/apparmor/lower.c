/* lower.c - a profile's rules to automata: the order of it all */
#include "policy/apparmor/lower.h"

#include <string.h>

#include "core/str.h"
#include "policy/apparmor/lower_internal.h"

static char *expand(struct lower *l, char *text)
{
	char *new = text ? variables_expand(&l->expander, text) : NULL;

	if (text && !new)
		lower_fail(l, "%s", l->expander.why);
	return new ? new : text;
}

/* Which strings of a rule are paths, in which runs of / are one. */
static bool is_path(enum ap_kind kind, int i)
{
	switch (kind) {
	case AP_FILE:
		return i == AP_PATH || i == AP_LINK;
	case AP_UNIX:
		return i == AP_ADDR || i == AP_PEER_ADDR;
	case AP_DBUS:
		return i == AP_DBUS_PATH;
	case AP_MOUNT:
		return i == AP_MOUNTPOINT || i == AP_SOURCE;
	default:
		return false;
	}
}

static struct ap_rule *expand_rule(struct lower *l, const struct ap_rule *from)
{
	struct ap_rule *r = NEW(l->arena, struct ap_rule);

	*r = *from;
	for (int i = 0; i < AP_STRINGS; i++) {
		if (!r->str[i] || (r->kind == AP_FILE && i == AP_TARGET) || r->kind == AP_NETWORK)
			continue;
		r->str[i] = expand(l, r->str[i]);
		if (is_path(r->kind, i) && !l->why) {
			r->str[i] = arena_dup(l->arena, r->str[i]);
			glob_fold_slashes(r->str[i]);
		}
	}
	r->fstypes = (struct ap_strings){0};
	for (size_t i = 0; i < from->fstypes.len; i++)
		vec_push(l->arena, &r->fstypes, expand(l, from->fstypes.at[i]));
	return r;
}

static char *aliased(struct lower *l, const struct ap_alias *a, char *text)
{
	const char *rest = text ? str_after(text, a->from) : NULL;

	return rest ? arena_printf(l->arena, "%s%s", a->to, rest) : NULL;
}

static void file_rule(struct lower *l, const struct ap_rule *r)
{
	lower_file(l, r);
	for (size_t i = 0; i < l->policy->aliases.len; i++) {
		struct ap_rule copy = *r;
		char *path = aliased(l, &l->policy->aliases.at[i], r->str[AP_PATH]);
		char *link = aliased(l, &l->policy->aliases.at[i], r->str[AP_LINK]);

		if (!path && !link)
			continue;
		copy.str[AP_PATH] = path ? path : r->str[AP_PATH];
		copy.str[AP_LINK] = link ? link : r->str[AP_LINK];
		lower_file(l, &copy);
	}
}

static bool same_flags(const struct ap_flags32 *a, const struct ap_flags32 *b)
{
	return a->len == b->len && (!a->len || !memcmp(a->at, b->at, a->len * sizeof *a->at));
}

static bool same_mount(const struct ap_rule *a, const struct ap_rule *b)
{
	bool same = a->prefix.priority == b->prefix.priority && a->log == b->log &&
		    a->prefix.mode == b->prefix.mode && a->fstypes.len == b->fstypes.len &&
		    same_flags(&a->need, &b->need) && same_flags(&a->may, &b->may);

	for (int i = 0; same && i < AP_STRINGS; i++)
		same = str_eq(a->str[i], b->str[i]);
	for (size_t i = 0; same && i < a->fstypes.len; i++)
		same = str_eq(a->fstypes.at[i], b->fstypes.at[i]);
	return same;
}

/* The reference makes one rule of mount, umount and pivot_root rules with the same
 * conditions. What that gives is never asked for, but it is there. */
static void mount_rule(struct lower *l, const struct ap_rule *r)
{
	struct ap_rule *copy;

	for (size_t i = 0; i < l->mounts.len; i++) {
		if (same_mount(l->mounts.at[i], r)) {
			l->mounts.at[i]->perms |= r->perms;
			return;
		}
	}
	copy = NEW(l->arena, struct ap_rule);
	*copy = *r;
	vec_push(l->arena, &l->mounts, copy);
}

static void one_rule(struct lower *l, const struct ap_rule *r)
{
	static void (*const by_kind[AP_KINDS])(struct lower *, const struct ap_rule *) = {
		[AP_FILE] = file_rule, [AP_CHANGE_PROFILE] = lower_change_profile,
		[AP_NETWORK] = lower_network, [AP_UNIX] = lower_unix, [AP_DBUS] = lower_dbus,
		[AP_SIGNAL] = lower_signal, [AP_PTRACE] = lower_ptrace, [AP_MOUNT] = mount_rule,
		[AP_USERNS] = lower_on_class, [AP_MQUEUE] = lower_mqueue,
		[AP_IO_URING] = lower_on_class,
	};

	l->rule = r;
	struct ap_rule *expanded = expand_rule(l, r);
	l->rule = expanded;
	if (!l->why)
		by_kind[r->kind](l, expanded);
}

static void head(struct lower *l)
{
	const struct ap_profile *p = l->profile;
	struct lowered *out = l->out;
	char *path = expand(l, p->flags.disconnected);
	const char *own = p->name;

	for (const struct ap_profile *up = p->parent; up; up = up->parent)
		own = arena_printf(l->arena, "%s//%s", up->name, own);
	out->name = own;
	out->profile = p;
	for (const struct ap_profile *up = p; up && !out->ns; up = up->parent)
		out->ns = up->ns;
	if (path) {
		path = arena_dup(l->arena, path);
		glob_fold_slashes(path);
		if (*path != '/')
			lower_fail(l, "attach_disconnected.path does not begin with /");
		for (size_t n = strlen(path); n && path[n - 1] == '/'; n--)
			path[n - 1] = '\0';
		out->disconnected = path;
	}
	out->disconnected_ipc = l->target->disconnected_ipc ? p->flags.disconnected_ipc : NULL;
}

/* Capabilities newer than the target are part of an older one there. */
static void caps(struct lower *l)
{
	const uint64_t perfmon = 1ull << 38, bpf = 1ull << 39, admin = 1ull << 21;
	struct ap_caps c = l->profile->caps;
	uint64_t *all[] = {&c.allow, &c.audit, &c.deny, &c.quiet};

	for (int i = 0; i < 4 && features_has(l->target->kernel, "caps/mask"); i++) {
		if (*all[i] == UINT64_MAX)
			continue;
		if ((*all[i] & perfmon) && !features_has(l->target->kernel, "caps/mask/perfmon"))
			*all[i] = (*all[i] & ~perfmon) | admin;
		if ((*all[i] & bpf) && !features_has(l->target->kernel, "caps/mask/bpf"))
			*all[i] = (*all[i] & ~bpf) | admin;
	}
	l->out->caps = c;
}

static void all_rules(struct lower *l)
{
	const struct ap_profile *p = l->profile;
	bool hats = (p->flags.bits & AP_FLAG_HAT) || p->children.len, change = false;

	for (size_t i = 0; i < p->rules.len && !l->why; i++) {
		change |= p->rules.at[i]->kind == AP_CHANGE_PROFILE;
		one_rule(l, p->rules.at[i]);
	}
	for (size_t i = 0; i < l->mounts.len && !l->why; i++) {
		l->rule = l->mounts.at[i];
		lower_mount(l, l->rule);
	}
	l->rule = NULL;
	if (change)
		lower_proc_access(l, "/proc/*/attr/{apparmor/,}{current,exec}");
	if (hats)
		lower_proc_access(l, "/proc/[0-9]*/attr/{apparmor/,}current");
	lower_markers(l);
}

static void finish(struct lower *l)
{
	struct lowered *out = l->out;

	if (!l->why && l->file_used) {
		out->has_file = machine_end(&l->file, &out->file);
		if (!out->has_file)
			lower_fail(l, "%s", l->file.why);
	} else {
		arena_drop(l->file.arena);
	}
	if (l->why)
		arena_drop(l->rest.arena);
	else if (!machine_end(&l->rest, &out->policy))
		lower_fail(l, "%s", l->rest.why);
}

/* What the expressions of rules have in them that name the profile itself. */
static const char *own_mark(struct arena *a, const char *name)
{
	struct buf re = buf_new(a);
	const char *why;

	return glob_regex(&re, variables_quote(a, name), false, &why) != GLOB_BAD && re.len ?
	       buf_text(&re) : NULL;
}

bool lower_profile(struct arena *a, const struct target *t, struct ap_policy *policy,
		   const struct ap_profile *profile, struct memo *memo, struct lowered *out,
		   struct lower_report *report, const char **why)
{
	struct lower l = {.arena = a, .target = t, .policy = policy, .profile = profile,
			  .memo = memo, .out = out, .report = report};
	struct ap_profile named = *profile;

	memset(out, 0, sizeof *out);
	variables_start(&l.expander, a, policy, NULL, NULL);
	named.name = expand(&l, profile->name);
	named.attachment = expand(&l, profile->attachment);
	l.profile = &named;
	head(&l);
	out->profile = profile;
	variables_start(&l.expander, a, policy, variables_quote(a, out->name), named.attachment ?
		     named.attachment : named.name && *named.name == '/' ? named.name : NULL);
	machine_start(&l.file, memo, true);
	machine_start(&l.rest, memo, false);
	l.file.mark = l.rest.mark = own_mark(a, out->name);
	l.file.once = l.rest.once = a;
	if (!l.why)
		caps(&l);
	if (!l.why)
		lower_xmatch(&l);
	if (!l.why)
		all_rules(&l);
	finish(&l);
	*why = l.why;
	return !l.why;
}
