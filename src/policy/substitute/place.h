/* place.h - the place that a pattern of one path names
 *
 * A pattern that ends in two stars names a directory and all below it; one like
 * /dev/video[0-9]* a few entries of a directory that also holds others; with stars in
 * its middle it names something below what stands before them. Some directories are too
 * large to stand for what lies in them: there a pattern stays one, and is looked up when
 * the app starts.
 */
#ifndef POLICY_SUBSTITUTE_PLACE_H
#define POLICY_SUBSTITUTE_PLACE_H

#include <stdbool.h>

#include "core/arena.h"

enum place_fit {
	PLACE_EXACT,
	PLACE_WIDER, /* the place holds more than the pattern says */
	PLACE_NONE,  /* there is none that may stand for it: why says so */
};

struct place {
	enum place_fit fit;
	const char *path; /* as in an "allow" line of a plan */
	const char *why;
	bool lists;       /* the pattern names directories themselves */
	bool below;       /* all below is meant */
};

/* pattern is without alternatives and variables; "/%h/", "%p" and "%u" stand for the
 * home, any process and the user. */
struct place place_of(struct arena *a, const char *pattern);

/* Does a peer's label name but the snap itself? */
bool place_is_own(const char *label);

#endif
