/* compat.h - labels of compatibility: do what one gives and what another takes go together?
 *
 * A label is words with numbers or ranges of numbers behind them, "gl-1-(3..5)-ubuntu-2404";
 * a word without a number has 0. Labels are joined by AND or by OR, not by both unless
 * there are brackets: "(gl-1 OR gl-2) AND egl-1".
 *
 * Two labels go together when they have the same words with as many numbers, and each
 * range has a number in common with the other's. Two expressions do when each holds,
 * with those labels in it true that go together with one of the other's.
 */
#ifndef POLICY_COMPAT_H
#define POLICY_COMPAT_H

#include "core/arena.h"

#define COMPAT_LABELS_MAX 64 /* of one expression */
#define COMPAT_DEPTH_MAX 16  /* of brackets */

/* Is it such an expression? If not, *why is a constant. */
bool compat_is_valid(struct arena *a, const char *text, const char **why);

/* Do the two go together? Not if one of them is none. */
bool compat_fits(struct arena *a, const char *x, const char *y);

#endif
