/* security.h - one snap through render, compile, stage
 *
 * For every app and hook: its policy as artefacts.h makes it, and the plan that a
 * start reads. The files of what the snap no longer has go.
 */
#ifndef APPLETS_LIB_SECURITY_H
#define APPLETS_LIB_SECURITY_H

#include "applets/lib/artefacts.h"
#include "core/txn.h"

/* How the snap is installed: what else its policy depends on. */
struct security {
	const struct snap *snap;     /* with instance and revision */
	enum confinement confinement; /* what it gets */
	bool jailmode;
	const char *base, *base_rev; /* instance and revision of its base; NULL for none */
	struct conns conns;          /* of its plugs and slots */
	const struct artefacts_system *system; /* what it is made for */
	bool again; /* the policy there is, is of this revision: files of no other labels */
};

/* Dies when a file or a plan cannot be made. What takes AppArmor's place, and how well
 * all of it confines: NULL when the system is not asked for that. */
const struct substitute_snap *security_stage(struct txn *t, const struct security *s);

/* Drop all files of a snap's policy. */
void security_stage_gone(struct txn *t, const char *name);

#endif
