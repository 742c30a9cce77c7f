/* grade.h - what each part of a policy comes to on a kernel: enforced, substituted, missing
 *
 * Decided for one app, from its own rules and the facts of one system; nothing is asked
 * of the system here. The order of the rows is the order in which people are told.
 */
#ifndef POLICY_SUBSTITUTE_GRADE_H
#define POLICY_SUBSTITUTE_GRADE_H

#include "core/host.h"
#include "policy/apparmor/rule.h"
#include "policy/substitute/landlock.h"
#include "policy/substitute/view.h"

enum enforcement {
	GRADE_ENFORCED,    /* by what the policy is written for */
	GRADE_SUBSTITUTED, /* by something else: detail says what, notes what differs */
	GRADE_MISSING,     /* not at all: detail says what that means */
};

enum facility {
	FACILITY_CALLS,
	FACILITY_FILES,
	FACILITY_NETWORK,
	FACILITY_ABSTRACT, /* sockets without a file */
	FACILITY_SOCKETS,  /* sockets with one; buses are among them */
	FACILITY_SIGNALS,
	FACILITY_PTRACE,
	FACILITY_CAPABILITIES,
	FACILITY_MOUNTS,
	FACILITY_USERNS,
	FACILITY_COUNT,
};
extern const char *const facility_names[FACILITY_COUNT];
extern const char *const grade_names[];

struct grade_row {
	enum enforcement grade;
	const char *detail; /* by what, or what it means; one line */
};

/* How an app is confined as a whole. */
enum grade_sum {
	SUM_STRICT,
	SUM_SUBSTITUTED, /* "strict (substituted)": nothing is missing */
	SUM_PARTIAL,
	SUM_NONE,        /* classic or devmode: nothing is asked for */
};
extern const char *const sum_names[];

/* What is known of the app. Profile is NULL when it is not to be confined. */
struct grade_app {
	const struct ap_profile *profile;
	const struct landlock *files;
	const struct view *view; /* of its snap */
};

void grade_app(struct grade_row rows[FACILITY_COUNT], const struct host *h,
	       const struct grade_app *app);
enum grade_sum grade_sum(const struct grade_row rows[FACILITY_COUNT], const struct grade_app *app);

/* The one word for it in plans and on command lines: "strict", "substituted", ... */
extern const char *const sum_words[];

/* Does AppArmor on that system say what the facility asks? */
bool grade_apparmor(const struct host *h, enum facility f);

#endif
