/* takeback.c - connections and policy of what is coming in, and the way back */
#include "applets/lib/takeback.h"

#include <unistd.h>

#include "applets/lib/examine.h"
#include "applets/lib/renew.h"
#include "applets/lib/settle.h"
#include "core/fs.h"
#include "core/str.h"
#include "policy/autoconnect.h"
#include "policy/model/snap.h"

static bool is_in(const struct incoming_list *all, const char *name)
{
	for (size_t i = 0; i < all->len; i++)
		if (str_eq(all->at[i]->state->name, name))
			return true;
	return false;
}

static bool is_base(const struct state *s)
{
	return str_eq(s->type, "base") || str_eq(s->type, "os");
}

/* Whoever runs on this base gets plans that name its new revision. */
static void stale_dependents(struct wiring *w, const char *base)
{
	size_t n;

	for (char **name = state_names(w->arena, &n); *name; name++) {
		const struct state *s = state_load(w->arena, *name);
		const struct state_rev *r = s ? state_current(s) : NULL;

		if (r && str_eq(r->base, base))
			wiring_stale(w, *name);
	}
}

static void check_slots(struct wiring *w, const struct snap *s)
{
	const char *why;

	for (size_t i = 0; i < s->slots.len; i++)
		if (!autoconnect_may_offer(w->arena, s->slots.at[i], &w->on, &why))
			die("%s", why);
}

struct wiring *wiring_of_list(struct arena *a, const struct incoming_list *all)
{
	struct wiring *w = wiring_load(a);

	for (size_t i = 0; i < all->len; i++)
		wiring_put(w, all->at[i]->snap);
	for (size_t i = 0; i < all->len; i++) {
		const struct incoming *in = all->at[i];

		DOING("install", in->file);
		check_slots(w, in->snap);
		wiring_settle(w, in->snap);
		if (in->old && is_base(in->state))
			stale_dependents(w, in->state->name);
	}
	return w;
}

const struct substitute_snap *policy_stage_new(struct txn *t, struct wiring *w,
					       const struct incoming *in,
					       const struct incoming_list *all)
{
	const char *base, *rev = NULL;

	incoming_base(txn_arena(t), in, all, &base, &rev);
	return renew_stage(t, w, in->snap, in->state->modes, rev);
}

/* The revision of a base once the list is installed. */
static const char *base_after(struct arena *a, const struct incoming_list *all, const char *base)
{
	for (size_t i = 0; i < all->len; i++)
		if (str_eq(all->at[i]->state->name, base))
			return all->at[i]->state->current;
	struct state *s = state_load(a, base);
	return s ? s->current : NULL;
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

static void stage_stale(struct txn *t, struct wiring *w, const struct incoming_list *all, bool back)
{
	struct arena *a = txn_arena(t);

	for (size_t i = 0; i < w->stale.len; i++) {
		const char *name = w->stale.at[i];
		const struct snap *s = is_in(all, name) ? NULL : wiring_snap(w, name);
		const char *base = s ? snap_base(s) : NULL;
		const struct state *st = s ? state_load(a, name) : NULL;

		if (!st)
			continue;
		txn_name(t, name);
		renew_stage(t, w, s, st->modes,
			    !base ? NULL : back ? base_before(a, all, base) :
						  base_after(a, all, base));
	}
	wiring_stage(w, t);
}

void policy_stage_others(struct txn *t, struct wiring *w, const struct incoming_list *all)
{
	stage_stale(t, w, all, false);
}

static void stage_old(struct txn *t, struct wiring *w, const struct incoming *in,
		      const struct incoming_list *all)
{
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
	const struct snap *old = wiring_snap(w, s->name);
	const char *base = snap_base(old);
	renew_stage(t, w, old, s->modes, base ? base_before(txn_arena(t), all, base) : NULL);
	state_stage(t, s);
}

/* Snaps and connections as they were before the list came. */
static void rewire(struct wiring *w, const struct incoming_list *all)
{
	struct conn_lines now = w->lines;

	w->lines = w->before;
	w->before = now;
	for (size_t i = 0; i < all->len; i++) {
		const struct incoming *in = all->at[i];

		if (in->old)
			wiring_put(w, examine_installed(w->arena, in->state->name, in->old));
		else
			wiring_gone(w, in->state->name);
	}
}

void takeback(struct arena *a, struct wiring *w, const struct incoming_list *all)
{
	VEC(const char *) data = {0};

	for (size_t i = 0; i < all->len; i++) {
		const struct incoming *in = all->at[i];
		const char *rev = arena_printf(a, "%s/%s", in->state->name, in->rev->id);

		vec_push(a, &data, in->had_data ? rev : in->state->name);
	}
	rewire(w, all);
	struct txn *t = txn_begin(a, settle);
	for (size_t i = 0; i < all->len; i++)
		stage_old(t, w, all->at[i], all);
	stage_stale(t, w, all, true);
	txn_commit(t);
	int dir = dirs_open(DIR_DATA);
	for (size_t i = 0; dir >= 0 && i < data.len; i++)
		if (!fs_remove_tree(dir, data.at[i]))
			warn("%s: %m", dirs_path(a, DIR_DATA, "%s", data.at[i]));
	if (dir >= 0)
		close(dir);
}
