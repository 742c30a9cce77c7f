/* renew.c - the policy of snaps that are installed, made again */
#include "applets/lib/renew.h"

#include "applets/lib/here.h"
#include "applets/lib/profiles.h"
#include "core/dirs.h"
#include "core/str.h"
#include "policy/model/snap.h"

/* What is not ours to use is not there. */
static const struct host *without_apparmor(struct arena *a, const struct host *h)
{
	struct host *copy = NEW(a, struct host);

	*copy = *h;
	copy->apparmor = false;
	return copy;
}

/* Asked for once a command. */
static const struct artefacts_system *system_of(struct wiring *w)
{
	if (!w->system) {
		struct artefacts_system *s = NEW(w->arena, struct artefacts_system);
		const struct host *h = here(w->arena);

		*s = artefacts_system_of(w->arena, h, sc_arch_native(), sc_arch_kernel(),
					 w->on.classic, false);
		s->running = profiles_features(w->arena, h);
		if (h->apparmor && !s->running && !*dirs_root()) {
			warn("AppArmor is on, but its policy is not ours to change here (a "
			     "container?): apps get no label");
			h = without_apparmor(w->arena, h);
			s->filter.apparmor = false;
		}
		s->substitute = h;
		w->system = s;
	}
	return w->system;
}

const struct substitute_snap *renew_stage(struct txn *t, struct wiring *w, const struct snap *s,
					  unsigned modes, const char *base_rev)
{
	DOING("update", s->instance);
	const struct state *st = state_load(w->arena, s->instance);
	const char *base = snap_base(s);
	struct security sec = {
		.snap = s,
		.again = st && str_eq(st->current, s->revision),
		.confinement = modes & MODE_CLASSIC ? CONFINE_CLASSIC :
			       modes & MODE_DEVMODE ? CONFINE_DEVMODE : CONFINE_STRICT,
		.jailmode = modes & MODE_JAILMODE,
		.base = base,
		.base_rev = base ? base_rev : NULL,
		.conns = wiring_conns(w, s),
		.system = system_of(w),
	};

	return security_stage(t, &sec);
}

void renew_stage_installed(struct txn *t, struct wiring *w, const char *name)
{
	struct arena *a = txn_arena(t);
	const struct snap *s = wiring_snap(w, name);
	const struct state *st = s ? state_load(a, name) : NULL;
	const char *base = s ? snap_base(s) : NULL;
	const struct state *bs = base ? state_load(a, base) : NULL;

	if (!st)
		return;
	if (base && !bs)
		die("%s: its base %s is not installed", name, base);
	renew_stage(t, w, s, st->modes, bs ? bs->current : NULL);
}
