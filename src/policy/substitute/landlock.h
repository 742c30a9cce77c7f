/* landlock.h - the file rules of a profile as Landlock can say them
 *
 * Landlock knows places and what is below them; AppArmor knows patterns, owners and
 * exceptions. The projection goes one way: a rule becomes the place it names, with all
 * below; where that would be a place that the rule does not name, it is left out. What
 * is wider and what is narrower than the rule is said, so that nobody has to trust this
 * page. What comes from the base of a snap is anybody's: it is allowed whole.
 */
#ifndef POLICY_SUBSTITUTE_LANDLOCK_H
#define POLICY_SUBSTITUTE_LANDLOCK_H

#include "core/field.h"
#include "policy/apparmor/rule.h"

/* A rule that Landlock says otherwise. */
struct land_note {
	bool wider;
	const char *rule; /* as in the profile: "/etc/foo[0-9]* r" */
	const char *why;  /* "all below /etc/foo.d" */
};

struct landlock {
	struct words allow; /* lines of a plan: ns/landlock.h */
	const char *guard;  /* words of a plan: "files no-bind signals", or "none" */
	VEC(struct land_note) notes;
	const char *missing; /* why files are not guarded at all, or NULL */
};

/* policy is changed: its variables of places that only a start knows (@{HOME}). False
 * and *why when a rule cannot be read. */
bool landlock_project(struct arena *a, struct ap_policy *policy, const struct ap_profile *profile,
		      struct landlock *out, const char **why);

#endif
