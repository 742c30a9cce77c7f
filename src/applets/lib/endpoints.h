/* endpoints.h - all plugs and slots of the system, and what is connected to what
 *
 * For showing: what is damaged is warned about and left out. A connection whose plug
 * or slot is not there, or is of another interface by now, is none.
 */
#ifndef APPLETS_LIB_ENDPOINTS_H
#define APPLETS_LIB_ENDPOINTS_H

#include "policy/connect.h"

struct link {
	const struct port *plug, *slot;
	enum conn_how how;
};

struct endpoint {
	const struct port *port; /* port->snap->instance is CONNS_SYSTEM for the system's own */
	struct {
		const struct endpoint **at; /* sorted; without undesired ones */
		size_t len, cap;
	} peers;
};

struct endpoints {
	struct {
		struct endpoint *at;
		size_t len, cap;
	} side[2]; /* by enum side; sorted by snap, then name */
	struct {
		struct link *at;
		size_t len, cap;
	} links; /* sorted by plug, then slot; undesired ones as well */
	size_t damaged; /* snaps that could not be read */
};

struct endpoints_ask {
	const char *iface; /* ports of this interface only; NULL for all */
	const char *snap;  /* of this snap and of what it is connected to; NULL for all */
	bool system;       /* also what the system offers and nobody uses */
};

struct endpoints endpoints_load(struct arena *a, const struct endpoints_ask *ask);

/* The name that the system goes by, for any of those that people call it. */
const char *endpoints_snap(const char *word);

/* "snap:name", or ":name" of the system. */
const char *endpoint_text(struct arena *a, const struct port *p);

/* Is one of the sides a port of that snap? */
bool link_is_of(const struct link *l, const char *snap);
bool endpoint_is_of(const struct endpoint *e, const char *snap); /* or of a peer */

/* For programs, in the form of snapd's API: {"snap":S,"plug":NAME}, the same with
 * interface, label, attributes, apps and connections, and one for a connection. */
void endpoint_json_ref(struct buf *b, const struct port *p);
void endpoint_json(struct buf *b, const struct endpoint *e);
void link_json(struct buf *b, const struct link *l);

#endif
