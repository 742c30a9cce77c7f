/* env.c - the environment of an app
 *
 * MUST take nothing of the caller's for HOME and the like but the uid: the
 * variables of that name belong to whoever calls (attacks.md A027, R02). SNAP
 * and SNAP_DATA go by the store's name, user data by the instance's: a snap
 * sees itself under its own name whatever the instance is called.
 */
#include "policy/env.h"

#include <string.h>

#include "core/str.h"
#include "core/vec.h"
#include "policy/model/assumes.h"

static const char *const ours[] = {
	"SNAP", "SNAP_APP_BUS_NAME", "SNAP_APP_COMMON_ID", "SNAP_APP_DESKTOP_FILE", "SNAP_APP_NAME",
	"SNAP_ARCH", "SNAP_COMMON", "SNAP_COMPONENT", "SNAP_COMPONENTS", "SNAP_COMPONENT_NAME",
	"SNAP_COMPONENT_REVISION", "SNAP_COMPONENT_VERSION", "SNAP_CONTEXT", "SNAP_COOKIE",
	"SNAP_DATA", "SNAP_EUID", "SNAP_INSTANCE_KEY", "SNAP_INSTANCE_NAME", "SNAP_NAME",
	"SNAP_REAL_HOME", "SNAP_REEXEC", "SNAP_REVISION", "SNAP_SAVE_DATA", "SNAP_UID",
	"SNAP_USER_COMMON", "SNAP_USER_DATA", "SNAP_USER_HOME", "SNAP_VERSION", NULL,
};

#define SYSTEM_PATH \
	"/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/games:/usr/local/games"

bool env_is_ours(const char *name)
{
	size_t n = strcspn(name, "=");

	for (const char *const *o = ours; *o; o++)
		if (strlen(*o) == n && !memcmp(*o, name, n))
			return true;
	return false;
}

/* A line whose value means itself: "$" is special in a plan. */
static void literal(struct arena *a, struct words *out, const char *name, const char *value)
{
	struct buf b = buf_new(a);

	buf_printf(&b, "%s=", name);
	for (; *value; value++)
		buf_str(&b, *value == '$' ? "$$" : (char[]){*value, '\0'});
	vec_push(a, out, buf_text(&b));
}

static void of_snap(struct arena *a, const struct snap *s, bool classic, struct words *out)
{
	const char *where = classic ? s->instance : s->name;

	literal(a, out, "SNAP", arena_printf(a, "/snap/%s/%s", where, s->revision));
	literal(a, out, "SNAP_ARCH", assumes_arch());
	literal(a, out, "SNAP_COMMON", arena_printf(a, "/var/snap/%s/common", where));
	literal(a, out, "SNAP_DATA", arena_printf(a, "/var/snap/%s/%s", where, s->revision));
	literal(a, out, "SNAP_INSTANCE_KEY", s->key);
	literal(a, out, "SNAP_INSTANCE_NAME", s->instance);
	literal(a, out, "SNAP_LIBRARY_PATH", "/var/lib/snapd/lib/gl:/var/lib/snapd/lib/gl32");
	literal(a, out, "SNAP_NAME", s->name);
	literal(a, out, "SNAP_REEXEC", "");
	literal(a, out, "SNAP_REVISION", s->revision);
	literal(a, out, "SNAP_VERSION", s->version);
	if (s->components.len)
		literal(a, out, "SNAP_COMPONENTS",
			arena_printf(a, "/snap/%s/components/%s", where, s->revision));
}

static void of_app(struct arena *a, const struct app *app, struct words *out)
{
	literal(a, out, "SNAP_APP_NAME", app->name);
	if (app->common_id)
		literal(a, out, "SNAP_APP_COMMON_ID", app->common_id);
	if (app->bus_name)
		literal(a, out, "SNAP_APP_BUS_NAME", app->bus_name);
}

/* What the author wrote, with its $NAMEs, in the order written. */
static void of_author(struct arena *a, const struct pairs *list, struct words *out)
{
	for (size_t i = 0; i < list->len; i++)
		if (!env_is_ours(list->at[i].key))
			vec_push(a, out,
				 arena_printf(a, "%s=%s", list->at[i].key, list->at[i].value));
}

void env_fixed(struct arena *a, const struct snap *s, const struct app *app,
	       const struct hook *hook, enum confinement effective, struct words *out)
{
	bool classic = effective == CONFINE_CLASSIC;

	of_snap(a, s, classic, out);
	if (app)
		of_app(a, app, out);
	if (!classic) {
		literal(a, out, "PATH", SYSTEM_PATH);
		literal(a, out, "SHELL", "/bin/bash");
		literal(a, out, "TEMPDIR", "/tmp");
		literal(a, out, "TMPDIR", "/tmp");
	}
	of_author(a, &s->environment, out);
	of_author(a, app ? &app->environment : &hook->environment, out);
}

const char *env_user_data(struct arena *a, const struct env_user *u)
{
	return arena_printf(a, "%s/snap/%s/%s", u->home, u->instance, u->revision);
}

const char *env_user_common(struct arena *a, const struct env_user *u)
{
	return arena_printf(a, "%s/snap/%s/common", u->home, u->instance);
}

const char *env_runtime_dir(struct arena *a, const struct env_user *u)
{
	return arena_printf(a, "/run/user/%u/snap.%s", u->euid, u->instance);
}

char **env_of_user(struct arena *a, const struct env_user *u, char *const *given)
{
	VEC(char *) out = {0};

	if (!u->classic) {
		vec_push(a, &out, arena_printf(a, "HOME=%s", env_user_data(a, u)));
		vec_push(a, &out, arena_printf(a, "XDG_RUNTIME_DIR=%s", env_runtime_dir(a, u)));
	}
	vec_push(a, &out, arena_printf(a, "SNAP_EUID=%u", u->euid));
	vec_push(a, &out, arena_printf(a, "SNAP_REAL_HOME=%s", u->home));
	vec_push(a, &out, arena_printf(a, "SNAP_UID=%u", u->uid));
	vec_push(a, &out, arena_printf(a, "SNAP_USER_COMMON=%s", env_user_common(a, u)));
	vec_push(a, &out, arena_printf(a, "SNAP_USER_DATA=%s", env_user_data(a, u)));
	for (; *given; given++)
		if (!env_is_ours(*given) &&
		    (u->classic ||
		     (!str_starts(*given, "HOME=") && !str_starts(*given, "XDG_RUNTIME_DIR="))))
			vec_push(a, &out, *given);
	vec_push(a, &out, NULL);
	return out.at;
}
