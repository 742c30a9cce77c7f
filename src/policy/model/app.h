/* app.h - the nouns that a snap is made of: ports, apps, hooks
 *
 * Contract and memory: model.h.
 */
#ifndef POLICY_MODEL_APP_H
#define POLICY_MODEL_APP_H

#include <stdbool.h>
#include <stddef.h>

#include "core/field.h"
#include "core/node.h"

struct snap;

enum daemon {
	DAEMON_NONE,
	DAEMON_SIMPLE,
	DAEMON_FORKING,
	DAEMON_ONESHOT,
	DAEMON_NOTIFY,
	DAEMON_DBUS,
};
enum daemon_scope { SCOPE_SYSTEM, SCOPE_USER };

#define TIME_UNSET (-1) /* of the ..._ms below */

enum side { PLUG, SLOT };

/* A plug or a slot. */
struct port {
	enum side side;
	const char *name, *interface;
	const char *title;          /* its "label" key, for people; NULL */
	const struct node *attrs;   /* a map, never NULL: attr.h reads it */
	bool scoped;                /* some app or hook lists it; else all of them have it */
	unsigned line;              /* of snap.yaml; 0 when made from an app's list */
	struct snap *snap;
};
struct ports {
	struct port **at;
	size_t len, cap;
};

struct socket_key {
	const char *name, *listen;
	unsigned mode; /* 0 when not given */
};

struct app {
	const char *name;
	struct snap *snap;
	struct ports plugs, slots; /* all that it has, unscoped ones included */
	struct pairs environment; /* in the order written, which its meaning depends on */
	struct words command_chain;
	const char *command, *completer, *common_id, *autostart;
	struct words aliases;

	enum daemon daemon;
	enum daemon_scope scope;
	const char *stop_command, *reload_command, *post_stop_command;
	int64_t start_timeout_ms, stop_timeout_ms, watchdog_timeout_ms, restart_delay_ms;
	const char *refresh_mode, *stop_mode, *install_mode, *restart_condition;
	struct words success_exit_status, before, after, activates_on;
	const char *bus_name, *timer;
	struct {
		struct socket_key *at;
		size_t len, cap;
	} sockets;
	unsigned line;
};

struct hook {
	const char *name;
	const char *component; /* NULL when the snap's own */
	struct snap *snap;
	struct ports plugs, slots;
	struct pairs environment;
	struct words command_chain;
	unsigned line; /* 0 when only the file meta/hooks/NAME tells of it */
};

#endif
