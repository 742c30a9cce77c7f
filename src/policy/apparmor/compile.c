/* compile.c - profile text to what the kernel loads */
#include "policy/apparmor/compile.h"

#include <string.h>

#include "policy/apparmor/parse.h"

struct work {
	struct compile *c;
	struct target target;
	struct ap_policy *policy;
	bool names_only;
	const char *why;
};

void compile_start(struct compile *c, struct arena *a, const struct features *kernel)
{
	memset(c, 0, sizeof *c);
	c->kernel = kernel;
	c->binary = buf_new(a);
	c->memo.arena = a;
}

static const char *full_name(struct arena *a, const struct compile *c,
			     const struct ap_profile *p)
{
	const char *name = p->name, *ns = p->ns;

	for (const struct ap_profile *up = p->parent; up; up = up->parent) {
		name = arena_printf(a, "%s//%s", up->name, name);
		ns = ns ? ns : up->ns;
	}
	if (c->pack.ns)
		ns = c->pack.ns;
	return ns ? arena_printf(a, ":%s://%s", ns, name) : name;
}

static bool one_profile(struct work *w, const struct ap_profile *p)
{
	struct compile *c = w->c;
	struct lowered lowered;
	struct lower_report report = {0};
	struct arena *a = arena_new(), *keep = c->binary.arena;
	const char *why = NULL;
	bool ok = lower_profile(a, &w->target, w->policy, p, &c->memo, &lowered,
				&report, &why);

	if (ok && !pack_profile(&c->binary, &w->target, &lowered, &c->pack, &why)) {
		why = arena_printf(a, "%s:%d: profile %s: %s", p->file, p->line, p->name, why);
		ok = false;
	}
	for (size_t i = 0; ok && i < report.lines.len; i++)
		vec_push(keep, &c->report.lines, arena_dup(keep, report.lines.at[i]));
	if (!ok)
		w->why = arena_dup(keep, why);
	arena_drop(a);
	return ok;
}

/* A profile and those in it; as deep as the reader let them nest. */
static bool with_children(struct work *w, const struct ap_profile *p)
{
	struct arena *keep = w->c->binary.arena;
	const char *name = full_name(keep, w->c, p);

	vec_push(keep, &w->c->names, name);
	if (!p->parent)
		vec_push(keep, &w->c->top, name);
	if (!w->names_only && !one_profile(w, p))
		return false;
	for (size_t i = 0; i < p->children.len; i++)
		if (!with_children(w, p->children.at[i]))
			return false;
	return true;
}

static const struct features *policy_features(struct work *w, struct arena *a)
{
	const struct compile *c = w->c;
	const char *text;

	if (c->override)
		return c->override;
	if (w->policy->abi_kernel)
		return c->kernel;
	if (!w->policy->abi && c->pinned)
		return c->pinned;
	text = w->policy->abi ? w->policy->abi : features_default();
	return features_parse(a, text, strlen(text), &w->why);
}

bool compile_profiles(struct compile *c, const char *name, const char *text, size_t len,
		  bool names_only, const char **why)
{
	struct arena *a = c->binary.arena;
	struct work w = {.c = c, .names_only = names_only};
	size_t before = c->binary.len;

	w.policy = ap_parse(a, c->source, name, text, len, why);
	if (!w.policy)
		return false;
	const struct features *policy = policy_features(&w, a);
	if (policy) {
		target_set(&w.target, c->kernel, policy);
		for (size_t i = 0; i < w.policy->profiles.len && !w.why; i++)
			with_children(&w, w.policy->profiles.at[i]);
	}
	if (!w.why)
		return true;
	c->binary.len = before;
	c->memo.all.len = 0; /* tables that were made stand no more where they did */
	*why = w.why;
	return false;
}
