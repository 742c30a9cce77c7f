/* takeback.h - policy of what is coming in, and the way back
 *
 * Hooks can only run when a snap is installed; when one fails, the change that
 * installed it is followed by one that takes it back.
 */
#ifndef APPLETS_LIB_TAKEBACK_H
#define APPLETS_LIB_TAKEBACK_H

#include "applets/lib/incoming.h"

/* Plans and filters of the new revision. */
void policy_stage_new(struct txn *t, const struct incoming *in, const struct incoming_list *all);

/* Whoever runs on this base, and is not in the list, gets plans that name its revision. */
void policy_stage_dependents(struct txn *t, const char *base, const char *rev,
			     const struct incoming_list *all);

/* Everything of the list is again as it was before, data included. Dies when it cannot. */
void takeback(struct arena *a, const struct incoming_list *all);

#endif
