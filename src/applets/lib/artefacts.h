/* artefacts.h - all policy of one snap as files
 *
 * The one place where policy is made: install, connect and policy-compile write
 * what this gives and nothing else. Nothing of the running system is asked here;
 * the same input gives the same bytes.
 */
#ifndef APPLETS_LIB_ARTEFACTS_H
#define APPLETS_LIB_ARTEFACTS_H

#include "applets/lib/filter.h"
#include "policy/apparmor/features.h"
#include "policy/connect.h"
#include "policy/substitute/substitute.h"

/* What policy is made for. */
struct artefacts_system {
	struct policy_target target;
	struct filter_system filter;
	const struct features *features; /* NULL: AppArmor policy is not compiled */
	const struct host *substitute;   /* what its AppArmor lacks is substituted; or NULL */
	const struct features *running;  /* of the kernel that is to load it now, or NULL */
};

/* The same out of the facts of a host; compiled is whether AppArmor policy is to be
 * compiled when the facts name what its kernel can. arch is what apps are built for,
 * kernel what it runs on. Dies when the facts have no version of a kernel. */
struct artefacts_system artefacts_system_of(struct arena *a, const struct host *h,
					    const struct sc_arch *arch,
					    const struct sc_arch *kernel, bool classic,
					    bool compiled);

/* One snap: how it is, or would be, installed. */
struct artefacts_for {
	const struct snap *snap; /* instance and revision set */
	enum confinement confinement;
	bool jailmode;
	struct conns conns;      /* of its plugs and slots */
};

enum artefact_kind {
	/* of each label */
	ARTEFACT_APPARMOR,     /* LABEL.apparmor: profile text */
	ARTEFACT_APPARMOR_BIN, /* LABEL.apparmor.bin: what the kernel loads */
	ARTEFACT_SECCOMP_SRC,  /* LABEL.seccomp.src */
	ARTEFACT_SECCOMP_BIN,  /* LABEL.seccomp.bin2 */
	ARTEFACT_DEVICE,       /* LABEL.device: policy/device/group.h */
	ARTEFACT_UDEV,         /* LABEL.udev */
	/* of the snap */
	ARTEFACT_FSTAB,	       /* NAME.fstab: ns/fstab.h */
	ARTEFACT_USER_FSTAB,   /* NAME.user-fstab */
	ARTEFACT_UPDATE_NS,    /* NAME.update-ns.apparmor */
	ARTEFACT_UPDATE_NS_BIN,
	ARTEFACT_KMOD,	       /* NAME.kmod: modules-load.d(5) */
	ARTEFACT_MODPROBE,     /* NAME.modprobe: modprobe.d(5); only if there is any */
	ARTEFACT_KINDS,
};

struct artefact {
	enum artefact_kind kind;
	const char *of; /* the label, or the instance */
	const void *bytes;
	size_t len;
};
struct artefacts {
	struct artefact *at;
	size_t len, cap;
	const struct substitute_snap *instead; /* for the plans of its labels */
	struct words weaker; /* what compiled profiles cannot keep there, a line each */
};

/* The name that a file of that kind has in the output of policy-compile, and what
 * such a name is of: NULL when it is none. */
const char *artefact_name(struct arena *a, enum artefact_kind kind, const char *of);
const char *artefact_of(struct arena *a, const char *name);

/* All files of a snap. Dies, naming label, plug or line, when one cannot be made. */
struct artefacts artefacts_make(struct arena *a, const struct artefacts_system *sys,
				const struct artefacts_for *f);

#endif
