/* takeback.c - policy of what is coming in, and the way back */
#include "applets/lib/takeback.h"

#include <unistd.h>

#include "applets/lib/examine.h"
#include "applets/lib/security.h"
#include "applets/lib/settle.h"
#include "core/fs.h"
#include "core/str.h"

static bool is_in(const struct incoming_list *all, const char *name)
{
	for (size_t i = 0; i < all->len; i++)
		if (str_eq(all->at[i]->state->name, name))
			return true;
	return false;
}

void policy_stage_new(struct txn *t, const struct incoming *in, const struct incoming_list *all)
{
	struct security sec = {.snap = in->snap, .confinement = in->confinement,
			       .jailmode = in->state->modes & MODE_JAILMODE};

	incoming_base(txn_arena(t), in, all, &sec.base, &sec.base_rev);
	security_stage(t, &sec);
}

/* The policy of a revision that is installed. */
static void stage_installed(struct txn *t, const char *name, const char *rev, unsigned modes,
			    const char *base, const char *base_rev)
{
	DOING("update", name);
	struct security sec = {
		.snap = examine_installed(txn_arena(t), name, rev),
		.confinement = modes & MODE_CLASSIC ? CONFINE_CLASSIC :
			       modes & MODE_DEVMODE ? CONFINE_DEVMODE : CONFINE_STRICT,
		.jailmode = modes & MODE_JAILMODE,
		.base = base,
		.base_rev = base_rev,
	};

	security_stage(t, &sec);
}

void policy_stage_dependents(struct txn *t, const char *base, const char *rev,
			     const struct incoming_list *all)
{
	struct arena *a = txn_arena(t);
	size_t n;

	for (char **name = state_names(a, &n); *name; name++) {
		struct state *s = is_in(all, *name) ? NULL : state_load(a, *name);
		const struct state_rev *r = s ? state_current(s) : NULL;

		if (r && str_eq(r->base, base))
			stage_installed(t, *name, r->id, s->modes, base, rev);
	}
}

/* The revision of a base that counts when the list is taken back. */
static const char *base_before(struct arena *a, const struct incoming_list *all, const char *base)
{
	for (size_t i = 0; i < all->len; i++)
		if (str_eq(all->at[i]->state->name, base))
			return all->at[i]->old;
	struct state *s = state_load(a, base);
	return s ? s->current : NULL;
}

static void stage_old(struct txn *t, const struct incoming *in, const struct incoming_list *all)
{
	struct arena *a = txn_arena(t);
	struct state *s = in->state;
	const char *gone = in->rev->id;

	txn_name(t, s->name);
	state_drop_files(t, s->name, state_find(s, gone));
	if (!in->old) {
		state_stage_gone(t, s->name);
		security_stage_gone(t, s->name);
		return;
	}
	s->current = in->old;
	s->modes = in->old_modes;
	state_forget(s, gone);
	const char *base = state_current(s)->base;
	bool has_base = !str_eq(base, "-");
	stage_installed(t, s->name, in->old, s->modes, has_base ? base : NULL,
			has_base ? base_before(a, all, base) : NULL);
	if (str_eq(s->type, "base") || str_eq(s->type, "os"))
		policy_stage_dependents(t, s->name, in->old, all);
	state_stage(t, s);
}

void takeback(struct arena *a, const struct incoming_list *all)
{
	VEC(const char *) data = {0};

	for (size_t i = 0; i < all->len; i++) {
		const struct incoming *in = all->at[i];
		const char *rev = arena_printf(a, "%s/%s", in->state->name, in->rev->id);

		vec_push(a, &data, in->had_data ? rev : in->state->name);
	}
	struct txn *t = txn_begin(a, settle);
	for (size_t i = 0; i < all->len; i++)
		stage_old(t, all->at[i], all);
	txn_commit(t);
	int dir = dirs_open(DIR_DATA);
	for (size_t i = 0; dir >= 0 && i < data.len; i++)
		if (!fs_remove_tree(dir, data.at[i]))
			warn("%s: %m", dirs_path(a, DIR_DATA, "%s", data.at[i]));
	if (dir >= 0)
		close(dir);
}
