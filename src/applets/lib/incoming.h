/* incoming.h - a snap file on its way in
 *
 * The file is copied once, what is measured and read is the copy (attacks.md
 * R21), and everything it asks for is decided before the system is touched.
 */
#ifndef APPLETS_LIB_INCOMING_H
#define APPLETS_LIB_INCOMING_H

#include <stdbool.h>

#include "core/txn.h"
#include "policy/model/model.h"
#include "policy/model/state.h"

/* What the installing person asked for. */
struct incoming_flags {
	bool dangerous, devmode, jailmode, classic, extract;
	const char *name; /* instance name, or NULL */
};

struct incoming {
	const char *file;     /* as given */
	struct snap *snap;    /* with instance and revision */
	const char *record;
	enum confinement confinement; /* what it gets */
	struct state *state;  /* as it will be: with the new revision, which is current */
	struct state_rev *rev;
	const char *old;      /* the revision that was current, or NULL */
	unsigned old_modes;   /* and how it was installed */
	bool had_data;        /* something was in /var/snap/NAME already */
	VEC(struct state_rev) dropped; /* older ones that are not kept any longer */
	int image;            /* the copy */
	size_t number;        /* of the copy, in the transaction */
};

struct incoming_list {
	struct incoming **at;
	size_t len, cap;
};

/* Copy, examine, decide. Dies when it is refused. */
struct incoming *incoming_read(struct txn *t, const struct incoming_flags *f, const char *file);

/* The base that in runs on: its instance and revision once all of the list are
 * installed. False when it needs none; dies when it is not there. */
bool incoming_base(struct arena *a, const struct incoming *in, const struct incoming_list *all,
		   const char **name, const char **rev);

/* Show the image at its place, prepare data, stage record and state. */
void incoming_stage(struct txn *t, struct incoming *in, bool extract);

#endif
