/* wiring.h - installed snaps and their connections, as they will be after a change
 *
 * Snaps are read when they are asked for: a connect to the system reads one.
 * Whoever changes a line says so by wiring_stale(): policy of both sides follows.
 */
#ifndef APPLETS_LIB_WIRING_H
#define APPLETS_LIB_WIRING_H

#include "core/txn.h"
#include "policy/connect.h"

struct artefacts_system;

struct wiring {
	struct arena *arena;
	struct conn_lines before, lines; /* as they are, and as they will be */
	struct snaps snaps;              /* those that have been read */
	struct connect_on on;
	struct words gone;  /* no longer installed, whatever the state files say */
	struct words stale; /* whose policy is to be made again; "system" never */
	const struct artefacts_system *system; /* renew.c's, NULL until it asked */
};

struct wiring *wiring_load(struct arena *a);

/* An installed snap, its current revision; NULL when it is not installed. Dies
 * when what is stored of it is damaged. */
const struct snap *wiring_snap(struct wiring *w, const char *name);

/* s is, or takes the place of, an installed snap; name is one no longer. */
void wiring_put(struct wiring *w, const struct snap *s);
void wiring_gone(struct wiring *w, const char *name);

void wiring_stale(struct wiring *w, const char *name);
/* Whoever is connected to name, before or after. */
void wiring_stale_peers(struct wiring *w, const char *name);

/* All connections of s, for its policy. */
struct conns wiring_conns(struct wiring *w, const struct snap *s);

/* s has come in (after wiring_put()): connections whose plug or slot it does not have
 * any more go, those that the rules make come. */
void wiring_settle(struct wiring *w, const struct snap *s);

/* All lines of name go, undesired ones as well. */
void wiring_drop(struct wiring *w, const char *name);

/* Say which plugs of s get nothing, in one warning. */
void wiring_warn_idle(struct wiring *w, const struct snap *s);

/* The file, when it is not as it was. */
void wiring_stage(struct wiring *w, struct txn *t);

#endif
