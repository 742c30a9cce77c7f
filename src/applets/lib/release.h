/* release.h - what kind of system is below the root: os-release
 *
 * Rules of connection, and classic confinement, ask whether it is an ordinary
 * distribution (classic) or a system made of snaps (core). It is classic unless
 * os-release says ID=ubuntu-core; without a file nothing says so.
 */
#ifndef APPLETS_LIB_RELEASE_H
#define APPLETS_LIB_RELEASE_H

#include "policy/connect.h"

/* Of the system below dirs_root(). known (or NULL): there is an os-release. */
struct connect_on release_read(struct arena *a, bool *known);

/* The same of a text; pointers go into the arena. */
struct connect_on release_parse(struct arena *a, const char *text);

#endif
