/* given.h - snaps that are nowhere installed: a snap.yaml, or an unpacked snap
 *
 * For the engine without a system. Every text is read in a child without
 * privileges, as install reads them.
 */
#ifndef APPLETS_LIB_GIVEN_H
#define APPLETS_LIB_GIVEN_H

#include "policy/connect.h"

/* The snaps that words name, each as revision x1: FILE, DIR with meta/snap.yaml or
 * snap.yaml in it (files of meta/hooks are hooks), or NAME_KEY=FILE|DIR for a parallel
 * instance. Dies, naming the word, when one cannot be read, would not be installed,
 * or is there twice. */
struct snaps given_read(struct arena *a, char *const *words);

/* Which connections there are among them and with the system. */
enum given_how { GIVEN_AUTO, GIVEN_ALL, GIVEN_NONE };
extern const char *const given_hows[]; /* NULL-terminated */
struct conn_lines given_connect(struct arena *a, const struct snaps *all, enum given_how how,
			       const struct connect_on *on);

#endif
