/* place.h - places to mount on, made where they are missing
 *
 * On tmpfs of ours and in the snap's own data they are just made. Elsewhere nothing
 * is: the directory is replaced by a mimic, a tmpfs with all that was in it mounted
 * again from where it was, and as it was (behaviour M21, M22). No link is followed
 * but those at the top of a base that merge /bin and the like into /usr.
 */
#ifndef NS_PLACE_H
#define NS_PLACE_H

#include <stdint.h>
#include <sys/types.h>

#include "core/arena.h"
#include "core/vec.h"
#include "ns/step.h"

struct mimic {
	const char *path;
	int tree; /* its root */
	bool ro;  /* what it stands for was */
};

struct places {
	struct arena *arena;
	int root, host;   /* the new root and the host's, O_PATH */
	const char *snap; /* store name: /var/snap/NAME is its own */
	VEC(struct mimic) mimics;
	VEC(uint64_t) lent; /* mounts made so far: what is in them is not the snap's */
};

/* Where the target really lies: with a merged top-level directory resolved. Dies when
 * that is a place to be kept. */
const char *place_real(struct places *p, const struct step *s);

/* Mimics that these steps need, outermost first: one made later over an earlier one
 * would be a copy of it. */
void place_prepare(struct places *p, const struct step *steps, size_t count);

/* Can there be one? Not when links are in the way, or something of another kind. */
bool place_fits(struct places *p, const char *real, mode_t kind);

/* A handle on real, a directory (S_IFDIR) or a file (S_IFREG); made when it is missing. Dies. */
int place_open(struct places *p, const char *real, mode_t kind);

/* A link; fine if it is there and the same. Dies. */
void place_link(struct places *p, const char *real, const char *target);

/* The source of a bind, O_PATH; missing data of snaps is made. -1 when it is missing. Dies. */
int place_source(struct places *p, const struct step *s);

/* What stands for something read-only is that from here on. Dies. */
void place_finish(struct places *p);

/* Is point a mimic's root, or a mount in one? */
bool place_holds(const struct places *p, const char *point);

#endif
