/* launch.h - from the model of a snap to the plan of each thing in it that runs */
#ifndef APPLETS_LIB_LAUNCH_H
#define APPLETS_LIB_LAUNCH_H

#include "ns/plan.h"
#include "policy/model/model.h"
#include "policy/substitute/substitute.h"

/* How the snap is installed: what the plans need to know besides its model. */
struct launch {
	enum confinement effective;
	const char *base;     /* the base's name; not for classic */
	const char *base_dir; /* where it is mounted: /snap/core24/x3; not for classic */
	const struct substitute *instead; /* of AppArmor, for that label; or NULL */
	const struct view *view;          /* of its snap; with instead */
	bool unfiltered;      /* its connections allow every system call */
	bool apparmor;        /* its profiles are loaded here */
	bool steps;           /* there is a file of mounts for the instance */
};

/* The plan of an app, or (app NULL) of a hook. The snap has its instance name and
 * revision. NULL with why (WHY_MAX bytes) when it could never be started: names
 * too long, an environment that grows out of bounds. */
const struct plan *launch_plan(struct arena *a, const struct snap *s, const struct app *app,
			       const struct hook *hook, const struct launch *l, char *why);

#endif
