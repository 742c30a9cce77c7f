/* app.c - the apps section of snap.yaml
 *
 * Commands are split at blanks and never seen by a shell: the grammar here is
 * what that rests on (attacks.md A239). Keys that only services have are refused
 * for other apps, as snapd does, so that a forgotten "daemon" is noticed.
 */
#include <string.h>

#include "core/str.h"
#include "core/vec.h"
#include "policy/model/grammar.h"
#include "policy/model/name.h"
#include "policy/model/parts.h"
#include "policy/model/snap.h"

const char *const snap_daemon_names[] = {
	"", "simple", "forking", "oneshot", "notify", "dbus", NULL,
};
static const char *const scope_names[] = {"system", "user", NULL};
static const char *const refresh_modes[] = {"restart", "endure", "ignore-running", NULL};
static const char *const install_modes[] = {"enable", "disable", NULL};
static const char *const stop_modes[] = {
	"sigterm", "sigterm-all", "sighup", "sighup-all", "sigusr1", "sigusr1-all", "sigusr2",
	"sigusr2-all", "sigint", "sigint-all", NULL,
};
static const char *const restart_conditions[] = {
	"never", "on-success", "on-failure", "on-abnormal", "on-abort", "on-watchdog", "always",
	NULL,
};

static bool is_refresh_mode(const char *s)
{
	return str_in(s, refresh_modes);
}

static bool is_install_mode(const char *s)
{
	return str_in(s, install_modes);
}

static bool is_stop_mode(const char *s)
{
	return str_in(s, stop_modes);
}

static bool is_restart_condition(const char *s)
{
	return str_in(s, restart_conditions);
}

#define AT(member) offsetof(struct app, member)

static const struct field fields[] = {
	{"command", FIELD_TEXT, AT(command), grammar_command, "a command"},
	{"command-chain", FIELD_WORDS, AT(command_chain), grammar_chain, "a program in the snap"},
	{"environment", FIELD_PAIRS, AT(environment), grammar_env_key, "the name of a variable"},
	{"completer", FIELD_TEXT, AT(completer), grammar_inside, "a path in the snap"},
	{"common-id", FIELD_TEXT, AT(common_id), grammar_id, "an id"},
	{"autostart", FIELD_TEXT, AT(autostart), grammar_desktop, "the name of a desktop file"},
	{"aliases", FIELD_WORDS, AT(aliases), name_is_alias, "a name for a command"},
	{"daemon", FIELD_CHOICE, AT(daemon), NULL, NULL, snap_daemon_names},
	{"daemon-scope", FIELD_CHOICE, AT(scope), NULL, NULL, scope_names},
	{"stop-command", FIELD_TEXT, AT(stop_command), grammar_command, "a command"},
	{"reload-command", FIELD_TEXT, AT(reload_command), grammar_command, "a command"},
	{"post-stop-command", FIELD_TEXT, AT(post_stop_command), grammar_command, "a command"},
	{"start-timeout", FIELD_TIME, AT(start_timeout_ms)},
	{"stop-timeout", FIELD_TIME, AT(stop_timeout_ms)},
	{"watchdog-timeout", FIELD_TIME, AT(watchdog_timeout_ms)},
	{"restart-delay", FIELD_TIME, AT(restart_delay_ms)},
	{"refresh-mode", FIELD_TEXT, AT(refresh_mode), is_refresh_mode, "a refresh mode"},
	{"install-mode", FIELD_TEXT, AT(install_mode), is_install_mode, "enable or disable"},
	{"stop-mode", FIELD_TEXT, AT(stop_mode), is_stop_mode, "a stop mode such as sigterm-all"},
	{"restart-condition", FIELD_TEXT, AT(restart_condition), is_restart_condition,
	 "a restart condition"},
	{"success-exit-status", FIELD_WORDS, AT(success_exit_status), grammar_exit_status,
	 "a status from 1 to 255"},
	{"before", FIELD_WORDS, AT(before), name_is_app, "the name of an app"},
	{"after", FIELD_WORDS, AT(after), name_is_app, "the name of an app"},
	{"activates-on", FIELD_WORDS, AT(activates_on), name_is_port, "the name of a slot"},
	{"bus-name", FIELD_TEXT, AT(bus_name), grammar_bus_name, "a bus name"},
	{"timer", FIELD_TEXT, AT(timer), grammar_timer, "a schedule"},
	{0},
};

/* What makes sense for services only. */
static const char *const service_keys[] = {
	"start-timeout", "stop-timeout", "watchdog-timeout", "restart-delay", "restart-condition",
	"install-mode", "stop-mode", "success-exit-status", "before", "after", "activates-on",
	"timer", "daemon-scope", NULL,
};

static bool read_sockets(struct arena *a, struct app *app, const struct node *map,
			 const char *path, char *why)
{
	if (node_is_null(map))
		return true;
	if (map->kind != NODE_MAP || map->count > FIELD_LIST_MAX)
		return field_refuse(why, map->line, "%ssockets: not a map of sockets", path);
	for (const struct node *c = map->first; c; c = c->next) {
		struct socket_key s = {.name = c->key};
		const struct node *listen = node_get(c, "listen-stream"),
				  *mode = node_get(c, "socket-mode");
		int64_t number = 0;

		if (!name_is_socket(c->key))
			return field_refuse(why, c->line, "%ssockets: \"%.64s\" is not a name",
					    path, c->key);
		if (!listen || listen->kind != NODE_TEXT || !grammar_listen(listen->text, app))
			return field_refuse(why, c->line,
					    "%ssockets.%s.listen-stream: not an address that "
					    "a snap may listen on",
					    path, c->key);
		if (!node_is_null(mode) &&
		    (!node_int(mode, &number) || number < 0 || number > 0777))
			return field_refuse(why, c->line,
					    "%ssockets.%s.socket-mode: not a file mode", path,
					    c->key);
		s.listen = listen->text;
		s.mode = (unsigned)number;
		vec_push(a, &app->sockets, s);
	}
	return true;
}

static bool only_services(const struct app *app, const struct node *n, const char *path, char *why)
{
	for (const struct node *c = n->first; c && !app->daemon; c = c->next)
		if (!node_is_null(c) && str_in(c->key, service_keys) &&
		    (c->kind == NODE_TEXT || c->count))
			return field_refuse(why, c->line, "%s%s: only for services", path, c->key);
	if (!app->refresh_mode || !app->daemon == !strcmp(app->refresh_mode, "ignore-running"))
		return true;
	return field_refuse(why, app->line, "%srefresh-mode: %s is %s for services", path,
			    app->refresh_mode, app->daemon ? "not" : "only");
}

static bool read_app(struct arena *a, struct snap *s, const struct node *n, char *why)
{
	struct app *app = NEW(a, struct app);
	const char *path = arena_printf(a, "apps.%s.", n->key);

	app->name = n->key;
	app->snap = s;
	app->line = n->line;
	app->start_timeout_ms = app->stop_timeout_ms = TIME_UNSET;
	app->watchdog_timeout_ms = app->restart_delay_ms = TIME_UNSET;
	if (!name_is_app(n->key))
		return field_refuse(why, n->line, "apps: \"%.64s\" is not the name of an app",
				    n->key);
	if (n->kind != NODE_MAP)
		return field_refuse(why, n->line, "apps.%s: not a map", n->key);
	if (!field_read(a, fields, n, path, app, why) ||
	    !read_sockets(a, app, node_get(n, "sockets"), path, why) ||
	    !only_services(app, n, path, why) ||
	    !ports_list(a, s, PLUG, n, path, &app->plugs, why) ||
	    !ports_list(a, s, SLOT, n, path, &app->slots, why))
		return false;
	if (!app->command)
		return field_refuse(why, n->line, "apps.%s: has no command", n->key);
	vec_push(a, &s->apps, app);
	return snap_label_fits(snap_app_label(a, app)) ||
	       field_refuse(why, n->line, "apps.%s: the name is too long for a label", n->key);
}

bool apps_read(struct arena *a, struct snap *s, const struct node *map, char *why)
{
	if (node_is_null(map))
		return true;
	if (map->kind != NODE_MAP)
		return field_refuse(why, map->line, "apps: not a map");
	if (map->count > MODEL_APPS_MAX)
		return field_refuse(why, map->line, "apps: more than %d", MODEL_APPS_MAX);
	for (const struct node *c = map->first; c; c = c->next)
		if (!read_app(a, s, c, why))
			return false;
	return true;
}

/* --- what needs all of them --- */

static bool order_is_known(const struct app *app, const struct words *list, const char *key,
			   char *why)
{
	for (size_t i = 0; i < list->len; i++) {
		const struct app *other = snap_app(app->snap, list->at[i]);

		if (!other || !other->daemon || other->scope != app->scope)
			return field_refuse(why, app->line, "apps.%s.%s: %s is not a service %s",
					    app->name, key, list->at[i],
					    other && other->daemon ? "of the same scope" :
								     "of this snap");
	}
	return true;
}

/* The index of an app in its snap. */
static size_t index_of(const struct snap *s, const char *name)
{
	size_t i = 0;

	while (strcmp(s->apps.at[i]->name, name))
		i++;
	return i;
}

struct edge {
	size_t first, second; /* what starts before what */
};
struct edges {
	struct edge *at;
	size_t len, cap;
};

static void add_edges(struct arena *a, const struct snap *s, size_t i, struct edges *out)
{
	const struct app *app = s->apps.at[i];

	for (size_t k = 0; k < app->before.len; k++)
		vec_push(a, out, ((struct edge){i, index_of(s, app->before.at[k])}));
	for (size_t k = 0; k < app->after.len; k++)
		vec_push(a, out, ((struct edge){index_of(s, app->after.at[k]), i}));
}

/* Take away, again and again, the services that wait for nobody: a cycle stays (V10). */
static bool order_ends(struct arena *a, const struct snap *s, char *why)
{
	size_t n = s->apps.len, left = n, before;
	bool *gone = NEW_N(a, bool, n), *waits = NEW_N(a, bool, n);
	struct edges edges = {0};

	for (size_t i = 0; i < n; i++)
		add_edges(a, s, i, &edges);
	do {
		before = left;
		memset(waits, 0, n);
		for (size_t i = 0; i < edges.len; i++)
			waits[edges.at[i].second] |= !gone[edges.at[i].first];
		for (size_t i = 0; i < n; i++)
			if (!gone[i] && !waits[i]) {
				gone[i] = true;
				left--;
			}
	} while (left && left < before);
	for (size_t i = 0; i < n; i++)
		if (!gone[i])
			return field_refuse(why, s->apps.at[i]->line,
					    "apps.%s: before and after make a circle",
					    s->apps.at[i]->name);
	return true;
}

static struct port *slot_named(const struct snap *s, const char *name)
{
	for (size_t i = 0; i < s->slots.len; i++)
		if (!strcmp(s->slots.at[i]->name, name))
			return s->slots.at[i];
	return NULL;
}

static bool activation_fits(struct arena *a, struct app *app, char *why)
{
	for (size_t i = 0; i < app->activates_on.len; i++) {
		struct port *slot = slot_named(app->snap, app->activates_on.at[i]);

		if (!slot || strcmp(slot->interface, "dbus"))
			return field_refuse(why, app->line,
					    "apps.%s.activates-on: %s is not a dbus slot "
					    "of this snap",
					    app->name, app->activates_on.at[i]);
		bool has = false;
		for (size_t k = 0; k < app->slots.len; k++)
			has |= app->slots.at[k] == slot;
		slot->scoped = true;
		if (!has)
			vec_push(a, &app->slots, slot);
	}
	return true;
}

static void note(struct arena *a, struct node *all, const char *name, const struct app *app)
{
	struct node *n = node_new(a, NODE_TEXT, app->line, 1);

	n->key = name;
	n->text = app->name;
	node_add(all, n);
}

/* Aliases and common ids mean one app each. */
static bool names_are_unique(struct arena *a, const struct snap *s, char *why)
{
	struct node *aliases = node_new(a, NODE_MAP, 1, 1), *ids = node_new(a, NODE_MAP, 1, 1);

	for (size_t i = 0; i < s->apps.len; i++) {
		const struct app *app = s->apps.at[i];

		for (size_t k = 0; k < app->aliases.len; k++)
			note(a, aliases, app->aliases.at[k], app);
		if (app->common_id)
			note(a, ids, app->common_id, app);
	}
	const struct node *twice = node_twice(a, aliases);
	if (twice)
		return field_refuse(why, twice->line, "apps.%s.aliases: %s is taken", twice->text,
				    twice->key);
	twice = node_twice(a, ids);
	return !twice || field_refuse(why, twice->line, "apps.%s.common-id: %s is taken",
				      twice->text, twice->key);
}

bool apps_activation(struct arena *a, struct snap *s, char *why)
{
	for (size_t i = 0; i < s->apps.len; i++)
		if (!activation_fits(a, s->apps.at[i], why))
			return false;
	return true;
}

bool apps_check(struct arena *a, struct snap *s, char *why)
{
	for (size_t i = 0; i < s->apps.len; i++) {
		const struct app *app = s->apps.at[i];
		bool binds = s->confinement == CONFINE_CLASSIC;

		for (size_t k = 0; k < app->plugs.len; k++)
			binds |= !strcmp(app->plugs.at[k]->name, "network-bind");
		if (app->sockets.len && !binds)
			return field_refuse(why, app->line,
					    "apps.%s.sockets: needs the plug network-bind",
					    app->name);
		if (!order_is_known(app, &app->before, "before", why) ||
		    !order_is_known(app, &app->after, "after", why))
			return false;
	}
	return names_are_unique(a, s, why) && order_ends(a, s, why);
}
