/* describe.h - a snap told to a person or to a program */
#ifndef APPLETS_LIB_DESCRIBE_H
#define APPLETS_LIB_DESCRIBE_H

#include <stdbool.h>

#include "applets/lib/examine.h"
#include "core/buf.h"
#include "policy/model/model.h"
#include "policy/model/state.h"

/* Either a file (path, seen) or an installed snap (state, rev). */
struct describe {
	const char *path;
	struct examined seen;
	const struct state *state;
	const struct state_rev *rev;

	const struct snap *snap;
	uint64_t size;
	const char *sha3_384; /* NULL: not asked for */
};

/* snapd's blocks, on standard output; again puts a line of dashes before it. */
void describe_print(struct arena *a, const struct describe *d, bool again, bool verbose);

/* An object, with a comma in front where one belongs. */
void describe_json(struct buf *b, const struct describe *d);

#endif
