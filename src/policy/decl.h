/* decl.h - allow and deny: installation, connection, auto-connection
 *
 * snapd's declaration language (behaviour I8-I11). A rule for an interface is a
 * map of {allow,deny}-{installation,connection,auto-connection}; each is true,
 * false, a map of constraints that must all hold, or a list of such maps of
 * which one must. Deny beats allow; what is not said is allowed. Of the rules
 * that speak of an interface only the first counts, whole: what the plug's snap
 * was granted, what the slot's was, the interface's own for plugs, for slots.
 */
#ifndef POLICY_DECL_H
#define POLICY_DECL_H

#include "policy/model/iface.h"

enum decl_action { DECL_INSTALLATION, DECL_CONNECTION, DECL_AUTO_CONNECTION };

/* Who a snap is, as far as rules ask. The system's own side is type "core". */
struct decl_party {
	const struct port *port;      /* NULL: that side takes no part (installation) */
	const char *snap_type;        /* app, core, gadget, kernel */
	const char *snap_id, *publisher_id; /* "" for what nobody vouched for */
	const struct node *granted;   /* its snap-declaration's rule for the interface, or NULL */
};

struct decl_question {
	const struct iface *iface;
	struct decl_party plug, slot;
	bool classic, core_desktop;
	const char *distro; /* ID of os-release, or "" */
};

/* How many connections an automatic one may make; 1, or ANY_NUMBER for "*". */
#define ANY_NUMBER 0u

/* True when allowed. Otherwise *why is one line that names the rule. arity is
 * set for auto-connection: slots a plug may get; NULL if not wanted. */
bool decl_allows(struct arena *a, enum decl_action action, const struct decl_question *q,
		 unsigned *arity, const char **why);

/* What an unasserted file is held to: only the types of snap that may have the
 * slot (P15). Plugs are always fine. */
bool decl_allows_dangerous(const struct decl_question *q);

/* Is the plug one that needs somebody's approval to be installed at all (I9)? */
bool decl_is_super_privileged(const struct iface *i);

/* False with one line in why for a rule that is not of the language: for lint. */
bool decl_check(const struct iface *i, char *why);

#endif
