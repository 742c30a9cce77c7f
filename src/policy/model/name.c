/* name.c - what names may look like, and the names made out of them
 *
 * MUST be exact and MUST NOT depend on a locale: these names become paths,
 * labels and lines of policy (attacks.md R23, A235, A252).
 */
#include "policy/model/name.h"

#include <string.h>

#include "core/str.h"

#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGIT "0123456789"

/* At least one byte, at most max, all of set. */
static bool made_of(const char *s, const char *set, size_t max)
{
	size_t n = strnlen(s, max + 1);

	return n && n <= max && strspn(s, set) == n;
}

/* Words of set joined by single dashes, "a-b-c". */
static bool dashed(const char *s, const char *set)
{
	for (;;) {
		size_t n = strspn(s, set);

		if (!n)
			return false;
		s += n;
		if (!*s)
			return true;
		if (*s++ != '-')
			return false;
	}
}

bool name_is_snap(const char *s)
{
	size_t n = strnlen(s, NAME_SNAP_MAX + 1);

	return n >= 2 && n <= NAME_SNAP_MAX && dashed(s, LOWER DIGIT) && strpbrk(s, LOWER);
}

bool name_is_key(const char *s)
{
	return made_of(s, LOWER DIGIT, NAME_KEY_MAX);
}

bool name_is_instance(const char *s)
{
	char snap[NAME_SNAP_MAX + 1];
	size_t n = strcspn(s, "_");

	if (n >= sizeof snap)
		return false;
	memcpy(snap, s, n);
	snap[n] = '\0';
	return name_is_snap(snap) && (!s[n] || name_is_key(s + n + 1));
}

bool name_is_app(const char *s)
{
	return strnlen(s, NAME_WORD_MAX + 1) <= NAME_WORD_MAX && dashed(s, LOWER UPPER DIGIT);
}

bool name_is_port(const char *s)
{
	return strnlen(s, NAME_WORD_MAX + 1) <= NAME_WORD_MAX && *s && strchr(LOWER, *s) &&
	       dashed(s, LOWER DIGIT);
}

bool name_is_hook(const char *s)
{
	return name_is_port(s);
}

static const char *const hooks_of_snaps[] = {
	"prepare-device", "install-device", "prepare-serial-request", "default-configure",
	"configure", "install", "pre-refresh", "post-refresh", "remove", "check-health",
	"fde-setup", "gate-auto-refresh", NULL,
};
static const char *const hooks_of_components[] = {
	"install", "pre-refresh", "post-refresh", "remove", NULL,
};
static const char *const hook_families[] = {
	"prepare-plug-", "prepare-slot-", "unprepare-plug-", "unprepare-slot-", "connect-plug-",
	"connect-slot-", "disconnect-plug-", "disconnect-slot-", "change-view-", "save-view-",
	"query-view-", "load-view-", "observe-view-", NULL,
};

bool name_is_known_hook(const char *s, bool of_component)
{
	if (!name_is_hook(s))
		return false;
	if (of_component)
		return str_in(s, hooks_of_components);
	for (const char *const *f = hook_families; *f; f++)
		if (str_after(s, *f))
			return *str_after(s, *f);
	return str_in(s, hooks_of_snaps);
}

bool name_is_alias(const char *s)
{
	return made_of(s, LOWER UPPER DIGIT "-_.", NAME_WORD_MAX) && !strchr("-_.", *s);
}

bool name_is_socket(const char *s)
{
	return strnlen(s, NAME_WORD_MAX + 1) <= NAME_WORD_MAX && dashed(s, LOWER DIGIT) &&
	       strpbrk(s, LOWER);
}

bool name_is_version(const char *s)
{
	return made_of(s, LOWER UPPER DIGIT ":.+~-", NAME_VERSION_MAX) && !strchr(":.+~-", *s) &&
	       !strchr(":.-", s[strlen(s) - 1]);
}

bool name_is_revision(const char *s)
{
	uint64_t n;

	return str_to_u64(*s == 'x' ? s + 1 : s, INT32_MAX, &n) && n;
}

bool name_is_provenance(const char *s)
{
	return name_is_app(s);
}

bool name_is_system_user(const char *s)
{
	static const char *const users[] = {
		"snap_daemon", "_daemon_", "snap_microk8s", "snap_aziotedge", "snap_aziotdu", NULL,
	};

	return str_in(s, users);
}

char *name_snap_of(struct arena *a, const char *instance)
{
	return arena_dupn(a, instance, strcspn(instance, "_"));
}

const char *name_key_of(const char *instance)
{
	const char *bar = strchr(instance, '_');

	return bar ? bar + 1 : "";
}

/* The part of *s before sep, or the rest when there is no sep; *s moves behind it and is
 * NULL at the end. */
static const char *take(struct arena *a, const char **s, char sep)
{
	const char *end = strchr(*s, sep);
	const char *part = arena_dupn(a, *s, end ? (size_t)(end - *s) : strlen(*s));

	*s = end ? end + 1 : NULL;
	return part;
}

bool label_parse(struct arena *a, const char *text, struct label *out)
{
	const char *rest = str_after(text, "snap.");
	struct label l = {0};

	if (!rest || strnlen(text, LABEL_MAX + 1) > LABEL_MAX)
		return false;
	l.instance = take(a, &rest, '.');
	if (!rest)
		return false;
	const char *plus = l.instance;
	l.instance = take(a, &plus, '+');
	l.component = plus;
	const char *first = take(a, &rest, '.');
	if (rest) {
		l.hook = rest;
		if (strcmp(first, "hook"))
			return false;
	} else {
		l.app = first;
	}
	*out = l;
	return name_is_instance(l.instance) &&
	       (!l.component || (l.hook && name_is_snap(l.component))) &&
	       (l.hook ? name_is_hook(l.hook) : name_is_app(l.app));
}

char *label_print(struct arena *a, const struct label *l)
{
	char *text = arena_printf(a, "snap.%s%s%s.%s%s", l->instance, l->component ? "+" : "",
				  l->component ? l->component : "", l->hook ? "hook." : "",
				  l->hook ? l->hook : l->app);

	return strlen(text) <= LABEL_MAX ? text : NULL;
}

char *label_tag(struct arena *a, const char *label)
{
	char *out = arena_alloc(a, 3 * strlen(label) + 1, 1), *p = out;

	/* In a label "." "_" and "+" never stand side by side, so runs tell them apart. */
	for (; *label; label++)
		if (*label == '.')
			p = stpcpy(p, "_");
		else if (*label == '_')
			p = stpcpy(p, "__");
		else if (*label == '+')
			p = stpcpy(p, "___");
		else
			*p++ = *label;
	return out;
}

char *command_print(struct arena *a, const char *instance, const char *app)
{
	if (str_eq(name_snap_of(a, instance), app))
		return arena_dup(a, instance);
	return arena_printf(a, "%s.%s", instance, app);
}

bool command_parse(struct arena *a, const char *text, const char **instance, const char **app)
{
	if (strnlen(text, LABEL_MAX + 1) > LABEL_MAX)
		return false;
	*instance = take(a, &text, '.');
	if (!name_is_instance(*instance))
		return false;
	*app = text ? text : name_snap_of(a, *instance);
	/* foo.foo would be a second name of foo. */
	return name_is_app(*app) && (!text || strcmp(text, name_snap_of(a, *instance)));
}
