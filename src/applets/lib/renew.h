/* renew.h - the policy of snaps that are installed, made again */
#ifndef APPLETS_LIB_RENEW_H
#define APPLETS_LIB_RENEW_H

#include "applets/lib/security.h"
#include "applets/lib/wiring.h"
#include "policy/model/state.h"

/* Stage the policy of s as it is installed, with its connections in w. base_rev is
 * the revision of its base that counts; not used when it has none. Returns as
 * security_stage(). */
const struct substitute_snap *renew_stage(struct txn *t, struct wiring *w, const struct snap *s,
					  unsigned modes, const char *base_rev);

/* The same of a snap and its base as their state files say. Fine when it is not installed. */
void renew_stage_installed(struct txn *t, struct wiring *w, const char *name);

#endif
