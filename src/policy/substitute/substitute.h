/* substitute.h - what takes AppArmor's place for the apps of one snap, on one system
 *
 * Each app's own profile is read again and asked what it allows; what AppArmor of that
 * system enforces needs no substitute and gets none. Profiles that differ in nothing but
 * the app's name are read once.
 */
#ifndef POLICY_SUBSTITUTE_SUBSTITUTE_H
#define POLICY_SUBSTITUTE_SUBSTITUTE_H

#include "policy/apparmor/lex.h"
#include "policy/substitute/grade.h"

struct substitute {
	const char *label;
	struct landlock files;  /* guard and allow lines of its plan */
	const char *refusals;   /* lines for its filter; "" for none */
	const char *caps;       /* what root inside keeps, as in a plan */
	struct grade_row rows[FACILITY_COUNT]; /* of substitute_done() */
	enum grade_sum sum;
	enum ap_profile_mode mode; /* of its profile */
	const struct ap_profile *profile; /* NULL when it is not to be confined */
	const char *text;       /* of the profile */
	bool unlike;            /* places that it may reach depend on its own name */
};

/* The same for all apps of a snap; empty to begin with, but for view.instance. */
struct substitute_snap {
	struct view view; /* finished by substitute_done() */
	VEC(struct substitute) apps;
};

/* Add an app or hook. text is its profile, NULL for devmode and classic; includes come
 * from source. False and *why, with file and line, when it cannot be read. */
bool substitute_add(struct arena *a, struct substitute_snap *s, const struct host *h,
		    struct lex_source source, const char *label, const char *text,
		    const char **why);

void substitute_done(struct arena *a, struct substitute_snap *s, const struct host *h);

/* NULL when there is no such label. */
const struct substitute *substitute_of(const struct substitute_snap *s, const char *label);

#endif
