/* hold.h - namespaces that outlive their makers
 *
 * Each snap instance has one mount namespace. The first start builds it and pins
 * it at DIR_NS/INSTANCE.mnt; beside it INSTANCE.info says what it was built
 * from. Later starts join it after checking that it is what info says
 * (attacks.md A119), and that it is not stale (behaviour.md M13):
 *
 *	another base revision, other steps: rebuilt, unless an app still runs in it
 *	another base: rebuilt in any case
 *
 * A pin without its info, or the other way round, is what a crash left: rebuilt.
 * The lock snap.INSTANCE is held shared to join, exclusively to change.
 */
#ifndef NS_HOLD_H
#define NS_HOLD_H

#include <stdbool.h>

#include "core/arena.h"
#include "ns/plan.h"

/* Be in the snap's namespace, with "/" as working directory. Dies; with initial
 * also when this is not the first user namespace (attacks.md R15). */
void hold_enter(struct arena *a, const struct plan *p, bool initial);

/* Is there a namespace of the instance with a process in it? False when nobody can tell. */
bool hold_is_used(struct arena *a, const char *instance);

/* Let go of the namespace; running apps keep it. False: there was none. Dies. */
bool hold_discard(struct arena *a, const char *instance);

#endif
