/* place.c - the place that a pattern of one path names */
#include "policy/substitute/place.h"

#include <string.h>

#include "core/field.h"
#include "core/str.h"
#include "policy/apparmor/glob.h"
#include "policy/substitute/spread.h"

/* What lies in these is not one thing: a right on one of them says far too much. */
static const char *const large[] = {
	"/", "/boot", "/dev", "/etc", "/etc/ssl", "/home", "/media", "/mnt", "/root", "/run",
	"/run/credentials", "/run/lock", "/run/systemd", "/run/user", "/run/user/%u", "/snap",
	"/sys", "/sys/fs", "/sys/fs/cgroup", "/sys/kernel", "/sys/module", "/var", "/var/cache",
	"/var/lib", "/var/lib/snapd", "/var/snap", "%h", "%h/snap", NULL,
};

/* Where entries come and go while an app runs, a pattern is not looked up: the whole
 * directory stands for it. */
static bool is_lively(const char *dir)
{
	return str_starts(dir, "/dev/") || str_starts(dir, "/sys/") || str_starts(dir, "/proc/");
}

/* One form for a path: no backslashes, no slash at the end, and home in front. */
static char *tidy(struct arena *a, const char *path, size_t len)
{
	char *text = NEW_N(a, char, len + 1);
	size_t n = 0;

	for (size_t i = 0; i < len; i++) {
		if (path[i] == '\\' && i + 1 < len)
			i++;
		text[n++] = path[i];
	}
	if (n > 1 && text[n - 1] == '/')
		text[n - 1] = '\0';
	return str_starts(text, "/%h") && (text[3] == '/' || !text[3]) ? text + 1 : text;
}

/* AppArmor's [^x] is [!x] in a plan. */
static char *tidy_pattern(struct arena *a, const char *s)
{
	char *text = arena_dup(a, s);

	for (char *p = text; *p; p++)
		if (*p == '\\' && p[1])
			p++;
		else if (*p == '[' && p[1] == '^')
			p[1] = '!';
	return text;
}

static char *component(struct arena *a, const char *s)
{
	return arena_dupn(a, s, strcspn(s, "/"));
}

static struct place none(struct arena *a, const char *dir)
{
	return (struct place){.fit = PLACE_NONE,
			      .why = arena_printf(a, "nothing smaller than %s stands for it", dir)};
}

/* Everything about processes is one place: what they are asked, others' answers are
 * guarded by ptrace rules, which a Landlock domain always has. */
static struct place of_proc(void)
{
	return (struct place){.fit = PLACE_WIDER, .path = "/proc", .below = true};
}

static struct place of_pattern(struct arena *a, const char *pattern, const char *wild)
{
	const char *slash = wild, *rest = strchr(wild, '/');
	bool lists = str_ends(pattern, "/");

	while (slash > pattern && *slash != '/')
		slash--;
	const char *dir = tidy(a, pattern, (size_t)(slash - pattern) + (slash == pattern));
	if (slash + 1 == wild && (str_eq(wild, "**") || str_eq(wild, "**/")))
		return (struct place){.fit = PLACE_EXACT, .path = dir, .below = true,
				      .lists = lists};
	bool tree = str_eq(rest, "/**"); /* what the pattern matches, with all below */
	if ((!rest || tree) && !is_lively(dir))
		return (struct place){
			.fit = PLACE_EXACT, .below = tree || str_ends(pattern, "**"),
			.path = arena_printf(a, "%s%s%s%s", dir, str_eq(dir, "/") ? "" : "/",
					     tidy_pattern(a, component(a, slash + 1)),
					     tree ? "**" : ""),
		};
	if (str_in(dir, large))
		return none(a, dir);
	return (struct place){.fit = PLACE_WIDER, .path = dir, .below = true, .lists = lists};
}

/* "[^/]" is any byte of a name: the same as "?", and no slash to be found. */
static void fold_any(char *pattern)
{
	for (char *p = pattern; (p = strstr(p, "[^/]")); p++) {
		*p = '?';
		memmove(p + 1, p + 4, strlen(p + 4) + 1);
	}
}

struct place place_of(struct arena *a, const char *written)
{
	char *pattern = arena_dup(a, written);

	glob_fold_slashes(pattern);
	fold_any(pattern);
	if (str_starts(pattern, "/var/run/"))
		pattern += strlen("/var");
	const char *wild = spread_wild(pattern);
	size_t len = strlen(pattern);

	if (str_starts(pattern, "/proc/") && !str_starts(pattern, "/proc/sys/"))
		return of_proc();
	const char *own = str_after(pattern, "/run/user/[0-9]*/");
	own = own ? own : str_after(pattern, "/run/user/*/");
	if (own)
		return place_of(a, arena_printf(a, "/run/user/%%u/%s", own));
	if (*wild)
		return of_pattern(a, pattern, wild);

	struct place p = {.fit = PLACE_EXACT, .path = tidy(a, pattern, len)};
	if (strpbrk(p.path, "*?[\\"))
		return (struct place){.fit = PLACE_NONE, .why = "a line could not say it"};
	p.lists = len && pattern[len - 1] == '/';
	if (p.lists && str_in(p.path, large))
		return none(a, p.path);
	return p;
}

bool place_is_own(const char *label)
{
	return str_starts(label, "snap.@{SNAP_INSTANCE_NAME}.") || str_eq(label, "@{profile_name}");
}
