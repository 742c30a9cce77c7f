/* host.h - facts of the system we run on, asked for once
 *
 * Facts, not policy: what the running kernel offers and what this process may
 * use of it. Probing changes nothing and works as an ordinary user, except that
 * some answers are then HOST_UNKNOWN. Nothing is read that a container could
 * fake to loosen confinement: the kernel itself is asked wherever it answers.
 */
#ifndef CORE_HOST_H
#define CORE_HOST_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/buf.h"

enum host_state { HOST_MISSING, HOST_PRESENT, HOST_UNKNOWN };

/* One thing that confinement can build on. */
struct host_fact {
	const char *group; /* apparmor, seccomp, landlock, namespace, cgroup, capability, mount */
	const char *name;  /* within its group; "" for the group as a whole */
	enum host_state state;
	const char *detail; /* a version, a list, or why it is missing; may be "" */
};

/* A user or a group by name. */
struct host_id {
	const char *name;
	uint32_t id;
};

struct host {
	const char *kernel; /* uname -r */
	const char *machine; /* uname -m */
	struct host_fact *facts; /* grouped, in a fixed order */
	size_t count;
	bool apparmor;      /* in the list of active security modules */
	int landlock_abi;   /* 0: missing */

	/* Of the system around the kernel: host_probe() leaves these empty. */
	const char *distro;       /* ID of os-release, or "" */
	bool remote_home;         /* NFS or the like at or below /home */
	const char *overlay_root; /* "/" is an overlay: its upper directory as AppArmor sees it */
	struct {
		const struct host_id *at; /* by name */
		size_t count;
	} ids[2]; /* users, groups: those that policy can name */
};

/* Facts about the running kernel. */
struct host *host_probe(struct arena *a);

/* NULL when the kernel knows nothing of the kind. */
const struct host_fact *host_fact(const struct host *h, const char *group, const char *name);

/* The same as text, for machines that are elsewhere. A line each, in this order;
 * "*" is any number of them, "-" stands for nothing:
 *
 *	snapbox-host 1
 *	kernel 6.1.0-18-amd64
 *	machine x86_64
 *	distro debian
 *	remote-home no
 *	overlay-root -
 *	present apparmor caps/mask = chown dac_override *
 *	missing cgroup v1 devices = not mounted *
 *	unknown mount squashfs *
 *	user root 0 *                sorted by name, no name twice
 *	group root 0 *
 *	end
 */
#define HOST_TEXT_MAX ((size_t)1 << 20)
void host_print(struct buf *out, const struct host *h);

/* The reader; it accepts what the writer writes and nothing else. NULL with one line
 * in why (WHY_MAX bytes of core/node.h). */
const struct host *host_parse(struct arena *a, const char *text, size_t len, char *why);

/* What policy is made for when nobody says: the template host/default. Never this
 * machine, so that the same input gives the same bytes everywhere. */
const struct host *host_default(struct arena *a);

/* What the reader asks of a user's or group's name, of an ID and of an upper directory. */
bool host_id_name_ok(const char *s);
bool host_distro_ok(const char *s);
bool host_overlay_ok(const char *s);

#endif
