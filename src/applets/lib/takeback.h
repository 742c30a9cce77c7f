/* takeback.h - connections and policy of what is coming in, and the way back
 *
 * Hooks can only run when a snap is installed; when one fails, the change that
 * installed it is followed by one that takes it back.
 */
#ifndef APPLETS_LIB_TAKEBACK_H
#define APPLETS_LIB_TAKEBACK_H

#include "applets/lib/incoming.h"
#include "applets/lib/wiring.h"

/* The connections once all of the list are installed, and who changes with them:
 * peers, and whoever runs on a base of the list. Dies when a slot may not be offered. */
struct wiring *wiring_of_list(struct arena *a, const struct incoming_list *all);

/* Policy and plans of a new revision; returns as security_stage(). */
const struct substitute_snap *policy_stage_new(struct txn *t, struct wiring *w,
					       const struct incoming *in,
					       const struct incoming_list *all);

/* The same of all who change with the list but are not in it; and the connections. */
void policy_stage_others(struct txn *t, struct wiring *w, const struct incoming_list *all);

/* Everything of the list is again as it was before, data included. Dies when it cannot. */
void takeback(struct arena *a, struct wiring *w, const struct incoming_list *all);

#endif
