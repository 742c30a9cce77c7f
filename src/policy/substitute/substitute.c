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

static const char *const own_names[] = {"@{SNAP_COMMAND_NAME}", "@{PROFILE_DBUS}",
					"@{profile_name}", NULL};

static bool names_itself(const char *text)
{
	for (size_t i = 0; own_names[i]; i++)
		if (strstr(text, own_names[i]))
			return true;
	return false;
}

static bool depends_on_name(const struct ap_policy *policy, const struct ap_profile *profile)
{
	bool found = false;

	for (size_t i = 0; i < profile->rules.len && !found; i++)
		found = profile->rules.at[i]->kind == AP_FILE &&
			names_itself(profile->rules.at[i]->str[AP_PATH]);
	for (size_t i = 0; i < policy->variables.len; i++)
		for (size_t k = 0; k < policy->variables.at[i]->values.len && !found; k++)
			found = names_itself(policy->variables.at[i]->values.at[k]);
	return found;
}

/* Lines x and y to their ends: the same, or the same but for the name of the app. */
static bool same_line(const char *x, size_t nx, const char *y, size_t ny)
{
	static const char head[] = "profile \"";

	for (size_t i = 0; i < 2; i++)
		if (str_starts(x, own_names[i]) && str_starts(y, own_names[i]))
			return true;
	if (str_starts(x, head) && str_starts(y, head)) {
		size_t k = strcspn(x + strlen(head), "\""), l = strcspn(y + strlen(head), "\"");

		x += strlen(head) + k;
		y += strlen(head) + l;
		nx -= strlen(head) + k;
		ny -= strlen(head) + l;
	}
	return nx == ny && !memcmp(x, y, nx);
}

static bool are_alike(const char *x, const char *y)
{
	while (*x && *y) {
		size_t nx = strcspn(x, "\n"), ny = strcspn(y, "\n");

		if (!same_line(x, nx, y, ny))
			return false;
		x += nx + (x[nx] == '\n');
		y += ny + (y[ny] == '\n');
	}
	return *x == *y;
}

static const struct substitute *like(const struct substitute_snap *s, const char *text)
{
	for (size_t i = s->apps.len; text && i-- > 0;) {
		const struct substitute *app = &s->apps.at[i];

		if (app->text && !app->unlike && are_alike(app->text, text))
			return app;
	}
	return NULL;
}

static bool confine(struct arena *a, struct substitute_snap *s, const struct host *h,
		    struct lex_source source, struct substitute *app, const char *text,
		    const char **why)
{
	struct ap_policy *policy = ap_parse(a, source, app->label, text, strlen(text), why);

	if (!policy)
		return false;
	app->profile = policy->profiles.at[0];
	app->mode = app->profile->flags.mode;
	if (app->mode == AP_COMPLAIN || app->mode == AP_UNCONFINED) {
		app->profile = NULL; /* AppArmor would not confine it either */
		return true;
	}
	if (!landlock_project(a, policy, app->profile, &app->files, why) ||
	    !view_add(a, &s->view, policy, app->profile, why))
		return false;
	app->files.guard = open_guards(a, h, app->files.guard);
	if (!str_starts(app->files.guard, "files"))
		app->files.allow.len = 0;
	app->refusals = refusals(a, h, app->profile);
	app->caps = caps_print(a, app->profile->caps.allow & ~app->profile->caps.deny);
	app->text = text;
	app->unlike = depends_on_name(policy, app->profile);
	return true;
}

bool substitute_add(struct arena *a, struct substitute_snap *s, const struct host *h,
		    struct lex_source source, const char *label, const char *text,
		    const char **why)
{
	struct substitute app = {
		.label = label, .files = {.guard = "none"}, .refusals = "", .caps = "all",
	};

	const struct substitute *twin = like(s, text);
	if (twin) {
		app = *twin;
		app.label = label;
		vec_push(a, &s->apps, app);
		return true;
	}
	if (text && !confine(a, s, h, source, &app, text, why))
		return false;
	if (!app.profile) /* what is not confined must see what it wants */
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
