/* env.h - the environment of an app (behaviour E7 to E16)
 *
 * In two halves, as a start must be cheap. env_fixed() is computed at install
 * and stored in the plan; env_of_user() is computed by `run` at each start, out
 * of the caller's uid and home. At the start the halves come together so:
 *
 *	the caller's, without what belongs to us or steers loaders;
 *	what env_of_user() says;
 *	the lines of env_fixed() one by one: what snapbox sets, then the snap's
 *	"environment", then the app's, $NAME replaced by what is known so far
 *
 * The names that snapbox sets for snaps win: a snap.yaml that sets one of
 * env_is_ours() is not heard. HOME, PATH and the like may be set.
 */
#ifndef POLICY_ENV_H
#define POLICY_ENV_H

#include <sys/types.h>

#include "policy/model/model.h"

/* The lines NAME=VALUE for the plan of an app or, when app is NULL, of a hook.
 * effective is how the snap is installed, not what it says. */
void env_fixed(struct arena *a, const struct snap *s, const struct app *app,
	       const struct hook *hook, enum confinement effective, struct words *out);

/* Who starts, as far as the environment goes. */
struct env_user {
	uid_t uid, euid;
	const char *home;     /* from the user database */
	const char *instance; /* user data goes by the instance, not by the store's name */
	const char *revision;
	bool classic;         /* HOME and XDG_RUNTIME_DIR stay as they are */
};

/* An environment for execve: the caller's without what is not for an app to
 * inherit, and the user's variables in front, where the first of a name counts. */
char **env_of_user(struct arena *a, const struct env_user *u, char *const *given);

/* ~/snap/INSTANCE/REVISION, ~/snap/INSTANCE/common, /run/user/UID/snap.INSTANCE */
const char *env_user_data(struct arena *a, const struct env_user *u);
const char *env_user_common(struct arena *a, const struct env_user *u);
const char *env_runtime_dir(struct arena *a, const struct env_user *u);

/* A variable that only snapbox sets. name ends at "=" or at its end. */
bool env_is_ours(const char *name);

#endif
