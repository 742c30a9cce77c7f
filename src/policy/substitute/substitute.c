/* substitute.c - what takes AppArmor's place for the apps of one snap, on one system */
#include "policy/substitute/substitute.h"

#include <string.h>

#include "core/buf.h"
#include "core/caps.h"
#include "core/str.h"
#include "policy/apparmor/parse.h"
#include "policy/substitute/calls.h"

/* Of the words that guard, those whose facility AppArmor leaves open and Landlock can
 * close. */
static const char *open_guards(struct arena *a, const struct host *h, const char *words)
{
	static const struct {
		const char *word;
		enum facility facility;
		int abi; /* of Landlock, from which on it can */
	} known[] = {
		{"files", FACILITY_FILES, 1}, {"no-bind", FACILITY_NETWORK, 4},
		{"no-connect", FACILITY_NETWORK, 4}, {"abstract", FACILITY_ABSTRACT, 6},
		{"signals", FACILITY_SIGNALS, 6},
	};
	struct buf out = buf_new(a);

	for (char **w = str_split(a, words, ' ', NULL); *w; w++)
		for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
			if (str_eq(*w, known[i].word) && h->landlock_abi >= known[i].abi &&
			    !grade_apparmor(h, known[i].facility))
				buf_printf(&out, "%s%s", out.len ? " " : "", *w);
	return out.len ? buf_text(&out) : "none";
}

static const char *refusals(struct arena *a, const struct host *h, const struct ap_profile *p)
{
	return arena_printf(a, "%s%s",
			    grade_apparmor(h, FACILITY_NETWORK) ? "" : calls_without_network(a, p),
			    grade_apparmor(h, FACILITY_USERNS) ? "" : calls_without_userns(p));
}

static bool confine(struct arena *a, struct substitute_snap *s, const struct host *h,
		    struct lex_source source, struct substitute *app, const char *text,
		    const char **why)
{
	struct ap_policy *policy = ap_parse(a, source, app->label, text, strlen(text), why);

	if (!policy)
		return false;
	app->profile = policy->profiles.at[0];
	if (!landlock_project(a, policy, app->profile, &app->files, why) ||
	    !view_add(a, &s->view, policy, app->profile, why))
		return false;
	app->files.guard = open_guards(a, h, app->files.guard);
	if (!str_starts(app->files.guard, "files"))
		app->files.allow.len = 0;
	app->refusals = refusals(a, h, app->profile);
	app->caps = caps_print(a, app->profile->caps.allow & ~app->profile->caps.deny);
	return true;
}

bool substitute_add(struct arena *a, struct substitute_snap *s, const struct host *h,
		    struct lex_source source, const char *label, const char *text,
		    const char **why)
{
	struct substitute app = {
		.label = label, .files = {.guard = "none"}, .refusals = "", .caps = "all",
	};

	if (text && !confine(a, s, h, source, &app, text, why))
		return false;
	if (!text) /* what is not confined must see what it wants */
		s->view.run = s->view.shm = "not confined";
	vec_push(a, &s->apps, app);
	return true;
}

void substitute_done(struct arena *a, struct substitute_snap *s, const struct host *h)
{
	if (grade_apparmor(h, FACILITY_SOCKETS))
		s->view.run = "AppArmor";
	if (grade_apparmor(h, FACILITY_FILES))
		s->view.shm = "AppArmor";
	view_done(a, &s->view);
	for (size_t i = 0; i < s->apps.len; i++) {
		struct substitute *app = &s->apps.at[i];
		struct grade_app g = {app->profile, &app->files, &s->view};

		grade_app(app->rows, h, &g);
		app->sum = grade_sum(app->rows, &g);
	}
}

const struct substitute *substitute_of(const struct substitute_snap *s, const char *label)
{
	for (size_t i = 0; i < s->apps.len; i++)
		if (str_eq(s->apps.at[i].label, label))
			return &s->apps.at[i];
	return NULL;
}
