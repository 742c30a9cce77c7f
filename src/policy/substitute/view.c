/* view.c - which of the host's shared places the apps of a snap need not see */
#include "policy/substitute/view.h"

#include <stdlib.h>
#include <string.h>

#include "core/str.h"
#include "core/vec.h"
#include "policy/apparmor/variables.h"
#include "policy/substitute/place.h"
#include "policy/substitute/spread.h"

/* A name that only this snap has: .../snap.INSTANCE/..., .../snap.INSTANCE.x */
static bool is_own(const struct view *v, const char *path)
{
	for (const char *p = path; (p = strstr(p, "/")); p++) {
		const char *rest = str_after(p + 1, "sem.");

		rest = str_after(rest ? rest : p + 1, "snap.");
		rest = rest ? str_after(rest, v->instance) : NULL;
		if (rest && (!*rest || strchr("/.*", *rest)))
			return true;
	}
	return false;
}

/* The directory to show for one thing in it, so that a socket which its server makes
 * anew is seen again; the thing itself where its directory is everybody's. */
static const char *to_show(struct arena *a, const char *path)
{
	static const char *const shared[] = {"/run", "/run/systemd", "/run/lock", NULL};
	const char *slash = strrchr(path, '/');
	const char *dir = arena_dupn(a, path, (size_t)(slash - path));

	if (str_starts(path, "/run/user/"))
		return "/run/user";
	return str_in(dir, shared) ? path : dir;
}

/* The rule's path below the host's /run, under the one name of that; else NULL. */
static const char *in_run(const char *pattern)
{
	const char *rest = str_after(pattern, "/var");

	rest = rest ? rest : pattern;
	return str_starts(rest, "/run/") ? rest : NULL;
}

static void need(struct arena *a, struct view *v, const char *rule, const char *pattern)
{
	const char *run = in_run(pattern);

	if (str_starts(pattern, "/dev/shm/") && !is_own(v, pattern))
		v->shm = rule;
	if (!run || is_own(v, run) || str_ends(run, "/") || /* what it lists is what is shown */
	    str_starts(run, "/run/shm/") || str_starts(run, "/run/systemd/journal.snap-"))
		return;
	struct place at = place_of(a, run);
	if (!at.path) {
		v->run = rule;
		return;
	}
	bool tree = at.below && !strpbrk(at.path, "*?[");
	const char *show = tree ? at.path : to_show(a, at.path);
	if (strpbrk(show, "*?["))
		v->run = rule;
	else
		vec_push(a, &v->show, show);
}

bool view_add(struct arena *a, struct view *v, const struct ap_policy *policy,
	      const struct ap_profile *profile, const char **why)
{
	struct expander e;

	variables_start(&e, a, policy, profile->name, profile->attachment);
	for (size_t i = 0; i < profile->rules.len; i++) {
		const struct ap_rule *r = profile->rules.at[i];
		struct words paths = {0};

		if (r->kind != AP_FILE || r->prefix.mode == AP_DENY)
			continue;
		char *text = variables_expand(&e, r->str[AP_PATH]);
		if (!text) {
			*why = arena_printf(a, "%s:%d: %s", r->file, r->line, e.why);
			return false;
		}
		if (!spread(a, text, &paths) && strstr(text, "run"))
			v->run = r->str[AP_PATH];
		for (size_t k = 0; k < paths.len; k++)
			need(a, v, r->str[AP_PATH], paths.at[k]);
	}
	return true;
}

/* Without what lies in another one. */
static void reduce(struct words *w)
{
	size_t n = 0;

	if (w->len)
		qsort(w->at, w->len, sizeof *w->at, str_order);
	for (size_t i = 0; i < w->len; i++) {
		size_t up = 0;

		/* Not always the one before: /run/a-b stands between /run/a and /run/a/x. */
		while (up < n && !str_is_in(w->at[i], w->at[up]))
			up++;
		if (up == n)
			w->at[n++] = w->at[i];
	}
	w->len = n;
}

void view_done(struct arena *a, struct view *v)
{
	reduce(&v->show);
	if (v->run)
		v->show.len = 0;
	if (!v->shm)
		vec_push(a, &v->hide, "/dev/shm");
	if (!v->run)
		vec_push(a, &v->hide, "/run");
}
