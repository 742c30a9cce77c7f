/* step_base.c - what every strict app sees of the host, and what it does not
 *
 * Order matters: a later step may cover part of an earlier one. The directories
 * named here hide those of the base, so nothing in a base can stand in for them.
 * The host's old root is nowhere in this table.
 */
#include <string.h>
#include <unistd.h>

#include "core/str.h"
#include "core/vec.h"
#include "ns/plan.h"
#include "ns/step.h"

#define HOST(path, more) \
	{path, path, "none", NULL, STEP_BIND | STEP_REC | STEP_SLAVE | (more), FROM_HOST}
#define BOTH_WAYS(path) \
	{path, path, "none", NULL, STEP_BIND | STEP_REC | STEP_SHARED | STEP_OPTIONAL, FROM_HOST}
#define BASE(path) \
	{path, path, "none", NULL, STEP_BIND | STEP_RO | STEP_PRIVATE | STEP_SAME, FROM_BASE}
#define MASK(path) \
	{path, path, "none", NULL, STEP_BIND | STEP_RO | STEP_PRIVATE | STEP_OPTIONAL, FROM_HOST}
#define OWN(src, path, more) \
	{src, path, "none", NULL, STEP_BIND | STEP_RO | STEP_PRIVATE | (more), FROM_OWN}

enum when {
	ALWAYS,
	HOST_SSL_IS_OTHER, /* not a Debian-like host under a core base: those agree */
	BASE_IS_OTHER,     /* not core nor core16 to core24: brings its own loader */
};

static const struct {
	struct step step;
	enum when when;
} table[] = {
	/* The kernel's own filesystems. Terminals are private: the host's are covered. */
	{HOST("/dev", STEP_DEV), ALWAYS},
	{{"none", "/dev/pts", "devpts", "newinstance,ptmxmode=0666,mode=0620,gid=5",
	  STEP_DEV | STEP_NOEXEC, FROM_HOST}, ALWAYS},
	{{"dev/pts/ptmx", "/dev/ptmx", "none", NULL,
	  STEP_BIND | STEP_DEV | STEP_NOEXEC | STEP_PRIVATE | STEP_SAME, FROM_ROOT}, ALWAYS},
	{HOST("/proc", 0), ALWAYS},
	{HOST("/sys", STEP_RO), ALWAYS},

	/* Files of root that no capability guards: a mount has to (attacks.md A067). */
	{MASK("/proc/acpi"), ALWAYS},
	{MASK("/proc/bus"), ALWAYS},
	{MASK("/proc/fs"), ALWAYS},
	{MASK("/proc/irq"), ALWAYS},
	{MASK("/proc/sys"), ALWAYS},
	{MASK("/proc/sysrq-trigger"), ALWAYS},

	/* People's data: their permissions and the label decide what of it is in reach. */
	{HOST("/home", STEP_OPTIONAL), ALWAYS},
	{HOST("/root", STEP_OPTIONAL), ALWAYS},
	{HOST("/var/snap", 0), ALWAYS},

	/* Sockets, locks, resolver; our own runtime state is none of an app's business. */
	{HOST("/run", 0), ALWAYS},
	{OWN("empty", "/run/snapbox", STEP_OPTIONAL), ALWAYS},

	/* The host's configuration, minus what belongs to the base's programs. */
	{HOST("/etc", STEP_RO), ALWAYS},
	{BASE("/etc/alternatives"), ALWAYS},
	{BASE("/etc/nsswitch.conf"), ALWAYS},
	{BASE("/etc/apparmor"), ALWAYS},
	{BASE("/etc/apparmor.d"), ALWAYS},
	{BASE("/etc/ssl"), HOST_SSL_IS_OTHER},
	{BASE("/etc/ld.so.cache"), BASE_IS_OTHER},
	{BASE("/etc/ld.so.conf"), BASE_IS_OTHER},
	{BASE("/etc/ld.so.conf.d"), BASE_IS_OTHER},

	/* Belongs to the running kernel, not to the base. */
	{HOST("/lib/modules", STEP_RO | STEP_OPTIONAL | STEP_LINKED), ALWAYS},
	{HOST("/lib/firmware", STEP_RO | STEP_OPTIONAL | STEP_LINKED), ALWAYS},
	{HOST("/usr/src", STEP_RO | STEP_OPTIONAL), ALWAYS},

	{HOST("/var/log", STEP_RO | STEP_OPTIONAL), ALWAYS},
	{HOST("/var/tmp", STEP_OPTIONAL), ALWAYS},
	{HOST("/var/lib/extrausers", STEP_OPTIONAL), ALWAYS},
	{HOST("/mnt", STEP_OPTIONAL), ALWAYS},
	{HOST("/snap", 0), ALWAYS},

	/* One /tmp for all commands and users of the snap, and nobody else's. */
	{{"tmp", "/tmp", "none", NULL, STEP_BIND | STEP_PRIVATE, FROM_TMP}, ALWAYS},

	/* What a snap expects to find of us. */
	{OWN("lib", "/var/lib/snapd", 0), ALWAYS},
	{OWN("tools", "/usr/lib/snapd", STEP_OPTIONAL | STEP_REC), ALWAYS},

	/* Mounts made on either side show on the other: here, and only here. */
	{BOTH_WAYS("/media"), ALWAYS},
	{BOTH_WAYS("/run/media"), ALWAYS},
	{BOTH_WAYS("/run/netns"), ALWAYS},
};

#define ROWS (sizeof table / sizeof table[0])

static const char *const core_bases[] = {"core", "core16", "core18", "core20", "core22", "core24",
					 NULL};

static bool applies(enum when when, const struct plan *p)
{
	switch (when) {
	case HOST_SSL_IS_OTHER:
		return !str_starts(p->base, "core") || access("/etc/debian_version", F_OK);
	case BASE_IS_OTHER:
		return !str_in(p->base, core_bases);
	default:
		return true;
	}
}

struct steps {
	struct step *at;
	size_t len, cap;
};

/* A place of our own making, on a tmpfs that is another one of ours or the root. */
static void add_tmpfs(struct arena *a, struct steps *list, const char *path, const char *mode)
{
	struct step s = {"none", path, "tmpfs", mode, STEP_MAKE, FROM_HOST};

	vec_push(a, list, s);
}

/* Instead of the host's /run or /dev/shm: what an app may make there, and of the host's
 * what the plan shows. */
static void add_hidden(struct arena *a, struct steps *list, const struct plan *p,
		       const char *place)
{
	bool run = str_eq(place, "/run");

	add_tmpfs(a, list, place, run ? "mode=0755" : "mode=1777");
	if (run && !plan_shows(p, "/run/lock"))
		add_tmpfs(a, list, "/run/lock", "mode=1777");
	if (run && !plan_shows(p, "/run/user"))
		add_tmpfs(a, list, "/run/user", "mode=0775"); /* enter.c: make_own_run() */
	if (run)
		add_tmpfs(a, list, arena_printf(a, "/run/snap.%s", p->instance), "mode=0755");
	for (size_t i = 0; i < p->show.len; i++) {
		struct step s = HOST(p->show.at[i], STEP_OPTIONAL | STEP_MAKE);

		if (str_starts(s.dst, place))
			vec_push(a, list, s);
	}
}

struct step_list step_base(struct arena *a, const struct plan *p)
{
	struct steps list = {0};

	for (size_t i = 0; i < ROWS; i++)
		if (applies(table[i].when, p) && plan_shows(p, table[i].step.dst))
			vec_push(a, &list, table[i].step);
	for (size_t i = 0; i < p->hide.len; i++)
		add_hidden(a, &list, p, p->hide.at[i]);
	return (struct step_list){list.at, list.len};
}
