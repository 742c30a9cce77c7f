/* prepare.h - what the host needs before the first namespace of a snap
 *
 * Done by the first start after a boot, and by install and boot before they
 * mount images; done again it does nothing. Two mounts are added to the host,
 * both documented:
 *	DIR_NS on itself, private: pinned namespaces can only lie on such a mount
 *	DIR_SNAPS on itself, shared, unless it is shared already: so that an image
 *	mounted later shows in the namespaces of running snaps
 */
#ifndef NS_PREPARE_H
#define NS_PREPARE_H

#include "core/arena.h"

/* Makes the directories, and the mounts. Root's rights; takes the lock "ns". Dies. */
void prepare_host(struct arena *a);

/* A descriptor (O_RDONLY) of DIR_NS when it is prepared, else -1. */
int prepare_open(void);

/* The private /tmp of a snap: DIR_TMP/snap.INSTANCE (0700) with "tmp" (01777) in it,
 * root's. What is there already is used only when it is exactly that. Dies. */
void prepare_tmp(const char *instance);

/* The same, opened: an O_PATH descriptor of DIR_TMP/snap.INSTANCE. Dies. */
int prepare_open_tmp(const char *instance);

#endif
