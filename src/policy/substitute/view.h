/* view.h - which of the host's shared places the apps of a snap need not see
 *
 * Landlock of today keeps nobody from connecting to a socket that has a name. What an
 * app cannot see, it cannot connect to: where no rule speaks of a socket below /run, or
 * of a file of others in /dev/shm, the snap gets empty ones of its own.
 */
#ifndef POLICY_SUBSTITUTE_VIEW_H
#define POLICY_SUBSTITUTE_VIEW_H

#include "core/field.h"
#include "policy/apparmor/rule.h"

/* One for all apps and hooks of a snap: they share a namespace. */
struct view {
	const char *instance;
	struct words show;          /* below /run, sorted once each by view_done() */
	const char *run, *shm;      /* the rule that forbids to hide it, or NULL */
	struct words hide;          /* of view_done() */
};

/* What the profile's rules need of the host. policy's variables are those that
 * landlock_project() has set. False and *why when a rule cannot be read. */
bool view_add(struct arena *a, struct view *v, const struct ap_policy *policy,
	      const struct ap_profile *profile, const char **why);

void view_done(struct arena *a, struct view *v);

#endif
