/* policy.h - the one place where interfaces, connections and apps meet
 *
 * policy_gather() answers: what does this app (or hook) get, from where? Every
 * piece keeps its origin, so that a person can be told which connection a rule
 * came from. Rendering into profiles and filters is done elsewhere.
 */
#ifndef POLICY_POLICY_H
#define POLICY_POLICY_H

#include "core/host.h"
#include "policy/block.h"

/* A plug that uses a slot. The system's own side has a port of the pseudo snap "system". */
struct conn {
	const struct port *plug, *slot;
	bool plug_system, slot_system;
};

/* One block's text for one reader. */
struct piece {
	const char *text;
	const struct iface *iface;
	const struct port *port, *peer; /* whose it is; the other side, or NULL when permanent */
	enum moment moment;
	unsigned line; /* of the interface file; 0 for native text */
};

struct policy {
	struct {
		struct piece *at;
		size_t len, cap;
	} pieces[BACK_COUNT];
	struct words flags; /* sorted, once each */
};

/* The system that the policy is for. */
struct policy_target {
	bool classic;
	struct words features;    /* as in struct scope */
	const char *distro;       /* ID of os-release; NULL or "" when it has none */
	bool remote_home;         /* NFS or the like at or below /home, and the kernel takes
				     its traffic for the app's own: before 6.2 (A29) */
	const char *overlay_root; /* as in struct host; NULL or "" when "/" is no overlay */
	const char *kernel_snap;  /* the snap that the kernel is from; NULL when from none */
};

/* The same out of the facts of a host, which may be any host. */
struct policy_target policy_target_of(struct arena *a, const struct host *h, bool classic);

/* All that the ports in plugs and slots bring along, in a fixed order: plugs as
 * listed, then slots; permanent blocks, then one connection after the other.
 * False with one line in why (WHY_MAX) when a text cannot be made: an attribute
 * that is missing or has characters that rules are made of. */
bool policy_gather(struct arena *a, struct policy *out, const struct snap *snap,
		   const struct ports *plugs, const struct ports *slots,
		   const struct conn *conns, size_t count, const struct policy_target *target,
		   char *why);

/* Is the port one that its interface takes: each attribute of its type, none that
 * the file refuses, all fitting each other? False with one line in why. */
bool policy_check_port(struct arena *a, const struct iface *i, const struct port *p, char *why);

bool policy_has_flag(const struct policy *p, const char *flag);

#endif
