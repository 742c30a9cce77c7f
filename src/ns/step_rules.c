/* step_rules.c - what the steps of a snap's own may do
 *
 * MUST hold whatever was checked when the lines were written: they say what a
 * package wished, and whoever follows them is root (attacks.md A255, A257, R17, R23).
 * MUST refuse every target that is not the snap's business, by whole components.
 */
#include <string.h>

#include "core/str.h"
#include "core/vec.h"
#include "ns/step.h"

#define STEPS_MAX 2000

/* Text can say more, for step_base; a snap gets these. */
#define WORDS_ALLOWED \
	(STEP_BIND | STEP_REC | STEP_RO | STEP_OPTIONAL | STEP_FILE | STEP_LINK | STEP_LAYOUT | \
	 STEP_OVERNAME)

/* Nothing at, below or above these. */
static const char *const kept[] = {
	"/dev", "/proc", "/sys", "/media", "/run", "/var/run", "/tmp", "/home", "/boot",
	"/lost+found", "/var/lib/snapd", "/var/lib/snapbox", "/usr/lib/snapd",
	"/usr/lib/snapbox", "/lib/firmware", "/usr/lib/firmware", "/lib/modules",
	"/usr/lib/modules", NULL,
};

/* What interfaces lend of the host, each in the place where the host has it. */
static const char *const lent[] = {
	"/boot", "/tmp/.X11-unix", "/usr/local/share", "/usr/share", "/var/cache",
	"/var/lib/app-info", "/var/lib/dhcp", "/var/lib/iscsi/nodes", "/var/lib/swcatalog", NULL,
};

#define HOST "/var/lib/snapd/hostfs"
#define OTHER_TMP HOST "/tmp/snap-private-tmp/snap."

/* Below DIR/NAME, or with itself at it. */
static bool is_in_own(const char *path, const char *dir, const char *name, bool itself)
{
	const char *rest = str_after(path, dir);

	rest = rest ? str_after(rest, name) : NULL;
	return rest && (*rest == '/' || (itself && !*rest));
}

static bool is_own(const char *path, const char *name)
{
	return is_in_own(path, "/snap/", name, false) || is_in_own(path, "/var/snap/", name, false);
}

bool step_is_kept(const char *path)
{
	for (const char *const *k = kept; *k; k++)
		if (str_is_in(path, *k))
			return true;
	return false;
}

static bool is_above_kept(const char *path)
{
	for (const char *const *k = kept; *k; k++)
		if (str_is_in(*k, path))
			return true;
	return str_is_in("/snap", path) || str_is_in("/var/snap", path);
}

/* M26: a parallel instance under the store's name, and nothing else is one. */
static const char *bad_overname(const struct step *s, const char *instance, const char *snap)
{
	bool fits = false;
	static const char *const dirs[] = {"/snap/", "/var/snap/"};

	for (size_t i = 0; i < 2; i++)
		fits |= str_eq(str_after(s->src, dirs[i]), instance) &&
			str_eq(str_after(s->dst, dirs[i]), snap);
	if (!fits || str_eq(instance, snap) || !(s->flags & STEP_REC) || s->flags & STEP_FILE)
		return "not this instance under its name in the store";
	return NULL;
}

/* A snap may be where X is served: that snap's socket, in its own /tmp. */
static bool is_others_display(const struct step *s)
{
	const char *name = str_after(s->src, OTHER_TMP);

	return name && str_eq(strchr(name, '/'), "/tmp/.X11-unix") &&
	       str_eq(s->dst, "/tmp/.X11-unix");
}

/* Of the host, by an interface: its place, or what stands for it. */
static bool is_lent(const struct step *s, const char *instance)
{
	const char *shm = str_after(s->src, "/dev/shm/snap."), *path = str_after(s->src, HOST);
	bool in = false;

	if (!(s->flags & STEP_BIND) || s->flags & (STEP_LAYOUT | STEP_FILE))
		return false;
	if (shm)
		return str_eq(shm, instance) && str_eq(s->dst, "/dev/shm");
	if (is_others_display(s))
		return true;
	for (const char *const *l = lent; *l; l++)
		in |= str_is_in(s->dst, *l);
	return in && str_eq(path, s->dst);
}

const char *step_host_source(struct arena *a, const struct step *s)
{
	const char *other = str_after(s->src, OTHER_TMP);

	if (other)
		return arena_printf(a, "/var/lib/snapbox/tmp/snap.%s", other);
	return str_after(s->src, HOST);
}

static const char *bad_target(const struct step *s, const char *snap)
{
	if (step_is_kept(s->dst) || is_above_kept(s->dst))
		return "the target is a place that must stay as it is";
	if (str_is_in(s->dst, "/snap") && !is_own(s->dst, snap))
		return "the target belongs to another snap";
	if (str_is_in(s->dst, "/var/snap") && (s->flags & STEP_LAYOUT || !is_own(s->dst, snap)))
		return "the target is data of snaps";
	return NULL;
}

static const char *bad_source(const struct step *s, const char *snap)
{
	const char *src = s->flags & STEP_LINK ? s->link : s->src;

	if (!(s->flags & (STEP_BIND | STEP_LINK)))
		return NULL;
	if (s->flags & (STEP_LAYOUT | STEP_LINK))
		return is_own(src, snap) ? NULL : "the source is not the snap's own";
	return str_is_in(src, "/snap") || str_is_in(src, "/var/snap") ?
	       NULL : "the source is not of a snap";
}

static const char *forbidden(const struct step *s, const char *instance, const char *snap)
{
	const char *why;

	if (s->flags & ~(unsigned)WORDS_ALLOWED || s->data)
		return "an option that is not for snaps";
	if (s->flags & STEP_OVERNAME)
		return s->flags & STEP_BIND ? bad_overname(s, instance, snap) :
					      "not this instance under its name in the store";
	if (is_lent(s, instance))
		return NULL;
	why = bad_target(s, snap);
	return why ? why : bad_source(s, snap);
}

bool step_read(struct arena *a, const char *instance, const char *snap, const char *text,
	       struct step_list *out, const char **why)
{
	VEC(struct step) list = {0};
	size_t n = 1;

	for (char **line = str_split(a, text, '\n', NULL); *line; line++, n++) {
		const char *reason;
		struct step s;

		if (!**line || **line == '#')
			continue;
		if (step_parse(a, *line, &s, &reason) &&
		    !(reason = forbidden(&s, instance, snap))) {
			vec_push(a, &list, s);
			reason = list.len > STEPS_MAX ? "too many" : NULL;
		}
		if (reason) {
			*why = arena_printf(a, "line %zu: %s", n, reason);
			return false;
		}
	}
	*out = (struct step_list){list.at, list.len};
	return true;
}
