/* root.h - the new root of a snap, and into it
 *
 * The root is a tmpfs. On it stand the top-level directories of the base, bound
 * one by one, and then the steps. Nothing of the host's old root stays within
 * reach. Everything is nosuid.
 */
#ifndef NS_ROOT_H
#define NS_ROOT_H

#include "core/arena.h"
#include "ns/plan.h"

struct root_job;

/* What can be done, and refused, before there is a namespace. Run in the
 * namespace that this program was started in. Dies. */
struct root_job *root_prepare(struct arena *a, const struct plan *p);

/* Build it and move in: to be called in a new mount namespace, a copy of the
 * host's. Ends with that root as "/" and as working directory, and the mount
 * table compared with what was meant (attacks.md R12). Dies; the namespace is
 * then to be thrown away. */
void root_build(struct root_job *job);

#endif
