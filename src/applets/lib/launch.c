/* launch.c - from the model of a snap to the plan of each thing in it that runs
 *
 * All that can be computed once is computed here: at the start only what
 * depends on the caller is left.
 */
#include "applets/lib/launch.h"

#include "policy/command.h"
#include "policy/env.h"
#include "policy/model/snap.h"

static struct plan_list list_of(const struct words *w)
{
	return (struct plan_list){w->at, w->len};
}

/* The environment as it would be for a caller with an ordinary one: what grows out of
 * bounds then always does (attacks.md A242). */
static bool environment_ends(struct arena *a, const struct plan *p, char *why)
{
	static char home[] = "HOME=/home/somebody/snap/name/x1", path[] = "PATH=/usr/bin:/bin";
	char *const given[] = {home, path, NULL};
	const char *what = "";
	char **env = plan_environment(a, p, given, &what);

	return env || field_refuse(why, 0, "%s: environment: %s", p->label, what);
}

/* What the kernel will say of the label. */
static const char *mode_of(const struct launch *l)
{
	if (!l->apparmor)
		return "no";
	switch (l->instead ? l->instead->mode : AP_MODE_NONE) {
	case AP_COMPLAIN:
		return "complain";
	case AP_UNCONFINED:
		return "unconfined";
	default:
		return "enforce";
	}
}

/* What takes AppArmor's place; its rules say what root keeps on any kernel. */
static void substitute(struct plan *p, const struct launch *l)
{
	p->caps = l->instead->caps;
	p->guard = l->instead->files.guard;
	p->allow = list_of(&l->instead->files.allow);
	p->hide = list_of(&l->view->hide);
	p->show = list_of(&l->view->show);
}

const struct plan *launch_plan(struct arena *a, const struct snap *s, const struct app *app,
			       const struct hook *hook, const struct launch *l, char *why)
{
	bool classic = l->effective == CONFINE_CLASSIC;
	struct plan *p = NEW(a, struct plan);
	struct words env = {0};

	p->label = app ? snap_app_label(a, app) : snap_hook_label(a, hook);
	p->instance = s->instance;
	p->snap = s->name;
	p->revision = s->revision;
	p->kind = classic ? PLAN_CLASSIC :
		  l->effective == CONFINE_DEVMODE ? PLAN_DEVMODE : PLAN_STRICT;
	p->base = classic ? NULL : l->base;
	p->base_dir = classic ? NULL : l->base_dir;
	p->steps = !classic && l->steps;
	p->caps = p->kind == PLAN_STRICT ? PLAN_CAPS_STRICT : "all";
	p->apparmor = mode_of(l);
	p->filter = !classic && !l->unfiltered;
	p->guard = "none";
	p->grade = sum_words[l->instead ? l->instead->sum : SUM_NONE];
	if (p->kind == PLAN_STRICT && l->instead)
		substitute(p, l);
	p->dir = arena_printf(a, "/snap/%s/%s", classic ? s->instance : s->name, s->revision);

	struct command c =
		command_split(a, p->dir, app ? &app->command_chain : &hook->command_chain,
			      app ? app->command : arena_printf(a, "meta/hooks/%s", hook->name));
	p->command = c.program;
	p->chain = list_of(&c.chain);
	p->args = list_of(&c.args);
	env_fixed(a, s, app, hook, l->effective, &env);
	p->env = list_of(&env);

	const char *wrong = p->label ? plan_check(a, p) : "its label is too long";
	if (wrong) {
		field_refuse(why, 0, "%s: %s", app ? app->name : hook->name, wrong);
		return NULL;
	}
	return environment_ends(a, p, why) ? p : NULL;
}
