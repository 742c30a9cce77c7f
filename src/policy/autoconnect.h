/* autoconnect.h - what is connected without being asked for
 *
 * The rules of interfaces decide (behaviour I4, I8, I9): which plug may get which
 * slot by itself, and whether it may get several. Nobody vouches for a snap yet, so
 * rules that ask for a publisher or an id never hold, and plugs that need somebody's
 * approval are never connected by themselves.
 */
#ifndef POLICY_AUTOCONNECT_H
#define POLICY_AUTOCONNECT_H

#include "policy/connect.h"

/* May the rules connect these two? arity as in decl_allows(). */
bool autoconnect_allows(struct arena *a, const struct port *plug, const struct port *slot,
			const struct connect_on *on, unsigned *arity);

/* Add the connections that the rules make now that s is there: of its plugs, and to
 * its slots. all holds s and every snap that has a plug or slot of an interface that
 * s has. Lines that are there already, undesired ones as well, stay as they are. */
void autoconnect(struct arena *a, struct conn_lines *lines, const struct snap *s,
		 const struct snaps *all, const struct connect_on *on);

/* May a snap that nobody vouches for have this slot (P15)? False with *why. */
bool autoconnect_may_offer(struct arena *a, const struct port *slot, const struct connect_on *on,
			   const char **why);

#endif
