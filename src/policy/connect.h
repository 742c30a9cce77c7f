/* connect.h - references to plugs and slots, and the connections that lines mean
 *
 * Everything is decided on snaps that the caller has at hand; only interface files
 * are read here. The system's own plugs and slots are ports of the pseudo snap
 * "system", each named as its interface; snapd's names for it, "snapd" and
 * "core", are understood.
 *
 * Nobody vouches for a snap yet: all are what snapd calls unasserted, and a person
 * may connect any plug to any slot of its interface (behaviour P15). What is
 * connected without being asked for is in autoconnect.h.
 */
#ifndef POLICY_CONNECT_H
#define POLICY_CONNECT_H

#include "policy/model/conns.h"
#include "policy/policy.h"

/* The kind of system, as far as rules ask. */
struct connect_on {
	bool classic, core_desktop;
	const char *distro; /* ID of os-release, or "" */
};

/* Snaps with instance names, sorted by them, each once. */
struct snaps {
	const struct snap **at;
	size_t len, cap;
};
void snaps_put(struct arena *a, struct snaps *all, const struct snap *s);
const struct snap *snaps_find(const struct snaps *all, const char *instance);

struct conns {
	struct conn *at;
	size_t len, cap;
};

/* The system's own plug or slot of that interface, and whether it has it. The one
 * place where these are made: a new one each time. */
const struct port *connect_system_port(struct arena *a, const struct iface *i, enum side side);
bool connect_system_has(const struct iface *i, enum side side, bool classic);

/* A plug or slot as a person names it. */
struct port_ref {
	const char *snap; /* "system" for the system's own; "" when not said */
	const char *name; /* "" when not said */
};

/* "SNAP:NAME", ":NAME", and "SNAP" unless strict. False with *why, one line. */
bool connect_ref(struct arena *a, const char *text, bool strict, struct port_ref *out,
		 const char **why);

/* The port of that name, among those of known interfaces: else NULL. For "system",
 * snap is NULL. */
const struct port *connect_port(struct arena *a, const struct snap *snap, enum side side,
				const char *name, const struct connect_on *on);

/* "connect PLUG [SLOT]": what is meant. snaps are NULL for the system. False with
 * *why, in snapd's words. */
bool connect_resolve(struct arena *a, const struct port_ref *plug, const struct snap *plug_snap,
		     const struct port_ref *slot, const struct snap *slot_snap,
		     const struct connect_on *on, struct conn *out, const char **why);

/* The line of a connection, to be kept. */
struct conn_line connect_line(const struct conn *c, enum conn_how how);

/* "disconnect REF [REF]": the lines that are meant, by their numbers; undesired ones
 * only to be forgotten. No line is no error when only one side was named. False with
 * *why, in snapd's words. */
struct line_numbers {
	size_t *at, len, cap;
};
bool connect_lines_of(struct arena *a, const struct conn_lines *lines, const struct port_ref *one,
		      const struct port_ref *other, bool forget, struct line_numbers *out,
		      const char **why);

/* The connection that a line means; false when a side of it is not there, or is of
 * another interface by now. */
bool connect_of_line(struct arena *a, const struct conn_line *l, const struct snaps *all,
		     const struct connect_on *on, struct conn *out);

/* The connections of s in the order of their lines, for policy_gather(). all holds s
 * and whoever it is connected to; lines that mean nothing are left out. */
struct conns connect_of(struct arena *a, const struct conn_lines *lines, const struct snap *s,
			const struct snaps *all, const struct connect_on *on);

#endif
